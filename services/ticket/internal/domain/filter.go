package domain

import "time"

// Filter narrows a list: a ticket must match every term.
type Filter struct {
	Terms []Term
}

// Term is one condition of a filter. Its values are alternatives.
type Term struct {
	Key     Key
	Negated bool
	Values  []Value
}

// Key is what a term is about.
type Key string

// The keys of terms.
const (
	KeyIs        Key = "is" // Value.Text is one of the Is constants
	KeyType      Key = "type"
	KeyPriority  Key = "priority"
	KeyApp       Key = "app"
	KeyEnv       Key = "env"
	KeyAssignee  Key = "assignee"
	KeyRequester Key = "requester"
	KeyCC        Key = "cc"
	KeyOrg       Key = "org"
	KeyTag       Key = "tag"
	KeyTeam      Key = "team"
	KeyCreated   Key = "created"
	KeyUpdated   Key = "updated"
	KeyNumber    Key = "number"
	KeyText      Key = "text"    // subject or a message contains the phrase
	KeySubject   Key = "subject" // in:subject
	KeyBody      Key = "body"    // in:body
)

// What KeyIs may say.
const (
	IsOpen       = "open" // neither solved nor closed
	IsClosed     = "closed"
	IsNew        = "new"
	IsPending    = "pending"
	IsOnHold     = "on-hold"
	IsSolved     = "solved"
	IsUnassigned = "unassigned"
	IsBreached   = "breached"
	IsUnread     = "unread"
	IsUrgentPage = "urgent-paged"
	IsSpam       = "spam"    // staff only
	IsDeleted    = "deleted" // supervisors and admins only
)

// Me and None stand for the viewer and for nobody where a person is asked for.
const (
	Me   = "@me"
	None = "none"
)

// Value is one alternative of a term. Which fields count depends on the key.
type Value struct {
	Text     string    // in lower case, except of KeyText, KeySubject and KeyBody
	Min, Max int64     // KeyPriority, KeyNumber: inclusive
	From, To time.Time // KeyCreated, KeyUpdated: From included, To not; zero = no bound
}

// View says whose tickets a list shows.
type View int

// The views.
const (
	ViewAll View = iota // all that the viewer may see
	ViewMine
	ViewCC
)

// Order says how a list is sorted. Equal instants are sorted by number.
type Order struct {
	Created   bool // by creation instead of the newest change
	Due       bool // by what support owes next instead; last come those to which it owes nothing. Only ascending.
	Ascending bool
}

// List asks for a page of tickets.
type List struct {
	Viewer string // person id
	Staff  bool   // what the token says; the directory must agree, or the list is empty
	View   View
	Filter Filter
	Order  Order
	After  *Position // where the page before ended
	Limit  int
}

// Position is a place in a list.
type Position struct {
	Instant time.Time
	Number  int64
}

// Position returns the ticket's place in a list of this order.
func (t Ticket) Position(o Order) Position {
	switch {
	case o.Due:
		return Position{t.NextDue(), t.Number}
	case o.Created:
		return Position{t.CreateTime, t.Number}
	}
	return Position{t.UpdateTime, t.Number}
}

// NextDue is when support owes something next: the first answer or the resolution. Zero when it owes nothing.
func (t Ticket) NextDue() time.Time {
	var next time.Time
	owe := func(due, done time.Time) {
		if !due.IsZero() && done.IsZero() && (next.IsZero() || due.Before(next)) {
			next = due
		}
	}
	if t.Status.Active() {
		owe(t.FirstResponseDue, t.FirstResponse)
		owe(t.ResolutionDue, t.SolveTime)
	}
	return next
}
