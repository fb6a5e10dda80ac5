package domain_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"altis-dxp.com/support/services/ticket/internal/domain"
)

func TestFilename(t *testing.T) {
	for _, test := range []struct{ name, given, want string }{
		{"plain", "shot.png", "shot.png"},
		{"of a path", "/etc/../home/ada/shot.png", "shot.png"},
		{"of a Windows path", `C:\Users\Ada\shot.png`, "shot.png"},
		{"composed", "cafe\u0301.txt", "caf\u00e9.txt"},
		{"direction of writing", "invoice\u202Egnp.exe", "invoicegnp.exe"},
		{"invisible", "a\u200b\ufeff\u00adb\x00\x1b.txt", "ab.txt"},
		{"line breaks", "a\r\nb\u2028c.txt", "abc.txt"},
		{"blanks", "  a\u00a0b.txt ", "a b.txt"},
		{"hidden", ".htaccess", ".htaccess"},
		{"other scripts", "報告 отчёт.pdf", "報告 отчёт.pdf"},
		{"the longest", strings.Repeat("ä", 255), strings.Repeat("ä", 255)},
		{"too long", strings.Repeat("ä", 256), ""},
		{"nothing", "", ""},
		{"folders only", "../..", ""},
		{"dots", "...", ""},
		{"nothing that is seen", "\u200b\u202e", ""},
		{"not UTF-8", "a\xff.txt", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := domain.Filename(test.given)
			require.Equal(t, test.want == "", err != nil, "%v", err)
			require.Equal(t, test.want, got)
		})
	}
}

// FuzzFilename shows that no name leads elsewhere or hides what it is.
func FuzzFilename(f *testing.F) {
	for _, name := range []string{"a.txt", "../a", `..\a`, "a\u202eb", "/", "..", "e\u0301"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, given string) {
		name, err := domain.Filename(given)
		if err != nil {
			return
		}
		require.True(t, utf8.ValidString(name) && norm.NFC.IsNormalString(name), "%q", name)
		require.NotContains(t, []string{"", ".", ".."}, name)
		require.LessOrEqual(t, utf8.RuneCountInString(name), 255)
		require.False(t, strings.ContainsFunc(name, func(r rune) bool {
			return r == '/' || r == '\\' || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
		}), "%q", name)
		again, err := domain.Filename(name)
		require.NoError(t, err)
		require.Equal(t, name, again)
	})
}

func TestProgramsAreNotTaken(t *testing.T) {
	library := &domain.Library{Desk: setup(t).Desk}
	for _, name := range []string{"setup.exe", "Invoice.PDF.Scr", `C:\temp\run.bat`, "a.exe. .", "lnk\u202e.lnk"} {
		_, err := library.Upload(t.Context(), uma, domain.Upload{Filename: name, Content: strings.NewReader("MZ")})
		require.Equal(t, []string{"header.filename PROGRAM"}, fields(err), name)
	}
}

func TestAttachmentsAreTheMessages(t *testing.T) {
	b := setup(t)
	file := domain.Attachment{ID: "f1", Filename: "a.txt", Size: 1}
	b.store.files = map[string]domain.Attachment{"f1": file}
	n := question()
	n.Attachments = []string{"f1", "f2"}
	_, err := b.Create(t.Context(), uma, n, domain.Request{})
	require.Equal(t, []string{"attachments[1] UNKNOWN_ATTACHMENT"}, fields(err))
	n.Attachments = []string{"f1"}
	ticket := b.create(t, uma, n)
	require.Equal(t, []domain.Attachment{file}, b.last().Message.Attachments)
	_, _, err = b.Reply(t.Context(), uma, domain.Reply{Number: ticket.Number, Body: "x", Attachments: make([]string, 21)}, domain.Request{})
	require.Equal(t, []string{"attachments TOO_MANY"}, fields(err))
}
