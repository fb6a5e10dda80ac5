package domain

import "time"

// Seen is a ticket as one of its events shows it.
type Seen struct {
	Facts
	Number        int64
	Sequence      int64
	Organization  string
	Plan          string
	Priority      Priority // 0 = none yet
	PrioritySet   bool     // people chose it
	FirstResponse time.Time
	Solved        time.Time
	Team          string // "" = none yet
}

// Answer is what triage tells about a ticket. Each holds everything, so that a later one may overtake or replace it.
type Answer struct {
	Ticket         int64
	Sequence       int64    // rises with each answer about the ticket
	TicketSequence int64    // of the newest ticket event that was seen
	Priority       Priority // 0 unless triage chose it
	PriorityReason string
	Due            Due
	Team           string // "" leaves it as it is
}

// Triage takes in what an event shows of a ticket. known is what is kept of it, the zero Ticket before the first event. It
// returns what to keep from now on and the answer, nil when there is nothing new to tell. Events may come in any order and
// more than once.
func Triage(known Ticket, seen Seen, teams Teams) (Ticket, *Answer) {
	if known.Number == 0 {
		t := begin(seen)
		return t.answer(team(seen, teams))
	}
	t := known
	if seen.Sequence > known.Sequence {
		t.Sequence = seen.Sequence
		t.Organization, t.Plan, t.Type = seen.Organization, seen.Plan, seen.Type
		t.FirstResponse, t.Solved = seen.FirstResponse, seen.Solved
	}
	// An event that was on its way while triage chose still shows the old priority: only a choice of people overrides ours.
	if seen.Sequence > t.PrioritySequence && (seen.PrioritySet || !t.Chosen()) {
		t.Priority, t.PriorityReason, t.PrioritySequence = seen.Priority, "", seen.Sequence
	}
	t.Due = PolicyOf(t.Plan).Due(t.Priority, t.Created)
	if t.Due.same(known.Due) && t.Type == known.Type && t.Chosen() == known.Chosen() {
		return t, nil
	}
	if t.Type != known.Type {
		seen.Team = "" // another type belongs to another team
	}
	return t.answer(team(seen, teams))
}

// Replan takes in that the organization has another plan now.
func Replan(known Ticket, plan string) (Ticket, *Answer) {
	t := known
	t.Plan = plan
	if t.Due = PolicyOf(plan).Due(t.Priority, t.Created); t.Due.same(known.Due) {
		return t, nil
	}
	return t.answer("")
}

// begin chooses the priority, unless people did: they choose those of incidents, and whatever is not the usual one.
func begin(seen Seen) Ticket {
	t := Ticket{
		Number: seen.Number, Sequence: seen.Sequence, Organization: seen.Organization, Plan: seen.Plan, Type: seen.Type,
		Priority: seen.Priority, PrioritySequence: seen.Sequence,
		Created: seen.Created, FirstResponse: seen.FirstResponse, Solved: seen.Solved,
	}
	unchosen := seen.Priority == 0 || seen.Priority == Normal
	if seen.Type != Incident && unchosen && !seen.PrioritySet {
		t.Priority, t.PriorityReason = Prioritize(seen.Facts)
		t.PrioritySequence = 0
	}
	t.Due = PolicyOf(t.Plan).Due(t.Priority, t.Created)
	return t
}

// team returns the team for a ticket that has none: whoever moved it elsewhere knew why.
func team(seen Seen, teams Teams) string {
	if seen.Team != "" {
		return ""
	}
	return teams[seen.Type]
}

func (t Ticket) answer(team string) (Ticket, *Answer) {
	t.Answers++
	a := &Answer{Ticket: t.Number, Sequence: t.Answers, TicketSequence: t.Sequence, Due: t.Due, Team: team}
	if t.Chosen() {
		a.Priority, a.PriorityReason = t.Priority, t.PriorityReason
	}
	return t, a
}
