package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"altis-dxp.com/support/services/triage/internal/domain"
)

func instants() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(0, 4_000_000_000), func(s int64) time.Time { return time.Unix(s, 0).UTC() })
}

func TestPolicyOf(t *testing.T) {
	cases := []struct{ plan, policy string }{
		{"standard", "standard"},
		{"premium", "premium"},
		{"enterprise", "enterprise"},
		{"a plan of tomorrow", "standard"},
		{"", "standard"},
	}
	for _, c := range cases {
		t.Run(c.plan, func(t *testing.T) { require.Equal(t, c.policy, domain.PolicyOf(c.plan).Name) })
	}
}

func TestDue(t *testing.T) {
	require.Equal(t,
		domain.Due{Policy: "premium", FirstResponse: created.Add(2 * time.Hour), Resolution: created.Add(24 * time.Hour)},
		domain.PolicyOf("premium").Due(domain.High, created))
	require.Equal(t, domain.PolicyOf("premium").Due(domain.Normal, created), domain.PolicyOf("premium").Due(0, created))
}

func TestHigherPriorityIsNeverDueLater(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		policy := rapid.SampledFrom(domain.Policies()).Draw(r, "policy")
		at := instants().Draw(r, "created")
		low := rapid.SampledFrom(domain.Priorities()).Draw(r, "low")
		high := domain.Priority(rapid.IntRange(int(low), int(domain.Urgent)).Draw(r, "high"))
		requireNotLater(r, policy.Due(high, at), policy.Due(low, at))
	})
}

func TestLargerPlanIsNeverDueLater(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		policies := domain.Policies()
		small := rapid.IntRange(0, len(policies)-1).Draw(r, "small")
		large := rapid.IntRange(small, len(policies)-1).Draw(r, "large")
		priority := rapid.SampledFrom(domain.Priorities()).Draw(r, "priority")
		at := instants().Draw(r, "created")
		requireNotLater(r, policies[large].Due(priority, at), policies[small].Due(priority, at))
	})
}

func TestFirstResponseIsDueBeforeTheSolution(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		due := rapid.SampledFrom(domain.Policies()).Draw(r, "policy").
			Due(rapid.SampledFrom(domain.Priorities()).Draw(r, "priority"), created)
		require.True(r, due.FirstResponse.After(created))
		require.True(r, due.Resolution.After(due.FirstResponse))
	})
}

func requireNotLater(t require.TestingT, a, b domain.Due) {
	require.False(t, a.FirstResponse.After(b.FirstResponse))
	require.False(t, a.Resolution.After(b.Resolution))
}
