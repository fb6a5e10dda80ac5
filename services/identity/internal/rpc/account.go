package rpc

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/cursor"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	policyv1 "altis-dxp.com/support/proto/gen/go/altis/support/policy/v1"
	"altis-dxp.com/support/services/identity/internal/domain"
)

type accountServer struct {
	identityv1.UnimplementedAccountServiceServer
	identity *domain.Identity
}

func (s *accountServer) GetSelf(ctx context.Context, _ *identityv1.GetSelfRequest) (*identityv1.Self, error) {
	p, err := s.identity.Store.Person(ctx, caller(ctx).Person)
	if err != nil {
		return nil, err
	}
	return s.self(ctx, p)
}

func (s *accountServer) UpdateSelf(ctx context.Context, req *identityv1.UpdateSelfRequest) (*identityv1.Self, error) {
	p, err := s.identity.UpdateSelf(ctx, caller(ctx), domain.SelfChange{
		Name: req.Name, TimeZone: req.TimeZone, Locale: req.Locale, NewPassword: req.NewPassword, OldPassword: req.GetOldPassword(),
	})
	if err != nil {
		return nil, err
	}
	return s.self(ctx, p)
}

func (s *accountServer) self(ctx context.Context, p domain.Person) (*identityv1.Self, error) {
	if p.Staff() {
		return &identityv1.Self{Person: &identityv1.Self_Staff{Staff: staffMessage(p)}}, nil
	}
	o, err := s.identity.Store.Organization(ctx, p.Organization)
	if err != nil {
		return nil, err
	}
	return &identityv1.Self{Person: &identityv1.Self_Member{Member: memberMessage(p)}, Organization: organizationMessage(o)}, nil
}

func (s *accountServer) CreateApiToken(ctx context.Context, req *identityv1.CreateApiTokenRequest) (*identityv1.CreateApiTokenResponse, error) {
	t, secret, err := s.identity.CreateAPIToken(ctx, caller(ctx), req.GetName(), messages(req.GetScopes(), policyv1.Scope.String), req.GetLifetime().AsDuration())
	if err != nil {
		return nil, err
	}
	return &identityv1.CreateApiTokenResponse{ApiToken: apiTokenMessage(t), Secret: secret}, nil
}

func (s *accountServer) ListApiTokens(ctx context.Context, req *identityv1.ListApiTokensRequest) (*identityv1.ListApiTokensResponse, error) {
	c := caller(ctx)
	found, next, err := cursor.Page(req, "API tokens "+c.Person, pageSize, maxPageSize, func(after domain.Moment, n int) ([]domain.APIToken, error) {
		return s.identity.Store.APITokens(ctx, c.Person, after, n)
	}, domain.APIToken.Position)
	if err != nil {
		return nil, err
	}
	return &identityv1.ListApiTokensResponse{ApiTokens: messages(found, apiTokenMessage), NextPageToken: next}, nil
}

func (s *accountServer) DeleteApiToken(ctx context.Context, req *identityv1.DeleteApiTokenRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, s.identity.DeleteAPIToken(ctx, caller(ctx), req.GetApiToken())
}

func (s *accountServer) ListLoginSessions(ctx context.Context, req *identityv1.ListLoginSessionsRequest) (*identityv1.ListLoginSessionsResponse, error) {
	c := caller(ctx)
	found, next, err := cursor.Page(req, "sessions "+c.Person, pageSize, maxPageSize, func(after domain.Moment, n int) ([]domain.Session, error) {
		return s.identity.Store.Sessions(ctx, c.Person, after, n)
	}, domain.Session.Position)
	if err != nil {
		return nil, err
	}
	return &identityv1.ListLoginSessionsResponse{NextPageToken: next, LoginSessions: messages(found, func(s domain.Session) *identityv1.LoginSession {
		return &identityv1.LoginSession{
			Id: s.ID, CreateTime: timestamppb.New(s.CreatedAt), ExpireTime: timestamppb.New(s.ExpiresAt()),
			LastUseTime: timestamppb.New(s.LastUsedAt), Current: s.ID == c.Credential,
		}
	})}, nil
}

func (s *accountServer) DeleteLoginSession(ctx context.Context, req *identityv1.DeleteLoginSessionRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, s.identity.DeleteSession(ctx, caller(ctx), req.GetLoginSession())
}

func apiTokenMessage(t domain.APIToken) *identityv1.ApiToken {
	return &identityv1.ApiToken{
		Id: t.ID, Name: t.Name, CreateTime: timestamppb.New(t.CreatedAt), ExpireTime: timestamppb.New(t.ExpiresAt),
		LastUseTime: timestamp(t.LastUsedAt),
		Scopes:      messages(t.Scopes, func(name string) policyv1.Scope { return policyv1.Scope(policyv1.Scope_value[name]) }),
	}
}

func timestamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
