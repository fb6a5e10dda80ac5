package tasks

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/store"
)

func TestPagesAreTriedAgainSoonHoweverOftenTheyFailed(t *testing.T) {
	handlers := (&Tasks{}).Handlers()
	for _, kind := range []string{store.KindDeliver, store.KindStep, store.KindContact, store.KindAckTimeout} {
		for _, attempt := range []int{1, 5, 20, 1000} {
			pause := handlers[kind].Backoff(attempt)
			require.Positive(t, pause, kind)
			require.LessOrEqual(t, pause, time.Second, kind)
		}
	}
}
