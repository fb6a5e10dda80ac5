package domain

import (
	"fmt"
	"strconv"
	"time"
)

// State is how far a page has come.
type State string

// The states. All but StateResolved are open: a ticket has at most one open page.
const (
	StatePaging       State = "paging"
	StateDelivered    State = "delivered" // a provider took at least one delivery of this cycle
	StateAcknowledged State = "acknowledged"
	StateExhausted    State = "exhausted" // every step, loop and the fallback list were used
	StateResolved     State = "resolved"
	StateHandedOver   State = "handed_over" // of the emergency mailbox: notification has it
)

// Waiting reports whether somebody is still to acknowledge.
func (s State) Waiting() bool {
	return s == StatePaging || s == StateDelivered || s == StateExhausted
}

// Position is where a page stands in its policy. Each part counts from 1.
type Position struct {
	Cycle int // rises when an acknowledgement no longer holds, so that the same step may page again
	Loop  int // the round through the steps
	Step  int // 0: nobody was called yet; len(Policy.Steps)+1 is the fallback list, one more are the supervisors, then whoever is left
}

// firstPosition is where a page begins.
var firstPosition = Position{Cycle: 1, Loop: 1, Step: 1}

// next returns the position after p; false when nothing is left.
func (p Policy) next(at Position) (Position, bool) {
	switch {
	case at.Step < len(p.Steps):
		at.Step++
	case p.Endless:
		at.Loop++
	case at.Step == len(p.Steps) && at.Loop < p.Loops:
		at.Loop, at.Step = at.Loop+1, 1
	case at.Step == len(p.Steps):
		at.Step++
	default:
		return at, false
	}
	return at, true
}

// isFallback reports whether the position is the fallback list's.
func (p Policy) isFallback(at Position) bool { return at.Step == len(p.Steps)+1 }

// again reports whether the position that follows is the same step once more.
func (p Policy) again(at Position) bool { return p.Endless && at.Step == len(p.Steps) }

// timeout returns how long a position waits for an acknowledgement. The fallback list has the last step's.
func (p Policy) timeout(at Position) time.Duration {
	if len(p.Steps) == 0 {
		return defaultTimeout
	}
	return p.Steps[min(at.Step, len(p.Steps))-1].Timeout
}

// Incident is what a page is about, as it was when paging began.
type Incident struct {
	Organization     string    `json:"organization,omitempty"`
	OrganizationName string    `json:"organization_name,omitempty"`
	Subject          string    `json:"subject"`
	Scope            []string  `json:"scope,omitempty"` // "shop/production"; empty = all applications
	Verified         bool      `json:"verified"`        // the scope was checked against the organization's
	Requester        Person    `json:"requester"`
	Callback         string    `json:"callback,omitempty"`
	Since            time.Time `json:"since,omitzero"`
	Impact           string    `json:"impact,omitempty"`
	Excerpt          string    `json:"excerpt,omitempty"` // first 1,000 characters
	Urgent           bool      `json:"urgent"`            // false: opened by hand for a ticket that is not
	Reason           string    `json:"reason,omitempty"`  // why it was opened by hand, or what went wrong inside
	Raised           int       `json:"raised,omitempty"`  // how often it was urgent within FlapWindow, if more than once
	Drill            bool      `json:"drill,omitempty"`   // there is no incident
}

// loud reports that people are reached by the contacts that they chose for what is urgent: a drill tries those.
func (i Incident) loud() bool { return i.Urgent || i.Drill }

// Title is the page in one line: "[Urgent] shop/production: checkout returns 502".
func (i Incident) Title() string {
	title := "[Page] "
	switch {
	case i.Drill:
		title = "[Drill] "
	case i.Urgent:
		title = "[Urgent] "
	}
	switch len(i.Scope) {
	case 0:
	case 1:
		title += i.Scope[0] + ": "
	default:
		title += i.Scope[0] + " and " + strconv.Itoa(len(i.Scope)-1) + " more: "
	}
	title += i.Subject
	if i.Raised > 1 {
		title += fmt.Sprintf(" (urgent %d times within %s)", i.Raised, windowText(FlapWindow))
	}
	return title
}

// Page is one paging of people about an incident.
type Page struct {
	ID         string
	Topic      string // what only one open page may be about: "ticket:1042", or something inside the suite
	Ticket     int64  // 0 for a page about the suite itself
	Occurrence int64  // sequence of the ticket event that made it urgent
	Incident   Incident
	Policy     Policy // as it was at the opening: later changes are for later pages
	State      State
	Position

	AcknowledgedBy Person
	AcknowledgedAt time.Time
	OpenedAt       time.Time
	NextStepAt     time.Time // zero = no step is to come
	SnoozedUntil   time.Time // an acknowledged page begins again then; zero = it is not snoozed
	ReopenedAt     time.Time // when its cycle began, zero for the first one
	Answered       bool      // staff wrote to the customer: an acknowledgement no longer times out
	SuppressedBy   int64     // sequence of the ticket event because of which nobody was paged; 0 = somebody was
	Events         int64     // how many events were told of it
	Mailbox        MailboxState
	MergedInto     string // the page that goes on, as the tickets were merged; "" = there is none
	MergedCycle    int    // the cycle of that page then
}

// GoesOnAs returns the cycle of the page that goes on for one of a page whose ticket was merged: what of the one counted at
// the merge counts for the other until that pages again. 0, which no page has, for a cycle that was over by then.
func (p *Page) GoesOnAs(cycle int) int {
	if cycle != p.Cycle {
		return 0
	}
	return p.MergedCycle
}

// TicketTopic is the topic of pages about a ticket.
func TicketTopic(number int64) string { return "ticket:" + strconv.FormatInt(number, 10) }

// PageID is the id of the page of an occurrence.
func PageID(ticket, occurrence int64) string {
	return Hash("page", strconv.FormatInt(ticket, 10), strconv.FormatInt(occurrence, 10))
}

// DeliveryState is what became of one delivery.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryQueued    DeliveryState = "queued"
	DeliveryAccepted  DeliveryState = "accepted"
	DeliveryFailed    DeliveryState = "failed" // not tried again
	DeliveryCancelled DeliveryState = "cancelled"
)

// Delivery is a page on its way to one contact of one person.
type Delivery struct {
	ID   string // the webhook-id: the same for every attempt
	Page string
	Position
	Person     Person
	Contact    Contact
	Why        Why    // why this person
	Body       string // what is sent, complete
	State      DeliveryState
	Attempts   int
	LastAnswer Answer
	CreatedAt  time.Time
	AcceptedAt time.Time
	Bundle     string // the message by which it goes together with others; "" = it goes alone
}

// DeliveryID is the id of a delivery.
func DeliveryID(page string, at Position, person, contact string) string {
	return Hash("delivery", page, strconv.Itoa(at.Cycle), strconv.Itoa(at.Loop), strconv.Itoa(at.Step), person, contact)
}

// Notice is all that a delivery tells.
type Notice struct {
	Delivery   string
	Page       *Page
	Position   Position
	Person     Person
	Why        Why
	Others     []Person  // who else was paged so far
	NextStepAt time.Time // zero = nobody else will be
	SentAt     time.Time
	AckURL     string
	TicketURL  string // "" without a ticket
}
