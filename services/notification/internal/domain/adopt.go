package domain

import (
	"context"
	"errors"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// MailboxState is what a page knows of the emergency mailbox, which may have paged about the same incident.
type MailboxState string

// The states.
const (
	MailboxUnasked MailboxState = ""       // nothing hints at a page there
	MailboxAsking  MailboxState = "asking" // it is being asked: nobody is called until it has answered, or askingHold has passed
	MailboxAsked   MailboxState = "asked"  // it had none, or did not answer
	MailboxTaken   MailboxState = "taken"  // its page was taken over, and it sends nothing more
)

// askingHold is how long a page waits for the mailbox, which answers sooner or not at all.
const askingHold = 5 * time.Second

// ask begins a page without calling anybody: the emergency mailbox, which may have called them, is asked first.
func (g Pager) ask(ctx context.Context, tx PageTx, p *Page) error {
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	p.Step, p.NextStepAt = 0, now.Add(askingHold)
	tx.Later(Timer{Page: p.ID, Position: p.Position, Kind: TimerStep, Delay: askingHold})
	return nil
}

// LogEntry is one entry of a page's history.
type LogEntry struct {
	At time.Time
	Entry
}

// Held is a page of the emergency mailbox, as it was when it was handed over.
type Held struct {
	Position       Position
	Acknowledged   bool
	AcknowledgedBy Person
	AcknowledgedAt time.Time
	Deliveries     []Delivery // oldest first
	Log            []LogEntry
}

// reached reports whether a provider has taken a delivery to the person.
func (h Held) reached(person string) bool {
	return slices.ContainsFunc(h.Deliveries, func(d Delivery) bool { return d.State == DeliveryAccepted && d.Person.ID == person })
}

func (h Held) delivered() bool {
	return slices.ContainsFunc(h.Deliveries, func(d Delivery) bool { return d.State == DeliveryAccepted })
}

// left returns who of those called was not reached, without the contacts that refused for good.
func (h Held) left(all []called) (left []called) {
	for _, c := range all {
		if h.reached(c.Person.ID) {
			continue
		}
		c.Contacts = slices.DeleteFunc(slices.Clone(c.Contacts), func(contact Contact) bool {
			return slices.ContainsFunc(h.Deliveries, func(d Delivery) bool { return d.State == DeliveryFailed && d.Contact.ID == contact.ID })
		})
		if len(c.Contacts) > 0 {
			left = append(left, c)
		}
	}
	return left
}

// outcomes are the deliveries that are over. What was on its way is sent again under the same id.
func (h Held) outcomes() []Delivery {
	return slices.DeleteFunc(slices.Clone(h.Deliveries), func(d Delivery) bool {
		return d.State != DeliveryAccepted && d.State != DeliveryFailed
	})
}

// began returns when the mailbox began with its last position, zero if nobody was called there.
func (h Held) began() (at time.Time) {
	for _, d := range h.Deliveries {
		if d.Position == h.Position && d.CreatedAt.After(at) {
			at = d.CreatedAt
		}
	}
	return at
}

// adopted returns the position that stands for one of the mailbox, whose policy has the same steps, perhaps one more for
// the fallback list, and repeats the last one without end.
func (p Policy) adopted(at Position) Position {
	step, loop := max(at.Step, 1), min(max(at.Loop, 1), max(p.Loops, 1))
	if step > len(p.Steps) {
		return Position{Cycle: 1, Loop: max(p.Loops, 1), Step: len(p.Steps) + 1}
	}
	return Position{Cycle: 1, Loop: loop, Step: step}
}

// errUnsent keeps a page with both sides: whoever reaches somebody first has it.
var errUnsent = fault.New(fault.Precondition, "PAGE_UNSENT", "nobody was reached yet")

// Adopt is Open for an incident that the emergency mailbox has paged about. Paging goes on from where it was there: who was
// reached is not called again before the next step, and an acknowledgement stays what it is. A page that exists takes over
// what it does not know, once.
func (g Pager) Adopt(ctx context.Context, tx PageTx, o Opening, h Held) (*Page, error) {
	p, err := lockGoingOn(ctx, tx, o.ID)
	switch {
	case errors.Is(err, fault.NotFound):
		return g.adoptNew(ctx, tx, o, h)
	case err != nil || p.Mailbox == MailboxTaken:
		return p, err
	}
	return p, g.join(ctx, tx, p, h)
}

// Unheld is Open for an incident that the mailbox has no page of, or does not answer about. A page that exists remembers
// that it was asked.
func (g Pager) Unheld(ctx context.Context, tx PageTx, o Opening) (*Page, error) {
	p, err := tx.LockPage(ctx, o.ID)
	switch {
	case errors.Is(err, fault.NotFound):
		o.Mailbox = MailboxAsked
		return g.Open(ctx, tx, o)
	case err != nil || p.Mailbox == MailboxAsked || p.Mailbox == MailboxTaken:
		return p, err
	}
	waits := p.Mailbox == MailboxAsking && p.State == StatePaging && p.folded()
	p.Mailbox = MailboxAsked
	if waits {
		if err := g.call(ctx, tx, p); err != nil {
			return nil, err
		}
	}
	return p, tx.SavePage(ctx, p)
}

func (g Pager) adoptNew(ctx context.Context, tx PageTx, o Opening, h Held) (*Page, error) {
	now, err := tx.Now(ctx)
	if err != nil {
		return nil, err
	}
	p := &Page{
		ID: o.ID, Topic: o.Topic, Ticket: o.Ticket, Occurrence: o.Occurrence, Incident: o.Incident, State: StatePaging, Position: firstPosition,
		OpenedAt: now, Mailbox: MailboxTaken,
	}
	if o.EndedBy > o.Occurrence {
		g.remember(tx, p, h, now)
		return p, g.suppress(ctx, tx, p, o.EndedBy)
	}
	open, err := tx.LockOpenPage(ctx, p.Topic)
	if err == nil {
		now, err = tx.Now(ctx) // it may have been waited for
	}
	p.OpenedAt = now
	switch {
	case err != nil:
		return nil, err
	case open != nil && open.Occurrence >= p.Occurrence:
		tx.Log(open.ID, now, Entry{Kind: EntryPagedAgain, Title: p.Incident.Title()})
		return open, nil
	case open != nil:
		if err := g.Resolve(ctx, tx, open, Entry{Kind: EntryUrgentAgain, Event: p.Occurrence}); err != nil {
			return nil, err
		}
	}
	roster, err := tx.Roster(ctx)
	if err != nil {
		return nil, err
	}
	if p.Policy, err = policyNow(ctx, tx, roster, false); err != nil {
		return nil, err
	}
	p.Position = p.Policy.adopted(h.Position)
	g.remember(tx, p, h, now)
	if err := g.goOn(ctx, tx, p, roster, h, now); err != nil {
		return nil, err
	}
	ok, err := tx.InsertPage(ctx, p)
	if err == nil && !ok {
		err = fault.New(fault.Conflict, "PAGE_CHANGED", "the page changed in the meantime")
	}
	if err != nil {
		return nil, err
	}
	return p, tx.SavePage(ctx, p) // an acknowledgement is nothing that pages are inserted with
}

// remember writes down what the mailbox has done.
func (g Pager) remember(tx PageTx, p *Page, h Held, now time.Time) {
	for _, entry := range h.Log {
		tx.Log(p.ID, entry.At, entry.Entry)
	}
	tx.Log(p.ID, now, Entry{Kind: EntryTakenOver})
	tx.ImportDeliveries(p.ID, h.outcomes())
}

// goOn brings a new page to where it was at the mailbox, and tells the ticket.
func (g Pager) goOn(ctx context.Context, tx PageTx, p *Page, roster *Roster, h Held, now time.Time) error {
	if h.Acknowledged {
		tell(ctx, tx, p, EventOpened, now)
		g.own(ctx, tx, p, h.AcknowledgedBy, h.AcknowledgedAt, now)
		return nil
	}
	from := p.Position
	a, err := seek(ctx, tx, roster, p.Policy, from, now)
	if err != nil {
		return err
	}
	p.Position = a.at
	if len(a.called) == 0 {
		tx.Log(p.ID, now, a.log...)
		people, err := g.exhaust(ctx, tx, p, now)
		if err == nil {
			tell(ctx, tx, p, EventExhausted, now, people...)
		}
		return err
	}
	left := h.left(a.called)
	wait := p.Policy.timeout(p.Position)
	if began := h.began(); len(left) == 0 && p.Position == from && !began.IsZero() {
		wait = min(max(began.Add(wait).Sub(now), 0), wait)
	}
	p.NextStepAt = now.Add(wait)
	tx.Later(Timer{Page: p.ID, Position: p.Position, Kind: TimerStep, Delay: wait})
	tx.Log(p.ID, now, slices.DeleteFunc(a.log, func(e Entry) bool {
		return e.Kind == EntryCalled && !slices.ContainsFunc(left, func(c called) bool { return c.Person.Label() == e.Person })
	})...)
	people, err := g.page(ctx, tx, p, now, left)
	if err != nil {
		return err
	}
	tell(ctx, tx, p, EventOpened, now, people...)
	if h.delivered() {
		p.State = StateDelivered
		tell(ctx, tx, p, EventDelivered, now)
	}
	return nil
}

// join brings what the mailbox did to a page that exists.
func (g Pager) join(ctx context.Context, tx PageTx, p *Page, h Held) error {
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	asking := p.Mailbox == MailboxAsking && p.folded()
	p.Mailbox = MailboxTaken
	g.remember(tx, p, h, now)
	known, err := tx.Deliveries(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, d := range known {
		if d.State != DeliveryQueued || !h.reached(d.Person.ID) {
			continue
		}
		d.State = DeliveryCancelled
		if i := slices.IndexFunc(h.Deliveries, func(other Delivery) bool { return other.ID == d.ID }); i >= 0 && h.Deliveries[i].State == DeliveryAccepted {
			d.State, d.Attempts, d.LastAnswer, d.AcceptedAt = DeliveryAccepted, h.Deliveries[i].Attempts, h.Deliveries[i].LastAnswer, h.Deliveries[i].AcceptedAt
		}
		if err := tx.SaveDelivery(ctx, d); err != nil {
			return err
		}
	}
	switch {
	case !p.State.Waiting() || p.Cycle != firstPosition.Cycle: // it has come further than the mailbox
	case h.Acknowledged:
		if asking { // the ticket does not know of the page
			tell(ctx, tx, p, EventOpened, now)
		}
		if err := g.silence(ctx, tx, p); err != nil {
			return err
		}
		if err := tx.CloseAlerts(ctx, p.ID, false); err != nil {
			return err
		}
		g.own(ctx, tx, p, h.AcknowledgedBy, h.AcknowledgedAt, now)
	case p.folded(): // the mailbox was the first to call
		roster, err := tx.Roster(ctx)
		if err != nil {
			return err
		}
		p.Position = p.Policy.adopted(h.Position)
		if err := g.goOn(ctx, tx, p, roster, h, now); err != nil {
			return err
		}
	case p.State == StatePaging && h.delivered():
		p.State = StateDelivered
		tell(ctx, tx, p, EventDelivered, now)
	}
	return tx.SavePage(ctx, p)
}

// HandOver ends the paging of a page of the emergency mailbox, which notification does from now on. An acknowledgement by a
// link is taken afterwards as well. Called again it does nothing. A page that has reached nobody stays (Precondition), unless
// notification has reached somebody: it may be down again a moment later, or reach no provider.
func (g Pager) HandOver(ctx context.Context, tx PageTx, page string, reached bool) (*Page, error) {
	p, err := tx.LockPage(ctx, page)
	if err != nil || !p.State.Waiting() {
		return p, err
	}
	deliveries, err := tx.Deliveries(ctx, page)
	if err != nil {
		return nil, err
	}
	if !reached && !(Held{Deliveries: deliveries}).delivered() {
		return nil, errUnsent
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return nil, err
	}
	p.State, p.NextStepAt = StateHandedOver, time.Time{}
	if err := g.silence(ctx, tx, p); err != nil {
		return nil, err
	}
	tx.Log(p.ID, now, Entry{Kind: EntryTakenOver})
	return p, tx.SavePage(ctx, p)
}
