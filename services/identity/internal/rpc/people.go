package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	"altis-dxp.com/support/pkg/cursor"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	"altis-dxp.com/support/services/identity/internal/domain"
)

func (s *directoryServer) ListMembers(ctx context.Context, req *identityv1.ListMembersRequest) (*identityv1.ListMembersResponse, error) {
	viewer, organization := caller(ctx).Person, req.GetOrganization()
	found, next, err := cursor.Page(req, "members "+organization, pageSize, maxPageSize, func(after domain.Position, n int) ([]domain.Person, error) {
		if _, err := s.identity.Store.VisibleOrganization(ctx, viewer, organization); err != nil {
			return nil, err
		}
		return s.identity.Store.Members(ctx, viewer, organization, after, n)
	}, domain.Person.Position)
	if err != nil {
		return nil, err
	}
	return &identityv1.ListMembersResponse{Members: messages(found, memberMessage), NextPageToken: next}, nil
}

func (s *directoryServer) CreateMember(ctx context.Context, req *identityv1.CreateMemberRequest) (*identityv1.Member, error) {
	in := req.GetMember()
	p, err := s.identity.CreateMember(ctx, caller(ctx), domain.Person{
		Organization: in.GetOrganization(), Name: in.GetName(), Email: in.GetEmail(), Role: memberRoles[in.GetRole()],
		Applications: in.GetApplications(), TimeZone: in.GetTimeZone(), Locale: in.GetLocale(), Disabled: in.GetDisabled(),
	}, req.GetPassword())
	if err != nil {
		return nil, err
	}
	return memberMessage(p), nil
}

func (s *directoryServer) UpdateMember(ctx context.Context, req *identityv1.UpdateMemberRequest) (*identityv1.Member, error) {
	in := req.GetMember()
	p, err := s.identity.UpdateMember(ctx, caller(ctx), in.GetOrganization(), in.GetId(), func(p *domain.Person) error {
		return edits{
			"name":         func() { p.Name = in.GetName() },
			"role":         func() { p.Role = memberRoles[in.GetRole()] },
			"applications": func() { p.Applications = in.GetApplications() },
			"time_zone":    func() { p.TimeZone = in.GetTimeZone() },
			"locale":       func() { p.Locale = in.GetLocale() },
			"disabled":     func() { p.Disabled = in.GetDisabled() },
		}.apply(req.GetUpdateMask(), "id", "organization")
	})
	if err != nil {
		return nil, err
	}
	return memberMessage(p), nil
}

func (s *directoryServer) DeleteMember(ctx context.Context, req *identityv1.DeleteMemberRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, s.identity.DeleteMember(ctx, caller(ctx), req.GetOrganization(), req.GetMember())
}

func (s *directoryServer) ListStaff(ctx context.Context, req *identityv1.ListStaffRequest) (*identityv1.ListStaffResponse, error) {
	found, next, err := cursor.Page(req, "staff", pageSize, maxPageSize, func(after domain.Position, n int) ([]domain.Person, error) {
		return s.identity.Store.Staff(ctx, after, n)
	}, domain.Person.Position)
	if err != nil {
		return nil, err
	}
	return &identityv1.ListStaffResponse{Staff: messages(found, staffMessage), NextPageToken: next}, nil
}

func (s *directoryServer) CreateStaff(ctx context.Context, req *identityv1.CreateStaffRequest) (*identityv1.Staff, error) {
	in := req.GetStaff()
	p, err := s.identity.CreateStaff(ctx, caller(ctx), domain.Person{
		Name: in.GetName(), Email: in.GetEmail(), Role: staffRoles[in.GetRole()],
		TimeZone: in.GetTimeZone(), Locale: in.GetLocale(), Disabled: in.GetDisabled(), Teams: in.GetTeams(),
	}, req.GetPassword())
	if err != nil {
		return nil, err
	}
	return staffMessage(p), nil
}

func (s *directoryServer) UpdateStaff(ctx context.Context, req *identityv1.UpdateStaffRequest) (*identityv1.Staff, error) {
	in := req.GetStaff()
	p, err := s.identity.UpdateStaff(ctx, caller(ctx), in.GetId(), func(p *domain.Person) error {
		return edits{
			"name":      func() { p.Name = in.GetName() },
			"role":      func() { p.Role = staffRoles[in.GetRole()] },
			"time_zone": func() { p.TimeZone = in.GetTimeZone() },
			"locale":    func() { p.Locale = in.GetLocale() },
			"disabled":  func() { p.Disabled = in.GetDisabled() },
			"teams":     func() { p.Teams = in.GetTeams() },
		}.apply(req.GetUpdateMask(), "id")
	})
	if err != nil {
		return nil, err
	}
	return staffMessage(p), nil
}
