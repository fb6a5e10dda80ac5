package domain

import (
	"context"
	"time"
)

// PageTx is what paging needs of a transaction. Every write is part of it; tasks and events leave after its commit.
// Deliveries, log entries, timers and events are collected and written at its end: its own reads do not see them.
type PageTx interface {
	// Now is the database's clock, the same until another page is locked: then it is the clock after that was waited for.
	Now(ctx context.Context) (time.Time, error)
	// Roster returns the configuration, which is read only.
	Roster(ctx context.Context) (*Roster, error)
	Roll

	// LockPage returns the page, which nobody else changes until the end of the transaction. NotFound.
	LockPage(ctx context.Context, id string) (*Page, error)
	// LockPages is LockPage for several, by their ids; those that are not there are left out. Whoever locks several does so by
	// one call, in the order of their ids: nobody waits for somebody who waits for them.
	LockPages(ctx context.Context, ids []string) (map[string]*Page, error)
	// LockOpenPage is LockPage for the open page of a topic, nil when there is none.
	LockOpenPage(ctx context.Context, topic string) (*Page, error)
	// LockOpenPages is LockPages for the open pages of topics, by these.
	LockOpenPages(ctx context.Context, topics []string) (map[string]*Page, error)
	// GoingOn returns, without a lock, which page goes on for each of several: itself unless its ticket was merged. Those that are
	// not there are left out.
	GoingOn(ctx context.Context, pages []string) (map[string]string, error)
	// Raised returns how many occurrences of a ticket before this one have begun a page within the window, and whether a provider
	// took a page of one of them within it.
	Raised(ctx context.Context, ticket, occurrence int64, window time.Duration) (raised int, called bool, err error)
	// InsertPage reports false, having done nothing, when the id exists or the topic has an open page.
	InsertPage(ctx context.Context, p *Page) (bool, error)
	// Discard forgets what was collected so far.
	Discard()
	// SavePage and SavePages write all that may change of a page.
	SavePage(ctx context.Context, p *Page) error
	SavePages(ctx context.Context, pages []*Page) error
	// PlacePage writes whose page it is, and which page goes on instead of it.
	PlacePage(ctx context.Context, p *Page) error

	// InsertDeliveries adds deliveries and the tasks that send them. One whose id exists stays as it is: its task finds what
	// became of it.
	InsertDeliveries(deliveries []Delivery)
	// ImportDeliveries adds what came of deliveries that another store has made for the page. One whose id exists stays as it
	// is.
	ImportDeliveries(page string, deliveries []Delivery)
	// Deliveries returns those of a page, oldest first.
	Deliveries(ctx context.Context, page string) ([]Delivery, error)
	// Delivery returns a delivery. NotFound.
	Delivery(ctx context.Context, id string) (Delivery, error)
	// DeliveriesByID is Delivery for several, by their ids; those that are not there are left out.
	DeliveriesByID(ctx context.Context, ids []string) (map[string]Delivery, error)
	// SaveDelivery writes state, attempts, answer and instant of acceptance.
	SaveDelivery(ctx context.Context, d Delivery) error
	SaveDeliveries(ctx context.Context, deliveries []Delivery) error
	// PassOn notes that the person's next contact is started because of this delivery. It reports false when that was noted
	// before.
	PassOn(ctx context.Context, delivery string) (bool, error)
	// CancelDeliveries ends those of the page that are queued, with their tasks.
	CancelDeliveries(ctx context.Context, page string) error
	// AskLater has the provider asked whether a delivery arrived, unless it was asked often enough.
	AskLater(r Receipt)
	// CloseAlerts has the providers that keep an alert of their own told that the page is acknowledged, or over: of every
	// delivery of the page that may have reached one.
	CloseAlerts(ctx context.Context, page string, over bool) error
	// Tried returns to which of a person's contacts the page was sent at a position.
	Tried(ctx context.Context, page string, at Position, person string) ([]string, error)
	// Paged returns whom the page has been sent to, in that order.
	Paged(ctx context.Context, page string) ([]Person, error)
	// Alive counts the deliveries of a position that are queued or accepted.
	Alive(ctx context.Context, page string, at Position) (int, error)

	// Log appends to the page's history.
	Log(page string, at time.Time, entries ...Entry)
	// AckKey returns the key that signs new acknowledgement links.
	AckKey(ctx context.Context) (AckKey, error)
	// Tell sends an event to the ticket service.
	Tell(ctx context.Context, e PageEvent)
	// DrillDue runs Pager.DrillDue after a delay.
	DrillDue(drill string, delay time.Duration)
	// Later runs StepDue, ContactDue or AcknowledgeTimedOut after a delay; CancelTimers forgets those of a page.
	Later(t Timer)
	CancelTimers(ctx context.Context, page string) error
}

// AckKey signs acknowledgement links.
type AckKey struct {
	ID     int // 1..255
	Secret []byte
}

// AckClaim is what a link proves: this person may acknowledge this cycle of this page.
type AckClaim struct {
	Page    string
	Person  string
	Cycle   int
	Expires time.Time
}

// Timer is a change of a page that is due later.
type Timer struct {
	Page     string
	Position Position
	Kind     TimerKind
	Delay    time.Duration
	Contact  ContactTimer // of TimerContact
}

// ContactTimer is whom to send a page to, and why.
type ContactTimer struct {
	Person  string `json:"person,omitempty"`
	Contact string `json:"contact,omitempty"`
	Why     Why    `json:"why,omitzero"`
}

// TimerKind says what is due.
type TimerKind string

// The timers.
const (
	TimerStep        TimerKind = "step"         // nobody acknowledged in time
	TimerContact     TimerKind = "contact"      // a person's rules name another contact for now
	TimerAcknowledge TimerKind = "acknowledged" // an acknowledgement may have been forgotten
)

// EventKind is what the ticket service is told.
type EventKind int

// The kinds of events, with the numbers of the contract.
const (
	EventOpened EventKind = iota + 1
	EventDelivered
	EventAcknowledged
	EventEscalated
	EventExhausted
	EventResolved
	EventReopened
	EventFolded
	EventMerged
	EventUndelivered
)

// PageEvent is a change of a page as told to the ticket service.
type PageEvent struct {
	Page   Page // as it is after the change
	Kind   EventKind
	People []Person // who acknowledged, or who is paged now
	At     time.Time
}

// Hold is how long it is until people are called about a page that is folded, 0 for other news.
func (e PageEvent) Hold() time.Duration {
	if e.Kind != EventFolded && (e.Kind != EventMerged || e.Page.State != StatePaging || !e.Page.folded()) {
		return 0
	}
	return e.Page.NextStepAt.Sub(e.At)
}

// ackLifetime bounds how long a link works: longer than an incident, short for a leaked mail.
const ackLifetime = 7 * 24 * time.Hour

// Pager changes pages. Its methods run inside a transaction of the caller and may run again with another one.
type Pager struct {
	// Render encodes a notice as the body of its deliveries.
	Render func(Notice) (string, error)
	// RenderBundle encodes the notice of a bundle as its body.
	RenderBundle func(BundleNotice) (string, error)
	// PagesURL is the list of open pages in the dashboard.
	PagesURL string
	// FlapHold is how long an incident that people know of must last before they are called again; 0 = they are called at once.
	FlapHold time.Duration
	// AckURL returns the link with which a person acknowledges.
	AckURL func(AckKey, AckClaim) string
	// Unheard is told when nobody is left to call about a page; nil = nobody listens. It may be told more than once.
	Unheard func(ctx context.Context, page string)
	// TicketURL returns the link of a ticket in the dashboard.
	TicketURL func(number int64) string
}

// tell counts the event, which orders the events of a page, and sends it. Pages without a ticket interest nobody else.
func tell(ctx context.Context, tx PageTx, p *Page, kind EventKind, at time.Time, people ...Person) {
	if p.Ticket == 0 {
		return
	}
	p.Events++
	tx.Tell(ctx, PageEvent{Page: *p, Kind: kind, People: people, At: at})
}
