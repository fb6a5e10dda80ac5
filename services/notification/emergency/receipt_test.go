package emergency_test

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
)

// mailing has the mailbox send its mails to a server.
func (w *world) mailing() *testkit.Sink {
	w.t.Helper()
	sink := testkit.SMTPSink(w.t)
	w.cfg.OutboxDir, w.cfg.SMTPAddr, w.cfg.SMTPTLS = "", sink.Addr, "none"
	return sink
}

// receipts waits for a number of mails and returns them.
func receipts(t *testing.T, sink *testkit.Sink, n int) []testkit.Mail {
	t.Helper()
	testkit.Eventually(t, func() bool { return len(sink.Messages()) >= n }, "fewer than %d receipts", n)
	require.Len(t, sink.Messages(), n)
	return sink.Messages()
}

// suppressed returns why mails have no receipt, oldest mail first.
func (w *world) suppressed() (reasons []string) {
	w.t.Helper()
	rows, err := w.db.Reader().QueryContext(w.t.Context(), `SELECT answer FROM emergency_receipts WHERE state = 'suppressed' ORDER BY mail`)
	require.NoError(w.t, err)
	defer rows.Close()
	for rows.Next() {
		var reason string
		require.NoError(w.t, rows.Scan(&reason))
		reasons = append(reasons, reason)
	}
	require.NoError(w.t, rows.Err())
	return reasons
}

var codes = regexp.MustCompile(`E-[A-Z2-7]{12}`)

func TestTheSenderGetsOneReceipt(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{}
	w.known("noa@shop.test")
	sink := w.mailing()
	w.start()
	w.fetched()
	require.NoError(t, w.send("Mia@shop.test", letter("mia@shop.test", 1)))
	got := receipts(t, sink, 1)[0]
	number := w.ticketed(1)[0].ticket
	require.Empty(t, got.From, "nothing answers to the null sender")
	require.Equal(t, []string{"Mia@shop.test"}, got.To)
	parts := got.Parse(t)
	for _, text := range []string{parts.Text, parts.HTML} {
		require.Contains(t, text, "the engineers on call are being paged")
		require.Contains(t, text, fmt.Sprintf("/tickets/%d", number))
		require.Contains(t, text, codes.FindString(string(got.Data)))
		require.NotContains(t, text+fmt.Sprint(parts.Header), "shop is down")
		require.NotContains(t, text+fmt.Sprint(parts.Header), "Mia Sol")
		require.NotContains(t, text, "Nobody can pay")
	}
	require.Equal(t, "auto-replied", parts.Header.Get("Auto-Submitted"))
	require.Equal(t, "<"+address+">", parts.Header.Get("Reply-To"))
	require.Equal(t, "<1@shop.test>", parts.Header.Get("In-Reply-To"))
	subject, err := parts.Header.Subject()
	require.NoError(t, err)
	require.Contains(t, subject, fmt.Sprintf("[#%d] We have your emergency mail [E-", number))

	require.NoError(t, w.send("noa@shop.test", letter("noa@shop.test", 2)))
	require.Contains(t, receipts(t, sink, 2)[1].Parse(t).Text, "Bereitschaft", "in the language of whom the directory knows")
	w.clock.Advance(time.Hour)
	w.idle()
	receipts(t, sink, 2)
}

func TestAReceiptWaitsAMinuteForTheTicket(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{down: true}
	sink := w.mailing()
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	w.paged(1)
	w.clock.Advance(59 * time.Second)
	w.idle()
	require.Empty(t, sink.Messages())
	w.clock.Advance(2 * time.Second)
	text := receipts(t, sink, 1)[0].Parse(t).Text
	require.Contains(t, text, "It becomes a ticket as soon as")
	require.NotContains(t, text, "/tickets/")
	w.tickets.set(func(f *ticketFake) { f.down = false })
	testkit.Eventually(t, func() bool { w.clock.Advance(time.Second); return len(w.tickets.taken()) == 1 }, "no ticket")
	w.ticketed(1)
	w.idle()
	receipts(t, sink, 1)
}

func TestAReceiptWaitsForItsMailServer(t *testing.T) {
	w := setup(t)
	sink := w.mailing()
	w.start()
	sink.Refuse("mia@shop.test", 450)
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	w.paged(1)
	testkit.Eventually(t, func() bool { return strings.Contains(w.logs.String(), "does not take a receipt") }, "it is not tried")
	w.stop()
	sink.Refuse("mia@shop.test", 0)
	w.start()
	testkit.Eventually(t, func() bool { w.clock.Advance(time.Second); return len(sink.Messages()) == 1 }, "it is not tried again")
	sink.Refuse("noa@shop.test", 550)
	require.NoError(t, w.send("noa@shop.test", letter("noa@shop.test", 2)))
	testkit.Eventually(t, func() bool { return slices.Contains(w.receiptStates(), "refused") }, "a refusal is not final")
	require.Equal(t, []string{"sent", "refused"}, w.receiptStates())
}

func (w *world) receiptStates() (states []string) {
	w.t.Helper()
	rows, err := w.db.Reader().QueryContext(w.t.Context(), `SELECT state FROM emergency_receipts ORDER BY mail`)
	require.NoError(w.t, err)
	defer rows.Close()
	for rows.Next() {
		var state string
		require.NoError(w.t, rows.Scan(&state))
		states = append(states, state)
	}
	require.NoError(w.t, rows.Err())
	return states
}

func TestReceiptsGoToNobodyWhoMayHaveWrittenNothing(t *testing.T) {
	w := setup(t)
	sign := w.signer("shop.test")
	w.tickets = &ticketFake{}
	w.cfg.PagesPerWindow = 100
	w.known("mia@shop.test")
	sink := w.mailing()
	w.start()
	w.fetched()
	require.NoError(t, w.send("x@elsewhere.test", letter("victim@shop.test", 1)))
	require.NoError(t, w.send("x@two.test", about("a@two.test, b@two.test", "2", "down", "")))
	require.NoError(t, w.send("x@altis.test", letter(address, 3)))
	require.NoError(t, w.send("", letter("auto@shop.test", 4)))
	w.ticketed(3)
	testkit.Eventually(t, func() bool { return len(w.suppressed()) == 3 }, "it is not said why")
	for i, part := range []string{"another domain", "one author", "from us"} {
		require.Contains(t, w.suppressed()[i], part)
	}
	require.Empty(t, sink.Messages())
	require.NoError(t, w.send("x@elsewhere.test", sign(letter("mia@shop.test", 5))))
	require.Equal(t, []string{"mia@shop.test"}, receipts(t, sink, 1)[0].To, "its domain vouches for it")
}

func TestReceiptsCanBeTurnedOff(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{}
	w.cfg.NoReceipts = true
	sink := w.mailing()
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	w.ticketed(1)
	w.clock.Advance(2 * time.Minute)
	w.idle()
	require.Empty(t, sink.Messages())
	require.Empty(t, w.receiptStates())
}

func TestReceiptsAreBraked(t *testing.T) {
	w := setup(t)
	w.cfg.PagesPerWindow = 100
	sink := w.mailing()
	w.start()
	for n := range 2 {
		require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", n)))
		testkit.Eventually(t, func() bool { return len(w.receiptStates()) == n+1 }, "it is not decided")
	}
	receipts(t, sink, 1)
	require.Equal(t, []string{"the address has had a receipt within the hour"}, w.suppressed())
	for n := range 30 {
		from := fmt.Sprintf("p%d@shop.test", n)
		require.NoError(t, w.send(from, letter(from, 10+n)))
		testkit.Eventually(t, func() bool { return len(w.receiptStates()) == n+3 }, "it is not decided")
	}
	receipts(t, sink, 30)
	require.Contains(t, w.suppressed()[1], "too many receipts")
	w.clock.Advance(time.Hour + time.Second)
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 100)))
	receipts(t, sink, 31)
}

func TestAMailOfBeforeItsFileWasLostGetsNoReceipt(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{down: true}
	sink := w.mailing()
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	w.paged(1)
	require.NoError(t, errors.Join(os.RemoveAll(w.cfg.Data+"/mails"), os.Mkdir(w.cfg.Data+"/mails", 0o700)))
	w.clock.Advance(61 * time.Second)
	w.idle()
	require.Empty(t, sink.Messages())
	require.Empty(t, w.receiptStates())
}
