package tasks

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

func TestMailsPauseLongerEachTimeAndNotAllAlike(t *testing.T) {
	tasks := &Tasks{MailRetry: time.Minute}
	before := time.Duration(0)
	for attempt := 1; attempt <= 20; attempt++ {
		longest := min(time.Minute<<(attempt-1), maxMailPause)
		pauses := map[time.Duration]bool{}
		for i := range 100 {
			pause := tasks.mailPause(domain.Hash("delivery", strconv.Itoa(i)), attempt)
			require.Equal(t, pause, tasks.mailPause(domain.Hash("delivery", strconv.Itoa(i)), attempt), "the same however often it is asked")
			require.LessOrEqual(t, pause, longest)
			require.GreaterOrEqual(t, pause, longest*3/4)
			pauses[pause.Truncate(longest/40)] = true
		}
		require.Greater(t, len(pauses), 5, "they are spread")
		first := tasks.mailPause(domain.Hash("delivery", "0"), attempt)
		require.NotEqual(t, before, first)
		before = first
	}
	require.Positive(t, (&Tasks{}).mailPause("x", 1)+1, "a pause of nothing has no parts")
}

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
