package durable

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
)

func TestFailuresAreRepeated(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		var mu sync.Mutex
		attempts := map[string][]int{}
		q := f.queue(Options{Handlers: map[string]Handler{"flaky": {
			Backoff: func(int) time.Duration { return time.Hour },
			Run: func(_ context.Context, task Task) error {
				mu.Lock()
				defer mu.Unlock()
				kind := string(task.Payload)
				attempts[kind] = append(attempts[kind], task.Attempt)
				if task.Attempt == 3 {
					return nil
				}
				if kind == "after" {
					return RetryAfter(time.Minute, errors.New("busy \x00 now"))
				}
				return errors.New("backed off")
			},
		}}})
		f.start(q)
		f.enqueue(q, Spec{Kind: "flaky", Lane: LaneReply, Payload: []byte("after")}, Spec{Kind: "flaky", Lane: LanePage, Payload: []byte("backoff")})
		eventually(t, func() bool { return f.count("owner = '' AND last_error <> ''") == 2 }, "both have failed")
		require.Equal(t, 1, f.count("last_error = 'busy  now'"))
		for range 2 {
			f.advance(time.Minute)
			eventually(t, func() bool { return f.count("owner = '' AND run_at > altis_now()") == f.count("1 = 1") }, "settled")
		}
		eventually(t, func() bool { return f.count("1 = 1") == 1 }, "RetryAfter goes before Backoff")
		f.advance(time.Hour)
		eventually(t, func() bool { return f.count("attempt = 2 AND owner = '' AND run_at > altis_now()") == 1 }, "failed again")
		f.advance(time.Hour)
		f.empty("the third attempt succeeds")
		require.Equal(t, map[string][]int{"after": {1, 2, 3}, "backoff": {1, 2, 3}}, attempts)
		require.EqualValues(t, 4, q.Stats().Failed)
	})
}

func TestPoisonedTasksAreParked(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		var mu sync.Mutex
		healed, attempts := false, map[string]int{}
		q := f.queue(Options{Handlers: map[string]Handler{"poison": {
			MaxAttempts: 2, Backoff: func(int) time.Duration { return 0 },
			Run: func(_ context.Context, task Task) error {
				mu.Lock()
				defer mu.Unlock()
				attempts[string(task.Payload)]++
				if healed {
					return nil
				}
				switch string(task.Payload) {
				case "permanent":
					return Permanent(errors.New("wrong number"))
				case "undecodable":
					return errors.Join(ErrUndecodable, errors.New("not JSON"))
				case "panic":
					panic("boom")
				}
				return errors.New("no luck")
			},
		}}})
		f.start(q)
		for _, payload := range []string{"permanent", "undecodable", "panic", "attempts"} {
			f.enqueue(q, Spec{Kind: "poison", Lane: LaneNotice, Payload: []byte(payload)})
		}
		eventually(t, func() bool { return f.count("parked_at > 0") == 4 }, "all are parked")
		f.advance(24 * time.Hour)
		parked, err := q.Parked(t.Context())
		require.NoError(t, err)
		require.Len(t, parked, 4)
		reasons := map[string]string{}
		for _, p := range parked {
			reasons[string(p.Payload)] = p.Error
			require.WithinDuration(t, time.Now(), p.ParkedAt, time.Minute)
		}
		require.Equal(t, map[string]string{
			"permanent": "wrong number", "undecodable": "durable: the payload cannot be decoded\nnot JSON", "panic": "panic: boom", "attempts": "no luck",
		}, reasons)
		mu.Lock()
		require.Equal(t, map[string]int{"permanent": 1, "undecodable": 1, "panic": 1, "attempts": 2}, attempts)
		healed = true
		mu.Unlock()
		require.EqualValues(t, 4, q.Stats().Parked)
		require.NoError(t, q.sampleOnce(t.Context()))
		require.EqualValues(t, 4, q.meter.parkedIn[LaneNotice].Load())
		for _, p := range parked {
			require.NoError(t, q.Unpark(t.Context(), p.ID))
			require.ErrorIs(t, q.Unpark(t.Context(), p.ID), fault.NotFound)
		}
		f.empty("unparked tasks run")
	})
}

func TestThePageLaneNeverParks(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		var mu sync.Mutex
		handed := map[string]int{}
		q := f.queue(Options{Handlers: map[string]Handler{
			"page": {
				MaxAttempts: 2, Backoff: func(int) time.Duration { return 0 },
				Run: func(_ context.Context, task Task) error {
					switch string(task.Payload) {
					case "panic", "panic twice":
						panic("boom")
					case "undecodable":
						return ErrUndecodable
					}
					return errors.New("no luck")
				},
				Broken: func(_ context.Context, task Task, cause error) error {
					mu.Lock()
					defer mu.Unlock()
					handed[string(task.Payload)]++
					if string(task.Payload) == "panic twice" && handed["panic twice"] < 3 {
						panic(cause)
					}
					return nil
				},
			},
			"no fallback": {Backoff: func(int) time.Duration { return time.Hour }, Run: func(context.Context, Task) error { return ErrUndecodable }},
		}})
		f.start(q)
		for _, payload := range []string{"panic", "panic twice", "undecodable", "attempts"} {
			f.enqueue(q, Spec{Kind: "page", Lane: LanePage, Payload: []byte(payload)})
		}
		f.empty("all are handed over")
		mu.Lock()
		require.Equal(t, map[string]int{"panic": 1, "panic twice": 3, "undecodable": 1, "attempts": 1}, handed)
		mu.Unlock()
		f.enqueue(q, Spec{Kind: "no fallback", Lane: LanePage})
		eventually(t, func() bool { return f.count("owner = '' AND last_error <> ''") == 1 }, "it waits for its next attempt")
		require.Zero(t, f.count("parked_at > 0"))
	})
}
