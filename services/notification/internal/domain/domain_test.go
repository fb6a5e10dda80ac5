package domain

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

func TestResolve(t *testing.T) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	rotation := func(id string, people ...string) oncall.Schedule {
		return oncall.Schedule{ID: id, Name: id, Zone: time.UTC, Layers: []oncall.Layer{
			{Unit: oncall.Day, Length: 1, Start: at.Add(-time.Hour), People: people},
			{Unit: oncall.Day, Length: 1, Start: at.Add(time.Hour), People: []string{"later"}},
		}}
	}
	added := rotation("added", "ada")
	added.Overrides = []oncall.Override{{ID: "o", Kind: oncall.Add, Person: "eve", Start: at, End: at.Add(1)}}
	r := &Roster{Schedules: map[string]oncall.Schedule{
		"one": rotation("one", "ada"), "two": rotation("two", "ada"), "none": rotation("none"), "gone": rotation("gone", "gone"), "added": added,
	}}
	tests := []struct {
		name    string
		targets []string
		want    []Call
	}{
		{
			"each person once",
			[]string{"schedule:none", "schedule:deleted", "schedule:one", "schedule:two", "person:ben", "person:ada"},
			[]Call{{"ada", Why{WhySchedule, "one"}}, {"ben", Why{Kind: WhyNamed}}},
		},
		{"nobody who cannot be reached", []string{"person:gone", "schedule:gone"}, nil},
		{"all who are on call", []string{"schedule:added"}, []Call{{"ada", Why{WhySchedule, "added"}}, {"eve", Why{WhyOverride, "added"}}}},
		{
			"everyone, on call or not",
			[]string{"everyone:added"},
			[]Call{{"ada", Why{WhySchedule, "added"}}, {"eve", Why{WhyOverride, "added"}}, {"later", Why{Kind: WhyNamed}}},
		},
		{"everyone of a schedule that is deleted", []string{"everyone:deleted"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := r.Resolve(tt.targets, at, func(person string) bool { return person != "gone" })
			require.Equal(t, tt.want, got)
			for _, call := range got {
				require.Contains(t, r.Candidates(tt.targets, at), call.Person)
			}
		})
	}
}

func TestStepsReach(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	begins := func(in time.Duration, person string) oncall.Schedule {
		return oncall.Schedule{Zone: time.UTC, Layers: []oncall.Layer{{Unit: oncall.Week, Length: 1, Start: now.Add(in), People: []string{person}}}}
	}
	r := &Roster{Schedules: map[string]oncall.Schedule{
		"soon": begins(LookAhead-1, "ada"), "late": begins(LookAhead, "ada"), "gone": begins(0, "gone"), "mailed": begins(0, "mailed"),
	}}
	for target, want := range map[string]bool{
		"person:ada": true, "person:gone": false, "schedule:soon": true, "schedule:late": false, "schedule:gone": false, "schedule:none": false,
		"everyone:late": true, "everyone:gone": false, "person:mailed": false, "schedule:mailed": false, "everyone:mailed": false,
	} {
		p := Policy{Steps: []Step{{Targets: []string{"person:gone"}}, {Targets: []string{target}}}}
		usable, certain := func(person string) bool { return person != "gone" }, func(person string) bool { return person == "ada" }
		require.Equal(t, want, r.StepsReach(p, now, usable, certain), target)
	}
}

func TestPolicyPositions(t *testing.T) {
	p := Policy{Steps: []Step{{}, {}}, Loops: 2}
	at, ok := Position{Cycle: 3, Loop: 1, Step: 1}, true
	var got []Position
	for ok {
		got = append(got, at)
		at, ok = p.next(at)
	}
	require.Equal(t, []Position{{3, 1, 1}, {3, 1, 2}, {3, 2, 1}, {3, 2, 2}, {3, 2, 3}}, got)
	require.True(t, p.isFallback(got[4]))
}

func TestDefaultPolicy(t *testing.T) {
	reach := func(id string, responds, explicit, contact bool) Reach {
		r := Reach{Person: Person{ID: id}, Responds: responds, Explicit: explicit}
		if contact {
			r.Contacts = []Contact{{}}
		}
		return r
	}
	tests := []struct {
		name  string
		staff []Reach
		want  []string
	}{
		{"those with contacts", []Reach{reach("a", true, true, true), reach("b", true, false, true)}, []string{"a"}},
		{"else all by mail", []Reach{reach("a", true, false, true), reach("b", true, false, true), reach("agent", false, true, true)}, []string{"a", "b"}},
		{"not those without any address", []Reach{reach("a", true, false, false)}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := DefaultPolicy(tt.staff)
			require.Equal(t, tt.want, p.Fallback)
			require.Len(t, p.Steps[0].Targets, len(tt.want))
		})
	}
}

func TestRetryDelay(t *testing.T) {
	tests := []struct {
		name     string
		attempts int
		asked    time.Duration
		want     time.Duration
	}{
		{"first", 1, 0, time.Second},
		{"third", 3, 0, 5 * time.Second},
		{"hundredth", 100, 0, 20 * time.Second},
		{"what was asked for", 1, 7 * time.Second, 7 * time.Second},
		{"not an hour", 1, time.Hour, 20 * time.Second},
		{"not sooner because asked", 4, time.Second, 10 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, RetryDelay(tt.attempts, tt.asked))
		})
	}
}

func TestTitle(t *testing.T) {
	i := Incident{Subject: "checkout returns 502", Urgent: true}
	require.Equal(t, "[Urgent] checkout returns 502", i.Title())
	i.Scope = []string{"shop/production", "blog", "api"}
	require.Equal(t, "[Urgent] shop/production and 2 more: checkout returns 502", i.Title())
}

func TestHashTellsItsPartsApart(t *testing.T) {
	require.Len(t, Hash("a"), 32)
	require.NotEqual(t, Hash("ab", "c"), Hash("a", "bc"))
	require.Equal(t, "bf6c", PageID(1042, 7)[:4], "ids are the same in every release")
}

func TestCorrespondence(t *testing.T) {
	mia := Person{ID: "mia", Name: "Mia", Email: "mia@shop.test"}
	noa := Person{Email: "noa@shop.test"}
	ada := Person{ID: "ada", Name: "Ada", Email: "ada@altis.test", Staff: true}
	stranger := Person{Name: "Cheap watches", Email: "mia@shop.test"}
	by := func(p Person) *PublicMessage { return &PublicMessage{ID: "m", Author: p} }
	tests := []struct {
		name   string
		change TicketChange
		want   map[MailKind][]string
	}{
		{"staff writes", TicketChange{Message: by(ada)}, map[MailKind][]string{MailMessage: {"mia@shop.test", "noa@shop.test"}}},
		{"the requester writes", TicketChange{Message: by(mia)}, map[MailKind][]string{MailMessage: {"noa@shop.test"}}},
		{
			"the requester opens",
			TicketChange{Message: by(mia), Receipt: true},
			map[MailKind][]string{MailMessage: {"noa@shop.test"}, MailReceipt: {"mia@shop.test"}},
		},
		{
			"staff open for the requester",
			TicketChange{Message: by(ada), Receipt: true},
			map[MailKind][]string{MailMessage: {"mia@shop.test", "noa@shop.test"}},
		},
		{
			"a CC writes from an address in capitals",
			TicketChange{Message: by(Person{Email: "NOA@shop.test"})},
			map[MailKind][]string{MailMessage: {"mia@shop.test"}},
		},
		{
			"one person in two places gets one mail",
			TicketChange{Message: by(ada), CCs: []Person{noa, {Email: "MIA@shop.test"}, {Email: "Noa@shop.test"}}},
			map[MailKind][]string{MailMessage: {"mia@shop.test", "noa@shop.test"}},
		},
		{"nothing to say", TicketChange{}, map[MailKind][]string{}},
		{"solved", TicketChange{Solved: true, Actor: ada}, map[MailKind][]string{MailSolved: {"mia@shop.test", "noa@shop.test"}}},
		{"reopened by the requester", TicketChange{Reopened: true, Actor: mia}, map[MailKind][]string{MailReopened: {"noa@shop.test"}}},
		{
			"merged: who follows to the other is told",
			TicketChange{MergedInto: 8, Told: []Person{mia}, Actor: ada},
			map[MailKind][]string{MailMerged: {"mia@shop.test"}},
		},
		{"a stranger's ticket is merged", TicketChange{Requester: stranger, MergedInto: 8, Actor: ada}, map[MailKind][]string{}},
		{
			"a CC is added",
			TicketChange{CCsAdded: []Person{noa}, Conversation: []PublicMessage{{ID: "m1"}}, Actor: mia},
			map[MailKind][]string{MailConversation: {"noa@shop.test"}},
		},
		{
			"another requester",
			TicketChange{RequesterChanged: true, Conversation: []PublicMessage{{ID: "m1"}}, Actor: ada},
			map[MailKind][]string{MailConversation: {"mia@shop.test"}},
		},
		{"another requester, who had copies", TicketChange{RequesterChanged: true, Actor: ada}, map[MailKind][]string{}},
		{
			"a stranger's mail becomes a ticket",
			TicketChange{Requester: stranger, Message: by(stranger), Receipt: true, CCs: []Person{}},
			map[MailKind][]string{},
		},
		{
			"staff answer a stranger",
			TicketChange{Requester: stranger, Message: by(ada)},
			map[MailKind][]string{MailMessage: {"mia@shop.test", "noa@shop.test"}},
		},
		{
			"somebody else writes on a stranger's ticket",
			TicketChange{Requester: stranger, Message: by(Person{ID: "max", Email: "max@shop.test"})},
			map[MailKind][]string{MailMessage: {"noa@shop.test"}},
		},
		{
			"a stranger's ticket is solved, and reopened",
			TicketChange{Requester: stranger, Solved: true, Reopened: true, Actor: ada},
			map[MailKind][]string{MailSolved: {"noa@shop.test"}, MailReopened: {"noa@shop.test"}},
		},
		{
			"a stranger's address in copy is the stranger's",
			TicketChange{Requester: stranger, Solved: true, CCs: []Person{{Email: "MIA@shop.test"}}},
			map[MailKind][]string{},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := tt.change
			c.Number, c.Subject = 1, "Buy cheap watches"
			if c.Requester == (Person{}) {
				c.Requester = mia
			}
			if c.CCs == nil {
				c.CCs = []Person{noa}
			}
			got := map[MailKind][]string{}
			for _, o := range Correspondence(c) {
				require.Equal(t, c.Requester == stranger, o.Content.Subject != c.Subject)
				require.NotContains(t, fmt.Sprint(o), stranger.Name)
				for _, r := range o.Recipients {
					got[o.Content.Kind] = append(got[o.Content.Kind], r.Person.Email)
				}
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestMailAttempted(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	fresh := MailDelivery{State: MailQueued, QueuedAt: now.Add(-time.Hour)}
	old := MailDelivery{State: MailQueued, QueuedAt: now.Add(-6 * 24 * time.Hour)}
	later := Attempt{Answer: Answer{Kind: AnswerProvider, Said: "451 later"}}

	require.Equal(t, MailAccepted, MailAttempted(fresh, Attempt{Accepted: true}, now, time.Minute).State)
	require.Equal(t, MailRefused, MailAttempted(fresh, Attempt{Final: true}, now, time.Minute).State)
	queued := MailAttempted(fresh, later, now, time.Minute)
	require.Equal(t, MailQueued, queued.State)
	require.Equal(t, now.Add(time.Minute), queued.NextAt)
	given := MailAttempted(old, later, now, time.Minute)
	require.Equal(t, MailRefused, given.State)
	require.Equal(t, Answer{Kind: AnswerGivenUp, Said: "451 later"}, given.LastAnswer)
	hidden := MailDelivery{State: MailRefused, LastAnswer: Answer{Kind: AnswerTicketDeleted}}
	require.Equal(t, hidden.LastAnswer, MailAttempted(hidden, later, now, time.Minute).LastAnswer)
	require.Equal(t, MailAccepted, MailAttempted(hidden, Attempt{Accepted: true}, now, time.Minute).State)
	bounced := MailDelivery{State: MailBounced, LastAnswer: Answer{Kind: AnswerProvider, Said: "550 no such user"}}
	require.Equal(t, MailBounced, MailAttempted(bounced, Attempt{Accepted: true}, now, time.Minute).State, "it came back before its acceptance was recorded")
	require.Equal(t, bounced.LastAnswer, MailAttempted(bounced, Attempt{Accepted: true}, now, time.Minute).LastAnswer)
	again := MailAttempted(given.Requeued(now), later, now.Add(time.Hour), time.Minute)
	require.Equal(t, MailQueued, again.State, "sent again by hand it is tried like a new one")
}
