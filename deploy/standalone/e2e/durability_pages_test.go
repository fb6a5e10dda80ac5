package e2e

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// nextContactAfter is how long a page may be on its way to a contact before the
// person's next one is paged as well.
const nextContactAfter = 2 * time.Second

// paging is what makes a delivery different from every other one.
type paging struct {
	ticket            int64
	cycle, loop, step int32
	person            string
	channel           string
}

// firstStep returns what the first step of the policy pages about tickets.
func (d *durability) firstStep(tickets []int64) (all []paging) {
	for _, number := range tickets {
		for _, p := range []*harness.Person{d.Engineer, d.Backup} {
			all = append(all, paging{number, 1, 1, 1, p.ID, "webhook"})
		}
	}
	return all
}

// secondStep returns what the second one does, when the first has run out.
func (d *durability) secondStep(tickets []int64) (all []paging) {
	for _, number := range tickets {
		all = append(all, paging{number, 1, 1, 2, d.Supervisor.ID, "email"})
	}
	return all
}

// await waits until all of these have arrived.
func (d *durability) await(t *testing.T, limit time.Duration, want []paging, what string) {
	t.Helper()
	err := harness.Poll(limit, func() error {
		d.look(t)
		missing := map[paging]bool{}
		for _, p := range want {
			missing[p] = true
		}
		for _, p := range d.arrived {
			delete(missing, p)
		}
		if len(missing) > 0 {
			return fmt.Errorf("%d of %d are missing: %v", len(missing), len(want), missing)
		}
		return nil
	})
	require.NoError(t, err, what)
}

// look takes in the webhooks and mails that arrived since the last time.
func (d *durability) look(t *testing.T) {
	t.Helper()
	requests, mails := d.PageRequests(), d.SMTP.Messages()
	for _, r := range requests[d.webhooks:] {
		n := opened(t, r).GetData()
		d.take(t, r.Header.Get("webhook-id"), paging{n.GetTicket(), n.GetCycle(), n.GetLoop(), n.GetStep(), n.GetPerson().GetId(), "webhook"})
	}
	for _, m := range mails[d.mails:] {
		if id, p, ok := d.pageMail(t, m); ok {
			d.take(t, id, p)
		}
	}
	d.webhooks, d.mails = len(requests), len(mails)
}

func (d *durability) take(t *testing.T, id string, p paging) {
	t.Helper()
	if before, ok := d.arrived[id]; ok {
		require.Equal(t, before, p, "an id repeats only what it stood for")
	}
	d.arrived[id] = p
	d.pages++
}

var (
	mailTicket   = regexp.MustCompile(`(?m)^Ticket #(\d+): `)
	mailPosition = regexp.MustCompile(`\(step (\d+), round (\d+)\)`)
)

// pageMail reads a mail that pages somebody about a ticket of the stream. It
// says nothing of the cycle; the ledger does.
func (d *durability) pageMail(t *testing.T, m testkit.Mail) (id string, p paging, ok bool) {
	t.Helper()
	who := slices.IndexFunc(d.Team(), func(p *harness.Person) bool { return slices.Contains(m.To, p.Email) })
	if who < 0 {
		return "", paging{}, false
	}
	parts := m.Parse(t)
	subject, err := parts.Header.Subject()
	require.NoError(t, err)
	if !strings.Contains(subject, streamWord) {
		return "", paging{}, false
	}
	id, err = parts.Header.MessageID()
	require.NoError(t, err)
	id, _, _ = strings.Cut(id, "@")
	ticket, position := mailTicket.FindStringSubmatch(parts.Text), mailPosition.FindStringSubmatch(parts.Text)
	require.Len(t, ticket, 2, parts.Text)
	require.Len(t, position, 3, parts.Text)
	number := func(text string) int64 {
		n, err := strconv.ParseInt(text, 10, 32)
		require.NoError(t, err)
		return n
	}
	return id, paging{number(ticket[1]), 1, int32(number(position[2])), int32(number(position[1])), d.Team()[who].ID, "email"}, true
}

// everyPageOnce compares what arrived at the receiver of webhooks and at the
// mail server with what the policy wants for the tickets that were made, and
// with the ledger.
func (d *durability) everyPageOnce(t *testing.T, made map[string]int64) {
	tickets := slices.Sorted(maps.Values(made))
	want := append(d.firstStep(tickets), d.secondStep(tickets)...)
	d.await(t, firstStep+recovery, want, "everybody is paged whom the policy names")

	// Whose webhook a fault has delayed gets a mail too, which nobody can foretell: the ledger has the reason.
	ledger, delayed := d.ledger(t, tickets)
	d.look(t)
	ids := map[paging]string{}
	for id, p := range d.arrived {
		require.NotContains(t, ids, p, "it came by two ids")
		ids[p] = id
		if !slices.Contains(want, p) {
			require.Contains(t, delayed, p, "nobody wanted it")
		}
	}
	require.Equal(t, ledger, d.arrived, "what arrived is what notification has sent")
	t.Logf("%d tickets acknowledged (%d creates repeated), %d pages: %d distinct, %d of them mails after a webhook, %d repeated",
		len(made), d.stream.repeated(), d.pages, len(d.arrived), len(d.arrived)-len(want), d.pages-len(d.arrived))
}

// ledger returns what notification has sent, by id, once all of it is accepted,
// and what may follow those webhooks that were delayed.
func (d *durability) ledger(t *testing.T, tickets []int64) (sent map[string]paging, delayed map[paging]bool) {
	t.Helper()
	sent, delayed = map[string]paging{}, map[paging]bool{}
	for _, number := range tickets {
		var page *notificationv1.Page
		await(t, recovery, func() bool {
			page = onlyPage(t, d.World, number)
			return !slices.ContainsFunc(page.GetDeliveries(), func(d *notificationv1.PageDelivery) bool { return d.GetState() != "accepted" })
		}, fmt.Sprintf("all pages of #%d are accepted", number))
		for _, delivery := range page.GetDeliveries() {
			p := paging{number, delivery.GetCycle(), delivery.GetLoop(), delivery.GetStep(), delivery.GetPerson().GetId(), delivery.GetChannel()}
			sent[delivery.GetId()] = p
			took := delivery.GetAcceptTime().AsTime().Sub(delivery.GetCreateTime().AsTime())
			if p.channel == "webhook" && (delivery.GetAttempts() > 1 || took >= nextContactAfter) {
				p.channel = "email"
				delayed[p] = true
			}
		}
	}
	return sent, delayed
}
