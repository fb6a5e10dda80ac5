package testkit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
)

func TestEventuallyWaitsForTheCondition(t *testing.T) {
	calls := 0
	testkit.Eventually(t, func() bool { calls++; return calls == 3 }, "three calls")
	require.Equal(t, 3, calls)
}

func TestEventuallyPassesRunsAgainAfterEachKindOfFailure(t *testing.T) {
	calls := 0
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		calls++
		if calls == 1 {
			t.Errorf("not yet")
		}
		require.Greater(t, calls, 2)
	}, "three calls")
	require.Equal(t, 3, calls)
}

func TestEventuallyPassesLetsAPanicThrough(t *testing.T) {
	require.PanicsWithValue(t, "broken", func() {
		testkit.EventuallyPasses(t, func(require.TestingT) { panic("broken") }, "a panic")
	})
}
