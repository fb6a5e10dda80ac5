package rpc

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/types/known/emptypb"

	"altis-dxp.com/support/pkg/cursor"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	"altis-dxp.com/support/services/identity/internal/domain"
)

const (
	pageSize, maxPageSize       = 50, 100
	changesSize, maxChangesSize = 500, 1000
)

// allOrganizations stands in place of an organization's id.
const allOrganizations = "-"

type directoryServer struct {
	identityv1.UnimplementedDirectoryServiceServer
	identity *domain.Identity
	changes  Changes
}

func (s *directoryServer) GetOrganization(ctx context.Context, req *identityv1.GetOrganizationRequest) (*identityv1.Organization, error) {
	o, err := s.identity.Store.VisibleOrganization(ctx, caller(ctx).Person, req.GetOrganization())
	if err != nil {
		return nil, err
	}
	return organizationMessage(o), nil
}

func (s *directoryServer) ListOrganizations(ctx context.Context, req *identityv1.ListOrganizationsRequest) (*identityv1.ListOrganizationsResponse, error) {
	found, next, err := cursor.Page(req, "organizations", pageSize, maxPageSize, func(after domain.Position, n int) ([]domain.Organization, error) {
		return s.identity.Store.Organizations(ctx, caller(ctx).Person, after, n)
	}, domain.Organization.Position)
	if err != nil {
		return nil, err
	}
	return &identityv1.ListOrganizationsResponse{Organizations: messages(found, organizationMessage), NextPageToken: next}, nil
}

func (s *directoryServer) CreateOrganization(ctx context.Context, req *identityv1.CreateOrganizationRequest) (*identityv1.Organization, error) {
	in := req.GetOrganization()
	o, err := s.identity.CreateOrganization(ctx, caller(ctx), domain.Organization{
		Name: in.GetName(), Plan: in.GetPlan(), MembersSeeAll: in.GetMembersSeeAll(),
	})
	if err != nil {
		return nil, err
	}
	return organizationMessage(o), nil
}

func (s *directoryServer) UpdateOrganization(ctx context.Context, req *identityv1.UpdateOrganizationRequest) (*identityv1.Organization, error) {
	in := req.GetOrganization()
	o, err := s.identity.UpdateOrganization(ctx, caller(ctx), in.GetId(), func(o *domain.Organization) error {
		return edits{
			"name":            func() { o.Name = in.GetName() },
			"plan":            func() { o.Plan = in.GetPlan() },
			"members_see_all": func() { o.MembersSeeAll = in.GetMembersSeeAll() },
		}.apply(req.GetUpdateMask(), "id")
	})
	if err != nil {
		return nil, err
	}
	return organizationMessage(o), nil
}

func (s *directoryServer) ListApplications(ctx context.Context, req *identityv1.ListApplicationsRequest) (*identityv1.ListApplicationsResponse, error) {
	viewer := caller(ctx).Person
	asked := domain.ApplicationFilter{
		Organization: req.GetOrganization(), NamePrefix: req.GetNamePrefix(), EnvironmentPrefix: req.GetEnvironmentPrefix(),
	}
	if asked.Organization == allOrganizations {
		asked.Organization = ""
	}
	found, next, err := cursor.Page(req, fmt.Sprintf("applications %q", asked), pageSize, maxPageSize, func(after domain.Position, n int) ([]domain.Application, error) {
		if asked.Organization != "" {
			if _, err := s.identity.Store.VisibleOrganization(ctx, viewer, asked.Organization); err != nil {
				return nil, err
			}
		}
		return s.identity.Store.Applications(ctx, viewer, asked, after, n)
	}, domain.Application.Position)
	if err != nil {
		return nil, err
	}
	return &identityv1.ListApplicationsResponse{Applications: messages(found, applicationMessage), NextPageToken: next}, nil
}

func (s *directoryServer) CreateApplication(ctx context.Context, req *identityv1.CreateApplicationRequest) (*identityv1.Application, error) {
	in := req.GetApplication()
	a, err := s.identity.CreateApplication(ctx, caller(ctx), domain.Application{
		Organization: in.GetOrganization(), Name: in.GetName(),
		Environments: messages(in.GetEnvironments(), func(e *identityv1.Environment) domain.Environment {
			return domain.Environment{Name: e.GetName(), Kind: environmentKinds[e.GetKind()]}
		}),
	})
	if err != nil {
		return nil, err
	}
	return applicationMessage(a), nil
}

func (s *directoryServer) DeleteApplication(ctx context.Context, req *identityv1.DeleteApplicationRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, s.identity.DeleteApplication(ctx, caller(ctx), req.GetOrganization(), req.GetApplication())
}

func (s *directoryServer) ListChanges(ctx context.Context, req *identityv1.ListChangesRequest) (*identityv1.ListChangesResponse, error) {
	size, err := cursor.PageSize(req.GetPageSize(), changesSize, maxChangesSize)
	if err != nil {
		return nil, err
	}
	changes, more, err := s.changes.Changes(ctx, req.GetAfterVersion(), size)
	if err != nil {
		return nil, err
	}
	return &identityv1.ListChangesResponse{Changes: changes, More: more}, nil
}
