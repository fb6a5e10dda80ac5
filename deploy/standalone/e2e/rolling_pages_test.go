package e2e

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// everyPageOnce waits until every ticket has paged and looks that each did so by one delivery, which came once.
func (l *load) everyPageOnce(t *testing.T) {
	t.Helper()
	came := map[int64]map[string]int{} // times by ticket and webhook-id
	await(t, recovery, func() bool {
		clear(came)
		for _, r := range l.PageRequests() {
			number := opened(t, r).GetData().GetTicket()
			if came[number] == nil {
				came[number] = map[string]int{}
			}
			came[number][r.Header.Get("webhook-id")]++
		}
		return len(came) >= len(l.made)
	}, "every ticket pages")
	for number := range l.made {
		require.Len(t, came[number], 1, "#%d pages one person by one webhook", number)
		for id, times := range came[number] {
			if times == 1 {
				continue
			}
			// A machine that is so busy that the answer came too late has the page sent again; nothing else may.
			page := onlyPage(t, l.World, number)
			i := slices.IndexFunc(page.GetDeliveries(), func(d *notificationv1.PageDelivery) bool { return d.GetId() == id })
			require.GreaterOrEqual(t, i, 0, "#%d: the ledger knows the delivery", number)
			d := page.GetDeliveries()[i]
			require.GreaterOrEqual(t, d.GetAcceptTime().AsTime().Sub(d.GetCreateTime().AsTime()), nextContactAfter, "#%d pages %d times", number, times)
		}
	}
	require.Len(t, came, len(l.made), "nothing else pages")
}

// looker looks on at all tickets, and comes back as docs/api.md says when its stream ends.
type looker struct {
	begun chan struct{} // closed with the first answer

	mu      sync.Mutex
	last    map[int64]string // etag by ticket, as it came last
	resyncs int
	returns int
	end     error // of the last stream
}

func (s *looker) run(ctx context.Context, conn grpc.ClientConnInterface) {
	resume := ""
	for {
		resume = s.look(ctx, conn, resume)
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
		s.mu.Lock()
		s.returns++
		s.mu.Unlock()
	}
}

// look reads one stream to its end and returns where the next has to go on.
func (s *looker) look(ctx context.Context, conn grpc.ClientConnInterface, resume string) string {
	if resume != "" {
		ctx = harness.LastEventID(ctx, resume)
	}
	stream, err := tickets(conn).WatchTickets(ctx, &ticketv1.WatchTicketsRequest{ResumeToken: resume})
	for err == nil {
		var res *ticketv1.WatchTicketsResponse
		if res, err = stream.Recv(); err != nil {
			break
		}
		if token := res.GetResumeToken(); token != "" {
			if resume == "" {
				close(s.begun)
			}
			resume = token
		}
		s.mu.Lock()
		if ticket := res.GetTicket(); ticket != nil {
			s.last[ticket.GetNumber()] = ticket.GetEtag()
		}
		if res.GetResync() {
			s.resyncs++
		}
		s.mu.Unlock()
	}
	s.mu.Lock()
	s.end = err
	s.mu.Unlock()
	return resume
}
