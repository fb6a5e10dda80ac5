package rpc

import (
	"context"
	"fmt"
	"strconv"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/intake"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/tasks"
)

type pageServer struct {
	notificationv1.UnimplementedPageServiceServer
	Deps
}

// ListPages implements notificationv1.PageServiceServer.
func (s *pageServer) ListPages(ctx context.Context, req *notificationv1.ListPagesRequest) (*notificationv1.ListPagesResponse, error) {
	size, err := cursor.PageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return nil, err
	}
	q := store.PageQuery{Waiting: req.GetOpen(), Ticket: req.GetTicket(), Limit: size + 1}
	query := fmt.Sprintf("pages open=%t ticket=%d", q.Waiting, q.Ticket)
	if req.GetPageToken() != "" {
		if err := cursor.Decode(query, req.GetPageToken(), &q.Before); err != nil {
			return nil, err
		}
	}
	pages, err := s.Store.Pages(ctx, q)
	if err != nil {
		return nil, err
	}
	response := &notificationv1.ListPagesResponse{}
	if len(pages) > size {
		pages = pages[:size]
		last := pages[size-1]
		response.NextPageToken = cursor.Encode(query, store.PagePosition{OpenedAt: sqldb.Micros(last.OpenedAt), ID: last.ID})
	}
	for _, p := range pages {
		response.Pages = append(response.Pages, page(p))
	}
	return response, nil
}

// GetPage implements notificationv1.PageServiceServer.
func (s *pageServer) GetPage(ctx context.Context, req *notificationv1.GetPageRequest) (*notificationv1.Page, error) {
	p, err := s.Store.Page(ctx, req.GetPage())
	if err != nil {
		return nil, err
	}
	deliveries, err := s.Store.PageDeliveries(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	log, err := s.Store.PageLog(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return WholePage(p, deliveries, log), nil
}

// WholePage returns a page with its deliveries and history.
func WholePage(p *domain.Page, deliveries []domain.Delivery, log []store.LogEntry) *notificationv1.Page {
	out := page(p)
	for _, d := range deliveries {
		out.Deliveries = append(out.Deliveries, delivery(d))
	}
	for _, entry := range log {
		out.Log = append(out.Log, logEntry(entry))
	}
	return out
}

// AcknowledgePage implements notificationv1.PageServiceServer.
func (s *pageServer) AcknowledgePage(ctx context.Context, req *notificationv1.AcknowledgePageRequest) (*notificationv1.Page, error) {
	return s.change(ctx, req.GetPage(), s.Pager.Acknowledge)
}

// UnacknowledgePage implements notificationv1.PageServiceServer.
func (s *pageServer) UnacknowledgePage(ctx context.Context, req *notificationv1.UnacknowledgePageRequest) (*notificationv1.Page, error) {
	return s.change(ctx, req.GetPage(), func(ctx context.Context, tx domain.PageTx, page string, by domain.Person) (*domain.Page, error) {
		return s.Pager.Unacknowledge(ctx, tx, page, by, req.GetReason())
	})
}

// SnoozePage implements notificationv1.PageServiceServer.
func (s *pageServer) SnoozePage(ctx context.Context, req *notificationv1.SnoozePageRequest) (*notificationv1.Page, error) {
	d := domain.DefaultSnooze
	if req.GetDuration() != nil {
		d = req.GetDuration().AsDuration()
	}
	return s.change(ctx, req.GetPage(), func(ctx context.Context, tx domain.PageTx, page string, by domain.Person) (*domain.Page, error) {
		return s.Pager.Snooze(ctx, tx, page, by, d)
	})
}

// EscalatePage implements notificationv1.PageServiceServer.
func (s *pageServer) EscalatePage(ctx context.Context, req *notificationv1.EscalatePageRequest) (*notificationv1.Page, error) {
	return s.change(ctx, req.GetPage(), func(ctx context.Context, tx domain.PageTx, page string, by domain.Person) (*domain.Page, error) {
		return s.Pager.Escalate(ctx, tx, page, by, req.GetReason())
	})
}

func (s *pageServer) change(ctx context.Context, id string, do func(context.Context, domain.PageTx, string, domain.Person) (*domain.Page, error)) (*notificationv1.Page, error) {
	by, err := s.self(ctx)
	if err != nil {
		return nil, err
	}
	var p *domain.Page
	err = s.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		p, err = do(ctx, tx, id, by)
		return err
	})
	if err != nil {
		return nil, err
	}
	return page(p), nil
}

// OpenPage implements notificationv1.PageServiceServer.
func (s *pageServer) OpenPage(ctx context.Context, req *notificationv1.OpenPageRequest) (*notificationv1.Page, error) {
	by := auth.FromContext(ctx).Service
	if auth.FromContext(ctx).User != nil {
		person, err := s.self(ctx)
		if err != nil {
			return nil, err
		}
		by = person.Label()
	}
	number, id := req.GetTicket(), s.NewID()
	var p *domain.Page
	err := s.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		ticket, err := tx.Ticket(ctx, number)
		if err != nil {
			return err
		}
		if p, err = tx.LockOpenPage(ctx, domain.TicketTopic(number)); err != nil {
			return err
		}
		if p != nil {
			return s.Pager.BeginAgain(ctx, tx, p, by, req.GetReason())
		}
		var snapshot eventv1.TicketSnapshot
		if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal([]byte(ticket.Snapshot), &snapshot); err != nil {
			return fault.Wrap(fault.Internal, "TICKET_UNREADABLE", err)
		}
		incident := intake.Incident(&snapshot)
		incident.Reason = req.GetReason() + " (" + by + ")"
		p, err = s.Pager.Open(ctx, tx, domain.Opening{
			ID: domain.Hash("page by hand", strconv.FormatInt(number, 10), id), Topic: domain.TicketTopic(number), Ticket: number,
			Occurrence: ticket.Sequence, Incident: incident,
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return page(p), nil
}

func page(p *domain.Page) *notificationv1.Page {
	return &notificationv1.Page{
		Id: p.ID, Ticket: p.Ticket, Organization: p.Incident.Organization, Title: p.Incident.Title(), State: tasks.PageState(p.State),
		Step: int32(p.Step), Loop: int32(p.Loop), Cycle: int32(p.Cycle), AcknowledgedBy: person(p.AcknowledgedBy),
		AcknowledgeTime: stamp(p.AcknowledgedAt), CreateTime: stamp(p.OpenedAt), NextStepTime: stamp(p.NextStepAt),
		SnoozeEndTime: stamp(p.SnoozedUntil), Drill: p.Incident.Drill, Raised: int32(p.Incident.Raised),
	}
}

func delivery(d domain.Delivery) *notificationv1.PageDelivery {
	return &notificationv1.PageDelivery{
		Id: d.ID, Person: person(d.Person), Channel: string(d.Contact.Channel), Cycle: int32(d.Cycle), Loop: int32(d.Loop),
		Step: int32(d.Step), State: string(d.State), Attempts: int32(d.Attempts), LastAnswer: d.LastAnswer.Text(), Answer: answer(d.LastAnswer),
		CreateTime: stamp(d.CreatedAt), AcceptTime: stamp(d.AcceptedAt), Reason: d.Why.Text(), Why: why(d.Why),
		Bundle: d.Bundle,
	}
}

// logEntry and why number their kinds as the contract does.
func logEntry(e store.LogEntry) *notificationv1.PageLogEntry {
	out := &notificationv1.PageLogEntry{
		CreateTime: stamp(e.At), Text: e.Text(), Kind: notificationv1.PageLogEntry_Kind(e.Kind), Person: e.Person,
		Channel: string(e.Channel), Answer: answer(e.Answer), NextContact: e.NextContact, Step: int32(e.Step), Loop: int32(e.Loop),
		Why: why(e.Why), AcknowledgeTime: stamp(e.AcknowledgedAt), Title: e.Title, Event: e.Event, EndedBy: e.EndedBy,
		Reason: e.Reason, Count: int32(e.Count), Ticket: e.Ticket,
	}
	if e.Kind == domain.EntryFolded {
		out.HoldEndTime = stamp(e.Until)
	} else {
		out.SnoozeEndTime = stamp(e.Until)
	}
	if e.After > 0 {
		out.After = durationpb.New(e.After)
	}
	return out
}

func why(w domain.Why) *notificationv1.PageReason {
	if w == (domain.Why{}) {
		return nil
	}
	return &notificationv1.PageReason{Kind: notificationv1.PageReason_Kind(w.Kind), Schedule: w.Schedule}
}
