package mailin

import (
	"regexp"
	"strings"
	"unicode"
)

// MarkerStart and MarkerEnd are how the line begins and ends above which answers are written, in any language. Mails that are sent begin with it.
const (
	MarkerStart = "##- "
	MarkerEnd   = " -##"
)

// attribution is what programs write above what they quote, in one line or its last one.
var attribution = regexp.MustCompile(`(?i)^(>\s*)*((on|am|le|el|il|op|den|em|dnia)\b.{0,300}|.{0,300}(wrote|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu|napisał(\(a\))?)\s*.{0,100}):$|^-{2,}\s?(original message|ursprüngliche nachricht|message d'origine|mensaje original)\s?-{2,}$|^_{10,}$|^-{3,}$`)

// outlookHead is a line of the head that Outlook writes there.
var outlookHead = regexp.MustCompile(`(?i)^\*{0,2}(from|von|de|sent|gesendet|envoyé|enviado|to|an|à|para|cc|subject|betreff|objet|asunto|date|datum)\*{0,2}\s?:.*`)

// outlookAuthor is the first of them.
var outlookAuthor = regexp.MustCompile(`(?i)^\*{0,2}(from|von|de)\*{0,2}\s?:`)

// Split returns what of a text was written as an answer, and the mail that it quotes, with what introduces that, if the two can
// be told apart for certain. sent are the texts of the mail that it answers. What stands below the marker and was not sent, such
// as answers between quoted lines, makes all of it the answer, as does an answer of which nothing else would be left.
func Split(text string, sent ...string) (answer, quoted string) {
	lines := strings.Split(text, "\n")
	marker := -1
	for i, line := range lines {
		line, _ = unquoted(line)
		if strings.HasPrefix(line, MarkerStart) && strings.HasSuffix(line, MarkerEnd) {
			marker = i
			break
		}
	}
	if marker < 0 || !onlySent(lines[marker+1:], quotedAt(lines[marker]), sent) {
		return text, ""
	}
	end := len(trimEnd(lines[:marker]))
	above := lines[:end]
	for range 2 { // an attribution may be broken in two
		if n := len(above); n > 0 && end-n < 2 && (attribution.MatchString(strings.TrimSpace(above[n-1])) || end > n && begins(above[n-1])) {
			above = above[:n-1]
		}
	}
	if len(above) == end {
		above = withoutHead(above)
	}
	if n := len(trimEnd(above)); n > 0 && attribution.MatchString(strings.TrimSpace(above[n-1])) {
		above = above[:n-1]
	}
	if answer = strings.TrimSpace(strings.Join(above, "\n")); answer == "" {
		return text, ""
	}
	return answer, strings.TrimSpace(strings.Join(lines[len(above):], "\n"))
}

// WithoutLink returns what is quoted without a link that is its reader's alone. Programs wrap links and mark the lines: where
// that has torn it, nothing is left, rather than most of it.
func WithoutLink(quoted, link string) string {
	secret := strings.ToLower(link[strings.LastIndexByte(link, '/')+1:])
	if secret == "" {
		return quoted
	}
	quoted = strings.ReplaceAll(quoted, link, "…")
	whole := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '>' {
			return -1
		}
		return r
	}, strings.ToLower(quoted))
	if strings.Contains(whole, secret) {
		return ""
	}
	return quoted
}

// withoutHead cuts off a head of Outlook: several lines, of which the first names the author.
func withoutHead(lines []string) []string {
	n := len(lines)
	for n > 0 && outlookHead.MatchString(strings.TrimSpace(lines[n-1])) {
		n--
	}
	if len(lines)-n < 2 || !outlookAuthor.MatchString(strings.TrimSpace(lines[n])) {
		return lines
	}
	return trimEnd(lines[:n])
}

// brokenStart is the first line of an attribution that was broken in two.
var brokenStart = regexp.MustCompile(`(?i)^(>\s*)*(on|am|le|el|il|op|den|em|dnia)\s.*\d{4}`)

// begins reports such a line.
func begins(line string) bool { return brokenStart.MatchString(strings.TrimSpace(line)) }

func trimEnd(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// unquoted returns a line without its marks of quoting, and whether it had any.
func unquoted(line string) (string, bool) {
	line = strings.TrimSpace(line)
	rest := strings.TrimLeft(line, "> ")
	return strings.TrimSpace(rest), strings.HasPrefix(line, ">")
}

func quotedAt(line string) bool {
	_, quoted := unquoted(line)
	return quoted
}

// onlySent reports that lines hold no word that was not sent, and none more often than one of the texts has it. Where the marker is quoted, so must all that follows be.
func onlySent(lines []string, quoted bool, sent []string) bool {
	left := map[string]int{}
	for _, text := range sent {
		counts := map[string]int{}
		for _, word := range wordsOf(text) {
			counts[word]++
			left[word] = max(left[word], counts[word])
		}
	}
	for _, line := range lines {
		text, q := unquoted(line)
		if text == "" {
			continue
		}
		if quoted && !q {
			return false
		}
		for _, word := range wordsOf(text) {
			if left[word]--; left[word] < 0 {
				return false
			}
		}
	}
	return true
}

// wordsOf returns the words of a text, which programs wrap, mark up and link.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
