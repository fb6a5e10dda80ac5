package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// TestAnyCourseOfATicket does things at random and checks what always holds.
func TestAnyCourseOfATicket(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ctx := t.Context()
		b := setup(t)
		first := incident(domain.Priority(rapid.IntRange(1, 4).Draw(rt, "priority")))
		if rapid.Bool().Draw(rt, "question") {
			first = question()
		}
		n := b.create(rt, uma, first).Number
		who := func() domain.Caller { return rapid.SampledFrom([]domain.Caller{uma, sam}).Draw(rt, "who") }
		status := func() domain.Status { return domain.Status(rapid.IntRange(1, 6).Draw(rt, "status")) }
		var err error
		rt.Repeat(map[string]func(*rapid.T){
			"reply": func(*rapid.T) {
				c := who()
				r := domain.Reply{Number: n, Body: "x"}
				if c == sam && rapid.Bool().Draw(rt, "choose") {
					r.Status = status()
				}
				_, _, err = b.Reply(ctx, c, r, domain.Request{})
			},
			"note":   func(*rapid.T) { _, err = b.Note(ctx, who(), n, "x", domain.Request{}) },
			"solve":  func(*rapid.T) { _, err = b.Solve(ctx, who(), n, "") },
			"reopen": func(*rapid.T) { _, err = b.Reopen(ctx, who(), n, "") },
			"assign": func(*rapid.T) {
				_, err = b.Assign(ctx, sam, domain.Assignment{Number: n, Assignee: rapid.SampledFrom([]string{"", "sam", "eve"}).Draw(rt, "assignee")})
			},
			"close": func(*rapid.T) {
				b.now = b.now.Add(time.Duration(rapid.IntRange(0, 8*24).Draw(rt, "hours")) * time.Hour)
				_, err = b.Close(ctx, n)
			},
			"update": func(*rapid.T) {
				_, err = b.Update(ctx, who(), domain.Update{
					Number: n, Fields: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"priority", "status", "tags"}), rapid.ID[string]).Draw(rt, "fields"),
					Values: domain.Ticket{Priority: domain.Priority(rapid.IntRange(1, 4).Draw(rt, "priority")), Status: status(), Tags: []string{"a"}},
				})
			},
			"triage": func(*rapid.T) {
				err = b.ApplyTriage(ctx, inTx{b.store}, domain.Triage{
					Number: n, Sequence: rapid.Int64Range(1, 9).Draw(rt, "sequence"), Priority: domain.Priority(rapid.IntRange(0, 4).Draw(rt, "priority")),
				})
			},
			"": func(rt *rapid.T) {
				require.NotEqual(rt, fault.Internal, kindOrNone(err), "%v", err)
				checkCourse(rt, b, n)
			},
		})
	})
}

func kindOrNone(err error) fault.Kind {
	if err == nil {
		return fault.Invalid
	}
	return fault.KindOf(err)
}

func checkCourse(rt *rapid.T, b *bench, n int64) {
	var sequence int64
	var urgent, closed bool
	var updated time.Time
	for _, c := range b.store.changes {
		if c.After.Number != n || c.Event.Kind == 0 {
			continue
		}
		require.False(rt, closed, "nothing happens to a closed ticket")
		sequence++
		require.Equal(rt, sequence, c.Event.Sequence)
		require.Equal(rt, sequence, c.After.Sequence)
		require.Equal(rt, urgent, c.Before.Urgent())
		require.Equal(rt, !urgent && c.After.Urgent(), c.BecameUrgent())
		require.Equal(rt, urgent && !c.After.Urgent(), c.EndedUrgency())
		if c.BecameUrgent() {
			require.Equal(rt, sequence, c.After.Page.Occurrence)
			require.Equal(rt, domain.PagePaging, c.After.Page.State)
		}
		urgent, closed = c.After.Urgent(), c.After.Status == domain.Closed
		if urgent {
			require.Equal(rt, domain.Incident, c.After.Type, "only incidents are urgent")
		}
		if c.Event.Internal {
			require.Equal(rt, updated, c.After.UpdateTime)
			require.Equal(rt, c.Before.Status, c.After.Status, "customers see every status")
		} else {
			require.True(rt, c.After.UpdateTime.After(updated))
		}
		updated = c.After.UpdateTime
		require.Equal(rt, !c.After.Status.Active(), !c.After.SolveTime.IsZero())
		require.Equal(rt, closed, !c.After.CloseTime.IsZero())
		require.False(rt, c.After.Status == domain.New && c.Before.Status > domain.New, "nothing becomes new again")
		if closed {
			require.Equal(rt, domain.Solved, c.Before.Status)
		}
	}
}
