package domain

import (
	"fmt"
	"strings"
	"time"
)

// StepKind is what a step of an explanation says.
type StepKind int

// The kinds, with the numbers of the contract, and the values that each has.
const (
	StepPlan          StepKind = iota + 1 // Plan, Policy
	StepOtherPlan                         // Plan, which has no policy of its own, and Policy
	StepTriaged                           // Priority, Reason
	StepUnprioritized                     // Type
	StepChosen                            // Type, Priority: by people
	StepTarget                            // Target
	StepCreated                           // Created: time runs around the clock since then
	StepFirstResponse                     // Due, Done
	StepResolution                        // Due, Done
)

// Step is one step of the reasoning why a ticket is due when it is, as data: each reader has it in their own language.
type Step struct {
	Kind     StepKind
	Plan     string
	Policy   string
	Type     Type
	Priority Priority
	Reason   string // of triage's choice
	Target   Target
	Created  time.Time
	Due      time.Time
	Done     time.Time // zero: not yet
}

// Explain says why a ticket is due when it is, step by step.
func Explain(t Ticket) []Step {
	policy := PolicyOf(t.Plan)
	return []Step{
		explainPolicy(t, policy),
		explainPriority(t),
		{Kind: StepTarget, Target: policy.Target(t.Priority)},
		{Kind: StepCreated, Created: t.Created},
		{Kind: StepFirstResponse, Due: t.Due.FirstResponse, Done: t.FirstResponse},
		{Kind: StepResolution, Due: t.Due.Resolution, Done: t.Solved},
	}
}

func explainPolicy(t Ticket, policy Policy) Step {
	step := Step{Kind: StepOtherPlan, Plan: t.Plan, Policy: policy.Name}
	if t.Plan == policy.Name {
		step.Kind = StepPlan
	}
	return step
}

func explainPriority(t Ticket) Step {
	switch {
	case t.Chosen():
		return Step{Kind: StepTriaged, Priority: t.Priority, Reason: t.PriorityReason}
	case t.Priority == 0:
		return Step{Kind: StepUnprioritized, Type: t.Type}
	}
	return Step{Kind: StepChosen, Type: t.Type, Priority: t.Priority}
}

// Text is the step in English.
func (s Step) Text() string {
	switch s.Kind {
	case StepPlan:
		return fmt.Sprintf("The organization's support plan is %s, so the SLA policy %s applies.", s.Plan, s.Policy)
	case StepOtherPlan:
		return fmt.Sprintf("The organization's support plan %q has no SLA policy of its own, so %s applies.", s.Plan, s.Policy)
	case StepTriaged:
		return "Triage chose the priority. " + s.Reason
	case StepUnprioritized:
		return fmt.Sprintf("The %s has no priority and counts as normal.", s.Type)
	case StepChosen:
		return fmt.Sprintf("The priority of the %s is %s, as people set it.", s.Type, s.Priority)
	case StepTarget:
		return fmt.Sprintf("It allows %s for the first response and %s for the solution.", span(s.Target.FirstResponse), span(s.Target.Resolution))
	case StepCreated:
		return fmt.Sprintf("Time runs around the clock since the ticket was created, %s.", moment(s.Created))
	case StepFirstResponse:
		return s.target("The first response", "given")
	case StepResolution:
		return s.target("The solution", "reached")
	}
	return ""
}

func (s Step) target(what, done string) string {
	switch {
	case s.Done.IsZero():
		return fmt.Sprintf("%s is due %s.", what, moment(s.Due))
	case s.Done.After(s.Due):
		return fmt.Sprintf("%s was due %s and was %s %s late.", what, moment(s.Due), done, span(s.Done.Sub(s.Due)))
	}
	return fmt.Sprintf("%s was due %s and was %s in time, %s.", what, moment(s.Due), done, moment(s.Done))
}

func moment(t time.Time) string { return t.UTC().Format("2 January 2006 15:04 UTC") }

// span returns a duration in words, such as "1 day 4 hours", to the minute.
func span(d time.Duration) string {
	var parts []string
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"day", day}, {"hour", hour}, {"minute", minute}} {
		n := d / unit.size
		d %= unit.size
		switch {
		case n == 1:
			parts = append(parts, "1 "+unit.name)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n, unit.name))
		}
	}
	if len(parts) == 0 {
		return "less than a minute"
	}
	return strings.Join(parts, " ")
}
