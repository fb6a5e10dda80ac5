package rpc

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"altis-dxp.com/support/pkg/live"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/presence"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// ReportPresence implements ticketv1.PresenceServiceServer.
func (s *Server) ReportPresence(ctx context.Context, req *ticketv1.ReportPresenceRequest) (*ticketv1.Presence, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.Store.Sees(ctx, c.ID, req.GetTicket()); err != nil {
		return nil, err
	}
	report := presence.Report{
		Person: c.ID, Page: req.GetPage(), Sequence: req.GetSequence(),
		Activity: presence.Activity(req.GetActivity()),
	}
	if s.Presence.Report(ctx, req.GetTicket(), report) {
		s.Hub.Publish(ctx, live.Hint{Ticket: strconv.FormatInt(req.GetTicket(), 10), Presence: true})
	}
	return s.present(ctx, c, req.GetTicket())
}

// GetPresence implements ticketv1.PresenceServiceServer.
func (s *Server) GetPresence(ctx context.Context, req *ticketv1.GetPresenceRequest) (*ticketv1.Presence, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.Store.Sees(ctx, c.ID, req.GetTicket()); err != nil {
		return nil, err
	}
	return s.present(ctx, c, req.GetTicket())
}

// present returns who else is at a ticket, by their names of today.
func (s *Server) present(ctx context.Context, c domain.Caller, number int64) (*ticketv1.Presence, error) {
	activities := map[string]presence.Activity{}
	ask := domain.Ask{}
	for _, e := range s.Presence.At(ctx, number) {
		if e.Person != c.ID {
			activities[e.Person] = e.Activity
			ask.People = append(ask.People, e.Person)
		}
	}
	res := &ticketv1.Presence{}
	if len(activities) == 0 {
		return res, nil
	}
	facts, err := s.Store.Facts(ctx, ask)
	if err != nil {
		return nil, err
	}
	for _, m := range facts.People {
		if m.Staff && !m.Gone {
			res.People = append(res.People, &ticketv1.PersonPresence{Person: wire.Person(m.Person), Activity: ticketv1.Activity(activities[m.ID])})
		}
	}
	slices.SortFunc(res.People, func(a, b *ticketv1.PersonPresence) int {
		return cmp.Or(cmp.Compare(a.GetPerson().GetName(), b.GetPerson().GetName()), cmp.Compare(a.GetPerson().GetId(), b.GetPerson().GetId()))
	})
	return res, nil
}
