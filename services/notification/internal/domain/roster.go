package domain

import (
	"slices"
	"strings"
	"time"

	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

// Channel is a way to reach a person.
type Channel string

// The channels.
const (
	ChannelWebhook    Channel = "webhook"
	ChannelEmail      Channel = "email"
	ChannelPagerDuty  Channel = "pagerduty"
	ChannelTeams      Channel = "teams"
	ChannelMattermost Channel = "mattermost"
	ChannelOpsgenie   Channel = "opsgenie"
	ChannelSMS        Channel = "sms"
)

// Channels returns all of them.
func Channels() []Channel {
	return []Channel{ChannelWebhook, ChannelEmail, ChannelPagerDuty, ChannelTeams, ChannelMattermost, ChannelOpsgenie, ChannelSMS}
}

// Alerts reports whether what goes there stays open until it is told that somebody has acknowledged.
func (c Channel) Alerts() bool { return c == ChannelPagerDuty || c == ChannelOpsgenie }

// Contact is one address of a person.
type Contact struct {
	ID       string // ImplicitContact for the directory's e-mail address
	Person   string
	Channel  Channel
	Address  string // URL, e-mail address or phone number (E.164); where the URL is itself a secret, what may be shown of it
	Position int    // order among the person's contacts, from 1

	VerifiedAt time.Time // zero = not yet; of the configuration only
}

// ImplicitContact is the contact of staff who have entered none that is verified: their e-mail address of the directory.
// Nobody on a schedule is out of reach only because the form was never filled in.
const ImplicitContact = "directory"

// MaxContacts of one person: each is two more seconds until the last one is tried.
const MaxContacts = 10

// Reach is a person who may be paged, with the ways to do so in their order. Without contacts it is nobody.
type Reach struct {
	Person     Person
	Supervises bool // supervisor or admin
	Responds   bool // engineer, supervisor or admin
	Explicit   bool // has entered contacts that are verified
	Contacts   []Contact
	Unverified []Contact // of no use, unless nobody at all can be paged otherwise
	Rules      Rules
}

// Policy is who is paged, in which order.
type Policy struct {
	Steps              []Step        `json:"steps"`
	Loops              int           `json:"loops"` // 1..10
	Fallback           []string      `json:"fallback"`
	AcknowledgeTimeout time.Duration `json:"acknowledge_timeout,omitempty"` // 0 = acknowledged for good
	// Endless repeats the last step until somebody acknowledges: nothing comes after it.
	Endless bool `json:"endless,omitempty"`
}

// PolicyID is the id of the policy that pages go by; there is no other yet.
const PolicyID = "default"

// Step pages its targets and waits.
type Step struct {
	Targets []string      `json:"targets"` // "schedule:ID", "everyone:ID" or "person:ID"
	Timeout time.Duration `json:"timeout"`
}

// Roster is the configuration of on-call: who is on call is a function of it and an instant.
type Roster struct {
	Policy    *Policy // of the id PolicyID; nil = none was ever made
	Schedules map[string]oncall.Schedule
}

// Call is a person to be paged and why.
type Call struct {
	Person string // person id
	Why    Why
}

// Candidates returns everybody of whom Resolve chooses.
func (r *Roster) Candidates(targets []string, at time.Time) (people []string) {
	for _, target := range targets {
		kind, id, _ := strings.Cut(target, ":")
		switch kind {
		case "person":
			people = append(people, id)
		case "everyone":
			people = append(people, r.Schedules[id].People()...)
		}
		if schedule, ok := r.Schedules[id]; ok && kind != "person" {
			people = append(people, schedule.Candidates(at)...)
		}
	}
	return people
}

// Resolve returns who the targets are at an instant, each person once, in the targets' order. An empty schedule, or one
// that is gone, adds nobody, and so does a person who cannot be reached.
func (r *Roster) Resolve(targets []string, at time.Time, usable oncall.Usable) []Call {
	var calls []Call
	seen := map[string]bool{}
	for _, target := range targets {
		for _, call := range r.resolve(target, at, usable) {
			if !seen[call.Person] && usable(call.Person) {
				seen[call.Person] = true
				calls = append(calls, call)
			}
		}
	}
	return calls
}

func (r *Roster) resolve(target string, at time.Time, usable oncall.Usable) (calls []Call) {
	kind, id, _ := strings.Cut(target, ":")
	if kind == "person" {
		return []Call{{Person: id, Why: Why{Kind: WhyNamed}}}
	}
	schedule, ok := r.Schedules[id]
	if !ok {
		return nil
	}
	for _, duty := range schedule.Duties(at, usable) {
		why := Why{Kind: WhySchedule, Schedule: schedule.Name}
		if duty.Override != "" {
			why.Kind = WhyOverride
		}
		calls = append(calls, Call{Person: duty.Person, Why: why})
	}
	if kind == "everyone" {
		for _, person := range schedule.People() {
			calls = append(calls, Call{Person: person, Why: Why{Kind: WhyNamed}})
		}
	}
	return calls
}

// LookAhead is how far ahead a policy must reach somebody.
const LookAhead = 7 * 24 * time.Hour

// StepsReach reports whether the steps of a policy reach anybody who is certain to be reached at any time from now on to
// LookAhead. Whoever can be reached at all is on call, certain or not.
func (r *Roster) StepsReach(p Policy, now time.Time, usable, certain oncall.Usable) bool {
	return slices.ContainsFunc(p.Steps, func(step Step) bool {
		return slices.ContainsFunc(step.Targets, func(target string) bool { return r.reaches(target, now, usable, certain) })
	})
}

func (r *Roster) reaches(target string, now time.Time, usable, certain oncall.Usable) bool {
	if r.reachesNow([]string{target}, now, usable, certain) {
		return true
	}
	kind, id, _ := strings.Cut(target, ":")
	schedule, ok := r.Schedules[id]
	return ok && kind != "person" && slices.ContainsFunc(schedule.Shifts(now, now.Add(LookAhead), usable), func(s oncall.Shift) bool {
		return slices.ContainsFunc(s.Duties, func(d oncall.Duty) bool { return certain(d.Person) })
	})
}

// reachesNow reports whether anybody whom the targets call at an instant is certain to be reached.
func (r *Roster) reachesNow(targets []string, now time.Time, usable, certain oncall.Usable) bool {
	return slices.ContainsFunc(r.Resolve(targets, now, usable), func(c Call) bool { return certain(c.Person) })
}

// Names reports whether the policy names a schedule.
func (p Policy) Names(schedule string) bool {
	return slices.ContainsFunc(p.Steps, func(step Step) bool {
		return slices.Contains(step.Targets, "schedule:"+schedule) || slices.Contains(step.Targets, "everyone:"+schedule)
	})
}

// NamesPerson reports whether the policy calls a person by name, not as one of a schedule.
func (p Policy) NamesPerson(person string) bool {
	return slices.Contains(p.Fallback, person) || slices.ContainsFunc(p.Steps, func(step Step) bool {
		return slices.Contains(step.Targets, "person:"+person)
	})
}

// Mentioned returns everybody whom a policy may ever reach.
func (r *Roster) Mentioned(p Policy) []string {
	people := slices.Clone(p.Fallback)
	for _, step := range p.Steps {
		for _, target := range step.Targets {
			if kind, id, _ := strings.Cut(target, ":"); kind == "person" {
				people = append(people, id)
			} else {
				people = append(people, r.Schedules[id].Mentioned()...)
			}
		}
	}
	return people
}

// defaultTimeout is how long each round of the default policy waits.
const defaultTimeout = 5 * time.Minute

// DefaultPolicy is used while no policy exists: all engineers and supervisors with contacts, else all of them by mail,
// three times. An installation nobody has configured must still wake somebody.
func DefaultPolicy(staff []Reach) Policy {
	explicit := false
	for _, r := range staff {
		explicit = explicit || r.Responds && r.Explicit
	}
	var people, targets []string
	for _, r := range staff {
		if r.Responds && len(r.Contacts) > 0 && r.Explicit == explicit {
			people = append(people, r.Person.ID)
			targets = append(targets, "person:"+r.Person.ID)
		}
	}
	return Policy{Steps: []Step{{Targets: targets, Timeout: defaultTimeout}}, Loops: 3, Fallback: people}
}
