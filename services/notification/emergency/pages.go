package emergency

import (
	"context"
	"errors"
	"log/slog"

	"github.com/georgysavva/scany/v2/sqlscan"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/intake"
	"altis-dxp.com/support/services/notification/internal/rpc"
	"altis-dxp.com/support/services/notification/internal/store"
)

// Register adds EmergencyPageService to a server.
func (s *Service) Register(r grpc.ServiceRegistrar) {
	if s.cfg.Hold {
		return
	}
	notificationv1.RegisterEmergencyPageServiceServer(r, &pageServer{s: s})
}

// pageServer is the second path: it pages about what notification did not get to anybody, until notification is back.
type pageServer struct {
	notificationv1.UnimplementedEmergencyPageServiceServer
	s *Service
}

// PageTicket implements notificationv1.EmergencyPageServiceServer.
func (p *pageServer) PageTicket(ctx context.Context, req *notificationv1.PageTicketRequest) (*notificationv1.PageTicketResponse, error) {
	event := req.GetEvent().GetTicket()
	if !event.GetBecameUrgent() && !event.GetEndedUrgency() || event.GetTicket().GetNumber() <= 0 {
		return nil, fault.InvalidField("event.ticket", "EVENT_NOT_URGENT", "must be an event that made a ticket urgent, or ended that")
	}
	if !event.GetBecameUrgent() {
		return &notificationv1.PageTicketResponse{}, p.end(ctx, event.GetTicket().GetNumber(), req.GetEvent().GetSequence())
	}
	o, fresh := intake.Opening(req.GetEvent().GetSequence(), event), false
	err := p.s.store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.LockPage(ctx, o.ID)
		if fresh = errors.Is(err, fault.NotFound); fresh {
			_, err = p.s.pager.Open(ctx, tx, o)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if fresh {
		p.s.meters.tickets.Add(ctx, 1)
		p.s.deps.Logger.WarnContext(ctx, "notification has got a page to nobody in time: paging", slog.Int64("ticket", o.Ticket),
			slog.String("page", o.ID), slog.String("roster", p.s.roster.note()))
	}
	return &notificationv1.PageTicketResponse{Page: o.ID}, nil
}

// end ends the pages of a ticket whose incident is over as of an event. Those that a later one has begun stay.
func (p *pageServer) end(ctx context.Context, ticket, sequence int64) error {
	return p.s.queue.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *durable.Tx) error {
		var pages []string
		err := sqlscan.Select(ctx, tx, &pages, `
SELECT id FROM pages WHERE ticket = $1 AND occurrence < $2 AND state IN ('paging', 'delivered', 'exhausted', 'acknowledged')`, ticket, sequence)
		if err != nil {
			return err
		}
		return p.s.store.Within(ctx, tx, func(ctx context.Context, tx *store.Tx) error {
			for _, id := range pages {
				page, err := tx.LockPage(ctx, id)
				if err == nil {
					err = p.s.pager.Resolve(ctx, tx, page, domain.Entry{Kind: domain.EntryNotUrgent})
				}
				if err != nil {
					return err
				}
				p.s.deps.Logger.InfoContext(ctx, "the incident of a page is over", slog.Int64("ticket", ticket), slog.String("page", id))
			}
			return nil
		})
	})
}

// TakeOverPage implements notificationv1.EmergencyPageServiceServer.
func (p *pageServer) TakeOverPage(ctx context.Context, req *notificationv1.TakeOverPageRequest) (*notificationv1.HeldPage, error) {
	var page *domain.Page
	err := p.s.store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) (err error) {
		page, err = p.s.pager.HandOver(ctx, tx, req.GetPage(), req.GetReached())
		return err
	})
	if err != nil {
		return nil, err
	}
	deliveries, err := p.s.store.PageDeliveries(ctx, page.ID)
	if err != nil {
		return nil, err
	}
	log, err := p.s.store.PageLog(ctx, page.ID)
	if err != nil {
		return nil, err
	}
	held := &notificationv1.HeldPage{Page: rpc.WholePage(page, deliveries, log)}
	for _, d := range deliveries {
		held.Contacts = append(held.Contacts, &notificationv1.Contact{
			Id: d.Contact.ID, Person: d.Contact.Person, Address: d.Contact.Address, Position: int32(d.Contact.Position),
		})
	}
	return held, nil
}
