package domain

import (
	"cmp"
	"context"
	"errors"
)

// Merging is that a ticket was merged into another, being a duplicate of it.
type Merging struct {
	From, Into int64
	Sequence   int64 // of the other ticket's event: its page is of that occurrence
	Over       bool  // the other's urgency has ended since
	Raised     bool  // the other became urgent by it: its page of before is over, or nobody answered that
	By         Person
}

// before reports that a page of the other ticket is none of the urgency that the merge began: the news that it is over may
// come yet.
func (m Merging) before(p *Page) bool { return m.Raised && p.Occurrence < m.Sequence }

// Merge leaves one open page of those that two tickets have: the stronger one is the other ticket's from now on, with all
// that came of it, so that nobody is called again and an acknowledgement stays what it is. It returns nil if there is none.
// An older page of a ticket that became urgent by the merge gives way, whatever its state.
func (g Pager) Merge(ctx context.Context, tx PageTx, m Merging) (*Page, error) {
	open, err := tx.LockOpenPages(ctx, []string{TicketTopic(m.From), TicketTopic(m.Into)})
	from, into := open[TicketTopic(m.From)], open[TicketTopic(m.Into)]
	if err != nil || from == nil {
		return into, err
	}
	because := Entry{Kind: EntryMergedInto, Ticket: m.Into, Person: m.By.Label()}
	switch {
	case m.Over:
		return into, g.Resolve(ctx, tx, from, because)
	case into != nil && (into.Occurrence > m.Sequence || !m.before(into) && into.strength() >= from.strength()):
		from.MergedInto, from.MergedCycle = into.ID, into.Cycle
		if err := g.Resolve(ctx, tx, from, because); err != nil {
			return nil, err
		}
		return into, tx.PlacePage(ctx, from)
	case into != nil:
		// The ticket hears of the page that goes on only: that paging has ended would end its watch over it.
		into.MergedInto, into.MergedCycle = from.ID, from.Cycle
		if _, err := g.end(ctx, tx, into, Entry{Kind: EntryMergedFrom, Ticket: m.From, Person: m.By.Label()}); err != nil {
			return nil, err
		}
		if err := errors.Join(tx.PlacePage(ctx, into), tx.SavePage(ctx, into)); err != nil {
			return nil, err
		}
	}
	return from, g.place(ctx, tx, from, m, because)
}

// place makes a page that of the other ticket, and tells it.
func (g Pager) place(ctx context.Context, tx PageTx, p *Page, m Merging, because Entry) error {
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	p.Topic, p.Ticket, p.Occurrence = TicketTopic(m.Into), m.Into, m.Sequence
	tx.Log(p.ID, now, because)
	if p.State == StateAcknowledged {
		tell(ctx, tx, p, EventMerged, p.AcknowledgedAt, p.AcknowledgedBy)
	} else {
		tell(ctx, tx, p, EventMerged, now)
	}
	if err := tx.PlacePage(ctx, p); err != nil {
		return err
	}
	return tx.SavePage(ctx, p)
}

// strength orders open pages by how well somebody is at work: a page that nobody answered calls nobody any more, and one
// that is folded nobody yet.
func (p *Page) strength() int {
	switch {
	case p.State == StateAcknowledged:
		return 4
	case p.State == StateDelivered:
		return 3
	case p.State == StatePaging && !p.folded():
		return 2
	case p.State == StatePaging:
		return 1
	}
	return 0
}

// lockGoingOn is LockPage for the page that goes on if this one's ticket was merged.
func lockGoingOn(ctx context.Context, tx PageTx, page string) (*Page, error) {
	for {
		// Looked for before it is locked: a page that is over is left to others, who may lock it after the one that goes on.
		goingOn, err := tx.GoingOn(ctx, []string{page})
		if err != nil {
			return nil, err
		}
		p, err := tx.LockPage(ctx, cmp.Or(goingOn[page], page))
		if err != nil || p.MergedInto == "" { // else it was merged while its lock was waited for
			return p, err
		}
		page = p.MergedInto
	}
}

// lockGoingOnAs is lockGoingOn for a cycle of the page, which it returns as that of the page that goes on.
func lockGoingOnAs(ctx context.Context, tx PageTx, page string, cycle int) (*Page, int, error) {
	last, err := lockGoingOn(ctx, tx, page)
	if err != nil {
		return nil, 0, err
	}
	for page != last.ID {
		p, err := tx.LockPage(ctx, page)
		if err != nil {
			return nil, 0, err
		}
		page, cycle = p.MergedInto, p.GoesOnAs(cycle)
	}
	return last, cycle, nil
}
