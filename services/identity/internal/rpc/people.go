package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	"altis-dxp.com/support/pkg/cursor"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	"altis-dxp.com/support/services/identity/internal/domain"
)

func (s *directoryServer) ListMembers(ctx context.Context, req *identityv1.ListMembersRequest) (*identityv1.ListMembersResponse, error) {
	query := "members " + req.GetOrganization()
	after, size, err := page(query, req.GetPageToken(), req.GetPageSize())
	if err != nil {
		return nil, err
	}
	viewer := caller(ctx).Person
	if _, err := s.identity.Store.VisibleOrganization(ctx, viewer, req.GetOrganization()); err != nil {
		return nil, err
	}
	found, err := s.identity.Store.Members(ctx, viewer, req.GetOrganization(), after, size+1)
	if err != nil {
		return nil, err
	}
	resp := &identityv1.ListMembersResponse{}
	if len(found) > size {
		found = found[:size]
		resp.NextPageToken = cursor.Encode(query, domain.Position{Name: found[size-1].Name, ID: found[size-1].ID})
	}
	resp.Members = messages(found, memberMessage)
	return resp, nil
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

func (s *directoryServer) ListStaff(ctx context.Context, _ *identityv1.ListStaffRequest) (*identityv1.ListStaffResponse, error) {
	staff, err := s.identity.Store.Staff(ctx)
	if err != nil {
		return nil, err
	}
	return &identityv1.ListStaffResponse{Staff: messages(staff, staffMessage)}, nil
}

func (s *directoryServer) CreateStaff(ctx context.Context, req *identityv1.CreateStaffRequest) (*identityv1.Staff, error) {
	in := req.GetStaff()
	p, err := s.identity.CreateStaff(ctx, caller(ctx), domain.Person{
		Name: in.GetName(), Email: in.GetEmail(), Role: staffRoles[in.GetRole()],
		TimeZone: in.GetTimeZone(), Locale: in.GetLocale(), Disabled: in.GetDisabled(),
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
		}.apply(req.GetUpdateMask(), "id")
	})
	if err != nil {
		return nil, err
	}
	return staffMessage(p), nil
}
