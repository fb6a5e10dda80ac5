package rpc

import (
	"context"
	"time"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/sqldb"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/store"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

const (
	heartbeatEvery = 15 * time.Second
	// maxResume is how old a resume token may be: what came since is too much to send.
	maxResume  = 35 * 24 * time.Hour
	watchBatch = 100
)

// resume is what a resume token holds.
type resume struct {
	Epoch  string             `json:"e"`
	At     store.FeedPosition `json:"a"`
	Issued int64              `json:"i"` // microseconds
}

// watching is one stream.
type watching struct {
	*Server
	stream ticketv1.TicketService_WatchTicketsServer
	viewer string
	only   store.FeedFilter
	epoch  string
	at     store.FeedPosition
}

// WatchTickets implements ticketv1.TicketServiceServer. Each ticket is read by the
// viewer's own right when it is sent: who may no longer see one hears no more of it.
func (s *Server) WatchTickets(req *ticketv1.WatchTicketsRequest, stream ticketv1.TicketService_WatchTicketsServer) error {
	ctx := stream.Context()
	c, _, err := caller(ctx)
	if err != nil {
		return err
	}
	actor, err := s.Desk.Viewer(ctx, c)
	if err != nil {
		return err
	}
	w := &watching{
		Server: s, stream: stream, viewer: c.ID,
		only: store.FeedFilter{Organization: actor.Organization, Internal: actor.Staff},
	}
	watcher := s.Tail.Watch(w.only) // before the first read, so that nothing is missed between
	defer watcher.Stop()
	tooOld, err := w.begin(ctx, req.GetResumeToken())
	if err != nil {
		return err
	}
	first := &ticketv1.WatchTicketsResponse{Update: &ticketv1.WatchTicketsResponse_Heartbeat{Heartbeat: true}}
	if tooOld {
		first.Update = &ticketv1.WatchTicketsResponse_Resync{Resync: true}
	}
	if err := w.send(first); err != nil {
		return err
	}
	heartbeat := time.NewTicker(heartbeatEvery)
	defer heartbeat.Stop()
	for {
		if err := w.catchUp(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case number := <-watcher.Presence():
			if err := w.send(&ticketv1.WatchTicketsResponse{Update: &ticketv1.WatchTicketsResponse_Presence{Presence: number}}); err != nil {
				return err
			}
		case <-watcher.Woken():
		case <-heartbeat.C:
			err := w.send(&ticketv1.WatchTicketsResponse{Update: &ticketv1.WatchTicketsResponse_Heartbeat{Heartbeat: true}})
			if err != nil {
				return err
			}
		}
	}
}

// begin sets the position: that of the token, or the end when there is none or it is too old.
func (w *watching) begin(ctx context.Context, token string) (tooOld bool, err error) {
	var r resume
	if token != "" {
		if err := cursor.Decode("watch", token, &r); err != nil {
			return false, err
		}
	}
	if w.epoch, err = w.Store.FeedEpoch(ctx); err != nil {
		return false, err
	}
	if w.at, err = w.Store.FeedEnd(ctx); err != nil || token == "" {
		return false, err
	}
	if r.Epoch != w.epoch || w.Now().Sub(sqldb.Time(r.Issued)) > maxResume || w.at.Less(r.At) {
		return true, nil
	}
	w.at = r.At
	return false, nil
}

// catchUp sends every visible ticket that has changed since the position, and moves it.
func (w *watching) catchUp(ctx context.Context) error {
	for {
		known := w.Tail.Position()
		entries, err := w.Store.Feed(ctx, w.at, w.only, watchBatch)
		if err != nil {
			return err
		}
		numbers := make([]int64, len(entries))
		for i, e := range entries {
			numbers[i] = e.Number
		}
		if err := w.sendTickets(ctx, numbers, entries); err != nil {
			return err
		}
		if len(entries) < watchBatch {
			if w.at.Less(known) {
				w.at = known // nothing for this viewer up to here
			}
			return nil
		}
	}
}

func (w *watching) sendTickets(ctx context.Context, numbers []int64, entries []store.FeedEntry) error {
	if len(entries) == 0 {
		return nil
	}
	tickets, err := w.Store.Batch(ctx, w.viewer, numbers)
	if err != nil {
		return err
	}
	var updates []*ticketv1.WatchTicketsResponse
	for _, t := range tickets {
		if t.Hidden == domain.Shown {
			updates = append(updates, &ticketv1.WatchTicketsResponse{Update: &ticketv1.WatchTicketsResponse_Ticket{Ticket: wire.Ticket(t)}})
		}
	}
	left, err := w.Store.Left(ctx, w.viewer, numbers)
	if err != nil {
		return err
	}
	for _, number := range left {
		updates = append(updates, &ticketv1.WatchTicketsResponse{Update: &ticketv1.WatchTicketsResponse_Removed{Removed: number}})
	}
	last := entries[len(entries)-1].At
	for i, update := range updates {
		if i == len(updates)-1 {
			w.at = last // who resumes before the last one gets all of them again
		}
		if err := w.send(update); err != nil {
			return err
		}
	}
	w.at = last
	return nil
}

func (w *watching) send(r *ticketv1.WatchTicketsResponse) error {
	r.ResumeToken = cursor.Encode("watch", resume{Epoch: w.epoch, At: w.at, Issued: sqldb.Micros(w.Now())})
	return w.stream.Send(r)
}
