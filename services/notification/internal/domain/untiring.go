package domain

import (
	"slices"
	"time"
)

// Untiring returns a policy for pages that nobody follows up elsewhere: no step waits longer than every, who was called is
// called again with each step that follows, and the last step, which calls everybody and the fallback list, repeats until
// somebody acknowledges. An acknowledgement is for good. A nil policy is the default one over the staff.
func Untiring(p *Policy, staff []Reach, fallback []string, every time.Duration) Policy {
	if p == nil {
		standard := DefaultPolicy(staff)
		p = &standard
	}
	out := Policy{Loops: 1, Endless: true, Fallback: fallback}
	var targets []string
	add := func(more []string) {
		for _, t := range more {
			if !slices.Contains(targets, t) {
				targets = append(targets, t)
			}
		}
	}
	for _, step := range p.Steps {
		add(step.Targets)
		out.Steps = append(out.Steps, Step{Targets: slices.Clone(targets), Timeout: min(step.Timeout, every)})
	}
	before := len(targets)
	add(personTargets(p.Fallback))
	add(personTargets(fallback))
	if len(targets) > before || len(out.Steps) == 0 {
		out.Steps = append(out.Steps, Step{Targets: targets, Timeout: every})
	}
	out.Steps[len(out.Steps)-1].Timeout = every
	return out
}
