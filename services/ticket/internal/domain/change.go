package domain

import (
	"strconv"
	"strings"
	"time"
)

// EventKind is what happened to a ticket. The numbers are stored and on the wire.
type EventKind int64

// The kinds of history entries.
const (
	EventCreated EventKind = 1 + iota
	EventReplied
	EventNoteAdded
	EventStatusChanged
	EventPriorityChanged
	EventAssigneeChanged
	EventCCsChanged
	EventFieldsChanged
	EventPageChanged
	EventTriaged
	EventRequesterChanged
	EventTypeChanged
	EventMessageRedacted
	EventMarkedSpam // the next three only for staff, but watchers must hear that the ticket came or went
	EventDeleted
	EventRestored
	EventMergedInto // Other closed this ticket, being what it is a duplicate of
	EventMergedFrom // Other, a duplicate, was merged into this ticket
	EventFieldRedacted
)

// StaffOnly reports whether customers do not find such an entry.
func (k EventKind) StaffOnly() bool { return k >= EventMarkedSpam && k <= EventRestored }

// Event is one entry of a ticket's history, which is never changed, but that what was
// redacted is gone from it.
type Event struct {
	Number   int64
	Sequence int64
	Kind     EventKind
	Actor    Person
	Service  string // that acted, when no person did, or that brought a person's mail
	Time     time.Time
	Changes  []FieldChange
	Summary  string // plain sentence, may be ""
	Message  string // id of the message that it added
	Other    int64  // the other ticket of a merge, 0 = the reader may not see it, or there is none
	Internal bool   // only for staff
	Graced   bool   // the actor's token had expired while identity was away
}

// ID identifies the event for other services, however often it is told.
func (e Event) ID() string {
	return strconv.FormatInt(e.Number, 10) + "-" + strconv.FormatInt(e.Sequence, 10)
}

// FieldChange is a change of one field as text.
type FieldChange struct {
	Field string `json:"field"`
	Old   string `json:"old,omitempty"`
	New   string `json:"new,omitempty"`
}

// ForMember returns what customers may see of the event.
func (e Event) ForMember() Event {
	e.Actor = e.Actor.forMember()
	e.Changes = publicChanges(e.Changes)
	e.Graced = false
	return e
}

// Message is one entry of the conversation.
type Message struct {
	ID       string
	Number   int64
	Sequence int64 // of the event that added it
	Note     bool  // only for staff
	Author   Person
	Body     string // Markdown
	Time     time.Time

	RedactTime  time.Time // when text of it was last redacted
	Attachments []Attachment
	Quoted      string // Markdown; what the mail that it came by quotes
}

// ForMember returns what customers may see of the message.
func (m Message) ForMember() Message {
	m.Author = m.Author.forMember()
	return m
}

// Change is everything that one step writes, in one transaction. A change without
// an Event.Kind only brings stored values up to date: nobody hears of it.
type Change struct {
	Before  Ticket // zero for a new ticket
	After   Ticket
	Event   Event
	Actor   Actor
	Message *Message
	// Of a change of CCs, with the conversation that those added have missed.
	AddedCCs, RemovedCCs []Person
	Conversation         []Message
	Redacted             *Message // an earlier message without what was redacted
	Field                *RedactedField
	Unquote              bool // what mails have quoted since of Redacted goes
	SecondPath           *SecondPath
	Followers            []Person       // of a duplicate: who is told where it goes on
	Source               *Ticket        // the duplicate that was merged into the ticket
	SourcePage           Page           // its page before
	CallsIn              *time.Duration // until engineers are called, of news that moves that
	Request              *Request       // that this change answers, nil without an id
	Mail                 *Mail          // that was made this change, nil if none was
	MailReply            string         // id of the mail that brought the message, "" = none did
	Uploader             string         // whose the message's files were, "" = the author's
	EmergencyPage        string         // of the emergency mailbox, that calls the engineers because of this change; "" = none does
}

// BecameUrgent reports that engineers must be paged. The event's sequence is the occurrence.
// It may have been urgent before: an urgent duplicate was merged, and nobody had answered.
func (c Change) BecameUrgent() bool {
	return c.After.Urgent() && (!c.Before.Urgent() || c.Source != nil && c.After.Page.Occurrence == c.After.Sequence)
}

// EndedUrgency reports that paging must stop.
func (c Change) EndedUrgency() bool { return c.Before.Urgent() && !c.After.Urgent() }

// IsNew reports whether the change makes a ticket.
func (c Change) IsNew() bool { return c.Before.Number == 0 }

// change completes a step from before to after: sequence, instants, page state and the history entry.
func (d *Desk) change(actor Actor, kind EventKind, before, after Ticket) Change {
	now := d.Now().UTC().Truncate(time.Microsecond) // what the database can hold
	after.Sequence = before.Sequence + 1
	switch {
	case after.Status == Solved && before.Status != Solved:
		after.SolveTime = now
	case after.Status == Closed && before.Status != Closed:
		after.CloseTime = now
	case after.Status.Active():
		after.SolveTime = time.Time{}
	}
	if !before.Urgent() && after.Urgent() && after.Page.Occurrence != after.Sequence { // else it is a duplicate's
		after.Page = Page{State: PagePaging, Occurrence: after.Sequence}
	}
	e := Event{
		Number: after.Number, Sequence: after.Sequence, Kind: kind,
		Actor: actor.Person, Service: actor.Service, Graced: actor.Graced, Time: now,
	}
	if before.Number == 0 {
		after.CreateTime = now
	} else {
		e.Changes = diff(before, after)
	}
	switch kind {
	case EventNoteAdded:
		e.Internal = true
	case EventPriorityChanged, EventAssigneeChanged, EventFieldsChanged, EventTriaged:
		e.Internal = len(publicChanges(e.Changes)) == 0
	}
	if !e.Internal && !kind.StaffOnly() {
		after.UpdateTime = now // internal work must not move a ticket about in the customer's list
	}
	return Change{Before: before, After: after, Event: e, Actor: actor}
}

// say adds a message to a change.
func (d *Desk) say(c *Change, body string, note bool) {
	m := Message{
		ID: d.NewID(), Number: c.After.Number, Sequence: c.After.Sequence, Note: note,
		Author: c.Actor.Person, Body: body, Time: c.Event.Time,
	}
	c.Message = &m
	c.Event.Message = m.ID
	c.After.Newest = Mark{m.Sequence, m.Author.ID}
	c.After.Unread = false // to who wrote it
	if !note {
		c.After.Public = c.After.Newest
	}
	if c.IsNew() {
		c.After.Description = body
		c.After.Excerpt = firstRunes(body, excerptLength)
	}
}

const excerptLength = 1000

func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// maxHistoryValue keeps the history readable, and a page of it small: a trace has up
// to 65,536 characters.
const maxHistoryValue = 200

func excerpt(s string) string {
	if cut := firstRunes(s, maxHistoryValue); cut != s {
		return firstRunes(s, maxHistoryValue-1) + "…"
	}
	return s
}

// diff lists the fields that differ, as text.
func diff(a, b Ticket) []FieldChange {
	var changes []FieldChange
	add := func(field, before, after string) {
		if before != after {
			changes = append(changes, FieldChange{Field: field, Old: excerpt(before), New: excerpt(after)})
		}
	}
	add("hidden", a.Hidden.String(), b.Hidden.String())
	add("type", a.Type.String(), b.Type.String())
	add("status", a.Status.String(), b.Status.String())
	// Customers see priority on incidents only, so other types record it as another field.
	add(priorityField(a.Type, b.Type), a.Priority.String(), b.Priority.String())
	add("priority_reason", a.PriorityReason, b.PriorityReason)
	add(prioritySet, yes(a.PrioritySet), yes(b.PrioritySet))
	add("subject", a.Subject, b.Subject)
	if a.Organization != b.Organization {
		add("organization", a.OrganizationName, b.OrganizationName)
	}
	if a.Requester.ID != b.Requester.ID {
		add("requester", a.Requester.label(), b.Requester.label())
	}
	add("scope", a.Scope.text(), b.Scope.text())
	add(scopeUnverified, yes(a.ScopeUnverified), yes(b.ScopeUnverified))
	if a.Assignee.ID != b.Assignee.ID {
		add("assignee", a.Assignee.label(), b.Assignee.label())
	}
	add("team", a.Team, b.Team)
	add("tags", strings.Join(a.Tags, ", "), strings.Join(b.Tags, ", "))
	add("ccs", emails(a.CCs), emails(b.CCs))
	before, after := a.Details.fields(), b.Details.fields()
	for i := range before {
		add(before[i].name, before[i].value, after[i].value)
	}
	add("first_response_due_time", instant(a.FirstResponseDue), instant(b.FirstResponseDue))
	add("resolution_due_time", instant(a.ResolutionDue), instant(b.ResolutionDue))
	add("sla_policy", a.SLAPolicy, b.SLAPolicy)
	add("page", a.Page.State.String(), b.Page.State.String())
	return changes
}

// Fields that only staff see in the history.
const (
	internalPriority = "internal_priority"
	prioritySet      = "priority_set"
	scopeUnverified  = "scope_unverified"
	redactionReason  = "redaction_reason"
)

// priorityField names the priority by the types before and after.
func priorityField(before, after Type) string {
	if before == Incident && after == Incident {
		return "priority"
	}
	return internalPriority
}

// publicChanges leaves out the fields that ForMember hides.
func publicChanges(changes []FieldChange) []FieldChange {
	var public []FieldChange
	for _, c := range changes {
		switch c.Field {
		case "organization", internalPriority, prioritySet, scopeUnverified, redactionReason, "priority_reason", "team", "tags", "sla_policy":
		default:
			public = append(public, c)
		}
	}
	return public
}

func emails(people []Person) string {
	list := make([]string, len(people))
	for i, p := range people {
		list[i] = p.Email
	}
	return strings.Join(list, ", ")
}
