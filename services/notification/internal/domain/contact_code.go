package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// Limits of the codes that prove whose a contact is: ten tries a minute find one of a million codes by chance once in
// months.
const (
	codeLifetime = 10 * time.Minute
	codeTries    = 5
	codeInterval = 30 * time.Second
)

// Proof is how far a contact has come to being verified.
type Proof struct {
	Contact    string
	VerifiedAt time.Time // zero = not yet
	Round      int64     // of the code that counts
	CodeAt     time.Time // when it was made
	Tries      int       // how often a wrong one was entered
	Refused    Answer    // why the code of the round was refused for good; the zero value: it was not
}

// Code returns the six digits of a contact's round. Nothing of it is kept: a hash of six digits would tell them.
func Code(key AckKey, contact string, round int64) string {
	mac := hmac.New(sha256.New, key.Secret)
	_, _ = io.WriteString(mac, Hash("contact-code", contact, fmt.Sprint(round))) // a hash never fails
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(mac.Sum(nil))%1_000_000)
}

// Another returns the proof with a code of a new round, which voids the one before. Precondition when the contact is
// verified, Exhausted when the last code was made a moment ago.
func (p Proof) Another(now time.Time) (Proof, error) {
	if !p.VerifiedAt.IsZero() {
		return p, fault.New(fault.Precondition, "CONTACT_VERIFIED", "the contact is verified already")
	}
	if wait := p.NextCode().Sub(now); wait > 0 {
		f := fault.New(fault.Exhausted, "CODE_SENT", "a code was sent a moment ago: try again in half a minute")
		f.RetryAfter = wait
		return p, f
	}
	p.Round, p.CodeAt, p.Tries, p.Refused = p.Round+1, now, 0, Answer{}
	return p, nil
}

// Tried returns the proof after the code of a round was sent, or was to be.
func (p Proof) Tried(round int64, a Attempt) Proof {
	if p.Round == round && p.VerifiedAt.IsZero() && a.Final && !a.Accepted {
		p.Refused = a.Answer
	}
	return p
}

// TriesLeft returns how often a wrong code may be entered still, 0 if there is none to enter.
func (p Proof) TriesLeft(now time.Time) int {
	if !p.Valid(now) {
		return 0
	}
	return max(0, codeTries-p.Tries)
}

// NextCode returns from when on another code can be sent.
func (p Proof) NextCode() time.Time { return p.CodeAt.Add(codeInterval) }

// Enter returns the proof after a code was entered, and what is wrong with it: Invalid for a wrong one, which counts,
// Precondition when none is valid any more.
func (p Proof) Enter(code string, key AckKey, now time.Time) (Proof, error) {
	switch {
	case !p.VerifiedAt.IsZero():
		return p, nil
	case p.TriesLeft(now) == 0:
		return p, fault.New(fault.Precondition, "CODE_EXPIRED", "the code is too old, or was tried too often: have another one sent")
	case !hmac.Equal([]byte(code), []byte(Code(key, p.Contact, p.Round))):
		p.Tries++
		return p, fault.InvalidField("code", "CODE_WRONG", "is not the code that was sent last")
	}
	p.VerifiedAt, p.Refused = now, Answer{}
	return p, nil
}

// Valid reports whether the code of the round is to be entered still.
func (p Proof) Valid(now time.Time) bool {
	return p.VerifiedAt.IsZero() && p.Round > 0 && now.Before(p.Expires())
}

// Expires returns when the code of the round ends.
func (p Proof) Expires() time.Time { return p.CodeAt.Add(codeLifetime) }

// ErrUnverified refuses what only verified contacts are for.
func ErrUnverified() error {
	return fault.New(fault.Precondition, "CONTACT_UNVERIFIED", "the contact is not verified: enter the code that was sent to it")
}
