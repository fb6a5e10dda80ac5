package domain

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// PolicyWatch stands for the policy among what is watched: no schedule has such an id. Of a step that names schedules only
// those are watched.
const PolicyWatch = "policy:" + PolicyID

// unreachedFallback is the fallback list among what of a policy reaches nobody, where steps have their numbers.
const unreachedFallback = "fallback"

// lookAtPolicy is Look for the policy: whether each step that names people, and the fallback list, reaches anybody now who is
// certain to be reached. It tells of what does not, once.
func (r *Roster) lookAtPolicy(w DutyWatch, staff []Reach, now time.Time) (DutyWatch, []DutyMail, time.Duration) {
	after := DutyWatch{Schedule: w.Schedule, LookedAt: now}
	if r.Policy == nil {
		return after, nil, dutyRecheck
	}
	l := look{people: peopleOf(staff), now: now}
	after.Named, after.OnCall = true, r.unreached(&l)
	if len(after.OnCall) == 0 {
		return after, nil, dutyRecheck
	}
	if after.GapSince = w.GapSince; after.GapSince.IsZero() {
		after.GapSince = now
	}
	if slices.ContainsFunc(after.OnCall, func(part string) bool { return !slices.Contains(w.OnCall, part) }) {
		n := DutyNotice{Kind: PolicyGap, Schedule: w.Schedule, Zone: time.UTC.String(), Start: now}
		told := slices.Clone(r.Policy.Fallback)
		for _, part := range after.OnCall {
			step, err := strconv.Atoi(part)
			if err != nil {
				n.Fallback = true
				continue
			}
			n.Steps = append(n.Steps, step)
			for _, target := range r.Policy.Steps[step-1].Targets {
				if person, ok := strings.CutPrefix(target, "person:"); ok {
					told = append(told, person)
				}
			}
		}
		l.tellAll(n, told)
	}
	return after, l.mails, dutyRecheck
}

// unreached returns what of the policy reaches nobody now.
func (r *Roster) unreached(l *look) (parts []string) {
	for i, step := range r.Policy.Steps {
		named := slices.ContainsFunc(step.Targets, func(target string) bool { return strings.HasPrefix(target, "person:") })
		if named && !r.reachesNow(step.Targets, l.now, l.usable, l.certain) {
			parts = append(parts, strconv.Itoa(i+1))
		}
	}
	if len(r.Policy.Fallback) > 0 && !slices.ContainsFunc(r.Policy.Fallback, l.certain) {
		parts = append(parts, unreachedFallback)
	}
	return parts
}
