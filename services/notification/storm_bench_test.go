package notification_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification"
)

// BenchmarkStorm makes 500 incidents urgent as quickly as they are taken, for two people on call, and measures from the first
// event on: when everybody had their first page, when every incident was named to everybody, and how many calls that took.
func BenchmarkStorm(b *testing.B) {
	for _, engine := range []sqldb.Engine{sqldb.SQLite, sqldb.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			var first, last time.Duration
			var calledTimes int
			for range b.N {
				f, l, n := stormOnce(b, testkit.Database(b, engine, "notification", notification.Migrations()...))
				first, last, calledTimes = first+f, last+l, calledTimes+n
			}
			n := float64(b.N)
			b.ReportMetric(float64(first.Milliseconds())/n, "ms-first")
			b.ReportMetric(float64(last.Milliseconds())/n, "ms-all")
			b.ReportMetric(float64(calledTimes)/n/2, "calls/person")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func stormOnce(b *testing.B, db sqldb.Config) (first, last time.Duration, calledTimes int) {
	const incidents = 500
	w := setup(b, db, notification.Config{})
	hook := testkit.Receiver(b)
	var targets []string
	for _, p := range []*eventv1.DirectoryPerson{ada, ben} {
		w.contact(p, fmt.Sprintf("%s/%s", hook.URL, p.GetId()))
		targets = append(targets, person(p))
	}
	w.policy(&notificationv1.EscalationPolicy{
		Steps: []*notificationv1.EscalationStep{step(time.Hour, targets...)}, Loops: 1, Fallback: []string{eve.GetId()},
	})
	began := time.Now()
	w.storm(1, incidents)
	by := map[string][]testkit.Request{}
	testkit.EventuallyPasses(b, func(t require.TestingT) {
		clear(by)
		for _, r := range hook.Requests() {
			by[r.Path] = append(by[r.Path], r)
		}
		require.Len(t, by, 2)
		for _, requests := range by {
			require.Len(t, named(calls(t, requests)), incidents)
		}
	}, "every incident is named to everybody")
	for _, requests := range by {
		first = max(first, requests[0].At.Sub(began))
		last = max(last, requests[len(requests)-1].At.Sub(began))
		calledTimes += len(requests)
	}
	w.stop()
	return first, last, calledTimes
}
