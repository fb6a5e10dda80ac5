package ticket_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

func (f *fixture) merge(number, into int64) *ticketv1.Ticket {
	f.t.Helper()
	return f.mergeAs("merge", number, into)
}

// mergeAs is merge by a request of an id.
func (f *fixture) mergeAs(request string, number, into int64) *ticketv1.Ticket {
	f.t.Helper()
	merged, err := f.client.MergeTicket(f.as("sam"), &ticketv1.MergeTicketRequest{Ticket: number, Into: into, RequestId: request})
	require.NoError(f.t, err)
	return merged
}

// page delivers news of a page of its own.
func (f *fixture) page(e *eventv1.Event) {
	f.t.Helper()
	e.Id = fmt.Sprintf("%s-%d", e.GetId(), e.GetPage().GetTicket())
	f.deliver("notification", e, eventv1.Outcome_VERDICT_APPLIED)
}

// What notification is told of a merge is all that it takes, of either ticket.
func TestAMergeIsTold(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		source, into := f.create("uma", urgent()).GetNumber(), f.create("ann", question()).GetNumber()
		f.deliver("notification", pageEvent(source, 1, 1, eventv1.PageEvent_KIND_OPENED, ticketv1.PageState_PAGE_STATE_PAGING), eventv1.Outcome_VERDICT_APPLIED)
		merged := f.merge(source, into)
		require.Equal(f.t, into, merged.GetMergedInto())
		require.Equal(f.t, merged.GetEtag(), f.merge(source, into).GetEtag(), "a repetition")

		closed, goesOn := merged.GetSequence(), int64(2)
		testkit.Eventually(f.t, func() bool {
			return f.notification.of(source)[closed] != nil && f.notification.of(into)[goesOn] != nil
		}, "notification does not hear of it")
		e := f.notification.of(source)[closed]
		require.True(f.t, e.GetEndedUrgency())
		require.Equal(f.t, into, e.GetMergedInto().GetInto())
		require.Equal(f.t, "uma@acme.example", e.GetMergedInto().GetTold()[0].GetEmail())
		e = f.notification.of(into)[goesOn]
		require.True(f.t, e.GetBecameUrgent())
		require.Equal(f.t, ticketv1.TicketType_TICKET_TYPE_INCIDENT, e.GetTicket().GetType())
		from := e.GetMergedFrom()
		require.Equal(f.t, source, from.GetSource().GetNumber())
		require.Equal(f.t, closed, from.GetSource().GetSequence())
		require.Empty(f.t, from.GetSource().GetExcerpt(), "what may be redacted is told by its own events only")
		require.Equal(f.t, "p1", from.GetPage())
		require.EqualValues(f.t, 1, from.GetOccurrence())
		require.Equal(f.t, ticketv1.TicketStatus_TICKET_STATUS_NEW, from.GetOldStatus())
		testkit.Eventually(f.t, func() bool { return f.triage.of(into)[goesOn] != nil }, "triage does not hear of it")
	})
}

// The watch over a duplicate ends, and what it watched over stays watched.
func TestTheWatchGoesWithTheDuplicatesPage(t *testing.T) {
	onBothWithMailbox(t, time.Hour, func(f *fixture) {
		watchKeys := func() (keys []string) {
			rows, err := f.db.Reader().QueryContext(f.t.Context(), `SELECT key FROM tasks WHERE kind = 'page-watch' ORDER BY key`)
			require.NoError(f.t, err)
			defer rows.Close()
			for rows.Next() {
				var key string
				require.NoError(f.t, rows.Scan(&key))
				keys = append(keys, key)
			}
			require.NoError(f.t, rows.Err())
			return keys
		}
		key := func(number, sequence int64) string { return fmt.Sprint(number, "-", sequence) }

		// The other is not urgent: it is watched instead.
		source, into := f.create("uma", urgent()).GetNumber(), f.create("uma", question()).GetNumber()
		f.merge(source, into)
		require.Equal(f.t, []string{key(into, 2)}, watchKeys())
		f.page(pageEvent(into, 2, 3, eventv1.PageEvent_KIND_MERGED, ticketv1.PageState_PAGE_STATE_DELIVERED))
		require.Empty(f.t, watchKeys(), "a provider has taken it")
		require.Contains(f.t, f.summaries(into), "The page of the ticket that was merged into this one goes on here")

		// Both are urgent, and nobody was called yet: the other's own watch is enough.
		source, into = f.create("uma", urgent()).GetNumber(), f.create("uma", urgent()).GetNumber()
		f.mergeAs("again", source, into)
		require.Equal(f.t, []string{key(into, 1)}, watchKeys())
		// The duplicate's page turns out to be the stronger one, and has reached nobody: it is watched.
		f.page(pageEvent(into, 2, 3, eventv1.PageEvent_KIND_MERGED, ticketv1.PageState_PAGE_STATE_PAGING))
		require.Equal(f.t, []string{key(into, 2)}, watchKeys())
		f.page(pageEvent(into, 2, 4, eventv1.PageEvent_KIND_ACKNOWLEDGED, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED))
		require.Empty(f.t, watchKeys())
	})
}
