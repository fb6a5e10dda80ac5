package cursor_test

import (
	"encoding/base64"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
)

type position struct {
	At int64
	ID string
}

func TestDecodeGivesBackWhatEncodeGot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		query := rapid.String().Draw(t, "query")
		want := position{At: rapid.Int64().Draw(t, "at"), ID: rapid.StringMatching(`[ -~ß-ÿ]{0,40}`).Draw(t, "id")}
		token := cursor.Encode(query, want)
		require.Regexp(t, `^[A-Za-z0-9_-]+$`, token)
		var got position
		require.NoError(t, cursor.Decode(query, token, &got))
		require.Equal(t, want, got)
	})
}

func TestDecodeRefuses(t *testing.T) {
	const query = "is:open order:updated"
	valid := cursor.Encode(query, position{At: 1, ID: "a"})
	raw, err := base64.RawURLEncoding.DecodeString(valid)
	require.NoError(t, err)
	altered := func(change func([]byte) []byte) string {
		return base64.RawURLEncoding.EncodeToString(change([]byte(string(raw))))
	}
	tests := []struct {
		name  string
		query string
		token string
	}{
		{name: "empty", query: query},
		{name: "not base64url", query: query, token: "a token!"},
		{name: "padding", query: query, token: valid + "="},
		{name: "another query", query: "is:solved order:updated", token: valid},
		{name: "another version", query: query, token: altered(func(b []byte) []byte { b[0]++; return b })},
		{name: "cut in the binding", query: query, token: altered(func(b []byte) []byte { return b[:5] })},
		{name: "cut in the position", query: query, token: altered(func(b []byte) []byte { return b[:len(b)-1] })},
		{name: "more after the position", query: query, token: altered(func(b []byte) []byte { return append(b, "{}"...) })},
		{name: "position of another shape", query: query, token: cursor.Encode(query, map[string]int{"Rank": 1})},
		{name: "position of another type", query: query, token: cursor.Encode(query, []int{1})},
		{name: "too long", query: query, token: cursor.Encode(query, position{ID: strings.Repeat("a", 5000)})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got position
			err := cursor.Decode(tt.query, tt.token, &got)
			require.ErrorIs(t, err, fault.Invalid)
			require.Equal(t, cursor.ReasonPageToken, fault.ReasonOf(err))
		})
	}
}

func TestEncodeRefusesWhatHasNoJSON(t *testing.T) {
	require.Panics(t, func() { cursor.Encode("", math.NaN()) })
}

func FuzzDecode(f *testing.F) {
	f.Add("q", cursor.Encode("q", position{At: 7, ID: "x"}))
	f.Add("q", cursor.Encode("other", position{}))
	f.Add("", "")
	f.Fuzz(func(t *testing.T, query, token string) {
		var got position
		if err := cursor.Decode(query, token, &got); err != nil {
			require.ErrorIs(t, err, fault.Invalid)
			return
		}
		// What was accepted survives another round.
		var again position
		require.NoError(t, cursor.Decode(query, cursor.Encode(query, got), &again))
		require.Equal(t, got, again)
	})
}

func TestPageSize(t *testing.T) {
	tests := []struct {
		name      string
		requested int32
		want      int
	}{
		{name: "unset takes the default", want: 50},
		{name: "as asked", requested: 7, want: 7},
		{name: "at the limit", requested: 200, want: 200},
		{name: "above the limit", requested: math.MaxInt32, want: 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cursor.PageSize(tt.requested, 50, 200)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}

	_, err := cursor.PageSize(-1, 50, 200)
	require.ErrorIs(t, err, fault.Invalid)
	require.ErrorContains(t, err, "page_size")
}
