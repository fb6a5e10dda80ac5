package e2e

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/fault"
)

const (
	// streamEvery is the pause of each writer between two tickets.
	streamEvery = 400 * time.Millisecond
	// attemptTimeout bounds one attempt of a create: a process that was stopped
	// does not answer.
	attemptTimeout = 10 * time.Second
)

// stream is a crowd of customers who report urgent incidents and repeat each
// report until it is acknowledged, half of them over REST and half over gRPC.
type stream struct {
	world *harness.World
	since *timestamppb.Timestamp
	stop  chan struct{} // closed: nothing new is begun
	done  chan struct{} // closed: everything begun is acknowledged

	mu        sync.Mutex
	made      map[string]int64 // ticket by request id
	repeats   int
	surprises []string
}

// startStream starts the writers. They end with the test at the latest.
func startStream(t *testing.T, w *harness.World) *stream {
	t.Helper()
	s := &stream{
		world: w, since: timestamppb.Now(), made: map[string]int64{},
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	var wg sync.WaitGroup
	for i, over := range transports {
		wg.Go(func() {
			client := tickets(over.as(w.Requester))
			tick := time.NewTicker(streamEvery)
			defer tick.Stop()
			for n := 0; ; n++ {
				select {
				case <-s.stop:
					return
				case <-t.Context().Done():
					return
				case <-tick.C:
				}
				id := fmt.Sprintf("w%dn%d", i, n)
				s.acknowledge(t.Context(), id, func(ctx context.Context) (int64, error) {
					ticket, err := client.CreateTicket(ctx, s.request(id))
					return ticket.GetNumber(), err
				})
			}
		})
	}
	go func() {
		wg.Wait()
		close(s.done)
	}()
	t.Cleanup(func() { <-s.done })
	return s
}

// acknowledge repeats a create until it is acknowledged.
func (s *stream) acknowledge(ctx context.Context, id string, create func(context.Context) (int64, error)) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		number, err := attempt(ctx, create)
		s.record(ctx, id, number, err)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func attempt(ctx context.Context, create func(context.Context) (int64, error)) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return create(ctx)
}

// record notes an attempt. A fault may only say that the suite is unavailable.
func (s *stream) record(ctx context.Context, id string, number int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil:
		s.made[id] = number
	case ctx.Err() != nil: // the test has ended
	default:
		s.repeats++
		if fault.KindOf(err) != fault.Unavailable {
			s.surprises = append(s.surprises, fmt.Sprintf("%s: %v", id, err))
		}
	}
}

// acknowledged returns the tickets that were acknowledged so far.
func (s *stream) acknowledged() map[int64]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	numbers := make(map[int64]bool, len(s.made))
	for _, number := range s.made {
		numbers[number] = true
	}
	return numbers
}

// repeated returns how many attempts failed.
func (s *stream) repeated() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.repeats
}
