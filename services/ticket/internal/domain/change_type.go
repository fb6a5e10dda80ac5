package domain

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"altis-dxp.com/support/pkg/fault"
)

// NewType says what kind of help a ticket asks for after all.
type NewType struct {
	Number   int64
	Type     Type
	Priority Priority // 0 = Normal for what becomes an incident, else as it is, but never Urgent
	ETag     string
}

// ChangeType makes a ticket one of another type. What the new type has a field for
// moves there, the rest of the old type's part into an internal note. What was an
// urgent incident pages no more. Faults: Denied for members, Invalid, NotFound,
// Conflict, Precondition TICKET_CLOSED.
func (d *Desk) ChangeType(ctx context.Context, caller Caller, n NewType) (Ticket, error) {
	urgent := n.Priority == Urgent
	actor, _, err := d.staff(ctx, caller, Ask{Urgent: urgent})
	if err != nil {
		return Ticket{}, err
	}
	return d.edit(ctx, actor, n.Number, n.ETag, urgent, func(_ context.Context, _ Tx, t Ticket) ([]Change, error) {
		if err := checkOpen(t); err != nil {
			return nil, err
		}
		if t.Type == n.Type {
			if n.Priority != 0 && n.Priority != t.Priority {
				return nil, fault.InvalidField("type", "TYPE_UNCHANGED", "is the ticket's type already: change the priority alone")
			}
			return nil, nil
		}
		return d.changeType(actor, t, n)
	})
}

func (d *Desk) changeType(actor Actor, t Ticket, n NewType) ([]Change, error) {
	after, rest := t, []detailField(nil)
	after.Type = n.Type
	after.Details, rest = t.Details.as(n.Type)
	switch {
	case n.Priority != 0:
		after.Priority, after.PriorityReason, after.PrioritySet = n.Priority, "", true
	case n.Type == Incident:
		after.Priority, after.PriorityReason, after.PrioritySet = Normal, "", false
	case t.Priority == Urgent:
		after.Priority = High
	}
	f := &faults{}
	f.content(after)
	if err := f.err(); err != nil {
		return nil, err
	}
	changes := []Change{d.change(actor, EventTypeChanged, t, after)}
	for _, body := range keptNotes(t.Type, n.Type, rest) {
		at := changes[len(changes)-1].After
		c := d.change(actor, EventNoteAdded, at, at)
		d.say(&c, body, true)
		changes = append(changes, c)
	}
	return changes, nil
}

// as returns the part of another type, made of what both types have, and the
// fields that have no place there.
func (d Details) as(t Type) (Details, []detailField) {
	var to Details
	moved := ""
	switch {
	case t == Problem && d.Incident != nil && d.Incident.Impact != "":
		to.Problem, moved = &ProblemDetails{Actual: d.Incident.Impact}, "incident.impact"
	case t == Incident && d.Problem != nil && d.Problem.Actual != "" && utf8.RuneCountInString(d.Problem.Actual) <= maxImpact:
		to.Incident, moved = &IncidentDetails{Impact: d.Problem.Actual}, "problem.actual"
	}
	rest := slices.DeleteFunc(d.fields(), func(f detailField) bool { return f.value == "" || f.name == moved })
	return to, rest
}

// keptNotes returns notes that hold the fields, as many as it takes.
func keptNotes(from, to Type, rest []detailField) []string {
	if len(rest) == 0 {
		return nil
	}
	text := "Kept from the " + from.String() + " when it became a " + to.String() + ":"
	if to == Incident {
		text = "Kept from the " + from.String() + " when it became an incident:"
	}
	for _, f := range rest {
		text += "\n\n**" + fieldTitles[f.name] + "**: " + choiceName(f)
	}
	var bodies []string
	for text != "" {
		body := firstRunes(text, MaxBody)
		text = text[len(body):]
		if strings.TrimSpace(body) != "" {
			bodies = append(bodies, body)
		}
	}
	return bodies
}

// fieldTitles are what people call the fields of the types.
var fieldTitles = map[string]string{
	"incident.since_time": "Since", "incident.impact": "Impact", "incident.callback_number": "Call-back number",
	"problem.kind": "Kind", "problem.expected": "Expected", "problem.actual": "Actual", "problem.steps": "Steps",
	"problem.reduced_test_case": "Reduced test case", "problem.environments": "Environments",
	"problem.reproduced_on_fresh_installation": "Reproduced on a fresh installation",
	"problem.reproduced_locally":               "Reproduced locally", "problem.traces": "Traces",
	"problem.checked_for_updates": "Checked for updates", "problem.read_whole_trace": "Read the whole trace",
	"task.kind": "Kind", "task.requirements": "Requirements", "task.earliest_time": "Earliest", "task.latest_time": "Latest",
	"task.time_zone": "Time zone",
}

var choiceNames = map[string][]string{
	"problem.kind": {"bug", "risk"},
	"problem.reproduced_on_fresh_installation": {"yes", "no", "not tried"},
	"problem.reproduced_locally":               {"yes", "no", "not tried"},
	"task.kind":                                {"new environment", "PHP upgrade", "other"},
}

// choiceName returns the value of a field as people read it.
func choiceName(f detailField) string {
	for i, name := range choiceNames[f.name] {
		if f.value == number(int64(i+1)) {
			return name
		}
	}
	return f.value
}
