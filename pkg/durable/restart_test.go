package durable

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
)

func TestTasksSurviveARestartOfTheServer(t *testing.T) {
	t.Parallel()
	server := testkit.PostgresServer(t)
	f := open(t, sqldb.Config{DSN: server.Database(), Schema: "svc_test", PageConns: 2})
	var ran tally
	q := f.queue(Options{Handlers: map[string]Handler{"count": counting(&ran)}})
	f.start(q)
	before := q.currentOwner()

	committed := make(chan int)
	stop, stopped := context.WithCancel(t.Context())
	go func() {
		n := 0
		defer func() { committed <- n }()
		for i := 0; stop.Err() == nil; i++ {
			err := q.Update(context.WithoutCancel(stop), sqldb.Op{Page: i%2 == 0}, func(ctx context.Context, tx *Tx) error {
				return tx.Enqueue(ctx, Spec{Kind: "count", Lane: Lane(i % 2), Key: fmt.Sprint(i)})
			})
			if err == nil {
				n++
			}
		}
	}()
	eventually(t, func() bool { return ran.total() > 100 }, "under way")
	server.Restart()
	eventually(t, func() bool { owner := q.currentOwner(); return owner != "" && owner != before }, "a new owner")
	sofar := ran.total()
	eventually(t, func() bool { return ran.total() > sofar+100 }, "under way again")
	stopped()
	n := <-committed
	f.empty("all done")
	require.GreaterOrEqual(t, ran.distinct(), n, "none lost")
	var owners int
	eventually(t, func() bool {
		err := f.db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM task_owners").Scan(&owners)
		return err == nil && owners == 1
	}, "the earlier owner is forgotten")
}
