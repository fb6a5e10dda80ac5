package domain

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestUntiring(t *testing.T) {
	const every = 5 * time.Minute
	step := func(timeout time.Duration, targets ...string) Step { return Step{Targets: targets, Timeout: timeout} }
	engineers := []Reach{{Person: Person{ID: "ada"}, Responds: true, Contacts: []Contact{{}}}}
	tests := []struct {
		name     string
		policy   *Policy
		fallback []string
		want     []Step
	}{
		{
			"who was called is called again, and the fallback lists last",
			&Policy{Steps: []Step{step(time.Minute, "schedule:one"), step(time.Hour, "person:ben")}, Fallback: []string{"eve"}},
			[]string{"out"},
			[]Step{
				step(time.Minute, "schedule:one"), step(every, "schedule:one", "person:ben"),
				step(every, "schedule:one", "person:ben", "person:eve", "person:out"),
			},
		},
		{
			"nobody twice",
			&Policy{Steps: []Step{step(time.Minute, "person:ben")}, Fallback: []string{"ben"}},
			nil,
			[]Step{step(every, "person:ben")},
		},
		{"without a policy", nil, []string{"out"}, []Step{step(every, "person:ada"), step(every, "person:ada", "person:out")}},
		{"without steps", &Policy{}, []string{"out"}, []Step{step(every, "person:out")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Untiring(tt.policy, engineers, tt.fallback, every)
			require.Equal(t, tt.want, p.Steps)
			require.Zero(t, p.AcknowledgeTimeout)
			at := firstPosition
			for range 100 {
				next, ok := p.next(at)
				require.True(t, ok, "it never ends")
				at = next
			}
			require.Equal(t, len(tt.want), at.Step)
			require.True(t, p.again(at))
		})
	}
}
