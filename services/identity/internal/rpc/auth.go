package rpc

import (
	"context"
	"encoding/base64"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	"altis-dxp.com/support/services/identity/internal/domain"
)

type authServer struct {
	identityv1.UnimplementedAuthServiceServer
	identity *domain.Identity
}

func (s *authServer) Login(ctx context.Context, req *identityv1.LoginRequest) (*identityv1.LoginResponse, error) {
	login, err := s.identity.Login(ctx, req.GetEmail(), req.GetPassword())
	if err != nil {
		return nil, err
	}
	return &identityv1.LoginResponse{
		SessionToken: login.Secret, ExpireTime: timestamppb.New(login.ExpiresAt), Person: login.Person,
	}, nil
}

func (s *authServer) Logout(ctx context.Context, req *identityv1.LogoutRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, s.identity.Logout(ctx, req.GetSessionToken())
}

func (s *authServer) ExchangeToken(ctx context.Context, req *identityv1.ExchangeTokenRequest) (*identityv1.ExchangeTokenResponse, error) {
	token, life, err := s.identity.Exchange(ctx, req.GetToken())
	if err != nil {
		return nil, err
	}
	return &identityv1.ExchangeTokenResponse{AccessToken: token, Lifetime: durationpb.New(life)}, nil
}

func (s *authServer) Jwks(ctx context.Context, _ *identityv1.JwksRequest) (*identityv1.JwksResponse, error) {
	keys, err := s.identity.Store.SigningKeys(ctx)
	if err != nil {
		return nil, err
	}
	resp := &identityv1.JwksResponse{}
	for _, k := range keys {
		resp.Keys = append(resp.Keys, &identityv1.Jwk{
			Kty: "OKP", Crv: "Ed25519", Alg: "EdDSA", Use: "sig", Kid: k.ID, X: base64.RawURLEncoding.EncodeToString(k.Public),
		})
	}
	return resp, nil
}
