package domain

import "time"

// Target is the time allowed for a priority.
type Target struct {
	FirstResponse time.Duration
	Resolution    time.Duration
}

// Policy is the set of targets of one support plan. Time runs around the clock.
type Policy struct {
	Name    string
	targets [Urgent + 1]Target // by priority
}

const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * time.Hour
)

// Policies returns one policy per plan, from the smallest plan to the largest:
//
//	            standard           premium            enterprise
//	            first    solved    first    solved    first    solved
//	urgent      1 h      8 h       30 min   4 h       15 min   2 h
//	high        4 h      2 d       2 h      1 d       1 h      8 h
//	normal      1 d      5 d       8 h      3 d       4 h      2 d
//	low         2 d      10 d      1 d      7 d       12 h     5 d
func Policies() []Policy {
	return []Policy{
		{Name: "standard", targets: [...]Target{
			Urgent: {hour, 8 * hour}, High: {4 * hour, 2 * day}, Normal: {day, 5 * day}, Low: {2 * day, 10 * day},
		}},
		{Name: "premium", targets: [...]Target{
			Urgent: {30 * minute, 4 * hour}, High: {2 * hour, day}, Normal: {8 * hour, 3 * day}, Low: {day, 7 * day},
		}},
		{Name: "enterprise", targets: [...]Target{
			Urgent: {15 * minute, 2 * hour}, High: {hour, 8 * hour}, Normal: {4 * hour, 2 * day}, Low: {12 * hour, 5 * day},
		}},
	}
}

// PolicyOf returns the policy of a plan. A plan that has none of its own gets the standard one: every ticket is due.
func PolicyOf(plan string) Policy {
	policies := Policies()
	for _, policy := range policies {
		if policy.Name == plan {
			return policy
		}
	}
	return policies[0]
}

// Target returns the time allowed for a priority; a ticket without priority counts as normal.
func (p Policy) Target(priority Priority) Target {
	if priority < Low || priority > Urgent {
		priority = Normal
	}
	return p.targets[priority]
}

// Due returns the instants for a ticket that was created at the given one.
func (p Policy) Due(priority Priority, created time.Time) Due {
	target := p.Target(priority)
	return Due{Policy: p.Name, FirstResponse: created.Add(target.FirstResponse), Resolution: created.Add(target.Resolution)}
}
