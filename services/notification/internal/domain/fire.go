package domain

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// alert is what begins at a position.
type alert struct {
	called []called
	lines  []string // for the history: what was skipped, who is called
}

type called struct {
	Reach
	why string
}

// climb moves the page to the first position, from p.Position on, that reaches somebody, and pages there: positions
// without anybody are skipped at once. With nothing left it exhausts the page. It changes p without saving it.
func (g Pager) climb(ctx context.Context, tx PageTx, p *Page) (people []Person, err error) {
	now, err := tx.Now(ctx)
	if err != nil {
		return nil, err
	}
	for {
		a, err := g.callees(ctx, tx, p, now)
		if err != nil {
			return nil, err
		}
		tx.Log(p.ID, now, a.lines...)
		if len(a.called) > 0 {
			timeout := p.Policy.timeout(p.Position)
			p.NextStepAt = now.Add(timeout)
			tx.Later(Timer{Page: p.ID, Position: p.Position, Kind: TimerStep, Delay: timeout})
			return g.page(ctx, tx, p, now, a.called)
		}
		next, ok := p.Policy.next(p.Position)
		if !ok {
			return g.exhaust(ctx, tx, p, now)
		}
		p.Position = next
	}
}

// callees returns who is to be paged at the page's position, at this instant.
func (g Pager) callees(ctx context.Context, tx PageTx, p *Page, now time.Time) (alert, error) {
	name := fmt.Sprintf("Step %d of round %d", p.Step, p.Loop)
	var calls []Call
	if p.Policy.isFallback(p.Position) {
		name = "Fallback list"
		for _, id := range p.Policy.Fallback {
			calls = append(calls, Call{Person: id, Why: "on the fallback list"})
		}
	} else {
		roster, err := tx.Roster(ctx)
		if err != nil {
			return alert{}, err
		}
		calls = roster.Resolve(p.Policy.Steps[p.Step-1].Targets, now)
	}
	reach, err := reachable(ctx, tx, calls)
	if err != nil {
		return alert{}, err
	}
	if len(reach) == 0 {
		return alert{lines: []string{name + ": skipped, nobody is on call or within reach"}}, nil
	}
	a := alert{called: reach}
	for _, c := range reach {
		a.lines = append(a.lines, fmt.Sprintf("%s: %s, %s", name, c.Person.Label(), c.why))
	}
	return a, nil
}

// reachable looks up the contacts of the people called. Who is gone, disabled or has no contact counts as nobody.
func reachable(ctx context.Context, tx PageTx, calls []Call) ([]called, error) {
	if len(calls) == 0 {
		return nil, nil
	}
	ids := make([]string, len(calls))
	why := make(map[string]string, len(calls))
	for i, c := range calls {
		ids[i], why[c.Person] = c.Person, c.Why
	}
	reach, err := tx.Reach(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []called
	for _, r := range reach {
		if len(r.Contacts) > 0 {
			out = append(out, called{r, why[r.Person.ID]})
		}
	}
	return out, nil
}

// page sends the first contact of everybody called, side by side.
func (g Pager) page(ctx context.Context, tx PageTx, p *Page, now time.Time, all []called) ([]Person, error) {
	var before []Person
	if p.Position != (Position{Cycle: 1, Loop: 1, Step: 1}) {
		var err error
		if before, err = tx.Paged(ctx, p.ID); err != nil {
			return nil, err
		}
	}
	people := make([]Person, len(all))
	for i, c := range all {
		people[i] = c.Person
	}
	deliveries := make([]Delivery, len(all))
	for i, c := range all {
		var err error
		if deliveries[i], err = g.delivery(ctx, tx, p, now, c.Person, c.Contacts[0], c.why, append(slices.Clone(before), people...)); err != nil {
			return nil, err
		}
	}
	tx.InsertDeliveries(deliveries)
	return people, nil
}

// delivery makes the complete delivery to one contact.
func (g Pager) delivery(ctx context.Context, tx PageTx, p *Page, now time.Time, to Person, by Contact, why string, paged []Person) (Delivery, error) {
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
	staff, err := tx.Staff(ctx)
	if err != nil {
		return nil, err
	}
	var supervisors []called
	for _, r := range staff {
		if r.Supervises && len(r.Contacts) > 0 {
			supervisors = append(supervisors, called{r, "supervisor: nobody acknowledged"})
		}
	}
	line := "Exhausted: nobody acknowledged; the supervisors are told"
	if len(supervisors) == 0 {
		line = "Exhausted: nobody acknowledged, and no supervisor is within reach"
	}
	tx.Log(p.ID, now, line)
	if len(supervisors) == 0 {
		return nil, nil
	}
	return g.page(ctx, tx, p, now, supervisors)
}
