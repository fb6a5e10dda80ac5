package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"altis-dxp.com/support/pkg/fault"
)

// maxBody bounds JSON bodies.
const maxBody = 1 << 20

type bodyKey struct{}

// bodyOf is the JSON body of a request that readBody let through.
func bodyOf(ctx context.Context) []byte {
	body, _ := ctx.Value(bodyKey{}).([]byte)
	return body
}

// readBody reads the body, so that what is wrong with it as a whole is found before anything is made of it, and what is
// wrong with a field can be shown where it stands. A body must be one JSON value in UTF-8; none is allowed.
func readBody(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	if !utf8.ValidString(r.URL.Path) || !queryIsUTF8(r) {
		return r, errNotUTF8("the address")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return r, fault.New(fault.Exhausted, reasonTooLarge, "the body is larger than 1 MiB")
		}
		return r, &fault.Error{Kind: fault.Invalid, Reason: "BODY_UNREADABLE", Msg: "the body ended early", Err: err}
	}
	body := bytes.TrimSpace(raw)
	if len(body) > 0 {
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
			return r, fault.New(fault.Invalid, reasonMediaType, "the body must be application/json")
		}
		if !utf8.Valid(body) {
			return r, errNotUTF8("the body")
		}
		if !json.Valid(body) {
			return r, malformed(json.Unmarshal(body, &json.RawMessage{}))
		}
	}
	r = r.WithContext(context.WithValue(r.Context(), bodyKey{}, body))
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r, nil
}

func malformed(err error) error {
	f := fault.New(fault.Invalid, "JSON_MALFORMED", "the body is not JSON: "+err.Error())
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		f = fault.Newf(fault.Invalid, "JSON_MALFORMED", "the body is not JSON: %v, after %d bytes", syntax, syntax.Offset)
	}
	return f
}

func errNotUTF8(what string) error {
	return fault.New(fault.Invalid, "INVALID_UTF8", what+" is not UTF-8")
}

func queryIsUTF8(r *http.Request) bool {
	for key, values := range r.URL.Query() {
		for _, value := range append(values, key) {
			if !utf8.ValidString(value) {
				return false
			}
		}
	}
	return true
}
