package mailin

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sample returns a mail of testdata as it comes from a network.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "mails", name+".eml"))
	require.NoError(t, err)
	return bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
}

func headOf(raw []byte, envelopeFrom string) Head {
	s := NewScanner()
	_, _ = s.Write(raw) // never fails
	return s.Head(envelopeFrom)
}

func TestAwkwardMailsAreRead(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		files      string // names and contents
		broken     bool
	}{
		{"charset-latin1", "Der Shop ist gestört.", "", false},
		{"charset-koi8", "Привет", "", false},
		{"charset-iso2022jp", "テスト", "", false},
		{"charset-unknown", "café", "", false},
		{"nested", "See the picture.\n\nAnd below it.", "shot.png=\x89PNG\r\n\x1a\n file-2.eml=From: noa@shop.test\r\nSubject: forwarded\r\n\r\nInner words.", false},
		{"names", "Files.", "größer.log=one ä.txt=two passwd=three file-4.pdf=four gpj.exe=five", false},
		{"tnef", "Attached.", "winmail.dat=\x78\x9f\x3e\x22\x01\x00\x00", false},
		{"calendar", "Let us talk.", "file-1.ics=BEGIN:VCALENDAR\r\nEND:VCALENDAR", false},
		{"html-only", "It \\<works> now.\nThanks\nMia", "", false},
		{"html-related", "Hi,\n\nthe **cache** of [the shop](https://shop.test/a) is stale:\n\n- first\n- *second*\n\n(shot.png)\n\n> Did you purge?", "shot.png=\x89PNG\r\n\x1a\n", false},
		{"plain-related", "See (image001.png) and [cid:other].", "image001.png=\x89PNG", false},
		{"cut-off", "It broke here", "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Read(sample(t, tt.name))
			require.Equal(t, tt.text, c.Text)
			var files []string
			for _, f := range c.Files {
				files = append(files, f.Name+"="+string(f.Content))
			}
			require.Equal(t, tt.files, strings.Join(files, " "))
			require.Equal(t, tt.broken, c.Broken)
		})
	}
}

func TestReportsOfMailServers(t *testing.T) {
	const ours = "0123456789abcdef0123456789abcdef@desk.test"
	for _, tt := range []struct {
		name string
		want Report
	}{
		{"bounce-postfix", Report{ReportFailed, "5.1.1", "550 5.1.1 User unknown", ours}},
		{"bounce-google", Report{ReportFailed, "5.1.1", "550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 For more information, see the help page.", ours}},
		{"bounce-exchange", Report{ReportFailed, "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", ours}},
		{"bounce-qmail", Report{Kind: ReportFailed, Status: "5.1.1"}},
		{"bounce-exim", Report{Kind: ReportFailed, Status: "5.0.0", Said: "550 no such user"}},
		{"bounce-yahoo", Report{Kind: ReportFailed, Status: "5.0.0"}},
		{"bounce-delayed", Report{Kind: ReportDelayed, Status: "4.4.1", Said: "connect to mx.shop.test: Connection timed out"}},
		{"complaint", Report{Kind: ReportComplaint, Said: "feedback: abuse", MessageID: ours}},
		{"receipt-read", Report{Kind: ReportOther}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw := sample(t, tt.name)
			got, ok := ParseReport(raw, headOf(raw, ""), "")
			require.True(t, ok)
			if tt.want.Said == "" {
				got.Said = ""
			}
			require.Equal(t, tt.want, got)
		})
	}
	for _, name := range []string{"absence-outlook", "absence-vacation", "absence-gmail", "nested", "charset-latin1"} {
		raw := sample(t, name)
		_, ok := ParseReport(raw, headOf(raw, ""), "")
		require.False(t, ok, name)
		require.Equal(t, strings.HasPrefix(name, "absence"), headOf(raw, "mia@shop.test").Automatic != "", name)
	}
}

const sentText = "##- Please write your answer above this line -##\n\nAda Park (Altis Support), 2 March 2026, 10:00 UTC:\n\nDid you purge the cache?\n\n-- \nTicket #7: cache\nhttps://desk.test/tickets/7"

func quote(text string) string { return "> " + strings.ReplaceAll(text, "\n", "\n> ") }

func TestWhatIsQuotedIsToldApart(t *testing.T) {
	outlook := "From: Altis Support <support@desk.test>\nSent: Monday, 2 March 2026 11:00\nTo: Mia\nSubject: [#7] cache\n\n"
	for _, tt := range []struct{ name, text, want string }{
		{"nothing quoted", "Yes.", "Yes."},
		{"quoted by Gmail", "Yes.\n\nOn Mon, 2 Mar 2026 at 10:00, Altis Support <support@desk.test>\nwrote:\n\n" + quote(sentText), "Yes."},
		{"quoted in German", "Ja.\n\nAm 2. März 2026 um 10:00 schrieb Altis Support:\n" + quote(sentText), "Ja."},
		{"quoted by Outlook", "Yes.\n\n" + outlook + sentText, "Yes."},
		{"quoted below a line", "Yes.\n\n-----Original Message-----\n" + outlook + sentText, "Yes."},
		{"wrapped anew", "Yes.\n\n" + quote(strings.ReplaceAll(sentText, "the cache?", "the\ncache?")), "Yes."},
		{"twice quoted", "Yes.\n\n> " + strings.ReplaceAll(quote(sentText), "\n", "\n> "), "Yes."},
		{"an answer between the lines", "See below.\n\n" + quote(sentText[:len(sentText)/2]) + "\nNever did.\n" + quote(sentText[len(sentText)/2:]), ""},
		{"an answer at the end", quote(sentText) + "\n\nYes.", ""},
		{"an answer written into what Outlook quotes", "See below.\n\n" + outlook + strings.Replace(sentText, "cache?", "cache? Certainly, yesterday.", 1), ""},
		{"words that were sent, written into what Outlook quotes", "See below.\n\n" + outlook + strings.Replace(sentText, "cache?", "cache? The cache, the cache.", 1), ""},
		{"what looks like a head of Outlook", "At these times:\n\nDate: 4 December, 22:00\n\n" + quote(sentText), "At these times:\n\nDate: 4 December, 22:00"},
		{"nothing but what is quoted", quote(sentText), ""},
		{"a marker that we did not send", "Yes.\n\n##- x -##\nSomething else entirely", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if want == "" {
				want = tt.text // all of it
			}
			answer, quoted := Split(tt.text, sentText)
			require.Equal(t, want, answer)
			// Nothing is lost between the two.
			require.Equal(t, strings.Fields(tt.text), append(strings.Fields(answer), strings.Fields(quoted)...))
		})
	}
	answer, quoted := Split("Yes.\n\n" + outlook + sentText)
	require.Equal(t, "Yes.\n\n"+outlook+sentText, answer, "it is not known what was sent")
	require.Empty(t, quoted)
	answer, quoted = Split("Yes.\n\nOn Mon, 2 Mar 2026 at 10:00, Altis Support wrote:\n"+quote("##- x -##"), "")
	require.Equal(t, "Yes.", answer, "nothing below the marker")
	require.Equal(t, "On Mon, 2 Mar 2026 at 10:00, Altis Support wrote:\n> ##- x -##", quoted)
}

func TestALinkOfOnesOwnIsNotQuoted(t *testing.T) {
	const link = "https://desk.test/copies/aBcDeFgHiJkLmNoPqRsT"
	for _, tt := range []struct{ name, quoted, want string }{
		{"as it was", "> No more copies: " + link + "\n> Bye", "> No more copies: …\n> Bye"},
		{"as a link", "[" + link + "](" + link + ")", "[…](…)"},
		{"wrapped", "> No more copies: https://desk.test/copies/aBcDe\n> FgHiJkLmNoPqRsT\n> Bye", ""},
		{"in other letters", "HTTPS://DESK.TEST/COPIES/ABCDEFGHIJKLMNOPQRST", ""},
		{"not there", "> Bye", "> Bye"},
	} {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, WithoutLink(tt.quoted, link)) })
	}
	require.Equal(t, "> Bye", WithoutLink("> Bye", ""), "who has none")
}

func FuzzRead(f *testing.F) {
	entries, err := os.ReadDir(filepath.Join("testdata", "mails"))
	require.NoError(f, err)
	for _, e := range entries {
		f.Add(sample(f, strings.TrimSuffix(e.Name(), ".eml")))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c := Read(raw)
		require.NotContains(t, c.Text, "\x00")
		for _, file := range c.Files {
			require.NotEmpty(t, file.Name)
			require.NotEmpty(t, file.Content)
			require.NotContains(t, file.Name, "/")
			require.Equal(t, clean(file.Name, maxFileName), file.Name)
		}
		r, _ := ParseReport(raw, headOf(raw, ""), "")
		require.LessOrEqual(t, len([]rune(r.Said)), maxSaid)
		require.NotContains(t, r.Said, "\n")
	})
}

func FuzzAnswer(f *testing.F) {
	f.Add("Yes.\n\nOn Monday wrote:\n"+quote(sentText), sentText)
	f.Add("##-  -##", "")
	f.Add("On\n##- x -##", "On")
	f.Fuzz(func(t *testing.T, text, sent string) {
		answer, quoted := Split(text, sent)
		require.Contains(t, text, answer, "an answer is a part of its text")
		require.Contains(t, text, quoted)
		require.LessOrEqual(t, len(answer)+len(quoted), len(text))
		require.Equal(t, strings.TrimSpace(text) == "", strings.TrimSpace(answer) == "", "something stays of what was written")
	})
}
