// Package replytoken makes and reads the signed part of a mail address or a link: who has it got it from us, for one purpose
// and one recipient. It proves possession of a mail, not who has it: mails are forwarded.
package replytoken

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A token is the base32, in lower case, of: purpose (1 byte, with the version), key id (1), subject (16), day of its expiry
// (2), and 14 bytes of HMAC-SHA256 over all that. Its 55 characters leave 9 of a local part's 64 to what stands before it.
const (
	version      = 1
	subjectBytes = 16
	signedBytes  = 1 + 1 + subjectBytes + 2
	macBytes     = 14
	tokenBytes   = signedBytes + macBytes
	tokenLength  = (tokenBytes*8 + 4) / 5
	minSecret    = 32
	recipient    = 8 // bytes of the hash of an address
	day          = 24 * time.Hour
)

// Mail servers may change upper and lower case, so the alphabet has one of them.
var encoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// Purpose is what a token may be used for. It is signed: a token for one purpose is of no use for another.
type Purpose byte

// The purposes. A person's answer to a ticket has a direction, so that a customer's address never speaks for staff.
const (
	FromCustomer Purpose = iota + 1
	FromStaff
	Bounce
	StopCopies // that a CC wants no more of; the subject is that of their answers
)

// Subject is what a token is about.
type Subject [subjectBytes]byte

// OnTicket is one recipient's copy of a ticket. The address counts as it does for the recipient: in any case.
func OnTicket(ticket int64, address string) (s Subject) {
	binary.BigEndian.PutUint64(s[:], uint64(ticket))
	hash := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(address))))
	copy(s[subjectBytes-recipient:], hash[:])
	return s
}

// OfDelivery is one mail to one recipient, whose id is 16 bytes in hexadecimal; any other id is an error.
func OfDelivery(id string) (s Subject, err error) {
	raw, err := hex.DecodeString(id)
	if err != nil || len(raw) != subjectBytes || hex.EncodeToString(raw) != id {
		return s, errors.New("replytoken: not the id of a delivery")
	}
	return Subject(raw), nil
}

// Ticket is the ticket's number, of a subject by OnTicket.
func (s Subject) Ticket() int64 { return int64(binary.BigEndian.Uint64(s[:])) }

// IsFor reports whether a subject by OnTicket is about the address.
func (s Subject) IsFor(address string) bool { return s == OnTicket(s.Ticket(), address) }

// Delivery is the id of the delivery, of a subject by OfDelivery.
func (s Subject) Delivery() string { return hex.EncodeToString(s[:]) }

// Claim is what a token says.
type Claim struct {
	Purpose Purpose
	Subject Subject
	Expires time.Time // the beginning of a UTC day
}

// Errors of Verify.
var (
	ErrInvalid = errors.New("replytoken: not a token of ours")
	ErrExpired = errors.New("replytoken: expired")
)

// key signs tokens.
type key struct {
	id     byte
	secret []byte
}

// Keys sign tokens: the first one does, all of them verify. To change keys put a new one before the others, and drop the old
// one once its tokens have expired.
type Keys []key

// ParseKeys reads keys as they stand in a configuration: "id:secret", the id from 1 to 255, the secret at least 32 bytes in
// base64.
func ParseKeys(texts []string) (Keys, error) {
	keys := make(Keys, 0, len(texts))
	seen := map[byte]bool{}
	for i, text := range texts {
		id, secret, _ := strings.Cut(text, ":")
		number, err := strconv.ParseUint(id, 10, 8)
		raw, err2 := base64.StdEncoding.DecodeString(secret)
		// What is wrong is said without the secret.
		switch {
		case err != nil || number == 0:
			return nil, fmt.Errorf("key %d of the list: must begin with a number from 1 to 255 and a colon", i+1)
		case err2 != nil || len(raw) < minSecret:
			return nil, fmt.Errorf("key %d: its secret must be at least %d bytes in base64", number, minSecret)
		case seen[byte(number)]:
			return nil, fmt.Errorf("key %d: is there twice", number)
		}
		seen[byte(number)] = true
		keys = append(keys, key{byte(number), raw})
	}
	return keys, nil
}

// Sign returns the token of a claim, good to the end of the day before Expires at least. There must be a key.
func (k Keys) Sign(c Claim) string {
	token := make([]byte, 0, tokenBytes)
	token = append(token, version<<4|byte(c.Purpose), k[0].id)
	token = append(token, c.Subject[:]...)
	token = binary.BigEndian.AppendUint16(token, uint16(c.Expires.Unix()/int64(day/time.Second)))
	return strings.ToLower(encoding.EncodeToString(append(token, k[0].mac(token)...)))
}

// Verify returns the claim of a token for the purpose. With ErrExpired it returns the claim too: a late answer need not be
// lost, somebody can look at it.
func (k Keys) Verify(token string, purpose Purpose, now time.Time) (Claim, error) {
	// The decoder would pass over line breaks, and over bits that mean nothing.
	if len(token) != tokenLength || strings.ContainsAny(token, "\r\n") {
		return Claim{}, ErrInvalid
	}
	upper := strings.ToUpper(token)
	raw, err := encoding.DecodeString(upper)
	if err != nil || len(raw) != tokenBytes || encoding.EncodeToString(raw) != upper || raw[0] != version<<4|byte(purpose) {
		return Claim{}, ErrInvalid
	}
	signed, sum := raw[:signedBytes], raw[signedBytes:]
	for _, key := range k {
		if key.id != signed[1] || !hmac.Equal(sum, key.mac(signed)) {
			continue
		}
		c := Claim{Purpose: purpose, Subject: Subject(bytes.Clone(signed[2 : 2+subjectBytes]))}
		c.Expires = time.Unix(int64(binary.BigEndian.Uint16(signed[2+subjectBytes:]))*int64(day/time.Second), 0).UTC()
		if !now.Before(c.Expires) {
			return c, ErrExpired
		}
		return c, nil
	}
	return Claim{}, ErrInvalid
}

func (k key) mac(signed []byte) []byte {
	h := hmac.New(sha256.New, k.secret)
	_, _ = h.Write(signed) // a hash never fails
	return h.Sum(nil)[:macBytes]
}
