package emergency_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// ticketFake is ticket's side: one ticket for a mail, which notes are added to, however often it is asked.
type ticketFake struct {
	ticketv1.UnimplementedMailTicketServiceServer
	mu    sync.Mutex
	down  bool
	asked int
	lost  int // answers that are lost on their way back
	mails []takenMail
}

// takenMail is a mail that ticket has taken.
type takenMail struct {
	*ticketv1.Mail
	raw    string
	ticket int64
}

// OpenMailTicket implements ticketv1.MailTicketServiceServer.
func (f *ticketFake) OpenMailTicket(stream ticketv1.MailTicketService_OpenMailTicketServer) error {
	var got takenMail
	for {
		req, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if req.GetMail() != nil {
			got.Mail = req.GetMail()
		}
		got.raw += string(req.GetChunk())
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if f.down {
		return fault.New(fault.Unavailable, "DOWN", "down")
	}
	number, err := f.take(got)
	if err == nil && f.lost > 0 {
		f.lost--
		err = fault.New(fault.Unavailable, "LOST", "the answer is lost")
	}
	if err != nil {
		return err
	}
	return stream.SendAndClose(&ticketv1.OpenMailTicketResponse{Ticket: number})
}

func (f *ticketFake) take(got takenMail) (int64, error) {
	known := func(id string) int {
		return slices.IndexFunc(f.mails, func(m takenMail) bool { return m.GetId() == id })
	}
	if i := known(got.GetId()); i >= 0 {
		return f.mails[i].ticket, nil
	}
	got.ticket = int64(100 + len(f.mails))
	if got.GetOutage() != "" {
		i := known(got.GetOutage())
		if i < 0 {
			return 0, fault.New(fault.Precondition, "OUTAGE_HAS_NO_TICKET", "the outage has no ticket yet")
		}
		got.ticket = f.mails[i].ticket
	}
	f.mails = append(f.mails, got)
	return got.ticket, nil
}

func (f *ticketFake) set(change func(f *ticketFake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *ticketFake) taken() []takenMail {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.mails)
}

// ticketed waits until so many mails are tickets or notes, and the mailbox has written that down, and returns them.
func (w *world) ticketed(n int) []takenMail {
	w.t.Helper()
	testkit.Eventually(w.t, func() bool {
		var recorded int
		require.NoError(w.t, w.db.Reader().QueryRowContext(w.t.Context(), `SELECT COUNT(*) FROM emergency_mails WHERE ticket > 0`).Scan(&recorded))
		return recorded >= n
	}, "fewer than %d mails have a ticket", n)
	got := w.tickets.taken()
	require.Len(w.t, got, n)
	return got
}

// known adds members of an organization to the roster.
func (w *world) known(addresses ...string) {
	if w.upstream == nil {
		w.upstream = &rosterFake{roster: &notificationv1.Roster{Version: "1"}}
	}
	for _, address := range addresses {
		id, _, _ := strings.Cut(address, "@")
		w.upstream.roster.People = append(w.upstream.roster.People, &eventv1.DirectoryPerson{
			Id: id, Name: id, Email: address, Organization: "shop", Role: "user", Locale: "de",
		})
	}
}

func TestAMailBecomesATicket(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{}
	w.start()
	mail := letter("mia@shop.test", 1)
	require.NoError(t, w.send("mia@shop.test", mail))
	page := w.paged(1)[0]
	require.Zero(t, page.GetTicket())
	got := w.ticketed(1)[0]
	require.Equal(t, page.GetPage(), got.GetEmergencyPage())
	require.Equal(t, "shop is down 1", got.GetSubject())
	require.Equal(t, "Nobody can pay.", got.GetBody())
	require.Equal(t, "Mia Sol", got.GetSenderName())
	require.Equal(t, "mia@shop.test", got.GetSenderEmail())
	require.Empty(t, got.GetPerson()+got.GetOrganization()+got.GetOutage(), "a stranger")
	require.Equal(t, strings.ReplaceAll(mail, "\n", "\r\n"), got.raw)
	require.WithinDuration(t, w.clock.Now(), got.GetReceiveTime().AsTime(), time.Minute)

	w.clock.Advance(5 * time.Minute)
	again := w.paged(2)[1]
	require.Equal(t, got.ticket, again.GetTicket(), "what is sent from now on names the ticket")
	require.Contains(t, again.GetTicketUrl(), fmt.Sprintf("/tickets/%d", got.ticket))
	require.Contains(t, w.press(page.GetAcknowledgeUrl()), fmt.Sprintf("/tickets/%d", got.ticket), "and so does the page of the oldest link")
}

func TestTicketsWaitForTheirService(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{down: true}
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	w.paged(1)
	testkit.Eventually(t, func() bool { w.clock.Advance(time.Second); return w.tickets.count() >= 3 }, "it is not tried again")
	require.Greater(t, w.gauge("emergency.mails.without_ticket.age"), 0.0)
	w.stop()
	w.clock.Advance(time.Hour)
	w.start()
	require.Greater(t, w.gauge("emergency.mails.without_ticket.age"), 3600.0)
	w.tickets.set(func(f *ticketFake) { f.down = false })
	testkit.Eventually(t, func() bool { w.clock.Advance(time.Second); return len(w.tickets.taken()) == 1 }, "no ticket though its service is back")
	w.ticketed(1)
	require.Zero(t, w.gauge("emergency.mails.without_ticket.age"))
}

func TestATicketIsMadeOnceThoughItsAnswerIsLost(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{lost: 2}
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	page := w.paged(1)[0]
	testkit.Eventually(t, func() bool { w.clock.Advance(time.Second); return w.tickets.count() == 3 }, "it is not tried again")
	require.Equal(t, page.GetPage(), w.ticketed(1)[0].GetEmergencyPage())
}

func TestATicketIsOfWhomItsDomainVouchesFor(t *testing.T) {
	w := setup(t)
	sign := w.signer("shop.test")
	w.tickets = &ticketFake{}
	w.known("mia@shop.test", "noa@shop.test", "leo@shop.test")
	w.start()
	w.fetched()
	require.NoError(t, w.send("mia@shop.test", sign(letter("mia@shop.test", 1))))
	got := w.ticketed(1)[0]
	require.Equal(t, "mia", got.GetPerson())
	require.Equal(t, "shop", got.GetOrganization())
	require.NoError(t, w.send("noa@shop.test", letter("noa@shop.test", 2)), "not signed")
	require.Empty(t, w.ticketed(2)[1].GetPerson())

	w.deaf.Store(true)
	require.NoError(t, w.send("leo@shop.test", sign(letter("leo@shop.test", 3))))
	w.paged(3)
	w.clock.Advance(29 * time.Second)
	w.idle()
	require.Len(t, w.tickets.taken(), 2, "DNS may tell yet")
	w.clock.Advance(2 * time.Second)
	require.Empty(t, w.ticketed(3)[2].GetPerson(), "without proof it is a stranger's")
}

func TestAMailWhoseVerificationPanicsIsAStrangers(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{}
	w.known("mia@shop.test")
	w.start()
	w.fetched()
	w.boom.Store(true)
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	w.paged(1)
	w.idle()
	w.clock.Advance(31 * time.Second)
	require.Empty(t, w.ticketed(1)[0].GetPerson(), "it is tried like one that DNS cannot tell of")
	require.NotContains(t, w.logs.String(), "unforeseen")
}

func TestWhatIsNotPagedAboutIsNoTicket(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{}
	w.start()
	require.NoError(t, w.send("", letter("mia@shop.test", 1)))
	require.NoError(t, w.send("noa@shop.test", letter("noa@shop.test", 2)))
	require.NoError(t, w.send("noa@shop.test", "Received: again\n"+letter("noa@shop.test", 2)))
	require.Equal(t, "shop is down 2", w.ticketed(1)[0].GetSubject())
	w.clock.Advance(time.Minute)
	w.idle()
	require.Len(t, w.tickets.taken(), 1)
	require.Zero(t, w.gauge("emergency.mails.without_ticket.age"))
}

func TestBrokenMailsBecomeTickets(t *testing.T) {
	w := setup(t)
	w.cfg.PagesPerWindow = 100
	w.tickets = &ticketFake{}
	w.start()
	for i, tt := range []struct{ mail, body string }{
		{"From: a@x.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\nbroken", "attached as it came"},
		{"", "has no text"},
		{"no header at all", ""},
		{"From: b@x.test\nSubject: \xff\xfe\n\n\x00\xff", ""},
		{"From: c@x.test\n\n" + strings.Repeat(strings.Repeat("x", 70)+"\n", 50_000), "xxxx"},
	} {
		require.NoError(t, w.send("mia@shop.test", tt.mail))
		got := w.ticketed(i + 1)[i]
		require.Contains(t, got.GetBody(), tt.body)
		require.NotEmpty(t, got.GetBody(), tt.mail)
		require.Contains(t, got.raw, strings.ReplaceAll(tt.mail, "\n", "\r\n"))
	}
	w.tickets.set(func(f *ticketFake) { f.down = true })
	require.NoError(t, w.send("mia@shop.test", letter("d@x.test", 1)))
	w.paged(6)
	w.idle() // an attempt that has read the file could still succeed
	files, err := os.ReadDir(filepath.Join(w.cfg.Data, "mails"))
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(w.cfg.Data, "mails", files[5].Name())))
	w.tickets.set(func(f *ticketFake) { f.down = false })
	testkit.Eventually(t, func() bool { w.clock.Advance(time.Second); return len(w.tickets.taken()) == 6 }, "a mail without its file becomes no ticket")
	require.Contains(t, w.ticketed(6)[5].GetBody(), "not there any more")
}

// explosive is a connection to ticket that panics about some texts, as a parser might, for which it stands in.
type explosive struct {
	grpc.ClientConnInterface
	times *atomic.Int64
}

const (
	explodesOnce  = "boom, unless nothing is read"
	explodesTwice = "boom, whatever is read" // and then no more
)

func (c explosive) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	stream, err := c.ClientConnInterface.NewStream(ctx, desc, method, opts...)
	if err != nil {
		return nil, err
	}
	return explosiveStream{stream, c.times}, nil
}

type explosiveStream struct {
	grpc.ClientStream
	times *atomic.Int64
}

func (s explosiveStream) SendMsg(m any) error {
	mail := m.(*ticketv1.OpenMailTicketRequest).GetMail()
	if strings.Contains(mail.GetBody(), explodesOnce) || mail.GetSubject() == explodesTwice && s.times.Add(1) < 5 {
		panic(mail.GetBody())
	}
	return s.ClientStream.SendMsg(m)
}

func TestAMailThatPanicsBecomesATicket(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{}
	w.start()
	require.NoError(t, w.send("mia@shop.test", "From: mia@shop.test\nSubject: one\n\n"+explodesOnce+"\n"))
	got := w.ticketed(1)[0]
	require.Contains(t, got.GetBody(), "cannot be read. It is attached as it came")
	require.Contains(t, got.raw, explodesOnce)
	require.NoError(t, w.send("ben@loom.test", "From: ben@loom.test\nSubject: "+explodesTwice+"\n\ntwo\n"))
	testkit.Eventually(t, func() bool { w.clock.Advance(time.Second); return len(w.tickets.taken()) == 2 }, "it is not tried again")
	require.NotContains(t, w.logs.String(), explodesOnce, "a log tells nothing of a mail")
}

func TestTheMailsOfOnePageAreOneTicket(t *testing.T) {
	w := setup(t)
	w.tickets = &ticketFake{}
	w.start()
	for i := range 6 {
		from := fmt.Sprintf("x@%c.test", 'a'+i)
		require.NoError(t, w.send(from, letter(from, i)))
	}
	w.paged(3)
	w.ticketed(3)
	w.clock.Advance(10*time.Minute + time.Second)
	testkit.Eventually(t, func() bool { return len(w.tickets.taken()) == 6 }, "what was held back becomes no ticket")
	got := w.ticketed(6)[3:]
	require.Equal(t, "3 more mails to the emergency address", got[0].GetSubject())
	require.Contains(t, got[0].GetBody(), "shop is down 3\n\nNobody can pay.")
	require.NotEmpty(t, got[0].GetEmergencyPage())
	for _, note := range got[1:] {
		require.Equal(t, got[0].GetId(), note.GetOutage())
		require.Equal(t, got[0].ticket, note.ticket)
		require.Empty(t, note.GetEmergencyPage())
	}
	for _, n := range w.notices() {
		w.press(n.GetAcknowledgeUrl())
	}
}

func TestMailsOfBeforeTheyBecameTicketsBecomeNone(t *testing.T) {
	w := setup(t)
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	w.press(w.paged(1)[0].GetAcknowledgeUrl())
	require.Contains(t, w.logs.String(), "mails page, but become no tickets")
	w.stop()
	w.tickets = &ticketFake{}
	w.start()
	require.NoError(t, w.send("noa@shop.test", letter("noa@shop.test", 2)))
	require.Equal(t, "shop is down 2", w.ticketed(1)[0].GetSubject())
	w.idle()
	require.Zero(t, w.gauge("emergency.mails.without_ticket.age"))
}

func (f *ticketFake) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}
