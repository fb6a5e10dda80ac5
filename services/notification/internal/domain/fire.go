package domain

import (
	"context"
	"slices"
	"time"
)

// climb moves the page to the first position, from p.Position on, that reaches somebody, and pages there: positions
// without anybody are skipped at once. With nothing left it exhausts the page. It changes p without saving it.
func (g Pager) climb(ctx context.Context, tx PageTx, p *Page) (people []Person, err error) {
	now, err := tx.Now(ctx)
	if err != nil {
		return nil, err
	}
	roster, err := tx.Roster(ctx)
	if err != nil {
		return nil, err
	}
	p.Step = max(p.Step, firstPosition.Step) // of a page about which nobody was called
	a, err := seek(ctx, tx, roster, p.Policy, p.Position, now)
	if err != nil {
		return nil, err
	}
	p.Position = a.at
	tx.Log(p.ID, now, a.log...)
	if len(a.called) == 0 && p.Policy.Endless {
		if a.called, err = responders(ctx, tx); err != nil {
			return nil, err
		}
	} else if len(a.called) == 0 {
		return g.exhaust(ctx, tx, p, now)
	}
	timeout := p.Policy.timeout(p.Position)
	p.NextStepAt = now.Add(timeout)
	tx.Later(Timer{Page: p.ID, Position: p.Position, Kind: TimerStep, Delay: timeout})
	return g.page(ctx, tx, p, now, a.called)
}

// page sends to the first contact of everybody called, side by side, and to others when their rules say so.
func (g Pager) page(ctx context.Context, tx PageTx, p *Page, now time.Time, all []called) ([]Person, error) {
	var before []Person
	if p.Position != firstPosition {
		var err error
		if before, err = tx.Paged(ctx, p.ID); err != nil {
			return nil, err
		}
	}
	people := make([]Person, len(all))
	for i, c := range all {
		people[i] = c.Person
	}
	var deliveries []Delivery
	for _, c := range all {
		chain := c.Chain(p.Incident.loud())
		for i, after := range chain.After {
			if after > 0 {
				tx.Later(Timer{
					Page: p.ID, Position: p.Position, Kind: TimerContact, Delay: after,
					Contact: ContactTimer{Person: c.Person.ID, Contact: chain.Contacts[i].ID, Why: c.why},
				})
				continue
			}
			d, err := g.delivery(ctx, tx, p, now, c.Person, chain.Contacts[i], c.why, append(slices.Clone(before), people...))
			if err != nil {
				return nil, err
			}
			deliveries = append(deliveries, d)
		}
	}
	tx.InsertDeliveries(deliveries)
	return people, nil
}

// delivery makes the complete delivery to one contact.
func (g Pager) delivery(ctx context.Context, tx PageTx, p *Page, now time.Time, to Person, by Contact, why Why, paged []Person) (Delivery, error) {
	key, err := tx.AckKey(ctx)
	if err != nil {
		return Delivery{}, err
	}
	d := Delivery{
		ID: DeliveryID(p.ID, p.Position, to.ID, by.ID), Page: p.ID, Position: p.Position,
		Person: to, Contact: by, Why: why, State: DeliveryQueued, CreatedAt: now,
	}
	n := Notice{
		Delivery: d.ID, Page: p, Position: p.Position, Person: to, Why: why, NextStepAt: p.NextStepAt, SentAt: now,
		AckURL: g.AckURL(key, AckClaim{Page: p.ID, Person: to.ID, Cycle: p.Cycle, Expires: now.Add(ackLifetime)}),
	}
	if p.Ticket != 0 {
		n.TicketURL = g.TicketURL(p.Ticket)
	}
	for _, other := range paged {
		if other.ID != to.ID && !slices.Contains(n.Others, other) {
			n.Others = append(n.Others, other)
		}
	}
	d.Body, err = g.Render(n)
	return d, err
}

// exhaust ends the climb: the ticket and the supervisors hear that nobody acknowledged.
func (g Pager) exhaust(ctx context.Context, tx PageTx, p *Page, now time.Time) ([]Person, error) {
	p.State, p.NextStepAt = StateExhausted, time.Time{}
	p.Step = len(p.Policy.Steps) + 2
	told, err := lastCalls(ctx, tx, p.Policy)
	if err != nil {
		return nil, err
	}
	if len(told) == 0 {
		g.unheard(ctx, tx, p, now)
		return nil, nil
	}
	tx.Log(p.ID, now, Entry{Kind: EntryExhausted})
	return g.page(ctx, tx, p, now, told)
}

// lastResort goes on when everybody who was called at the end refused for good: by every contact that is left of the
// supervisors and of the fallback list, all of them at once, as nothing comes after them.
func (g Pager) lastResort(ctx context.Context, tx PageTx, p *Page, now time.Time) error {
	at := len(p.Policy.Steps) + 3
	if p.Step >= at {
		g.alarm(ctx, p)
		return nil
	}
	g.unheard(ctx, tx, p, now)
	left, err := leftOver(ctx, tx, p)
	if err != nil {
		return err
	}
	p.Step = at
	if _, err := g.page(ctx, tx, p, now, left); err != nil {
		return err
	}
	return tx.SavePage(ctx, p)
}

// unheard says that there is no supervisor to be told that nobody acknowledged.
func (g Pager) unheard(ctx context.Context, tx PageTx, p *Page, now time.Time) {
	tx.Log(p.ID, now, Entry{Kind: EntryUnheard})
	g.alarm(ctx, p)
}

func (g Pager) alarm(ctx context.Context, p *Page) {
	if g.Unheard != nil {
		g.Unheard(ctx, p.ID)
	}
}
