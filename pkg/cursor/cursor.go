// Package cursor makes the page tokens of lists. A token is opaque to clients:
// where the page before ended, bound to the query that it continues.
//
// A token is no secret and proves nothing. What a caller may see is decided by
// the query that runs with the position, never by the token.
package cursor

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"

	"altis-dxp.com/support/pkg/fault"
)

// ReasonPageToken is the reason of the fault for a token that is not ours, of
// another version, or of another query.
const ReasonPageToken = "PAGE_TOKEN_INVALID"

// ReasonPageSize is the reason of the field fault for a negative page size.
const ReasonPageSize = "PAGE_SIZE_INVALID"

const (
	version   = 1
	bindBytes = 8 // a binding guards against mistakes, not against attackers
	maxToken  = 4096
)

var encoding = base64.RawURLEncoding.Strict()

// Encode returns the token of a position: URL-safe, at most 4096 characters for
// Decode to take it. query is all that must not change between two pages: filter,
// order, parent. position is a value whose JSON form Decode reads again; a value
// that has none is a mistake in the calling code and panics.
func Encode(query string, position any) string {
	text, err := json.Marshal(position)
	if err != nil {
		panic(fmt.Sprintf("cursor: position %T: %v", position, err))
	}
	return encoding.EncodeToString(append(header(query), text...))
}

// Decode reads the position that Encode got for the same query. Any other token
// is an Invalid fault with reason PAGE_TOKEN_INVALID; position is then unspecified.
func Decode(query, token string, position any) error {
	if len(token) > maxToken {
		return invalid("page token is too long")
	}
	raw, err := encoding.DecodeString(token)
	if err != nil {
		return invalid("page token is malformed")
	}
	want := header(query)
	if len(raw) < len(want) || raw[0] != version {
		return invalid("page token is malformed or of another version: start again from the first page")
	}
	if !bytes.HasPrefix(raw, want) {
		return invalid("page token belongs to another query: start again from the first page")
	}
	decoder := json.NewDecoder(bytes.NewReader(raw[len(want):]))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(position); err != nil {
		return invalid("page token is malformed")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return invalid("page token is malformed")
	}
	return nil
}

// PageSize returns the number of items of a page: def for an unset (0) request,
// at most limit. A negative request is an Invalid fault about page_size.
func PageSize(requested int32, def, limit int) (int, error) {
	switch {
	case requested < 0:
		return 0, fault.InvalidField("page_size", ReasonPageSize, "must not be negative")
	case requested == 0:
		return min(def, limit), nil
	default:
		return min(int(requested), limit), nil
	}
}

func header(query string) []byte {
	sum := sha256.Sum256([]byte(query))
	return append([]byte{version}, sum[:bindBytes]...)
}

func invalid(msg string) error {
	return fault.New(fault.Invalid, ReasonPageToken, msg)
}
