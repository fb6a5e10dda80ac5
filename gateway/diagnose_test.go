package gateway

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestPathAt(t *testing.T) {
	const body = "{\n \"a\": {\"b\": [1, {\"ç\": \"x\", \"d\": true}]},\n \"e\": []\n}"
	for _, c := range []struct {
		mark string // position of
		want string
	}{
		{mark: `"a"`, want: "a"},
		{mark: `{"b"`, want: "a"},
		{mark: `"b"`, want: "a.b"},
		{mark: `1,`, want: "a.b[0]"},
		{mark: `"ç"`, want: "a.b[1].ç"},
		{mark: `"x"`, want: "a.b[1].ç"},
		{mark: `true`, want: "a.b[1].d"},
		{mark: `[]`, want: "e"},
	} {
		t.Run(c.mark, func(t *testing.T) {
			before := body[:strings.Index(body, c.mark)]
			line := strings.Count(before, "\n") + 1
			column := len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
			require.Equal(t, c.want, pathAt([]byte(body), line, column))
		})
	}
}

func TestDiagnoseTakesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`proto: \(line \d{1,20}:\d{1,20}\): .*`)).Draw(t, "text")
		err := diagnose(text, []byte(rapid.String().Draw(t, "body")), rapid.SampledFrom([]string{"", "ticket"}).Draw(t, "parent"))
		require.Error(t, err)
	})
}
