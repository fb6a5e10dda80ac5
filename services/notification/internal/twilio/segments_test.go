package twilio

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/pagetext"
)

func TestSegments(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"", 1},
		{strings.Repeat("a", 160), 1},
		{strings.Repeat("a", 161), 2},
		{strings.Repeat("a", 306), 2},
		{strings.Repeat("a", 307), 3},
		{strings.Repeat("ß", 160), 1},
		{strings.Repeat("€", 80), 1},
		{strings.Repeat("€", 81), 2},
		{strings.Repeat("€", 153), 3}, // 76 in each: an escape is not parted from what it escapes
		{strings.Repeat("ł", 70), 1},
		{strings.Repeat("ł", 71), 2},
		{strings.Repeat("a", 70) + "ł", 2},
		{strings.Repeat("🔥", 35), 1},
		{strings.Repeat("🔥", 36), 2},
		{strings.Repeat("🔥", 67), 3}, // 33 in each
		{strings.Repeat("\xff", 70), 1},
	} {
		require.Equal(t, c.want, segments(c.text), "%.20q, %d bytes", c.text, len(c.text))
	}
}

// TestATextTakesAKnownNumberOfMessages: whatever a customer writes.
func TestATextTakesAKnownNumberOfMessages(t *testing.T) {
	letters := rapid.OneOf(rapid.Rune(), rapid.RuneFrom([]rune("aZ9 ,ß€[]~łЖ中🔥“–\n")))
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.OneOf(rapid.StringOfN(letters, 0, 400, -1), rapid.StringMatching(`[ -~]{0,400}`)).Draw(t, "title")
		link := "https://" + rapid.StringMatching(`[a-z0-9.-]{1,120}/a/[A-Za-z0-9_-]{60,200}`).Draw(t, "link")
		text := textOf(pagetext.Content{Notice: &notificationv1.PageNotice{Title: title, AcknowledgeUrl: link}})

		shown, whole := strings.CutSuffix(text, "\n"+link)
		require.True(t, whole, "the link is whole, and last")
		// Counted by other means: nothing but ASCII has one unit each and no escape in the worst case.
		units := len(utf16.Encode([]rune(text)))
		require.LessOrEqual(t, units, 3*153)
		if strings.ContainsFunc(text, func(r rune) bool { return gsmSize(r) == 0 }) && len(link)+1 <= 3*67 {
			require.LessOrEqual(t, units, 3*67)
		}
		n := segments(text)
		require.LessOrEqual(t, n, 3)
		if short := len(link) <= 99; short {
			require.LessOrEqual(t, segments("\n"+link), 1)
			if strings.IndexFunc(title, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune("[]{}^~|\\", r) }) < 0 {
				require.Equal(t, 1, n, "one is enough")
			}
		}
		// No more of the title would have found room.
		normal := strings.Join(strings.Fields(plain.Replace(title)), " ")
		require.True(t, strings.HasPrefix(normal, shown))
		if rest := []rune(normal[len(shown):]); len(rest) > 0 {
			require.Greater(t, segments(shown+string(rest[0])+"\n"+link), n)
		}
	})
}
