package emergency_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// receipted is a mailbox with one mail, paged and receipted, and two steps.
func receipted(t *testing.T) (w *world, sink *testkit.Sink, first *notificationv1.PageNotice) {
	t.Helper()
	w = setup(t)
	w.tickets = &ticketFake{}
	sink = w.mailing()
	w.upstream = &rosterFake{}
	w.upstream.roster = w.rotation()
	w.start()
	w.fetched()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	first = w.paged(1)[0]
	receipts(t, sink, 1)
	w.ticketed(1)
	return w, sink, first
}

func TestAnAnswerToTheReceiptBeginsTheNextStep(t *testing.T) {
	w, sink, first := receipted(t)
	header := sink.Messages()[0].Parse(t).Header
	id, err := header.MessageID()
	require.NoError(t, err)
	require.NoError(t, w.send("boss@other.test", about("boss@other.test", "2", "still down", "In-Reply-To: <"+id+">\n")))
	again := w.paged(3)[1:]
	require.ElementsMatch(t, []string{"ada", "eve"}, people(again))
	require.Equal(t, first.GetPage(), again[0].GetPage())
	got := w.ticketed(2)
	require.Equal(t, got[0].GetId(), got[1].GetOutage(), "it is a note as well")
	require.Empty(t, got[1].GetEmergencyPage(), "the page is that of the first mail")
	require.Equal(t, []string{"paged", "escalated"}, w.verdicts())
	w.press(first.GetAcknowledgeUrl())
}

func TestTheCodeOfTheReceiptPagesAgainThoughSomebodyHasAcknowledged(t *testing.T) {
	w, sink, first := receipted(t)
	w.press(first.GetAcknowledgeUrl())
	code := codes.FindString(string(sink.Messages()[0].Data))
	require.NoError(t, w.send("", "Auto-Submitted: auto-replied\n"+about("mia@shop.test", "2", "Out of office "+code, "")))
	require.NoError(t, w.send("mia@private.test", about("mia@private.test", "3", "AW: "+strings.ToLower(code), "")))
	own := w.paged(2)[1]
	require.NotEqual(t, first.GetPage(), own.GetPage())
	require.Contains(t, own.GetReason(), "answered the receipt")
	require.Equal(t, w.tickets.taken()[0].ticket, own.GetTicket())
	require.Equal(t, own.GetPage(), w.ticketed(2)[1].GetEmergencyPage(), "should it make the ticket urgent again, nobody is called twice")
	require.NoError(t, w.send("mia@private.test", about("mia@private.test", "4", code, "")), "a moment later")
	require.Equal(t, []string{"paged", "automatic", "escalated", "note"}, w.verdicts())
	w.press(own.GetAcknowledgeUrl())
	w.clock.Advance(10*time.Minute + time.Second)
	require.NoError(t, w.send("mia@private.test", about("mia@private.test", "5", code, "")))
	w.press(w.paged(3)[2].GetAcknowledgeUrl())
	require.Equal(t, w.ticketed(4)[0].ticket, w.ticketed(4)[3].ticket)
}

func TestAnAnswerThatPagesAgainIsTheFirstOnItsTicket(t *testing.T) {
	w, sink, first := receipted(t)
	w.press(first.GetAcknowledgeUrl())
	code := codes.FindString(string(sink.Messages()[0].Data))
	w.tickets.set(func(f *ticketFake) { f.down = true })
	require.NoError(t, w.send("mia@private.test", about("mia@private.test", "2", code, "")))
	own := w.paged(2)[1]
	w.press(own.GetAcknowledgeUrl())
	testkit.Eventually(t, func() bool { return w.tickets.count() > 1 }, "ticket is not asked")
	require.NoError(t, w.send("mia@private.test", about("mia@private.test", "3", code, "")))
	w.tickets.set(func(f *ticketFake) { f.down = false })
	testkit.Eventually(t, func() bool { w.clock.Advance(time.Second); return len(w.tickets.taken()) == 3 }, "it is not tried again")
	got := w.ticketed(3)
	require.Equal(t, []string{"", own.GetPage(), ""}, []string{got[0].GetOutage(), got[1].GetEmergencyPage(), got[2].GetEmergencyPage()})
	require.Equal(t, []string{"paged", "escalated", "note"}, w.verdicts())
}

func TestAReceiptIsAnsweredThoughThereAreNoTickets(t *testing.T) {
	w := setup(t)
	sink := w.mailing()
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	w.press(w.paged(1)[0].GetAcknowledgeUrl())
	code := codes.FindString(string(receipts(t, sink, 1)[0].Data))
	require.NoError(t, w.send("mia@shop.test", about("mia@shop.test", "2", code, "")))
	w.press(w.paged(2)[1].GetAcknowledgeUrl())
	require.NoError(t, w.send("mia@shop.test", about("mia@shop.test", "3", "E-"+strings.Repeat("A", 12), "")))
	w.paged(3)
	require.Equal(t, []string{"paged", "escalated", "paged"}, w.verdicts(), "a code that is none is nothing")
}
