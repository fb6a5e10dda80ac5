package mailin

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheHeaderThatPeopleAreShown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, mail string
		want       []Field
	}{
		{"nothing", "", nil},
		{"in its order, unfolded and decoded, without what is of no use", strings.Join([]string{
			"Received: from a.test by b.test;", "\tMon, 30 Nov 2026 09:00:00 +0000", "X-Spam: no", "FROM: =?utf-8?q?J=C3=BCrgen?= <j@a.test>",
			"Subject: A \u202e trap", "", "Subject: of the text",
		}, "\r\n"), []Field{
			{"Received", "from a.test by b.test; Mon, 30 Nov 2026 09:00:00 +0000"}, {"FROM", "Jürgen <j@a.test>"}, {"Subject", "A trap"},
		}},
		{"what anybody can say to have verified", "Authentication-Results: desk.test; dmarc=pass\nTo: x@desk.test\n\n", []Field{{"To", "x@desk.test"}}},
		{"a header without an end", "Date: today", []Field{{"Date", "today"}}},
		{"lines that are no field, and their continuation", "From a@b\n  To: x\n: y\nTo: z\n", []Field{{"To", "z"}}},
	} {
		require.Equal(t, tt.want, Header([]byte(tt.mail)), tt.name)
	}
	many := Header([]byte(strings.Repeat("Received: "+strings.Repeat("ä", 2000)+"\n", 60)))
	require.Len(t, many, maxShown)
	require.Len(t, []rune(many[0].Value), maxShownValue)
}
