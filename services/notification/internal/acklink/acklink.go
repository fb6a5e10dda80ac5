// Package acklink acknowledges pages by the link that they carry: GET shows where the incident stands, POST acknowledges.
// Mail scanners and chat previews fetch links, so nothing but a POST does anything. It needs this service's database only.
package acklink

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// A token is the base64url of: version, key id, cycle (2 bytes), expiry (4 bytes, Unix seconds), page (16 bytes), person,
// and 16 bytes of HMAC-SHA256 over all that: about 100 characters.
const (
	tokenVersion = 1
	headBytes    = 1 + 1 + 2 + 4
	pageBytes    = 16
	macBytes     = 16
	maxToken     = 256 // characters
)

var encoding = base64.RawURLEncoding.Strict()

var errToken = fault.New(fault.NotFound, "ACK_LINK_INVALID", "this link is not valid")

// Sign returns the token of a claim, whose page is a domain.PageID.
func Sign(key domain.AckKey, claim domain.AckClaim) string {
	token := []byte{tokenVersion, byte(key.ID)}
	token = binary.BigEndian.AppendUint16(token, uint16(claim.Cycle))
	token = binary.BigEndian.AppendUint32(token, uint32(claim.Expires.Unix()))
	page, _ := hex.DecodeString(claim.Page) // a page id always is; anything else does not verify
	token = append(append(token, page...), claim.Person...)
	return encoding.EncodeToString(append(token, mac(key, token)...))
}

// keyOf returns the id of the key that a token says it was signed with.
func keyOf(token string) (int, error) {
	raw, err := decode(token)
	if err != nil {
		return 0, err
	}
	return int(raw[1]), nil
}

// verify returns the claim of a token that the key has signed. Its expiry is for the caller to judge.
func verify(key domain.AckKey, token string) (domain.AckClaim, error) {
	raw, err := decode(token)
	if err != nil {
		return domain.AckClaim{}, err
	}
	signed, sum := raw[:len(raw)-macBytes], raw[len(raw)-macBytes:]
	if !hmac.Equal(sum, mac(key, signed)) {
		return domain.AckClaim{}, errToken
	}
	return domain.AckClaim{
		Cycle:   int(binary.BigEndian.Uint16(signed[2:])),
		Expires: time.Unix(int64(binary.BigEndian.Uint32(signed[4:])), 0),
		Page:    hex.EncodeToString(signed[headBytes : headBytes+pageBytes]),
		Person:  string(signed[headBytes+pageBytes:]),
	}, nil
}

func decode(token string) ([]byte, error) {
	// The decoder would pass over line breaks.
	if len(token) > maxToken || strings.ContainsAny(token, "\r\n") {
		return nil, errToken
	}
	raw, err := encoding.DecodeString(token)
	if err != nil || len(raw) <= headBytes+pageBytes+macBytes || raw[0] != tokenVersion {
		return nil, errToken
	}
	return raw, nil
}

func mac(key domain.AckKey, signed []byte) []byte {
	h := hmac.New(sha256.New, key.Secret)
	_, _ = h.Write(signed) // a hash never fails
	return h.Sum(nil)[:macBytes]
}
