package durable

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestReplicasWithSkewedClocks: processes whose clocks are five minutes apart, which is much longer than a lease, share
// tasks. When something is due and whose it is only the database's clock says.
func TestReplicasWithSkewedClocks(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		var ran, early tally
		handlers := func(q **Queue) map[string]Handler {
			return map[string]Handler{
				"count": counting(&ran),
				"long": {Run: func(ctx context.Context, task Task) error { // over several leases
					ran.add(task.ID)
					sleep(ctx, 3*(*q).lease)
					return ctx.Err()
				}},
				"again": {Backoff: func(int) time.Duration { return 20 * time.Millisecond }, Run: func(_ context.Context, task Task) error {
					if task.Attempt < 3 {
						return errors.New("not yet")
					}
					ran.add(task.ID)
					return nil
				}},
				"later": {Run: func(_ context.Context, task Task) error {
					if time.Duration(f.offset.Load()) < 4*time.Minute { // the database's clock from the machine's
						early.add(task.ID)
					}
					ran.add(task.ID)
					return nil
				}},
			}
		}
		var queues []*Queue
		for _, skew := range []time.Duration{0, 5 * time.Minute, -5 * time.Minute} {
			var q *Queue
			q = f.queue(Options{Handlers: handlers(&q), Workers: map[Lane]int{LanePage: 8, LaneReply: 8}})
			q.lease = time.Second
			q.now = func() time.Time { return time.Now().Add(skew) }
			f.start(q)
			queues = append(queues, q)
		}
		made := 0
		enqueue := func() {
			for i, q := range queues { // each bears some itself
				for _, lane := range []Lane{LanePage, LaneReply} {
					all := append(specs(20, "count", lane), specs(3, "long", lane)...)
					all = append(all, specs(5, "again", lane)...)
					for n := range all {
						all[n].Key = fmt.Sprintf("%d-%d-%d", i, lane, n)
					}
					f.enqueue(q, all...)
					made += len(all)
				}
			}
		}
		enqueue()
		// Four minutes from now: by the clock of one process that has been already.
		f.enqueue(queues[0], Spec{Kind: "later", Lane: LanePage, Delay: 4 * time.Minute}, Spec{Kind: "later", Lane: LaneReply, Delay: 4 * time.Minute})
		made += 2
		done := func() bool { return f.count("kind <> 'later'") == 0 }
		eventually(t, done, "all but those of later")
		require.Equal(t, 2, f.count("kind = 'later'"))
		f.advance(-time.Hour) // somebody sets it
		enqueue()
		eventually(t, done, "after the clock was set back")
		require.Equal(t, 2, f.count("kind = 'later'"))
		f.advance(time.Hour + 4*time.Minute)
		f.empty("those of later")
		require.Zero(t, early.total())
		require.Equal(t, made, ran.distinct(), "each")
		require.Equal(t, made, ran.total(), "once")
	})
}
