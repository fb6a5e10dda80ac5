package domain

import (
	"fmt"
	"strings"
	"time"
)

// Explain says why a ticket is due when it is: one sentence per step, in order.
func Explain(t Ticket) []string {
	policy := PolicyOf(t.Plan)
	target := policy.Target(t.Priority)
	return []string{
		explainPolicy(t, policy),
		explainPriority(t),
		fmt.Sprintf("It allows %s for the first response and %s for the solution.", span(target.FirstResponse), span(target.Resolution)),
		fmt.Sprintf("Time runs around the clock since the ticket was created, %s.", moment(t.Created)),
		explainTarget("The first response", "given", t.Due.FirstResponse, t.FirstResponse),
		explainTarget("The solution", "reached", t.Due.Resolution, t.Solved),
	}
}

func explainPolicy(t Ticket, policy Policy) string {
	if t.Plan == policy.Name {
		return fmt.Sprintf("The organization's support plan is %s, so the SLA policy %s applies.", t.Plan, policy.Name)
	}
	return fmt.Sprintf("The organization's support plan %q has no SLA policy of its own, so %s applies.", t.Plan, policy.Name)
}

func explainPriority(t Ticket) string {
	switch {
	case t.Chosen():
		return fmt.Sprintf("Triage chose the priority. %s", t.PriorityReason)
	case t.Priority == 0:
		return fmt.Sprintf("The %s has no priority and counts as normal.", t.Type)
	}
	return fmt.Sprintf("The priority of the %s is %s, as people set it.", t.Type, t.Priority)
}

func explainTarget(what, done string, due, at time.Time) string {
	switch {
	case at.IsZero():
		return fmt.Sprintf("%s is due %s.", what, moment(due))
	case at.After(due):
		return fmt.Sprintf("%s was due %s and was %s %s late.", what, moment(due), done, span(at.Sub(due)))
	}
	return fmt.Sprintf("%s was due %s and was %s in time, %s.", what, moment(due), done, moment(at))
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
