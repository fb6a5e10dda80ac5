package durable

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"altis-dxp.com/support/pkg/sqldb"
)

func TestBackoffStaysInItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attempt := rapid.OneOf(rapid.IntRange(-2, 15), rapid.Int()).Draw(t, "attempt")
		ceiling := 5 * time.Minute
		if attempt < 20 {
			ceiling = min(ceiling, 200*time.Millisecond*time.Duration(1<<(max(attempt, 1)-1)))
		}
		d := DefaultBackoff(attempt)
		if d < ceiling/2 || d > ceiling {
			t.Fatalf("attempt %d waits %s, want between %s and %s", attempt, d, ceiling/2, ceiling)
		}
	})
}

func TestLanesKeepTheirCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLane(Lane(rapid.IntRange(0, lanes-1).Draw(t, "lane")), rapid.IntRange(1, 12).Draw(t, "workers"))
		var started []*held
		lapsed := map[*held]bool{}
		names := rapid.SampledFrom([]string{"", "a", "b", "c"})
		t.Repeat(map[string]func(*rapid.T){
			"arrive": func(t *rapid.T) {
				h := &held{lane: l, destination: names.Draw(t, "destination")}
				if h.slot = l.reserve(h.destination); h.slot {
					lapsed[h] = rapid.Bool().Draw(t, "lapsed")
					l.waiting = append(l.waiting, h)
				}
			},
			"start": func(t *rapid.T) {
				h := l.next(func(h *held) bool { return !lapsed[h] })
				if h == nil {
					return
				}
				if lapsed[h] || slices.Contains(l.waiting, h) {
					t.Fatal("started without a lease, or twice")
				}
				started = append(started, h)
			},
			"renew": func(*rapid.T) { clear(lapsed) },
			"finish": func(t *rapid.T) {
				if len(started) == 0 {
					t.Skip("nothing runs")
				}
				i := rapid.IntRange(0, len(started)-1).Draw(t, "which")
				l.finished(started[i].destination)
				started[i].releaseSlot()
				started = slices.Delete(started, i, i+1)
			},
			"lose": func(t *rapid.T) {
				if len(l.waiting) == 0 {
					t.Skip("nothing waits")
				}
				h := l.waiting[rapid.IntRange(0, len(l.waiting)-1).Draw(t, "which")]
				l.forget(h)
				h.releaseSlot()
			},
			"grab": func(t *rapid.T) {
				n := l.grab(rapid.IntRange(0, 100).Draw(t, "n"))
				l.used -= n
			},
			"": func(t *rapid.T) {
				want := map[string]share{}
				count := func(h *held, runs int) {
					s := want[h.destination]
					want[h.destination] = share{used: s.used + 1, running: s.running + runs}
				}
				for _, h := range l.waiting {
					count(h, 0)
				}
				for _, h := range started {
					count(h, 1)
				}
				if l.used != len(l.waiting)+len(started) || l.running != len(started) || l.used > l.slots || l.running > l.workers {
					t.Fatalf("used %d of %d, running %d of %d, but %d wait and %d run", l.used, l.slots, l.running, l.workers, len(l.waiting), len(started))
				}
				for name, w := range want {
					if name == "" {
						continue
					}
					s := l.destinations[name]
					if s == nil || s.used != w.used || s.running != w.running || w.used > max(1, l.slots/4) || w.running > max(1, l.workers/4) {
						t.Fatalf("%q has %+v of the lane, want %+v within a quarter", name, s, w)
					}
				}
			},
		})
	})
}

// modelTask is what a row of tasks should be. Its instants are in hours of the model's clock, so that the few seconds that
// the test takes by PostgreSQL's clock do not matter: leases and delays end at half past.
type modelTask struct {
	due     float64
	fence   int64
	attempt int64
	owner   string
	parked  bool
}

func TestRowsBehaveLikeTheModel(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		q := f.queue(Options{Handlers: map[string]Handler{"k": counting(&tally{})}})
		q.lease = 90 * time.Minute
		lease := q.lease.Hours()
		exec := func(t *rapid.T, statement string, args ...any) {
			require.NoError(t, f.db.Do(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
				_, err := tx.ExecContext(ctx, statement, args...)
				return err
			}))
		}
		rapid.Check(t, func(t *rapid.T) {
			exec(t, "DELETE FROM tasks")
			model := map[string]*modelTask{}
			clock, seq := 0.0, 0
			owners := rapid.SampledFrom([]string{"a", "b"})
			some := func(t *rapid.T) string { // any id, so that the order of a map does not enter
				if len(model) == 0 {
					t.Skip("no task")
				}
				ids := make([]string, 0, len(model))
				for id := range model {
					ids = append(ids, id)
				}
				slices.Sort(ids)
				return rapid.SampledFrom(ids).Draw(t, "id")
			}
			// lease draws a lease that is the present one or differs from it in one part.
			leaseOf := func(t *rapid.T, id string) (row leaseRow, valid bool) {
				m := model[id]
				row = leaseRow{Task: id, Fence: m.fence - int64(rapid.IntRange(0, 1).Draw(t, "stale")), Holder: owners.Draw(t, "holder")}
				return row, row.Fence == m.fence && row.Holder == m.owner
			}
			apply := func(t *rapid.T, statement string, id string, valid bool, row any, args ...any) {
				found, err := q.exchange(ctx, sqldb.Op{Soft: true}, statement, append([]any{jsonText([]any{row})}, args...)...)
				require.NoError(t, err)
				require.Equal(t, valid, found[id])
			}
			t.Repeat(map[string]func(*rapid.T){
				"insert": func(t *rapid.T) {
					seq++
					row := Row{ID: fmt.Sprintf("%04d", seq), Kind: "k", Lane: int64(LaneReply)}
					if rapid.Bool().Draw(t, "born leased") {
						row.Lease, row.Attempt, row.Fence, row.Owner = q.lease.Microseconds(), 1, 1, owners.Draw(t, "owner")
					} else {
						row.Lease = (time.Duration(rapid.IntRange(0, 3).Draw(t, "delay")) * 30 * time.Minute).Microseconds()
					}
					exec(t, q.sql.insert, jsonText([]Row{row}))
					model[row.ID] = &modelTask{
						due: clock + (time.Duration(row.Lease) * time.Microsecond).Hours(), fence: row.Fence, attempt: row.Attempt, owner: row.Owner,
					}
				},
				"claim": func(t *rapid.T) {
					limit, owner := rapid.IntRange(1, 3).Draw(t, "limit"), owners.Draw(t, "owner")
					rows, err := q.claim(ctx, q.lanes[LaneReply], owner, limit)
					require.NoError(t, err)
					due := 0
					latest := 0.0
					for _, m := range model {
						if !m.parked && m.due <= clock {
							due++
						}
					}
					require.Len(t, rows, min(due, limit))
					for _, r := range rows {
						m := model[r.ID]
						require.NotNil(t, m)
						require.False(t, m.parked)
						require.LessOrEqual(t, m.due, clock)
						latest = max(latest, m.due)
						m.fence, m.attempt, m.owner, m.due = m.fence+1, m.attempt+1, owner, clock+lease
						require.Equal(t, []int64{m.fence, m.attempt}, []int64{r.Fence, r.Attempt})
					}
					for _, m := range model { // the oldest first
						if len(rows) > 0 && !m.parked && m.due <= clock {
							require.GreaterOrEqual(t, m.due, latest)
						}
					}
				},
				"renew": func(t *rapid.T) {
					id := some(t)
					row, valid := leaseOf(t, id)
					apply(t, q.sql.renew, id, valid, row, q.lease.Microseconds())
					if valid {
						model[id].due = clock + lease
					}
				},
				"complete": func(t *rapid.T) {
					id := some(t)
					row, valid := leaseOf(t, id)
					apply(t, q.sql.complete, id, valid, row)
					if valid {
						delete(model, id)
					}
				},
				"settle": func(t *rapid.T) {
					id := some(t)
					lease, valid := leaseOf(t, id)
					row := outcomeRow{leaseRow: lease, Delay: (time.Duration(rapid.IntRange(0, 3).Draw(t, "delay")) * 30 * time.Minute).Microseconds()}
					row.Back, row.Park = rapid.Int64Range(0, 1).Draw(t, "back"), rapid.Int64Range(0, 1).Draw(t, "park")
					apply(t, q.sql.settle, id, valid, row)
					if valid {
						m := model[id]
						m.owner, m.attempt, m.parked = "", m.attempt-row.Back, row.Park == 1
						m.due = clock + (time.Duration(row.Delay) * time.Microsecond).Hours()
					}
				},
				"reclaim": func(t *rapid.T) {
					owner := owners.Draw(t, "owner")
					_, err := q.bury(ctx, owner, func(int64) bool { return true })
					require.NoError(t, err)
					for _, m := range model {
						if m.owner == owner {
							m.owner, m.due = "", clock
						}
					}
				},
				"unpark": func(t *rapid.T) {
					id := some(t)
					err := q.Unpark(ctx, id)
					require.Equal(t, model[id].parked, err == nil)
					if m := model[id]; m.parked {
						m.parked, m.attempt, m.due = false, 0, clock
					}
				},
				"time passes": func(*rapid.T) {
					f.advance(time.Hour)
					clock++
				},
				"": func(t *rapid.T) {
					rows, err := f.db.Reader().QueryContext(ctx, "SELECT id, fence, attempt, owner, CASE WHEN parked_at > 0 THEN 1 ELSE 0 END FROM tasks")
					require.NoError(t, err)
					defer func() { require.NoError(t, rows.Close()) }()
					n := 0
					for rows.Next() {
						var id string
						var got modelTask
						var parked int
						require.NoError(t, rows.Scan(&id, &got.fence, &got.attempt, &got.owner, &parked))
						m := model[id]
						require.NotNil(t, m, id)
						got.due, got.parked = m.due, parked == 1
						require.Equal(t, *m, got, id)
						n++
					}
					require.NoError(t, rows.Err())
					require.Equal(t, len(model), n)
				},
			})
		})
	})
}
