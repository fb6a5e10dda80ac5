package main

import (
	"context"
	"fmt"
	"time"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// mailBurst is what came of tickets that are all created at once and mail many people each.
type mailBurst struct {
	mails int
	took  time.Duration // from the first creation to the arrival of the last mail
	cpu   usage
}

// perSecond is how many mails left in a second.
func (m mailBurst) perSecond() float64 {
	if m.took == 0 {
		return 0
	}
	return float64(m.mails) / m.took.Seconds()
}

const (
	mailCopies  = 40 // people of one ticket who get a copy
	mailClients = 8
	mailLimit   = 2 * time.Minute
)

// measureMails creates tickets that together mail a number of people, and waits for all the mails: each goes from ticket's event
// into the ledger, from there to the mail server, and its acceptance into the ledger.
func (b *bench) measureMails(systems []*system) map[string][]mailBurst {
	found := map[string][]mailBurst{}
	for round := range b.plan.bursts {
		for _, s := range rotated(systems, round) {
			b.phase("mails: round %d of %d: %s", round+1, b.plan.bursts, s.name)
			found[s.name] = append(found[s.name], b.mailBurst(s))
		}
	}
	return found
}

// measureMailsAlone is for who works on the way of a mail.
func (b *bench) measureMailsAlone() string {
	b.logf("building and starting the suites")
	r := &report{plan: b.plan, at: b.began}
	r.mails = b.measureMails([]*system{b.postgresSystem(nil), b.sqliteSystem()})
	return r.mailText()
}

func (b *bench) mailBurst(s *system) mailBurst {
	tickets := b.plan.notices / mailCopies
	sink := s.suite.SMTP
	had := len(sink.Messages())
	before, err := s.used()
	b.must(err)
	began := time.Now()
	work := newTasks(mailClients)
	for range tickets {
		d := b.drafts.next(false, 0)
		work.do(func(int) error {
			t := d.message(s.world)
			for i := range mailCopies {
				t.Ccs = append(t.Ccs, &ticketv1.Person{Email: fmt.Sprintf("copy-%d@partner.example", i)})
			}
			_, err := s.grpc.requester.CreateTicket(b.ctx, &ticketv1.CreateTicketRequest{Ticket: t, RequestId: requestID(d)})
			return err
		})
	}
	b.must(work.wait())
	want := had + tickets*mailCopies
	ctx, cancel := context.WithTimeout(b.ctx, mailLimit)
	defer cancel()
	for len(sink.Messages()) < want {
		if ctx.Err() != nil {
			b.must(fmt.Errorf("%s: %d of %d mails arrived within %s", s.name, len(sink.Messages())-had, want-had, mailLimit))
		}
		pause(ctx, 5*time.Millisecond)
	}
	burst := mailBurst{mails: want - had}
	for _, m := range sink.Messages()[had:] {
		burst.took = max(burst.took, m.At.Sub(began))
	}
	b.must(s.settled(b.ctx))
	after, err := s.used()
	b.must(err)
	burst.cpu = after.minus(before)
	return burst
}

// mailText is the table of mails.
func (r *report) mailText() string {
	t := newTable(fmt.Sprintf("%d mails: tickets created at once by %d clients, each with %d people in CC", r.plan.notices, mailClients, mailCopies),
		onPostgres, onSQLite)
	row := func(name string, of func(mailBurst) float64) {
		cell := func(system string) string {
			values := make([]float64, len(r.mails[system]))
			for i, m := range r.mails[system] {
				values[i] = of(m)
			}
			return digits(median(values))
		}
		t.row(name, cell(onPostgres), cell(onSQLite))
	}
	row("mails in a second, from the first POST to the last mail's arrival (median)", mailBurst.perSecond)
	row("CPU of a mail, ms: suite", func(m mailBurst) float64 { return m.cpu.suite.Seconds() * 1000 / float64(m.mails) })
	row("... database", func(m mailBurst) float64 { return m.cpu.database.Seconds() * 1000 / float64(m.mails) })
	row("... clients and the mail server", func(m mailBurst) float64 { return m.cpu.client.Seconds() * 1000 / float64(m.mails) })
	return t.String() + mailNotes
}

// mailRate is the median over the rounds.
func (r *report) mailRate(system string) float64 {
	var rates []float64
	for _, m := range r.mails[system] {
		rates = append(rates, m.perSecond())
	}
	return median(rates)
}
