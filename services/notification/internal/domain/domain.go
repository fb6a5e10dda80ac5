// Package domain holds the rules of notification: who is on call, how a page climbs through its steps, who gets which
// mail.
//
// A page is a small state machine:
//
//	         open                 acknowledged               ended urgency
//	(none) ───────► paging ──┬──────────────────► acknowledged ───────────► resolved
//	                  │      │                        │   ▲
//	 a provider took  ▼      │   acknowledge timeout  │   │ acknowledged
//	   one delivery  delivered ◄──── cycle + 1 ───────┘   │
//	                  │      │                            │
//	                  │      └► exhausted ────────────────┘
//	                  └ step, loop, fallback list, then exhausted
//
// Everything that leaves follows from rows of the transaction that changed the page: deliveries, timers and events to
// the ticket. Ids are hashes of what they stand for, so that a repeated change makes the same rows, and none twice.
package domain

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// Person is somebody named in a page or a mail.
type Person struct {
	ID    string `json:"id,omitempty"` // "" for a CC without an account
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Staff bool   `json:"staff,omitempty"`
}

// Label is how the person is called in text.
func (p Person) Label() string {
	if p.Name != "" {
		return p.Name
	}
	if p.Email != "" {
		return p.Email
	}
	return p.ID
}

// Hash returns an id of 32 hexadecimal characters for the parts, which stand for the thing itself: the same parts give
// the same id on every replica and after every restart.
func Hash(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		// Length-prefixed, so that ("ab", "c") and ("a", "bc") differ.
		_, _ = h.Write([]byte(strconv.Itoa(len(part)) + ":" + part)) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
