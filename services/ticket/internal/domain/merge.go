package domain

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// Merge says that a ticket is a duplicate of another.
type Merge struct {
	Number int64 // of the duplicate
	Into   int64
	ETag   string // of the duplicate
}

// Merge closes a duplicate, and returns it. The other ticket gets as CCs those of the
// duplicate's requester and CCs who are present members of the organization: strangers
// were told of the one conversation, not of the other. What is answered to the
// duplicate goes to the other from then on. An urgent duplicate makes the other an
// urgent incident, so that nobody is left unpaged. Faults: Denied for members, Invalid
// SAME_TICKET and TOO_MANY, NotFound, Conflict, and Precondition OTHER_ORGANIZATION,
// ALREADY_MERGED, INTO_MERGED, HAS_DUPLICATES, TICKET_CLOSED, TICKET_HIDDEN, INTO_CLOSED
// and INTO_HIDDEN.
func (d *Desk) Merge(ctx context.Context, caller Caller, m Merge, request Request) (Ticket, error) {
	if m.Number == m.Into {
		return Ticket{}, fault.InvalidField("into", "SAME_TICKET", "is the ticket itself")
	}
	var merged Ticket
	used, err := d.once(ctx, request, func() error {
		known, err := d.Store.Ticket(ctx, caller.ID, m.Number)
		if err != nil {
			return err
		}
		ask := askToMerge(known)
		actor, facts, err := d.staff(ctx, caller, ask)
		if err != nil {
			return err
		}
		return d.Store.Update(ctx, known.Urgent(), func(ctx context.Context, tx Tx) error {
			source, into, err := pair(ctx, tx, actor.ID, m)
			if err != nil {
				return err
			}
			if err := checkETag(source, m.ETag); err != nil {
				return err
			}
			if !reflect.DeepEqual(askToMerge(source), ask) { // what is known is of others than those who follow it now
				return checkETag(source, known.ETag())
			}
			if err := mergeable(ctx, tx, source, into); err != nil {
				return err
			}
			changes, err := d.mergeChanges(actor, facts, source, into)
			if err != nil {
				return err
			}
			changes[0].Request = request.orNil()
			for _, c := range changes {
				if err := tx.Save(ctx, c); err != nil {
					return err
				}
			}
			merged = changes[0].After
			return nil
		})
	})
	if err == nil && used != nil {
		return d.Store.Ticket(ctx, caller.ID, used.Number)
	}
	return merged, err
}

// askToMerge is what must be known of a duplicate's people.
func askToMerge(t Ticket) Ask {
	ask := Ask{People: []string{t.Requester.ID}, Urgent: t.Urgent()}
	for _, p := range t.CCs {
		ask.People, ask.Emails = append(ask.People, p.ID), append(ask.Emails, p.Email)
	}
	ask.Emails = lower(ask.Emails)
	return ask
}

// pair reads both tickets, always in the same order: merges there and back must not
// wait for each other.
func pair(ctx context.Context, tx Tx, viewer string, m Merge) (source, into Ticket, err error) {
	first, second := min(m.Number, m.Into), max(m.Number, m.Into)
	a, err := tx.Ticket(ctx, viewer, first)
	if err != nil {
		return source, into, err
	}
	b, err := tx.Ticket(ctx, viewer, second)
	if first == m.Number {
		return a, b, err
	}
	return b, a, err
}

// mergeable refuses what cannot be merged.
func mergeable(ctx context.Context, tx Tx, source, into Ticket) error {
	refuse := func(reason, format string, args ...any) *fault.Error {
		return fault.Newf(fault.Precondition, reason, format, args...)
	}
	if source.MergedInto != 0 {
		return refuse("ALREADY_MERGED", "#%d was merged into #%d already", source.Number, source.MergedInto).
			With("ticket", number(source.MergedInto))
	}
	if into.MergedInto != 0 {
		return refuse("INTO_MERGED", "#%d was merged into #%d: merge into that one", into.Number, into.MergedInto).
			With("ticket", number(into.MergedInto))
	}
	if err := checkOpen(source); err != nil {
		return err
	}
	switch {
	case into.Hidden != Shown:
		return refuse("INTO_HIDDEN", "#%d was marked as spam or deleted: restore it first", into.Number)
	case into.Status == Closed:
		return refuse("INTO_CLOSED", "#%d is closed: choose a ticket that is not", into.Number)
	case source.Organization != into.Organization:
		return refuse("OTHER_ORGANIZATION", "#%d is another organization's", into.Number)
	case source.Organization == Unassigned:
		return refuse("UNASSIGNED", "nobody knows whether both are of the same customer: give them to a requester first")
	}
	duplicate, err := tx.MergedInto(ctx, source.Number)
	if err == nil && duplicate != 0 {
		err = refuse("HAS_DUPLICATES", "#%d was merged into #%d: merge the other way round", duplicate, source.Number).
			With("ticket", number(duplicate))
	}
	return err
}

// mergeChanges returns the change of the duplicate, and those of the other ticket.
func (d *Desk) mergeChanges(actor Actor, facts Facts, source, into Ticket) ([]Change, error) {
	after := source
	after.Status, after.MergedInto = Closed, into.Number
	if after.SolveTime.IsZero() {
		after.SolveTime = d.Now().UTC().Truncate(time.Microsecond)
	}
	if source.Page.Open() {
		after.Page.State = PageResolved
	}
	closed := d.change(actor, EventMergedInto, source, after)
	closed.Event.Other = into.Number
	closed.Followers = facts.followers(source)

	goesOn, rest := into, []detailField(nil)
	f := &faults{}
	goesOn.CCs = f.ccs(facts, into, into.CCs, addressesOf(closed.Followers), "into")
	if source.Urgent() {
		goesOn, rest = raised(source, goesOn)
		f.content(goesOn)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	c := d.change(actor, EventMergedFrom, into, goesOn)
	c.Event.Other = source.Number
	c.AddedCCs = goesOn.CCs[len(into.CCs):]
	c.Source, c.SourcePage = &closed.After, source.Page
	changes := []Change{closed, c}
	for _, body := range keptNotes(into.Type, goesOn.Type, rest) {
		at := changes[len(changes)-1].After
		note := d.change(actor, EventNoteAdded, at, at)
		d.say(&note, body, true)
		changes = append(changes, note)
	}
	return changes, nil
}

// raised returns the other ticket of an urgent duplicate as an urgent incident, and
// what has no place there. One whose page nobody has answered needs the duplicate's.
func raised(source, into Ticket) (after Ticket, rest []detailField) {
	after = into
	if !into.Urgent() || into.Page.State == PageExhausted {
		after.Page = takenOver(source.Page, into.Sequence+1)
	}
	if into.Urgent() {
		return after, nil
	}
	if into.Type != Incident {
		after.Type = Incident
		after.Details, rest = into.Details.as(Incident)
	}
	after.Priority, after.PriorityReason, after.PrioritySet = Urgent, "", true
	if !into.Status.Active() {
		after.Status = Open
	}
	return after, rest
}

// takenOver is the page of a duplicate as that of the other ticket, from an event of
// that on. News of it counts from its beginning.
func takenOver(p Page, occurrence int64) Page {
	p.Occurrence, p.Sequence = occurrence, 0
	if !p.Open() {
		return Page{State: PagePaging, Occurrence: occurrence}
	}
	return p
}

// Open reports that the page is not over.
func (p Page) Open() bool { return p.State >= PagePaging && p.State <= PageExhausted }

// followers are those of a ticket's people who are present members of its organization.
func (f Facts) followers(t Ticket) []Person {
	var list []Person
	for _, p := range append([]Person{t.Requester}, t.CCs...) {
		m, ok := f.person(p.ID)
		if p.ID == "" {
			m, ok = f.memberByEmail(t.Organization, p.Email)
		}
		if ok && !m.Gone && !m.Staff && m.Organization == t.Organization &&
			!slices.ContainsFunc(list, func(other Person) bool { return other.ID == m.ID }) {
			list = append(list, m.Person)
		}
	}
	return list
}

func addressesOf(people []Person) []string {
	list := make([]string, len(people))
	for i, p := range people {
		list[i] = p.Email
	}
	return list
}

// goesOn returns the ticket that a duplicate was merged into, for what is answered to it.
// The ticket itself is returned if it is none, or if the other is gone, or hidden from
// the viewer or from everybody: then it is answered as any that is closed.
func goesOn(ctx context.Context, tx Tx, viewer string, t Ticket) (Ticket, error) {
	if t.MergedInto == 0 {
		return t, nil
	}
	other, err := tx.Ticket(ctx, viewer, t.MergedInto)
	if errors.Is(err, fault.NotFound) || err == nil && other.Hidden != Shown {
		return t, nil
	}
	return other, err
}
