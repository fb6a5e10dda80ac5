package rpc

import (
	"context"
	"fmt"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/query"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// place is a domain.Position in a page token.
type place struct {
	Priority int64 `json:"p,omitempty"`
	Instant  int64 `json:"i"`
	Number   int64 `json:"n"`
}

// ListTickets implements ticketv1.TicketServiceServer.
func (s *Server) ListTickets(ctx context.Context, req *ticketv1.ListTicketsRequest) (*ticketv1.ListTicketsResponse, error) {
	c, staff, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	size, err := cursor.PageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return nil, err
	}
	l := domain.List{Viewer: c.ID, Staff: staff, View: view(req.GetView()), Limit: size + 1}
	if l.Order, err = order(req.GetOrderBy()); err != nil {
		return nil, err
	}
	filter, issues, err := s.read(req, staff)
	if err != nil {
		return nil, err
	}
	l.Filter, l.Order = filter, filter.Sort.Or(l.Order)
	binding := fmt.Sprintf("list %d %v %q %s", l.View, l.Order, req.GetTimeZone(), req.GetFilter())
	if req.GetPageToken() != "" {
		var p place
		if err := cursor.Decode(binding, req.GetPageToken(), &p); err != nil {
			return nil, err
		}
		l.After = &domain.Position{Priority: domain.Priority(p.Priority), Instant: sqldb.Time(p.Instant), Number: p.Number}
	}
	tickets, err := s.Store.List(ctx, l)
	if err != nil {
		return nil, err
	}
	res := &ticketv1.ListTicketsResponse{FilterIssues: filterIssues(issues)}
	if len(tickets) > size {
		tickets = tickets[:size]
		last := tickets[size-1].Position(l.Order)
		res.NextPageToken = cursor.Encode(binding, place{int64(last.Priority), sqldb.Micros(last.Instant), last.Number})
	}
	res.Tickets = wire.Tickets(tickets)
	return res, nil
}

// CountTickets implements ticketv1.TicketServiceServer.
func (s *Server) CountTickets(ctx context.Context, req *ticketv1.CountTicketsRequest) (*ticketv1.CountTicketsResponse, error) {
	c, staff, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	filter, issues, err := s.read(req, staff)
	if err != nil {
		return nil, err
	}
	counted, err := s.Store.Count(ctx, domain.List{Viewer: c.ID, Staff: staff, View: view(req.GetView()), Filter: filter})
	if err != nil {
		return nil, err
	}
	return &ticketv1.CountTicketsResponse{
		Count: int32(counted.Tickets), UnreadCount: int32(counted.Unread), More: counted.More, FilterIssues: filterIssues(issues),
	}, nil
}

func view(v ticketv1.ListTicketsRequest_View) domain.View {
	switch v {
	case ticketv1.ListTicketsRequest_VIEW_MINE:
		return domain.ViewMine
	case ticketv1.ListTicketsRequest_VIEW_CC:
		return domain.ViewCC
	default:
		return domain.ViewAll
	}
}

func order(by string) (domain.Order, error) {
	switch strings.Join(strings.Fields(by), " ") {
	case "", "update_time desc":
		return domain.Order{By: domain.ByUpdate}, nil
	case "update_time", "update_time asc":
		return domain.Order{By: domain.ByUpdate, Ascending: true}, nil
	case "create_time desc":
		return domain.Order{By: domain.ByCreation}, nil
	case "create_time", "create_time asc":
		return domain.Order{By: domain.ByCreation, Ascending: true}, nil
	case "priority desc":
		return domain.Order{By: domain.ByPriority}, nil
	case "next_due_time", "next_due_time asc":
		return domain.Order{By: domain.ByDue, Ascending: true}, nil
	default:
		return domain.Order{}, fault.InvalidField("order_by", "INVALID_ORDER",
			`must be "update_time" or "create_time", with " desc" for the newest first, "priority desc" or "next_due_time"`)
	}
}

// read reads a request's filter. Its days are those of the request's zone, of UTC without one.
func (s *Server) read(req interface {
	GetFilter() string
	GetTimeZone() string
}, staff bool,
) (domain.Filter, []query.Issue, error) {
	zone, err := time.LoadLocation(req.GetTimeZone()) // "" is UTC
	if err != nil || req.GetTimeZone() == "Local" {   // which is this machine's
		return domain.Filter{}, nil, fault.InvalidField("time_zone", "INVALID_TIME_ZONE", "must be a name of the IANA database, such as Europe/Berlin")
	}
	return query.Parse(req.GetFilter(), query.Options{Now: s.Now(), Zone: zone, Staff: staff})
}

func filterIssues(issues []query.Issue) []*ticketv1.FilterIssue {
	out := make([]*ticketv1.FilterIssue, len(issues))
	for i, issue := range issues {
		out[i] = &ticketv1.FilterIssue{
			Offset: int32(issue.Offset), Length: int32(issue.Length), Reason: issue.Reason, Suggestions: issue.Suggestions,
		}
	}
	return out
}
