package domain

import (
	"context"
	"slices"
)

// ContactDue sends a page to another contact of somebody who was called at a position, because their rules say so and nobody
// has acknowledged. That the page has moved on changes nothing: whoever is called has all of their chain. One that was sent
// to already, as another failed, is not sent to again.
func (g Pager) ContactDue(ctx context.Context, tx PageTx, page string, at Position, due ContactTimer) (*Page, error) {
	p, err := tx.LockPage(ctx, page)
	if err != nil || !p.State.Waiting() || p.Cycle != at.Cycle {
		return p, err
	}
	tried, err := tx.Tried(ctx, p.ID, at, due.Person)
	if err != nil || slices.Contains(tried, due.Contact) {
		return p, err
	}
	reach, err := tx.Reach(ctx, []string{due.Person})
	if err != nil || len(reach) == 0 {
		return p, err
	}
	chain := reach[0].Chain(p.Incident.loud())
	i := slices.IndexFunc(chain.Contacts, func(c Contact) bool { return c.ID == due.Contact })
	if i < 0 { // it was deleted
		return p, nil
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return nil, err
	}
	paged, err := tx.Paged(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	then := *p
	then.Position = at
	d, err := g.delivery(ctx, tx, &then, now, reach[0].Person, chain.Contacts[i], due.Why, paged)
	if err != nil {
		return nil, err
	}
	entry := Entry{Kind: EntryCalled, Person: d.Person.Label(), Channel: d.Contact.Channel, Why: due.Why}
	if !p.Policy.isFallback(at) {
		entry.Step, entry.Loop = at.Step, at.Loop
	}
	tx.Log(p.ID, now, entry)
	tx.InsertDeliveries([]Delivery{d})
	return p, nil
}
