package domain

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Type is what kind of help is asked for. The numbers are stored and on the wire.
type Type int64

// The types.
const (
	Incident Type = 1 + iota
	Problem
	Task
	Question
)

var typeNames = []string{"", "incident", "problem", "task", "question"}

// String returns the name that queries use.
func (t Type) String() string { return name(typeNames, int64(t)) }

// Priority orders work: low to urgent.
type Priority int64

// The priorities.
const (
	Low Priority = 1 + iota
	Normal
	High
	Urgent
)

var priorityNames = []string{"", "low", "normal", "high", "urgent"}

// String returns the name that queries use.
func (p Priority) String() string { return name(priorityNames, int64(p)) }

// Status is where a ticket stands.
type Status int64

// The statuses. Those up to OnHold are open work.
const (
	New Status = 1 + iota
	Open
	Pending
	OnHold
	Solved
	Closed
)

var statusNames = []string{"", "new", "open", "pending", "on-hold", "solved", "closed"}

// String returns the name that queries use.
func (s Status) String() string { return name(statusNames, int64(s)) }

// Active reports whether there is still work to do.
func (s Status) Active() bool { return s >= New && s <= OnHold }

// WaitingOn says whose turn it is.
type WaitingOn int64

// Whose turn it may be.
const (
	WaitingOnSupport WaitingOn = 1 + iota
	WaitingOnCustomer
	WaitingOnThirdParty
	WaitingOnNobody
)

// WaitingOn says whose turn it is in a status.
func (s Status) WaitingOn() WaitingOn {
	switch s {
	case Pending:
		return WaitingOnCustomer
	case OnHold:
		return WaitingOnThirdParty
	case Solved, Closed:
		return WaitingOnNobody
	default:
		return WaitingOnSupport
	}
}

// PageState is how far the paging of on-call engineers has come.
type PageState int64

// The states of a page.
const (
	PageNone PageState = 1 + iota
	PagePaging
	PageDelivered
	PageAcknowledged
	PageExhausted
	PageResolved
)

var pageStateNames = []string{"", "none", "paging", "delivered", "acknowledged", "exhausted", "resolved"}

// String returns the name shown in the history.
func (s PageState) String() string { return name(pageStateNames, int64(s)) }

// Person is somebody named on a ticket, as known when it was written down.
type Person struct {
	ID    string `json:"id,omitempty"` // "" for a CC without an account
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Staff bool   `json:"staff,omitempty"`
}

func (p Person) label() string {
	if p.Name != "" {
		return p.Name
	}
	return p.Email
}

// Scope is what a ticket is about: everything, or the targets.
type Scope struct {
	All     bool
	Targets []Target
}

// Target is an application or one environment of it, with the names at the time.
type Target struct {
	Application     string `json:"application"`
	Environment     string `json:"environment,omitempty"` // "" = all of the application
	ApplicationName string `json:"application_name,omitempty"`
	EnvironmentName string `json:"environment_name,omitempty"`
}

// Applications returns the distinct applications of the targets, in order.
func (s Scope) Applications() []string {
	ids := make([]string, 0, len(s.Targets))
	for _, t := range s.Targets {
		if !slices.Contains(ids, t.Application) {
			ids = append(ids, t.Application)
		}
	}
	return ids
}

func (s Scope) text() string {
	if s.All {
		return "all"
	}
	parts := make([]string, len(s.Targets))
	for i, t := range s.Targets {
		parts[i] = t.Application
		if t.Environment != "" {
			parts[i] += "/" + t.Environment
		}
	}
	return strings.Join(parts, ", ")
}

// Page is what a ticket knows of its paging.
type Page struct {
	State      PageState
	ID         string    // newest page; "" until notification told
	Occurrence int64     // sequence of the event that made the ticket urgent
	Sequence   int64     // newest event of the page that was applied
	By         Person    // who acknowledged
	Time       time.Time // when they did
}

// Mark is the newest message of a kind: the sequence of its event and its author's person id.
type Mark struct {
	Sequence int64
	Author   string
}

// Ticket is one request for help with its state.
type Ticket struct {
	Number           int64
	Organization     string
	OrganizationName string
	Plan             string // of the organization; only in tickets read for changing
	Requester        Person
	Type             Type
	Priority         Priority
	PriorityReason   string
	PrioritySet      bool // a person chose the priority: triage leaves it alone
	Status           Status
	Subject          string
	Description      string // only where asked for
	Excerpt          string // first 1,000 characters of the description
	Scope            Scope
	ScopeUnverified  bool
	CCs              []Person
	Assignee         Person
	Team             string
	Tags             []string
	Details          Details
	FirstResponseDue time.Time
	ResolutionDue    time.Time
	FirstResponse    time.Time
	SLAPolicy        string
	TriageSequence   int64 // newest event of triage that was applied
	Page             Page
	FollowUpOf       int64
	MergedInto       int64 // the ticket that this one is a duplicate of, 0 = it is none
	CreateTime       time.Time
	UpdateTime       time.Time // of the newest change that the customer can see
	SolveTime        time.Time
	CloseTime        time.Time
	Sequence         int64 // of the newest event
	Public           Mark
	Newest           Mark
	Unread           bool // the viewer has not read the newest message
	Hidden           Hidden
	HiddenTime       time.Time // since when
}

// ID returns the number as other services name the ticket.
func (t Ticket) ID() string { return strconv.FormatInt(t.Number, 10) }

// ETag names this state of the ticket: every change raises the sequence.
func (t Ticket) ETag() string { return strconv.FormatInt(t.Sequence, 10) }

// Urgent reports whether engineers are needed now: an urgent incident that is
// neither solved nor closed, spam nor deleted.
func (t Ticket) Urgent() bool {
	return t.Type == Incident && t.Priority == Urgent && t.Status.Active() && t.Hidden == Shown
}

// ForMember returns what customers may see of the ticket.
func (t Ticket) ForMember() Ticket {
	if t.Type != Incident {
		t.Priority = 0
	}
	t.PriorityReason, t.SLAPolicy, t.Team, t.Tags, t.Page.ID = "", "", "", nil, ""
	t.Assignee = t.Assignee.forMember()
	t.Page.By = t.Page.By.forMember()
	t.Requester = t.Requester.forMember()
	return t
}

// forMember hides the addresses of staff: customers reach them through the ticket.
func (p Person) forMember() Person {
	if p.Staff {
		p.Email = ""
	}
	return p
}

func (t Ticket) hasCC(email string) bool {
	return slices.ContainsFunc(t.CCs, func(p Person) bool { return strings.EqualFold(p.Email, email) })
}

func name(names []string, i int64) string {
	if i <= 0 || i >= int64(len(names)) {
		return ""
	}
	return names[i]
}

// ParseType returns the type of a name, 0 when there is none. ParsePriority and
// ParseStatus do the same.
func ParseType(s string) Type { return Type(index(typeNames, s)) }

// ParsePriority is described at ParseType.
func ParsePriority(s string) Priority { return Priority(index(priorityNames, s)) }

// ParseStatus is described at ParseType.
func ParseStatus(s string) Status { return Status(index(statusNames, s)) }

func index(names []string, s string) int64 {
	if s == "" {
		return 0
	}
	return int64(max(0, slices.Index(names, s)))
}
