package ical

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestACalendarIsWhatTheStandardSays(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	c := Calendar{
		Name: "Primary; on call, all", Stamp: time.Date(2026, 11, 30, 12, 0, 0, 0, berlin),
		Events: []Event{{
			UID: "1@desk.test", Start: time.Date(2026, 12, 1, 9, 0, 0, 0, berlin), End: time.Date(2026, 12, 8, 9, 0, 0, 0, berlin),
			Summary: `Ada \ Park` + "\n\x00" + strings.Repeat("ä", 40),
		}},
	}
	require.Equal(t, strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Altis//Altis Support//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:Primary\; on call\, all
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VEVENT
UID:1@desk.test
DTSTAMP:20261130T110000Z
DTSTART:20261201T080000Z
DTEND:20261208T080000Z
SUMMARY:Ada \\ Park\n`+strings.Repeat("ä", 27)+`
 `+strings.Repeat("ä", 13)+`
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n"), c.String())
}

// unescape reads a text value as a calendar program does.
func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(s)
}

func TestWhateverATextSaysItIsFoldedAndReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		summary := rapid.StringOf(rapid.RuneFrom([]rune("a\\;,\n\tü€😀:\""))).Draw(t, "summary")
		text := Calendar{Events: []Event{{Summary: summary}}}.String()
		require.True(t, utf8.ValidString(text))
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
			require.LessOrEqual(t, len(line), maxLine)
			require.True(t, utf8.ValidString(line), "a character is not torn")
			require.NotContains(t, line, "\n")
		}
		_, rest, _ := strings.Cut(strings.ReplaceAll(text, "\r\n ", ""), "SUMMARY:")
		value, _, _ := strings.Cut(rest, "\r\n")
		require.Equal(t, summary, unescape(value))
	})
}
