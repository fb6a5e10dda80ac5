package notification_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification"
)

// Between an event and its webhook PostgreSQL is waited for four times: for the event and its ticket, for the people, for the
// commit with all that is written, and for the delivery. Whoever adds one makes every page later.
func TestAPageTakesFewRoundTrips(t *testing.T) {
	t.Parallel()
	cfg := testkit.Database(t, sqldb.Postgres, "notification", notification.Migrations()...)
	trips := testkit.CountRoundTrips(t, cfg.DSN)
	cfg.DSN = trips.DSN
	w := setup(t, cfg, notification.Config{NoReceipts: true})
	hook := testkit.Receiver(t)
	arrived := make(chan int, 1)
	hook.Respond(func(int, testkit.Request) testkit.Response {
		arrived <- trips.Count()
		return testkit.Response{}
	})
	w.contact(ada, hook.URL)
	w.policy(&notificationv1.EscalationPolicy{
		Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
	})
	// What goes on beside only adds to a page, the first ones prepare their statements, and after ten they would go together.
	var counts []int
	for n := int64(1); n <= 9; n++ {
		e := urgentEvent(n)
		e.Ticket.Ccs = nil // nobody gets a mail
		before := trips.Count()
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(1, e))
		counts = append(counts, <-arrived-before)
		w.told(w.onlyPage(n).GetId(), "OPENED Ada Park", "DELIVERED Ada Park")
		testkit.Eventually(t, func() bool { return w.tasksLeft() == 0 }, "tasks are left")
	}
	fewest := counts[0]
	for _, n := range counts {
		fewest = min(fewest, n)
	}
	require.Equal(t, 4, fewest, "%v", counts)
}

// tasksLeft returns how many tasks are due.
func (w *world) tasksLeft() (n int) {
	require.NoError(w.t, w.db.Reader().QueryRowContext(w.t.Context(), `SELECT COUNT(*) FROM tasks WHERE run_at < altis_now() + 60000000`).Scan(&n))
	return n
}
