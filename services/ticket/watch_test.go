package ticket_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// watcher receives on a stream; end ends it.
type watcher struct {
	t      *testing.T
	stream ticketv1.TicketService_WatchTicketsClient
	end    context.CancelFunc
}

func (f *fixture) watch(who, token string) *watcher {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.as(who), 20*time.Second)
	f.t.Cleanup(cancel)
	stream, err := f.client.WatchTickets(ctx, &ticketv1.WatchTicketsRequest{ResumeToken: token})
	require.NoError(f.t, err)
	return &watcher{f.t, stream, cancel}
}

func (w *watcher) next() *ticketv1.WatchTicketsResponse {
	w.t.Helper()
	res, err := w.stream.Recv()
	require.NoError(w.t, err)
	return res
}

// ticket waits for the next ticket that is not a heartbeat.
func (w *watcher) ticket() (*ticketv1.Ticket, string) {
	w.t.Helper()
	return w.ticketBut(0)
}

// ticketBut is ticket, passing over what was made before the stream began: on PostgreSQL any transaction that runs
// elsewhere in the cluster holds up the place where a stream begins.
func (w *watcher) ticketBut(earlier int64) (*ticketv1.Ticket, string) {
	w.t.Helper()
	for {
		if res := w.next(); res.GetTicket() != nil && res.GetTicket().GetNumber() != earlier {
			return res.GetTicket(), res.GetResumeToken()
		}
	}
}

func TestWatch(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		before := f.create("uma", question())
		uma, fred, gus, sam := f.watch("uma", ""), f.watch("fred", ""), f.watch("gus", ""), f.watch("sam", "")
		for _, w := range []*watcher{uma, fred, gus, sam} {
			require.True(f.t, w.next().GetHeartbeat(), "the stream stands")
		}

		blog := question()
		blog.Scope.Targets[0].Application = "blog"
		hidden := f.create("uma", blog) // not fred's
		shown := f.create("ann", question())
		got, _ := uma.ticketBut(before.GetNumber())
		require.Equal(f.t, hidden.GetNumber(), got.GetNumber())
		got, token := uma.ticket()
		require.Equal(f.t, shown.GetNumber(), got.GetNumber())
		require.True(f.t, got.GetUnread())
		got, _ = fred.ticketBut(before.GetNumber())
		require.Equal(f.t, shown.GetNumber(), got.GetNumber())

		// Notes are news for staff alone, and what comes after them is news for all.
		_, err := f.client.AddNote(f.as("sam"), &ticketv1.AddNoteRequest{Ticket: before.GetNumber(), Body: "x"})
		require.NoError(f.t, err)
		_, err = f.client.SolveTicket(f.as("uma"), &ticketv1.SolveTicketRequest{Ticket: shown.GetNumber()})
		require.NoError(f.t, err)
		got, _ = uma.ticket()
		require.Equal(f.t, shown.GetNumber(), got.GetNumber())
		require.Equal(f.t, ticketv1.TicketStatus_TICKET_STATUS_SOLVED, got.GetStatus())
		seen := map[int64]bool{}
		for !seen[before.GetNumber()] || !seen[shown.GetNumber()] {
			got, _ := sam.ticket()
			seen[got.GetNumber()] = got.GetSequence() > 1
		}

		// What other services change is news too.
		f.deliver("triage", &eventv1.Event{Id: "t1", Aggregate: "1", Sequence: 1, Payload: &eventv1.Event_Triage{Triage: &eventv1.TriageEvent{
			Ticket: shown.GetNumber(), Team: "tier1", FirstResponseDueTime: shown.GetCreateTime(),
		}}}, eventv1.Outcome_VERDICT_APPLIED)
		got, _ = uma.ticket()
		require.Equal(f.t, shown.GetNumber(), got.GetNumber())
		require.Empty(f.t, got.GetTeam(), "customers see their part")

		// Going on from a token repeats nothing before it and misses nothing after.
		uma.end()
		resumed := f.watch("uma", token)
		require.True(f.t, resumed.next().GetHeartbeat())
		got, _ = resumed.ticket()
		require.Equal(f.t, shown.GetNumber(), got.GetNumber())
		require.EqualValues(f.t, 3, got.GetSequence())

		gus.end()
		for {
			res, err := gus.stream.Recv()
			if err != nil {
				break
			}
			require.Nil(f.t, res.GetTicket(), "another organization hears nothing")
		}

		stream, err := f.client.WatchTickets(f.as("uma"), &ticketv1.WatchTicketsRequest{ResumeToken: "rubbish"})
		require.NoError(f.t, err)
		_, err = stream.Recv()
		require.ErrorIs(f.t, err, fault.Invalid)
	})
}

func TestWatchResync(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		w := f.watch("uma", "")
		token := w.next().GetResumeToken()
		f.exec("UPDATE ticket_feed SET epoch = 'another'")
		resumed := f.watch("uma", token)
		first := resumed.next()
		require.True(f.t, first.GetResync(), "a token of another feed is too old")
		created := f.create("uma", question())
		got, _ := resumed.ticket()
		require.Equal(f.t, created.GetNumber(), got.GetNumber())
	})
}

func TestWatchEndsForThoseRemoved(t *testing.T) {
	f := start(t, sqlite(t))
	w := f.watch("uma", "")
	require.True(t, w.next().GetHeartbeat())
	f.deliver("identity", &eventv1.Event{Id: "d", Aggregate: "uma", Sequence: 1000, Payload: &eventv1.Event_Directory{Directory: &eventv1.DirectoryEvent{
		Version: 1000, Removed: true, Entity: &eventv1.DirectoryEvent_Person{Person: &eventv1.DirectoryPerson{Id: "uma"}},
	}}}, eventv1.Outcome_VERDICT_APPLIED)
	f.create("ann", question())
	marker := f.watch("ann", "")
	require.True(t, marker.next().GetHeartbeat())
	f.create("ann", question())
	marker.ticket() // both streams have been woken
	w.end()
	for {
		res, err := w.stream.Recv()
		if err != nil {
			break
		}
		require.Nil(t, res.GetTicket())
	}
	stream, err := f.client.WatchTickets(f.as("uma"), &ticketv1.WatchTicketsRequest{})
	require.NoError(t, err)
	_, err = stream.Recv()
	require.ErrorIs(t, err, fault.Denied)
}

// TestWatchTellsWhatLeaves: who saw a ticket hears that it is gone, nobody else.
func TestWatchTellsWhatLeaves(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		n := f.create("uma", question()).GetNumber()
		lab := question()
		lab.Scope.Targets[0].Application = "lab"
		foreign := f.create("gus", lab).GetNumber()
		uma, gus, sam := f.watch("uma", ""), f.watch("gus", ""), f.watch("sam", "")
		for _, w := range []*watcher{uma, gus, sam} {
			require.True(f.t, w.next().GetHeartbeat(), "the stream stands")
		}
		_, err := f.client.MarkSpam(f.as("sam"), &ticketv1.MarkSpamRequest{Ticket: n})
		require.NoError(f.t, err)
		_, err = f.client.DeleteTicket(f.as("sam"), &ticketv1.DeleteTicketRequest{Ticket: foreign})
		require.NoError(f.t, err)
		removed := func(w *watcher) int64 {
			for {
				if res := w.next(); res.GetRemoved() != 0 {
					return res.GetRemoved()
				}
			}
		}
		require.Equal(f.t, n, removed(uma))
		require.Equal(f.t, foreign, removed(gus))
		// What befell a ticket before may come late, and then tells of its end as well.
		gone := map[int64]bool{}
		for len(gone) < 2 {
			gone[removed(sam)] = true
		}
		require.Equal(f.t, map[int64]bool{n: true, foreign: true}, gone)

		_, err = f.client.RestoreTicket(f.as("sam"), &ticketv1.RestoreTicketRequest{Ticket: n})
		require.NoError(f.t, err)
		back, _ := uma.ticket()
		require.Equal(f.t, n, back.GetNumber())
	})
}

// TestPresence: staff hear of each other, customers of nobody.
func TestPresence(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		n := f.create("uma", question()).GetNumber()
		client := ticketv1.NewPresenceServiceClient(f.server.InProcess("gateway"))
		uma, eve := f.watch("uma", ""), f.watch("eve", "")
		require.True(f.t, uma.next().GetHeartbeat(), "the stream stands")
		require.True(f.t, eve.next().GetHeartbeat(), "the stream stands")
		report := func(who string, a ticketv1.Activity) *ticketv1.Presence {
			res, err := client.ReportPresence(f.as(who), &ticketv1.ReportPresenceRequest{Ticket: n, Activity: a})
			require.NoError(f.t, err)
			return res
		}
		require.Empty(f.t, report("sam", ticketv1.Activity_ACTIVITY_TYPING).GetPeople(), "nobody else")
		hinted := func(w *watcher) int64 {
			for {
				if res := w.next(); res.GetPresence() != 0 {
					return res.GetPresence()
				}
			}
		}
		require.Equal(f.t, n, hinted(eve))
		people := report("eve", ticketv1.Activity_ACTIVITY_VIEWING).GetPeople()
		require.Len(f.t, people, 1)
		require.Equal(f.t, "Sam Support", people[0].GetPerson().GetName())
		require.Equal(f.t, ticketv1.Activity_ACTIVITY_TYPING, people[0].GetActivity())
		report("sam", ticketv1.Activity_ACTIVITY_LEFT)
		seen, err := client.GetPresence(f.as("eve"), &ticketv1.GetPresenceRequest{Ticket: n})
		require.NoError(f.t, err)
		require.Empty(f.t, seen.GetPeople())

		// Requests of one page may overtake each other; those of another tab are not theirs.
		say := func(page string, sequence int64, a ticketv1.Activity) error {
			_, err := client.ReportPresence(f.as("sam"), &ticketv1.ReportPresenceRequest{Ticket: n, Activity: a, Page: page, Sequence: sequence})
			return err
		}
		require.NoError(f.t, say("one", 1, ticketv1.Activity_ACTIVITY_VIEWING))
		require.NoError(f.t, say("two", 1, ticketv1.Activity_ACTIVITY_VIEWING))
		require.NoError(f.t, say("one", 3, ticketv1.Activity_ACTIVITY_LEFT))
		require.NoError(f.t, say("one", 2, ticketv1.Activity_ACTIVITY_TYPING))
		seen, err = client.GetPresence(f.as("eve"), &ticketv1.GetPresenceRequest{Ticket: n})
		require.NoError(f.t, err)
		require.Len(f.t, seen.GetPeople(), 1)
		require.Equal(f.t, ticketv1.Activity_ACTIVITY_VIEWING, seen.GetPeople()[0].GetActivity())
		require.NoError(f.t, say("two", 2, ticketv1.Activity_ACTIVITY_LEFT))
		seen, err = client.GetPresence(f.as("eve"), &ticketv1.GetPresenceRequest{Ticket: n})
		require.NoError(f.t, err)
		require.Empty(f.t, seen.GetPeople())
		require.ErrorIs(f.t, say("one two", 1, ticketv1.Activity_ACTIVITY_VIEWING), fault.Invalid)
		require.ErrorIs(f.t, say("one", -1, ticketv1.Activity_ACTIVITY_VIEWING), fault.Invalid)

		_, err = client.GetPresence(f.as("uma"), &ticketv1.GetPresenceRequest{Ticket: n})
		require.ErrorIs(f.t, err, fault.Denied)
		_, err = client.GetPresence(f.as("sam"), &ticketv1.GetPresenceRequest{Ticket: 424242})
		require.ErrorIs(f.t, err, fault.NotFound)
		// The next that uma hears is a change: of the presence before it she heard nothing.
		_, err = f.client.ReplyToTicket(f.as("sam"), &ticketv1.ReplyToTicketRequest{Ticket: n, Body: "x"})
		require.NoError(f.t, err)
		for {
			res := uma.next()
			require.Zero(f.t, res.GetPresence())
			if res.GetTicket().GetStatus() == ticketv1.TicketStatus_TICKET_STATUS_PENDING {
				return
			}
		}
	})
}
