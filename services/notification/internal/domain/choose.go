package domain

import (
	"context"
	"slices"
	"time"
)

// Roll knows who can be paged.
type Roll interface {
	// Reach returns the people of the ids that are staff and not disabled, in the order of ids, others left out.
	Reach(ctx context.Context, ids []string) ([]Reach, error)
	// Staff returns all staff that is not disabled, by id.
	Staff(ctx context.Context) ([]Reach, error)
}

// alert is what begins at a position.
type alert struct {
	at     Position
	called []called // none: no position is left that reaches anybody
	log    []Entry  // for the history: what was skipped, who is called
}

type called struct {
	Reach
	why Why
}

// seek finds the first position of the policy, from at on, that reaches somebody at this instant.
func seek(ctx context.Context, roll Roll, roster *Roster, policy Policy, at Position, now time.Time) (alert, error) {
	a := alert{at: at}
	for {
		here := Entry{}
		if !policy.isFallback(a.at) {
			here = Entry{Step: a.at.Step, Loop: a.at.Loop}
		}
		var err error
		if a.called, err = policy.calls(ctx, roll, roster, a.at, now); err != nil {
			return a, err
		}
		for _, c := range a.called {
			entry := here
			entry.Kind, entry.Person, entry.Why = EntryCalled, c.Person.Label(), c.why
			a.log = append(a.log, entry)
		}
		if len(a.called) > 0 {
			return a, nil
		}
		here.Kind = EntrySkipped
		a.log = append(a.log, here)
		next, ok := policy.next(a.at)
		if !ok || policy.again(a.at) {
			return a, nil
		}
		a.at = next
	}
}

// calls returns who is to be paged at a position.
func (p Policy) calls(ctx context.Context, roll Roll, roster *Roster, at Position, now time.Time) (all []called, err error) {
	targets := personTargets(p.Fallback)
	if !p.isFallback(at) {
		targets = p.Steps[at.Step-1].Targets
	}
	within, err := reachable(ctx, roll, roster.Candidates(targets, now))
	if err != nil {
		return nil, err
	}
	for _, call := range roster.Resolve(targets, now, func(person string) bool { return within[person] != nil }) {
		if p.isFallback(at) {
			call.Why = Why{Kind: WhyFallback}
		}
		all = append(all, called{*within[call.Person], call.Why})
	}
	return all, nil
}

// reachable looks up people with their contacts. Who is gone, disabled or has no contact is left out.
func reachable(ctx context.Context, roll Roll, ids []string) (map[string]*Reach, error) {
	within := make(map[string]*Reach, len(ids))
	if len(ids) == 0 {
		return within, nil
	}
	reach, err := roll.Reach(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, r := range reach {
		if len(r.Contacts) > 0 {
			within[r.Person.ID] = &reach[i]
		}
	}
	return within, nil
}

// lastCalls are called when no position of a policy is left: the supervisors. When none of them is within reach, contacts
// that are not verified must do, those of the fallback list and of the supervisors: a mistyped address may be nobody's, but
// to call nobody certainly is.
func lastCalls(ctx context.Context, roll Roll, policy Policy) ([]called, error) {
	staff, err := roll.Staff(ctx)
	if err != nil {
		return nil, err
	}
	var out, unverified []called
	for _, r := range staff {
		why := Why{Kind: WhySupervisor}
		if r.Supervises && len(r.Contacts) > 0 {
			out = append(out, called{r, why})
		}
		fallback := slices.Contains(policy.Fallback, r.Person.ID)
		if len(r.Unverified) == 0 || !fallback && !r.Supervises {
			continue
		}
		if fallback {
			why.Kind = WhyFallback
		}
		r.Contacts = r.Unverified
		unverified = append(unverified, called{r, why})
	}
	if len(out) == 0 {
		return unverified, nil
	}
	return out, nil
}

// leftOver are the contacts by which nobody was called at the page's position, each for itself: of the supervisors, and of the
// fallback list.
func leftOver(ctx context.Context, tx PageTx, p *Page) ([]called, error) {
	staff, err := tx.Staff(ctx)
	if err != nil {
		return nil, err
	}
	var left []called
	for _, r := range staff {
		why := Why{Kind: WhySupervisor}
		if slices.Contains(p.Policy.Fallback, r.Person.ID) {
			why.Kind = WhyFallback
		} else if !r.Supervises {
			continue
		}
		tried, err := tx.Tried(ctx, p.ID, p.Position, r.Person.ID)
		if err != nil {
			return nil, err
		}
		for _, contact := range slices.Concat(r.Contacts, r.Unverified) {
			if !slices.Contains(tried, contact.ID) {
				one := r
				one.Contacts, one.Unverified, one.Rules = []Contact{contact}, nil, Rules{}
				left = append(left, called{one, why})
			}
		}
	}
	return left, nil
}

// responders are called by an endless policy that reaches nobody: all engineers and supervisors, else all staff.
func responders(ctx context.Context, roll Roll) ([]called, error) {
	staff, err := roll.Staff(ctx)
	if err != nil {
		return nil, err
	}
	var everybody, respond []called
	for _, r := range staff {
		if len(r.Contacts) == 0 {
			continue
		}
		c := called{r, Why{Kind: WhyFallback}}
		everybody = append(everybody, c)
		if r.Responds {
			respond = append(respond, c)
		}
	}
	if len(respond) > 0 {
		return respond, nil
	}
	return everybody, nil
}

// policyNow returns the policy that a page opened now keeps. It has a step, so that the first position exists.
func policyNow(ctx context.Context, roll Roll, roster *Roster, fallbackOnly bool) (Policy, error) {
	if roster.Policy == nil {
		staff, err := roll.Staff(ctx)
		if err != nil {
			return Policy{}, err
		}
		return DefaultPolicy(staff), nil
	}
	p := *roster.Policy
	if fallbackOnly {
		return Policy{Steps: []Step{{Targets: personTargets(p.Fallback), Timeout: defaultTimeout}}, Loops: p.Loops, Fallback: p.Fallback}, nil
	}
	return p, nil
}

func personTargets(people []string) []string {
	targets := make([]string, len(people))
	for i, id := range people {
		targets[i] = "person:" + id
	}
	return targets
}
