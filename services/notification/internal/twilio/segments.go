package twilio

import (
	"sort"
	"strings"
	"unicode/utf16"

	"altis-dxp.com/support/services/notification/internal/pagetext"
)

// A text goes in one message of 160 characters of GSM 03.38, or of 70 units of UTF-16 when one of its characters is not among
// those; a longer one in several, each with a head that takes the place of seven or three of them
// (3GPP TS 23.038 and 23.040). Each is paid for, and the more there are the later the last of them, with the link, arrives.
const (
	gsmSingle, gsmEach = 160, 153
	ucsSingle, ucsEach = 70, 67
	// maxSegments is the most that a text takes, unless its link alone takes more.
	maxSegments = 3
)

const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtension = "\f^{}\\[~]|€" // an escape and another character
)

// plain writes what programs make of quotation marks, dashes and spaces as people type them: one of them would make a text of
// two messages out of one.
var plain = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‘", "'", "’", "'", "‚", "'",
	"–", "-", "—", "-", "‑", "-", "…", "...", "\u00a0", " ", "\u202f", " ", "•", "*", "`", "'")

// segments returns how many messages a text takes.
func segments(text string) int {
	single, each, size := gsmSingle, gsmEach, gsmSize
	for _, r := range text {
		if gsmSize(r) == 0 {
			single, each, size = ucsSingle, ucsEach, utf16.RuneLen
			break
		}
	}
	total := 0
	for _, r := range text {
		total += size(r)
	}
	if total <= single {
		return 1
	}
	// No character is cut in two.
	count, used := 1, 0
	for _, r := range text {
		if used += size(r); used > each {
			count, used = count+1, size(r)
		}
	}
	return count
}

// gsmSize returns how many characters of GSM 03.38 one is, 0 if it is none.
func gsmSize(r rune) int {
	switch {
	case strings.ContainsRune(gsmBasic, r):
		return 1
	case strings.ContainsRune(gsmExtension, r):
		return 2
	}
	return 0
}

// fit returns a title and what follows it, whole, in as few messages as have room for the first leastTitle characters of the
// title, and as much more of it as these have room for. It takes maxSegments at most, unless the rest alone takes more.
func fit(title, rest string) string {
	title = strings.Join(strings.Fields(plain.Replace(title)), " ")
	most := max(min(segments(pagetext.Cut(title, leastTitle)+rest), maxSegments), segments(rest))
	letters := []rune(pagetext.Cut(title, most*gsmSingle))
	cut := sort.Search(len(letters), func(cut int) bool { return segments(string(letters[:len(letters)-cut])+rest) <= most })
	return string(letters[:len(letters)-cut]) + rest
}
