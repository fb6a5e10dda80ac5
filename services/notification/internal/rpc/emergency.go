package rpc

import (
	"context"
	"maps"
	"slices"

	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/schedulepb"
	"altis-dxp.com/support/services/notification/internal/store"
)

type emergencyServer struct {
	notificationv1.UnimplementedEmergencyServiceServer
	Deps
}

// GetRoster implements notificationv1.EmergencyServiceServer.
func (s *emergencyServer) GetRoster(ctx context.Context, req *notificationv1.GetRosterRequest) (*notificationv1.Roster, error) {
	version, err := s.Store.ExportVersion(ctx)
	if err != nil {
		return nil, err
	}
	if version == req.GetKnownVersion() {
		return &notificationv1.Roster{Version: version, Unchanged: true}, nil
	}
	_, now, err := s.Store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	e, err := s.Store.Export(ctx)
	if err != nil {
		return nil, err
	}
	out := &notificationv1.Roster{Version: e.Version}
	for _, id := range slices.Sorted(maps.Keys(e.Roster.Schedules)) {
		out.Schedules = append(out.Schedules, schedulepb.Schedule(e.Roster.Schedules[id], now))
	}
	if e.Roster.Policy != nil {
		out.Policy = policyMessage(*e.Roster.Policy)
	}
	for _, p := range e.People {
		out.People = append(out.People, &eventv1.DirectoryPerson{
			Id: p.ID, Organization: p.Organization, Name: p.Name, Email: p.Email, Role: p.Role, Locale: p.Locale, Staff: p.Staff, Disabled: p.Disabled,
		})
	}
	for _, c := range e.Contacts {
		one := contact(c.Contact)
		one.Secret = c.Secret
		out.Contacts = append(out.Contacts, one)
	}
	return out, nil
}

// ForwardAcknowledgement implements notificationv1.EmergencyServiceServer.
func (s *emergencyServer) ForwardAcknowledgement(ctx context.Context, req *notificationv1.ForwardAcknowledgementRequest) (*notificationv1.ForwardAcknowledgementResponse, error) {
	by := domain.Person{ID: req.GetPerson().GetId(), Name: req.GetPerson().GetName(), Email: req.GetPerson().GetEmail(), Staff: true}
	err := s.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		_, err := s.Pager.AcknowledgedAt(ctx, tx, req.GetPage(), by, req.GetAcknowledgeTime().AsTime())
		return err
	})
	if err != nil {
		return nil, err
	}
	return &notificationv1.ForwardAcknowledgementResponse{}, nil
}
