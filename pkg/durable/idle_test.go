package durable

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestATaskIsNeverUnseen(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		var ran tally
		q := f.queue(Options{Handlers: map[string]Handler{"count": counting(&ran)}})
		idle := func() bool {
			yes, err := q.Idle(t.Context())
			require.NoError(t, err)
			return yes
		}
		require.True(t, idle(), "nothing was ever to do")
		f.enqueue(q, Spec{Kind: "count"})
		require.False(t, idle(), "it is due")

		seen := make(chan bool, 1)
		q.probe = func(step string) {
			if step != "claimed" || ran.total() > 0 || f.count("owner <> ''") == 0 {
				return
			}
			yes, err := q.Idle(t.Context())
			select {
			case seen <- err == nil && !yes:
			default:
			}
		}
		f.start(q)
		require.True(t, <-seen, "it is claimed, and the process does not know yet")
		f.empty("done")
		require.True(t, idle())
	})
}
