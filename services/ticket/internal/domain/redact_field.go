package domain

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

const subjectField = "subject"

// FieldRedaction takes text out of a field of a ticket for good.
type FieldRedaction struct {
	Number int64
	Field  string   // as the history names it
	Reason string   // for the history; staff read it
	Texts  []string // what goes, wherever it stands; without any, all of the field goes
}

// RedactedField is what a change redacts of a field.
type RedactedField struct {
	Name    string
	Value   string  // what it says now; Redacted if the ticket has it no more
	History []Event // earlier entries, without what the field said
}

// RedactField replaces text of a field by Redacted, wherever this service and others
// have it. What the field said before is gone from the history, whichever texts go:
// an entry may have the beginning of a secret only. With the subject goes the file of
// the mail that made the ticket, whose head has it. A call-back number goes as a whole.
// It works on closed tickets too. Faults: Denied for members, Invalid with the fields
// (FIELD_NOT_REDACTABLE, TEXT_NOT_FOUND, TOO_LONG, REASON_REPEATS_TEXT), NotFound.
func (d *Desk) RedactField(ctx context.Context, caller Caller, r FieldRedaction) (Ticket, error) {
	if err := r.check(); err != nil {
		return Ticket{}, err
	}
	actor, _, err := d.staff(ctx, caller, Ask{})
	if err != nil {
		return Ticket{}, err
	}
	var now Ticket
	err = d.Store.Update(ctx, false, func(ctx context.Context, tx Tx) error {
		before, err := tx.Ticket(ctx, actor.ID, r.Number)
		if err != nil {
			return err
		}
		now = before
		history, err := tx.History(ctx, r.Number, r.Field)
		if err != nil {
			return err
		}
		after, err := r.apply(before, history)
		if err != nil {
			return err
		}
		rest := withoutField(history, r.Field)
		if len(rest) == 0 && after.field(r.Field) == before.field(r.Field) {
			return nil
		}
		c := d.fieldRedaction(actor, before, after, r, rest)
		now = c.After
		if err := d.unquoteOthers(ctx, tx, actor, r.Number, r.Reason); err != nil {
			return err
		}
		if err := tx.Save(ctx, c); err != nil || r.Field != subjectField {
			return err
		}
		now, err = d.redactMail(ctx, tx, actor, c.After, Message{Sequence: 1}, Redaction{Number: r.Number, Reason: r.Reason})
		return err
	})
	if err != nil {
		return Ticket{}, err
	}
	return now, nil
}

func (d *Desk) fieldRedaction(actor Actor, before, after Ticket, r FieldRedaction, history []Event) Change {
	c := d.change(actor, EventFieldRedacted, before, after)
	c.Event.Summary = "Text of a field was redacted"
	c.Event.Changes = []FieldChange{{Field: r.Field, New: Redacted}, {Field: redactionReason, New: strings.TrimSpace(r.Reason)}}
	c.Field = &RedactedField{Name: r.Field, Value: after.field(r.Field), History: history}
	if c.Field.Value == "" {
		c.Field.Value = Redacted
	}
	return c
}

func (r FieldRedaction) check() error {
	f := &faults{}
	f.redaction(r.Reason, r.Texts)
	if !redactable(r.Field) {
		f.add("field", "FIELD_NOT_REDACTABLE", "must be the subject or a field of text of a type")
	}
	return f.err()
}

// redactable reports that a field holds what people wrote. A time zone is one of a list.
func redactable(name string) bool {
	return name == subjectField || name != "task.time_zone" && slices.ContainsFunc(Details{}.fields(), func(f detailField) bool {
		return f.name == name && f.limit > 0
	})
}

// apply returns the ticket without what goes.
func (r FieldRedaction) apply(t Ticket, history []Event) (Ticket, error) {
	f := &faults{}
	value := t.field(r.Field)
	for i, text := range r.Texts {
		if !strings.Contains(value, text) && !said(history, r.Field, text) {
			f.add(fmt.Sprintf("texts[%d]", i), "TEXT_NOT_FOUND", "is in no value of the field")
		}
	}
	rest := without(value, r.Texts)
	if value != "" && (len(r.Texts) == 0 || rest != value && r.Field == "incident.callback_number") {
		rest = Redacted
	}
	if limit := limitOf(r.Field); utf8.RuneCountInString(rest) > limit {
		f.add("texts", "TOO_LONG", fmt.Sprintf("the field would have more than %d characters: redact the whole of it", limit))
	}
	return t.withField(r.Field, rest), f.err()
}

// said reports that the history has a text in a value of the field.
func said(history []Event, field, text string) bool {
	return slices.ContainsFunc(history, func(e Event) bool {
		return slices.ContainsFunc(e.Changes, func(c FieldChange) bool {
			return c.Field == field && (strings.Contains(c.Old, text) || strings.Contains(c.New, text))
		})
	})
}

// withoutField returns the entries that change when the values of a field go.
func withoutField(history []Event, field string) (changed []Event) {
	gone := func(value string) string {
		if value == "" {
			return ""
		}
		return Redacted
	}
	for _, e := range history {
		changes := slices.Clone(e.Changes)
		for i, c := range changes {
			if c.Field == field {
				changes[i].Old, changes[i].New = gone(c.Old), gone(c.New)
			}
		}
		if !slices.Equal(changes, e.Changes) {
			e.Changes = changes
			changed = append(changed, e)
		}
	}
	return changed
}

func limitOf(field string) int {
	for _, f := range (Details{}).fields() {
		if f.name == field {
			return f.limit
		}
	}
	return MaxSubject
}

// field returns what the ticket says in a field that is redactable, "" if it has none.
func (t Ticket) field(name string) string {
	if name == subjectField {
		return t.Subject
	}
	if p := t.Details.text(name); p != nil {
		return *p
	}
	return ""
}

// withField returns the ticket with another value of a field that it has.
func (t Ticket) withField(name, value string) Ticket {
	if name == subjectField {
		t.Subject = value
		return t
	}
	t.Details = t.Details.clone()
	if p := t.Details.text(name); p != nil {
		*p = value
	}
	return t
}

func (d Details) clone() Details {
	if d.Incident != nil {
		i := *d.Incident
		d.Incident = &i
	}
	if d.Problem != nil {
		p := *d.Problem
		d.Problem = &p
	}
	if d.Task != nil {
		t := *d.Task
		d.Task = &t
	}
	return d
}

// text returns where a field of text is, nil if these details have no such field.
func (d Details) text(name string) *string {
	var texts map[string]*string
	switch {
	case d.Incident != nil:
		texts = map[string]*string{"incident.impact": &d.Incident.Impact, "incident.callback_number": &d.Incident.Callback}
	case d.Problem != nil:
		p := d.Problem
		texts = map[string]*string{
			"problem.expected": &p.Expected, "problem.actual": &p.Actual, "problem.steps": &p.Steps,
			"problem.reduced_test_case": &p.ReducedTestCase, "problem.environments": &p.Environments, "problem.traces": &p.Traces,
		}
	case d.Task != nil:
		texts = map[string]*string{"task.requirements": &d.Task.Requirements}
	}
	return texts[name]
}
