package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

const (
	// nextChannel is when the next channel of a person begins at the latest, after
	// the opening of the page and by the clock of the database.
	nextChannel = 3 * time.Second
	// slack is what a busy machine may add to what the test itself measures.
	slack = 4 * time.Second
	// longestPause is the longest pause between two attempts of a page.
	longestPause = 20 * time.Second
)

// testFaults breaks the world around notification.
func testFaults(t *testing.T, w *harness.World) {
	// What the slowest channel asked for is looked at last.
	broken := breakChannels(t, w)
	var away *outage
	if w.Processes != nil {
		away = beginOutage(t, w) // half a minute that passes meanwhile
	}
	t.Run("the next channel begins", broken.next)
	t.Run("a person without a working webhook", func(t *testing.T) { testRefusing(t, w) })
	t.Run("mail server is down", func(t *testing.T) { testMailDown(t, w) })
	t.Run("mail server refuses one recipient", func(t *testing.T) { testRefusedRecipient(t, w) })
	t.Run("two people acknowledge at once", func(t *testing.T) { testDoubleAcknowledge(t, w) })
	t.Run("acknowledge links that are none", func(t *testing.T) { testBadLinks(t, w) })
	if w.Processes != nil {
		t.Run("a page task that cannot be read", func(t *testing.T) { testBrokenTask(t, w) })
		t.Run("a task that can never succeed", func(t *testing.T) { testParkedTask(t, w) })
	}
	t.Run("the first channel goes on", broken.heal)
	if w.Processes != nil {
		t.Run("notification is killed on a page's way", func(t *testing.T) { testKilledPages(t, w) })
	}
	require.NoError(t, w.EscalateInTurn(t.Context()))
	if away != nil {
		t.Run("identity is away", away.graced)
	}
}

// channelFault is how the engineer's webhook answers about one ticket.
type channelFault struct {
	word     string
	response testkit.Response
	state    string // of the delivery once the receiver is well again
	number   int64
	page     string
}

// brokenChannels are pages whose first channel fails in different ways.
type brokenChannels struct {
	*harness.World
	faults []*channelFault

	mu     sync.Mutex
	healed bool
}

// breakChannels makes a ticket for every way in which the engineer's webhook
// can fail. Backup is paged beside the engineer.
func breakChannels(t *testing.T, w *harness.World) *brokenChannels {
	t.Helper()
	require.NoError(t, w.Escalate(t.Context(), []string{"schedule:primary", "person:" + w.Backup.ID}))
	b := &brokenChannels{World: w, faults: []*channelFault{
		{word: "ocelot", response: testkit.Response{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"3600"}}}, state: "accepted"},
		{word: "badger", response: testkit.Response{Status: http.StatusInternalServerError}, state: "accepted"},
		{word: "weasel", response: testkit.Response{Status: http.StatusGone}, state: "failed"},
		{word: "turtle", response: testkit.Response{Hang: true}, state: "accepted"},
		{word: "tortoise", response: testkit.Response{Drip: true}, state: "accepted"},
		{word: "magpie", response: testkit.Response{Status: http.StatusFound, Header: http.Header{"Location": {w.Pager.URL + "/elsewhere"}}}, state: "accepted"},
	}}
	w.Pager.Respond(b.respond)
	for _, f := range b.faults {
		f.number = create(t, w.Requester, w.Urgent(f.word+" fault")).GetNumber()
	}
	return b
}

func (b *brokenChannels) respond(_ int, r testkit.Request) testkit.Response {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.healed || !strings.HasPrefix(r.Path, "/"+b.Engineer.ID) {
		return testkit.Response{}
	}
	for _, f := range b.faults {
		if bytes.Contains(r.Body, []byte(f.word)) {
			return f.response
		}
	}
	return testkit.Response{}
}

// pageMails returns the mails that page an address about a word.
func pageMails(t *testing.T, w *harness.World, address, word string) []testkit.Mail {
	t.Helper()
	var found []testkit.Mail
	for _, m := range w.SMTP.Messages() {
		if !slices.Contains(m.To, address) {
			continue
		}
		header := m.Parse(t).Header
		if subject, err := header.Subject(); err == nil && strings.Contains(subject, word) {
			found = append(found, m)
		}
	}
	return found
}

// next checks that the engineer's mail follows the failing webhook at once, or
// after three seconds of silence, and that nobody else waits for it.
func (b *brokenChannels) next(t *testing.T) {
	for _, f := range b.faults {
		t.Run(f.word, func(t *testing.T) {
			testkit.Eventually(t, func() bool { return len(pageMails(t, b.World, b.Engineer.Email, f.word)) > 0 }, "the engineer is paged by mail")
			first := webhooks(t, b.World, b.Engineer, f.number)[0]
			testkit.Eventually(t, func() bool { return len(webhooks(t, b.World, b.Backup, f.number)) > 0 }, "Backup is paged")
			require.Less(t, webhooks(t, b.World, b.Backup, f.number)[0].At.Sub(first.At), slack, "one person's trouble is not another's")
			require.Empty(t, pageMails(t, b.World, b.Backup.Email, f.word), "whose webhook was taken gets no mail")

			page := onlyPage(t, b.World, f.number)
			f.page = page.GetId()
			require.LessOrEqual(t, nextChannelAfter(t, page, b.Engineer), nextChannel)
		})
	}
}

// onlyPage returns the only page of a ticket.
func onlyPage(t *testing.T, w *harness.World, number int64) *notificationv1.Page {
	t.Helper()
	list, err := w.Agent.Pages().ListPages(t.Context(), &notificationv1.ListPagesRequest{Ticket: number})
	require.NoError(t, err)
	require.Len(t, list.GetPages(), 1)
	page, err := w.Agent.Pages().GetPage(t.Context(), &notificationv1.GetPageRequest{Page: list.GetPages()[0].GetId()})
	require.NoError(t, err)
	return page
}

// nextChannelAfter returns how long after the opening of a page its second
// delivery to a person began.
func nextChannelAfter(t *testing.T, page *notificationv1.Page, p *harness.Person) time.Duration {
	t.Helper()
	var made []time.Time
	for _, d := range page.GetDeliveries() {
		if d.GetPerson().GetId() == p.ID {
			made = append(made, d.GetCreateTime().AsTime())
		}
	}
	require.Len(t, made, 2)
	return made[1].Sub(page.GetCreateTime().AsTime())
}

// heal lets the receiver answer well and waits for what had not ended: the same
// delivery, within the longest pause whatever the receiver had asked for.
func (b *brokenChannels) heal(t *testing.T) {
	b.mu.Lock()
	b.healed = true
	b.mu.Unlock()
	b.Pager.Release()
	for _, f := range b.faults {
		t.Run(f.word, func(t *testing.T) {
			var d *notificationv1.PageDelivery
			await(t, longestPause+slack, func() bool {
				page, err := b.Agent.Pages().GetPage(t.Context(), &notificationv1.GetPageRequest{Page: f.page})
				require.NoError(t, err)
				at := slices.IndexFunc(page.GetDeliveries(), func(d *notificationv1.PageDelivery) bool {
					return d.GetPerson().GetId() == b.Engineer.ID && d.GetChannel() == "webhook"
				})
				require.GreaterOrEqual(t, at, 0)
				d = page.GetDeliveries()[at]
				return d.GetState() == f.state
			}, "the webhook is "+f.state)
			got := webhooks(t, b.World, b.Engineer, f.number)
			require.Len(t, distinct(got), 1, "every attempt has the same id")
			require.NotEmpty(t, d.GetLastAnswer())
			if f.state == "failed" {
				require.Len(t, got, 1, "410 ends the channel")
				return
			}
			require.GreaterOrEqual(t, len(got), 2)
			require.GreaterOrEqual(t, d.GetAttempts(), int32(2))
		})
	}
	for _, r := range b.PageRequests() {
		require.NotEqual(t, "/elsewhere", r.Path, "a redirect is not followed")
	}
	b.Pager.Respond(nil)
}

// await is testkit.Eventually with a limit of its own.
func await(t *testing.T, limit time.Duration, cond func() bool, what string) {
	t.Helper()
	err := harness.Poll(limit, func() error {
		if cond() {
			return nil
		}
		return errors.New("the condition does not hold")
	})
	require.NoError(t, err, what)
}

// testRefusing pages somebody whose webhook nobody listens on, beside others.
func testRefusing(t *testing.T, w *harness.World) {
	dead := testkit.Receiver(t)
	both := []string{"person:" + w.Supervisor.ID, "person:" + w.Backup.ID}
	defer func() { require.NoError(t, w.Escalate(t.Context(), both)) }()
	for _, contact := range []*notificationv1.Contact{
		{Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: dead.URL},
		{Channel: notificationv1.Contact_CHANNEL_EMAIL, Address: w.Supervisor.Email},
	} {
		contact.Person = w.Supervisor.ID
		made, err := w.Supervisor.OnCall().CreateContact(t.Context(), &notificationv1.CreateContactRequest{Contact: contact})
		require.NoError(t, err)
		defer removeContact(t, w, made.GetId())
		if contact.GetChannel() == notificationv1.Contact_CHANNEL_EMAIL {
			w.VerifyMail(t, made)
		} else {
			w.VerifyWebhook(t, dead, made.GetId())
		}
	}
	dead.Down()
	require.NoError(t, w.Escalate(t.Context(), both))
	// The last contact of somebody whom the policy names stays.
	defer func() { require.NoError(t, w.EscalateTo(t.Context(), w.Backup)) }()
	number := create(t, w.Requester, w.Urgent("lizard fault")).GetNumber()
	testkit.Eventually(t, func() bool {
		return len(pageMails(t, w, w.Supervisor.Email, "lizard")) > 0 && len(webhooks(t, w, w.Backup, number)) > 0
	}, "both are paged")
	require.LessOrEqual(t, nextChannelAfter(t, onlyPage(t, w, number), w.Supervisor), nextChannel)
	solve(t, w, number)
}

func removeContact(t *testing.T, w *harness.World, id string) {
	_, err := w.Supervisor.OnCall().DeleteContact(t.Context(), &notificationv1.DeleteContactRequest{Contact: id})
	require.NoError(t, err)
}

func solve(t *testing.T, w *harness.World, number int64) {
	t.Helper()
	_, err := w.Agent.Tickets().SolveTicket(t.Context(), &ticketv1.SolveTicketRequest{Ticket: number})
	require.NoError(t, err)
}

// testDoubleAcknowledge lets two people acknowledge a page in the same moment:
// one becomes the owner, and both learn who.
func testDoubleAcknowledge(t *testing.T, w *harness.World) {
	require.NoError(t, w.Escalate(t.Context(), []string{"schedule:primary", "person:" + w.Backup.ID}))
	for round := range 5 {
		number := create(t, w.Requester, w.Urgent(fmt.Sprintf("double acknowledge %d", round))).GetNumber()
		var pages []*notificationv1.Page
		testkit.Eventually(t, func() bool {
			list, err := w.Agent.Pages().ListPages(t.Context(), &notificationv1.ListPagesRequest{Ticket: number})
			require.NoError(t, err)
			pages = list.GetPages()
			return len(pages) == 1
		}, "the page")
		people := []*harness.Person{w.Engineer, w.Backup}
		answers, errs := make([]*notificationv1.Page, len(people)), make([]error, len(people))
		var wg sync.WaitGroup
		start := make(chan struct{})
		for i, p := range people {
			_, err := p.Token(t.Context())
			require.NoError(t, err)
			wg.Go(func() {
				<-start
				answers[i], errs[i] = p.Pages().AcknowledgePage(t.Context(), &notificationv1.AcknowledgePageRequest{Page: pages[0].GetId()})
			})
		}
		close(start)
		wg.Wait()
		require.NoError(t, errs[0])
		require.NoError(t, errs[1])
		owner := answers[0].GetAcknowledgedBy().GetId()
		require.Contains(t, []string{w.Engineer.ID, w.Backup.ID}, owner)
		require.Equal(t, owner, answers[1].GetAcknowledgedBy().GetId())
		require.Equal(t, answers[0].GetAcknowledgeTime().AsTime(), answers[1].GetAcknowledgeTime().AsTime())

		lines := 0
		for _, entry := range onlyPage(t, w, number).GetLog() {
			if strings.HasSuffix(entry.GetText(), " acknowledged") {
				lines++
			}
		}
		require.Equal(t, 1, lines)
		testkit.EventuallyPasses(t, func(r require.TestingT) {
			require.Equal(r, owner, get(t.Context(), r, w.Agent, number).GetPage().GetAcknowledgedBy().GetId())
		}, "the ticket names the owner")
	}
}

func testBadLinks(t *testing.T, w *harness.World) {
	for _, token := range []string{"x", strings.Repeat("A", 200), "%00", "..%2f..%2fetc"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			request, err := http.NewRequestWithContext(t.Context(), method, w.AckURL+"/a/"+token, nil)
			require.NoError(t, err)
			require.Equal(t, http.StatusNotFound, w.Send(t, request).Status, "%s %s", method, token)
		}
	}
}

// testBrokenTask puts a page task that nobody can read into notification's
// database, as a broken release might: the fallback list is paged in plain text.
func testBrokenTask(t *testing.T, w *harness.World) {
	before := len(pageMails(t, w, w.Supervisor.Email, "could not be handled"))
	conn, err := pgx.Connect(t.Context(), w.DSN)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), `
INSERT INTO notification.tasks (id, kind, lane, key, payload, trace, run_at, attempt, fence, owner, created_at)
VALUES ('broken', 'page.deliver', 0, 'unknown page', 'no JSON: pelican', '', notification.altis_now(), 0, 0, '', notification.altis_now())`)
	require.NoError(t, err)
	testkit.Eventually(t, func() bool { return len(pageMails(t, w, w.Supervisor.Email, "could not be handled")) > before }, "the fallback list is paged")
	mails := pageMails(t, w, w.Supervisor.Email, "could not be handled")
	require.Contains(t, mails[len(mails)-1].Parse(t).Text, "pelican", "what it was is shown")
}
