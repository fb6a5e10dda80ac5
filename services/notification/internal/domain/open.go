package domain

import (
	"context"

	"altis-dxp.com/support/pkg/fault"
)

// Opening is a reason to page.
type Opening struct {
	ID         string // of the page
	Topic      string
	Ticket     int64
	Occurrence int64
	Incident   Incident
	// EndedBy is the highest sequence known of an event that ended the ticket's urgency.
	EndedBy int64
	// Mailbox is what is known of the emergency mailbox.
	Mailbox MailboxState
	// Recurs says that the ticket may have been urgent before: then people may know of it.
	Recurs bool
	// Fallback pages the fallback list at once, without any step.
	Fallback bool
}

// Open pages people about an incident, all first contacts side by side. It returns the page of the opening, or the open
// page of the topic if that one stays. Opened again, the page stays as it is.
//
// Events arrive in any order. An occurrence that was over before it arrived is recorded and pages nobody. An older
// occurrence's page that is still open is over: the ticket cannot become urgent twice without an end in between.
func (g Pager) Open(ctx context.Context, tx PageTx, o Opening) (*Page, error) {
	now, err := tx.Now(ctx)
	if err != nil {
		return nil, err
	}
	p := &Page{
		ID: o.ID, Topic: o.Topic, Ticket: o.Ticket, Occurrence: o.Occurrence, Incident: o.Incident,
		State: StatePaging, Position: firstPosition, OpenedAt: now, Mailbox: o.Mailbox,
	}
	if o.EndedBy > o.Occurrence {
		return p, g.suppress(ctx, tx, p, o.EndedBy)
	}
	roster, err := tx.Roster(ctx)
	if err != nil {
		return nil, err
	}
	if p.Policy, err = policyNow(ctx, tx, roster, o.Fallback); err != nil {
		return nil, err
	}
	fold := false
	if o.Recurs && g.FlapHold > 0 {
		raised, called, err := tx.Raised(ctx, p.Ticket, p.Occurrence, FlapWindow)
		if err != nil {
			return nil, err
		}
		if raised > 0 {
			p.Incident.Raised, fold = raised+1, called
		}
	}
	if fold && p.Mailbox == MailboxAsking { // the hold is longer
		p.Mailbox = MailboxUnasked
	}
	ok, err := g.begin(ctx, tx, p, fold)
	if err == nil && !ok {
		return g.collide(ctx, tx, p, fold)
	}
	return p, err
}

// begin pages from the page's position on, tells the ticket and inserts the page as it is then: one statement less than to
// insert it first. It reports false, having done nothing, when the page collides with another.
func (g Pager) begin(ctx context.Context, tx PageTx, p *Page, fold bool) (bool, error) {
	before := *p
	var err error
	switch {
	case fold:
		err = g.fold(ctx, tx, p)
	case p.Mailbox == MailboxAsking:
		err = g.ask(ctx, tx, p)
	default:
		err = g.call(ctx, tx, p)
	}
	if err != nil {
		return false, err
	}
	ok, err := tx.InsertPage(ctx, p)
	if err == nil && !ok {
		tx.Discard()
		*p = before
	}
	return ok, err
}

// call pages from the page's position on and tells the ticket.
func (g Pager) call(ctx context.Context, tx PageTx, p *Page) error {
	people, err := g.climb(ctx, tx, p)
	if err != nil {
		return err
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	kind := EventOpened
	if p.State == StateExhausted {
		kind = EventExhausted
	}
	tell(ctx, tx, p, kind, now, people...)
	return nil
}

// collide decides between the opening and what exists already.
func (g Pager) collide(ctx context.Context, tx PageTx, p *Page, fold bool) (*Page, error) {
	open, err := tx.LockOpenPage(ctx, p.Topic)
	if err != nil {
		return nil, err
	}
	now, err := tx.Now(ctx) // the other page may have been waited for
	if err != nil {
		return nil, err
	}
	p.OpenedAt = now
	switch {
	case open == nil: // this very page, resolved since
		return tx.LockPage(ctx, p.ID)
	case open.ID == p.ID, p.Ticket == 0, open.Occurrence >= p.Occurrence:
		tx.Log(open.ID, now, Entry{Kind: EntryPagedAgain, Title: p.Incident.Title()})
		return open, nil
	}
	if err := g.Resolve(ctx, tx, open, Entry{Kind: EntryUrgentAgain, Event: p.Occurrence}); err != nil {
		return nil, err
	}
	// Resolve has written that already, so that the place is free.
	ok, err := g.begin(ctx, tx, p, fold)
	if err == nil && !ok {
		return nil, fault.New(fault.Conflict, "PAGE_CHANGED", "the page changed in the meantime")
	}
	return p, err
}

// suppress records that nobody was paged and why.
func (g Pager) suppress(ctx context.Context, tx PageTx, p *Page, by int64) error {
	p.State, p.SuppressedBy = StateResolved, by
	tell(ctx, tx, p, EventResolved, p.OpenedAt)
	tx.Log(p.ID, p.OpenedAt, Entry{Kind: EntrySuppressed, Event: p.Occurrence, EndedBy: by})
	ok, err := tx.InsertPage(ctx, p)
	if err == nil && !ok {
		tx.Discard()
	}
	return err
}
