package gateway

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
)

// streams counts the open streams of each client: they last for minutes, so that a limit on requests does not keep one
// client from having thousands.
type streams struct {
	most int // 0 = no limit

	mu   sync.Mutex
	open map[string]int // by what enter was given
}

// credentialStreams counts by what a request proves itself with, which may be made up, or by its address.
func credentialStreams(c credential) string { return "credential:" + cmp.Or(c.key, c.ip) }

// ownerStreams counts by the person of an access token, who can have any number of those. The token must have been accepted
// by a service: of one that was made up, others would pay.
func ownerStreams(token string) (key string, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", false
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return "", false
	}
	var claims auth.Claims
	err = json.Unmarshal(payload, &claims)
	return "person:" + claims.Subject, err == nil && claims.Subject != ""
}

// enter takes a place, which leave gives back, or fails with Exhausted.
func (s *streams) enter(key string) (leave func(), err error) {
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
