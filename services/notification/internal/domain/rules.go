package domain

import (
	"fmt"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

// Rules are how a person wants to be notified. The zero value are those of who has not said so.
type Rules struct {
	Urgent []RuleStep
	Normal []RuleStep
	Quiet  oncall.Hours // hold notices, never pages
}

// RuleStep sends a page to a contact some time after the person was called, unless somebody has acknowledged by then.
type RuleStep struct {
	Contact string
	After   time.Duration
}

// MaxRuleDelay is the latest that a step may be.
const MaxRuleDelay = time.Hour

// Chain are a person's contacts in the order in which they are tried for one page.
type Chain struct {
	Contacts []Contact
	// After are when the first of them are sent to, whatever came of those before. Those without are tried when one before
	// them fails. The first goes at once.
	After []time.Duration
}

// Chain returns the person's chain for a page that is urgent or not. It has every contact that can be used if it is urgent:
// whom the steps leave out comes last, so that nobody is unreached who need not be.
func (r Reach) Chain(urgent bool) Chain {
	contacts := r.Contacts
	if len(contacts) == 0 { // it is a last call
		contacts = r.Unverified
	}
	var c Chain
	if !urgent {
		c = follow(r.Rules.Normal, contacts)
	}
	if len(c.Contacts) == 0 {
		c = follow(r.Rules.Urgent, contacts)
		for _, contact := range contacts {
			if !c.has(contact.ID) {
				c.Contacts = append(c.Contacts, contact)
			}
		}
	}
	if len(c.After) == 0 && len(c.Contacts) > 0 {
		c.After = []time.Duration{0}
	}
	return c
}

// follow returns the contacts of steps that can be used. The first of them does not wait: it may not be the one that was
// meant to be first.
func follow(steps []RuleStep, contacts []Contact) (c Chain) {
	for _, step := range steps {
		i := slices.IndexFunc(contacts, func(contact Contact) bool { return contact.ID == step.Contact })
		if i < 0 {
			continue
		}
		after := step.After
		if len(c.After) == 0 {
			after = 0
		}
		c.Contacts, c.After = append(c.Contacts, contacts[i]), append(c.After, after)
	}
	return c
}

func (c Chain) has(contact string) bool {
	return slices.ContainsFunc(c.Contacts, func(other Contact) bool { return other.ID == contact })
}

// next returns the contact that is tried when one has failed: the first behind it that was not yet.
func (c Chain) next(failed string, tried []string) (Contact, bool) {
	behind := slices.IndexFunc(c.Contacts, func(contact Contact) bool { return contact.ID == failed }) + 1
	for _, contact := range c.Contacts[behind:] {
		if !slices.Contains(tried, contact.ID) {
			return contact, true
		}
	}
	return Contact{}, false
}

// MailAddress returns where notices by mail go: the first e-mail contact of the steps for what is not urgent, else of any,
// else the address of the directory.
func (r Reach) MailAddress() string {
	for _, contact := range append(r.Chain(false).Contacts, r.Contacts...) {
		if contact.Channel == ChannelEmail {
			return contact.Address
		}
	}
	return r.Person.Email
}

// Without returns the rules without a contact that is gone.
func (r Rules) Without(contact string) Rules {
	gone := func(step RuleStep) bool { return step.Contact == contact }
	r.Urgent, r.Normal = slices.DeleteFunc(slices.Clone(r.Urgent), gone), slices.DeleteFunc(slices.Clone(r.Normal), gone)
	return r
}

// Check refuses rules that do not fit the contacts that the person has entered. path is the field that holds them.
func (r Rules) Check(path string, contacts []Contact) error {
	fields := checkSteps(path+".urgent", r.Urgent, contacts)
	fields = append(fields, checkSteps(path+".normal", r.Normal, contacts)...)
	reached := slices.ContainsFunc(r.Urgent, func(step RuleStep) bool {
		return slices.ContainsFunc(contacts, func(c Contact) bool { return c.ID == step.Contact && !c.VerifiedAt.IsZero() })
	})
	if len(r.Urgent) > 0 && len(fields) == 0 && !reached {
		fields = append(fields, fault.Field{Path: path + ".urgent", Reason: "NOBODY_REACHABLE", Description: "none of their contacts is verified"})
	}
	if r.Quiet.Always() {
		fields = append(fields, fault.Field{Path: path + ".quiet_hours.hours", Reason: "QUIET_ALWAYS", Description: "never end"})
	}
	return fault.InvalidFields(fields)
}

func checkSteps(path string, steps []RuleStep, contacts []Contact) (fields []fault.Field) {
	var before time.Duration
	for i, step := range steps {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case !slices.ContainsFunc(contacts, func(c Contact) bool { return c.ID == step.Contact }):
			fields = append(fields, fault.Field{Path: at + ".contact", Reason: "CONTACT_UNKNOWN", Description: "is no contact of this person"})
		case slices.ContainsFunc(steps[:i], func(other RuleStep) bool { return other.Contact == step.Contact }):
			fields = append(fields, fault.Field{Path: at + ".contact", Reason: "CONTACT_TWICE", Description: "is in another step"})
		}
		switch {
		case i == 0 && step.After != 0:
			fields = append(fields, fault.Field{Path: at + ".delay", Reason: "OUT_OF_RANGE", Description: "the first step does not wait"})
		case step.After < before || step.After > MaxRuleDelay:
			fields = append(fields, fault.Field{Path: at + ".delay", Reason: "OUT_OF_RANGE", Description: "must not be less than the step's before, and an hour at most"})
		}
		before = step.After
	}
	return fields
}
