package emergency_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// about is a mail of its own with a subject.
func about(from, id, subject, more string) string {
	return fmt.Sprintf("From: %s\nMessage-ID: <%s@shop.test>\n%sSubject: %s\n\nNobody can pay (%s).\n", from, id, more, subject, id)
}

func TestTwentyMailsAboutOneOutageAreOnePage(t *testing.T) {
	for name, from := range map[string]func(int) (string, string){
		"of one sender": func(n int) (string, string) { return "mia@gmail.com", fmt.Sprintf("this is new: %d", n) },
		"of one house": func(n int) (string, string) {
			return fmt.Sprintf("p%d@shop.test", n), strings.Repeat("Re: ", n) + "Shop is down"
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := setup(t)
			w.tickets = &ticketFake{}
			w.start()
			for n := range 20 {
				sender, subject := from(n)
				require.NoError(t, w.send(sender, about(sender, fmt.Sprint(n), subject, "")))
			}
			page := w.paged(1)[0]
			got := w.ticketed(20)
			require.Equal(t, page.GetPage(), got[0].GetEmergencyPage())
			for _, note := range got[1:] {
				require.Equal(t, got[0].GetId(), note.GetOutage())
				require.Equal(t, got[0].ticket, note.ticket)
			}
			require.Equal(t, append([]string{"paged"}, slices.Repeat([]string{"note"}, 19)...), w.verdicts())
			w.clock.Advance(5 * time.Minute)
			w.paged(2)
			w.press(page.GetAcknowledgeUrl())
			w.clock.Advance(time.Hour)
			w.idle()
			require.Len(t, w.notices(), 2)
		})
	}
}

func TestNotesWaitForTheTicketOfTheirOutage(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{down: true}
	w.start()
	for n := range 3 {
		require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", n)))
	}
	w.press(w.paged(1)[0].GetAcknowledgeUrl())
	w.idle()
	w.stop()
	w.tickets.set(func(f *ticketFake) { f.down = false })
	w.start()
	testkit.Eventually(t, func() bool { w.clock.Advance(time.Second); return len(w.tickets.taken()) == 3 }, "they become no notes")
	require.Equal(t, w.ticketed(3)[0].ticket, w.ticketed(3)[2].ticket)
}

func TestWhichMailsAreAboutTheSameOutage(t *testing.T) {
	first := about("mia@shop.test", "first", "Shop is down", "")
	for _, tt := range []struct {
		name, first, mail string
		after             time.Duration
		acknowledged      bool
		note              bool
	}{
		{name: "an answer of somebody else", mail: about("x@other.test", "2", "hm", "References: <0@x> <first@shop.test>\n"), note: true},
		{name: "the same author", mail: about("Mia <MIA@shop.test>", "2", "another", ""), note: true},
		{name: "the same house and subject", mail: about("noa@shop.test", "2", "AW: [2]  shop is DOWN", ""), note: false},
		{name: "the same house and subject with prefixes", mail: about("noa@shop.test", "2", "AW: WG[2]:  shop is DOWN", ""), note: true},
		{name: "the same house, another subject", mail: about("noa@shop.test", "2", "Payment is down", "")},
		{name: "another house, the same subject", mail: about("noa@other.test", "2", "Shop is down", "")},
		{name: "no subject", first: about("mia@shop.test", "first", "", ""), mail: about("noa@shop.test", "2", "", "")},
		{name: "a public domain", first: about("mia@gmail.com", "first", "down", ""), mail: about("noa@gmail.com", "2", "down", "")},
		{name: "several authors", mail: about("mia@shop.test, noa@other.test", "2", "Shop is down", "")},
		{name: "no author", first: about("", "first", "down", ""), mail: about("", "2", "down", "")},
		{name: "just before the hour", mail: about("mia@shop.test", "2", "x", ""), after: 59 * time.Minute, note: true},
		{name: "after an hour", mail: about("mia@shop.test", "2", "x", ""), after: time.Hour + time.Second},
		{name: "just taken", mail: about("mia@shop.test", "2", "x", ""), acknowledged: true, after: 9 * time.Minute, note: true},
		{name: "taken for a while", mail: about("mia@shop.test", "2", "x", ""), acknowledged: true, after: 10*time.Minute + time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := setup(t)
			w.tickets = &ticketFake{}
			w.cfg.RepeatAfter = 24 * time.Hour
			w.start()
			if tt.first == "" {
				tt.first = first
			}
			require.NoError(t, w.send("mia@shop.test", tt.first))
			page := w.paged(1)[0]
			w.idle()
			if tt.acknowledged {
				w.press(page.GetAcknowledgeUrl())
			}
			w.clock.Advance(tt.after)
			require.NoError(t, w.send("mia@shop.test", tt.mail))
			if tt.note {
				require.Equal(t, []string{"paged", "note"}, w.verdicts())
			} else {
				require.Equal(t, []string{"paged", "paged"}, w.verdicts())
			}
			w.idle()
		})
	}
}

func TestAPageThatWasHandedOverIsSoonNoReasonNotToPage(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{}
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	page := w.paged(1)[0]
	w.ticketed(1)
	w.clock.Advance(4 * time.Minute)
	_, err := w.as("notification").TakeOverPage(t.Context(), &notificationv1.TakeOverPageRequest{Page: page.GetPage()})
	require.NoError(t, err)
	w.clock.Advance(9 * time.Minute)
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 2)))
	w.clock.Advance(2 * time.Minute)
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 3)))
	require.Equal(t, []string{"paged", "note", "paged"}, w.verdicts())
	w.paged(2)
}

// TestNobodySilencesACustomerByWritingInTheirName has a stranger's mail page in the name of a customer, who writes then.
func TestNobodySilencesACustomerByWritingInTheirName(t *testing.T) {
	w := setup(t)
	sign := w.signer("shop.test")
	w.tickets = &ticketFake{}
	w.known("mia@shop.test")
	w.start()
	w.fetched()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	w.press(w.paged(1)[0].GetAcknowledgeUrl())
	require.NoError(t, w.send("mia@shop.test", sign(letter("mia@shop.test", 2))))
	own := w.paged(2)[1]
	require.Equal(t, "[Urgent] shop is down 2", own.GetTitle())
	got := w.ticketed(2)
	require.NotEqual(t, got[0].ticket, got[1].ticket)
	require.Equal(t, "mia", got[1].GetPerson())
	require.Equal(t, own.GetPage(), got[1].GetEmergencyPage())
	require.NoError(t, w.send("mia@shop.test", sign(letter("mia@shop.test", 3))))
	require.Equal(t, got[1].ticket, w.ticketed(3)[2].ticket, "the next one is about theirs")
	w.idle()
	require.Len(t, w.notices(), 2)
}
