package gateway

import (
	"cmp"
	"sync"

	"altis-dxp.com/support/pkg/fault"
)

// streams counts the open streams of each credential: they last for minutes, so that a limit on requests does not keep one
// client from having thousands.
type streams struct {
	most int // 0 = no limit

	mu   sync.Mutex
	open map[string]int // by credential.key, or by address without one
}

// enter takes a place, which leave gives back, or fails with Exhausted.
func (s *streams) enter(c credential) (leave func(), err error) {
	key := cmp.Or(c.key, c.ip)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.most > 0 && s.open[key] >= s.most {
		f := fault.Newf(fault.Exhausted, "TOO_MANY_STREAMS", "there are %d open streams already: close one", s.most)
		f.RetryAfter = heartbeat // by then it is noticed that a client is gone
		return nil, f
	}
	s.open[key]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open[key]--; s.open[key] == 0 {
			delete(s.open, key)
		}
	}, nil
}
