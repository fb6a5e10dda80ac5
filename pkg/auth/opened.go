package auth

import "sync"

// maxOpened bounds each of the two generations of remembered tokens.
const maxOpened = 4096

// openedToken is a token whose signature was right.
type openedToken struct {
	user User
	key  Key
}

// holds reports whether the key that opened the token is still one of s.
func (o openedToken) holds(s *snapshot) bool {
	k, ok := s.keys[o.key.ID]
	return ok && k.Public.Equal(o.key.Public) && k.signsAt(o.user.IssuedAt)
}

// openedTokens remembers tokens whose signature was right: checking it costs as much as the rest of a small call,
// and a token comes with many calls. Two generations bound it without keeping an order: what was used since the last
// change of generation stays.
type openedTokens struct {
	mu         sync.Mutex
	young, old map[string]openedToken
}

func (c *openedTokens) get(token string) (openedToken, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if o, ok := c.young[token]; ok {
		return o, true
	}
	o, ok := c.old[token]
	if ok {
		c.add(token, o)
	}
	return o, ok
}

func (c *openedTokens) put(token string, o openedToken) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(token, o)
}

func (c *openedTokens) add(token string, o openedToken) {
	if c.young == nil || len(c.young) >= maxOpened {
		c.old, c.young = c.young, make(map[string]openedToken)
	}
	c.young[token] = o
}
