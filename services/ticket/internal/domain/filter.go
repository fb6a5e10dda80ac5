package domain

import "time"

// Filter narrows a list: a ticket must match every term.
type Filter struct {
	Terms []Term
	Sort  Sort // how the list is to be sorted, if the filter says so
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
	KeySLA       Key = "sla" // Value.Text is IsBreached or one of the comparisons <, <=, > and >=
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
	Min, Max int64     // KeyPriority, KeyNumber: inclusive. KeySLA: Min is the seconds from now until what is owed next.
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
