package domain

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

func ids(contacts []Contact) (out []string) {
	for _, c := range contacts {
		out = append(out, c.ID)
	}
	return out
}

func TestChains(t *testing.T) {
	hook, mail, duty := Contact{ID: "hook"}, Contact{ID: "mail", Channel: ChannelEmail, Address: "ada@home.test"}, Contact{ID: "duty"}
	all := []Contact{hook, mail, duty}
	rules := Rules{
		Urgent: []RuleStep{{Contact: "duty"}, {Contact: "hook", After: time.Minute}},
		Normal: []RuleStep{{Contact: "mail"}},
	}
	for _, c := range []struct {
		name   string
		reach  Reach
		urgent bool
		want   []string
		after  []time.Duration
	}{
		{"without rules in their order", Reach{Contacts: all}, true, []string{"hook", "mail", "duty"}, []time.Duration{0}},
		{"not urgent, without rules", Reach{Contacts: all}, false, []string{"hook", "mail", "duty"}, []time.Duration{0}},
		{"urgent: who is left out comes last", Reach{Contacts: all, Rules: rules}, true, []string{"duty", "hook", "mail"}, []time.Duration{0, time.Minute}},
		{"not urgent: who is left out stays so", Reach{Contacts: all, Rules: rules}, false, []string{"mail"}, []time.Duration{0}},
		{
			"not urgent without steps is as urgent",
			Reach{Contacts: all, Rules: Rules{Urgent: rules.Urgent}},
			false,
			[]string{"duty", "hook", "mail"},
			[]time.Duration{0, time.Minute},
		},
		{"the first is gone: the next does not wait", Reach{Contacts: all[:2], Rules: rules}, true, []string{"hook", "mail"}, []time.Duration{0}},
		{"all of the steps are gone", Reach{Contacts: []Contact{mail}, Rules: Rules{Urgent: rules.Urgent}}, true, []string{"mail"}, []time.Duration{0}},
		{"not urgent, and all of its steps are gone", Reach{Contacts: []Contact{hook}, Rules: rules}, false, []string{"hook"}, []time.Duration{0}},
		{"a last call", Reach{Unverified: all, Rules: rules}, true, []string{"duty", "hook", "mail"}, []time.Duration{0, time.Minute}},
		{"nobody", Reach{Rules: rules}, true, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.reach.Chain(c.urgent)
			require.Equal(t, c.want, ids(got.Contacts))
			require.Equal(t, c.after, got.After)
		})
	}
	require.Equal(t, []Contact{hook, mail, duty}, all, "nothing was moved")

	chain := Reach{Contacts: all, Rules: rules}.Chain(true)
	next, ok := chain.next("duty", []string{"duty"})
	require.True(t, ok)
	require.Equal(t, "hook", next.ID)
	next, ok = chain.next("duty", []string{"duty", "hook"})
	require.True(t, ok)
	require.Equal(t, "mail", next.ID)
	_, ok = chain.next("mail", []string{"duty", "mail"})
	require.False(t, ok, "what comes before has its time")
	next, ok = chain.next("gone", []string{"gone"})
	require.True(t, ok)
	require.Equal(t, "duty", next.ID)

	person := Person{Email: "ada@altis.test"}
	require.Equal(t, "ada@home.test", Reach{Person: person, Contacts: all, Rules: rules}.MailAddress())
	require.Equal(t, "ada@home.test", Reach{Person: person, Contacts: all, Rules: Rules{Normal: []RuleStep{{Contact: "hook"}}}}.MailAddress())
	require.Equal(t, "ada@altis.test", Reach{Person: person, Contacts: []Contact{hook}}.MailAddress())
}

func TestRulesAreChecked(t *testing.T) {
	verified := time.Unix(1, 0)
	contacts := []Contact{{ID: "hook", VerifiedAt: verified}, {ID: "mail", VerifiedAt: verified}, {ID: "new"}}
	always := oncall.Hours{Zone: "UTC", Parts: []oncall.Restriction{{From: 0, Until: 24 * time.Hour}}}
	for _, c := range []struct {
		name  string
		rules Rules
		want  []string
	}{
		{"none", Rules{}, nil},
		{"an order, and one that is not verified", Rules{
			Urgent: []RuleStep{{"new", 0}, {"hook", 0}, {"mail", time.Minute}}, Normal: []RuleStep{{"new", 0}},
			Quiet: oncall.Hours{Zone: "UTC", Parts: []oncall.Restriction{{From: time.Hour, Until: 0}}},
		}, nil},
		{"nobody is reached by the urgent one", Rules{Urgent: []RuleStep{{"new", 0}}}, []string{"r.urgent NOBODY_REACHABLE"}},
		{"not theirs", Rules{Urgent: []RuleStep{{"hook", 0}, {"other", 0}}}, []string{"r.urgent[1].contact CONTACT_UNKNOWN"}},
		{"twice", Rules{Normal: []RuleStep{{"hook", 0}, {"hook", time.Minute}}}, []string{"r.normal[1].contact CONTACT_TWICE"}},
		{"the first waits", Rules{Urgent: []RuleStep{{"hook", time.Second}}}, []string{"r.urgent[0].delay OUT_OF_RANGE"}},
		{"backwards", Rules{Urgent: []RuleStep{{"hook", 0}, {"mail", time.Minute}, {"new", time.Second}}}, []string{"r.urgent[2].delay OUT_OF_RANGE"}},
		{"too late", Rules{Urgent: []RuleStep{{"hook", 0}, {"mail", time.Hour + 1}}}, []string{"r.urgent[1].delay OUT_OF_RANGE"}},
		{"never heard again", Rules{Quiet: always}, []string{"r.quiet_hours.hours QUIET_ALWAYS"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.rules.Check("r", contacts)
			var got []string
			if f, ok := errors.AsType[*fault.Error](err); ok {
				for _, field := range f.Fields {
					got = append(got, field.Path+" "+field.Reason)
				}
			}
			require.Equal(t, c.want, got)
		})
	}
	left := Rules{Urgent: []RuleStep{{"hook", 0}, {"mail", 0}}, Normal: []RuleStep{{"hook", 0}}}.Without("hook")
	require.Equal(t, []RuleStep{{"mail", 0}}, left.Urgent)
	require.Empty(t, left.Normal)
}
