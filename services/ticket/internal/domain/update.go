package domain

import (
	"context"
	"slices"

	"altis-dxp.com/support/pkg/fault"
)

// Update names new values for some fields of a ticket.
type Update struct {
	Number  int64
	ETag    string
	Fields  []string                  // of UpdateFields
	Values  Ticket                    // new values of Fields, except of details
	Details func(old Details) Details // new details, when Fields names one of the types; may run again
}

// UpdateFields are what can be changed; what is true, by members too.
var UpdateFields = map[string]bool{
	"priority": true, "status": false, "subject": false, "scope": false, "tags": false,
	"incident": true, "problem": false, "task": false,
}

// Update changes fields and validates the whole. Members may change the priority
// of their open incidents, and what the engineers need to know of them: raising one
// to urgent pages. Faults: Invalid, Denied for fields that are staff's, NotFound,
// Conflict, Precondition TICKET_CLOSED.
func (d *Desk) Update(ctx context.Context, caller Caller, u Update) (Ticket, error) {
	urgent := slices.Contains(u.Fields, "priority") && u.Values.Priority == Urgent
	ask := Ask{Urgent: urgent}
	if slices.Contains(u.Fields, "scope") {
		ask.askScope(u.Values.Scope)
	}
	actor, facts, err := d.who(ctx, caller, ask)
	if err != nil {
		return Ticket{}, err
	}
	if err := u.allowed(actor); err != nil {
		return Ticket{}, err
	}
	return d.edit(ctx, actor, u.Number, u.ETag, urgent, func(_ context.Context, _ Tx, t Ticket) ([]Change, error) {
		if err := checkOpen(t); err != nil {
			return nil, err
		}
		return d.update(actor, facts, t, u)
	})
}

func (u Update) allowed(actor Actor) error {
	for _, field := range u.Fields {
		members, known := UpdateFields[field]
		if !known {
			return fault.InvalidField("update_mask", "UNKNOWN_FIELD", field+" cannot be changed")
		}
		if !members && !actor.Staff {
			return fault.Newf(fault.Denied, "STAFF_ONLY", "only staff change %s", field)
		}
	}
	if slices.Contains(u.Fields, "status") {
		return chosen(actor, "ticket.status", u.Values.Status)
	}
	return nil
}

// update returns one change per kind of history entry, each starting where the
// one before ended.
func (d *Desk) update(actor Actor, facts Facts, before Ticket, u Update) ([]Change, error) {
	want, err := d.merge(actor, facts, before, u)
	if err != nil {
		return nil, err
	}
	var changes []Change
	at := before
	step := func(kind EventKind, set func(*Ticket)) {
		after := at
		set(&after)
		if len(diff(at, after)) > 0 {
			c := d.change(actor, kind, at, after)
			changes, at = append(changes, c), c.After
		}
	}
	step(EventFieldsChanged, func(t *Ticket) {
		t.Subject, t.Tags, t.Details = want.Subject, want.Tags, want.Details
		t.Scope, t.ScopeUnverified = want.Scope, want.ScopeUnverified
	})
	step(EventPriorityChanged, func(t *Ticket) {
		t.Priority, t.PriorityReason, t.PrioritySet = want.Priority, want.PriorityReason, want.PrioritySet
	})
	step(EventStatusChanged, func(t *Ticket) { t.Status = want.Status })
	return changes, nil
}

func (d *Desk) merge(actor Actor, facts Facts, t Ticket, u Update) (Ticket, error) {
	f := &faults{}
	v := u.Values
	if !actor.Staff && !t.Status.Active() {
		return t, fault.New(fault.Precondition, "TICKET_SOLVED", "reopen the incident first")
	}
	for _, field := range u.Fields {
		switch field {
		case "priority":
			if !actor.Staff && t.Type != Incident {
				f.add("ticket.priority", "INCIDENTS_ONLY", "choose a priority for incidents only")
			}
			t.Priority, t.PriorityReason, t.PrioritySet = v.Priority, "", true // the present one is chosen as well
		case "status":
			t.Status = v.Status
		case "subject":
			t.Subject = v.Subject
		case "tags":
			t.Tags = sortedTags(v.Tags)
		case "scope":
			t.Scope = v.Scope
			t.Scope, t.ScopeUnverified = f.scope(d, facts, actor, t)
		case "incident", "problem", "task":
			t.Details = u.Details(t.Details)
		}
	}
	f.content(t)
	return t, f.err()
}
