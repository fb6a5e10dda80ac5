package domain

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

// listed is a roll of these people.
type listed []Reach

func (l listed) Staff(context.Context) ([]Reach, error) { return l, nil }

func (l listed) Reach(_ context.Context, ids []string) (out []Reach, err error) {
	for _, id := range ids {
		for _, r := range l {
			if r.Person.ID == id {
				out = append(out, r)
			}
		}
	}
	return out, nil
}

func TestNoticeOnCall(t *testing.T) {
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	engineer := func(id string) Reach {
		return Reach{Person: Person{ID: id}, Responds: true, Explicit: true, Contacts: []Contact{{Person: id}}}
	}
	mute := func(id string) Reach { return Reach{Person: Person{ID: id}, Responds: true} }
	unverified := func(id string) Reach {
		return Reach{Person: Person{ID: id}, Responds: true, Unverified: []Contact{{Person: id}}}
	}
	supervisor := engineer("eve")
	supervisor.Supervises = true
	staff := listed{engineer("ada"), engineer("ben"), supervisor, mute("mute")}

	schedule := func(start time.Time, people ...string) map[string]oncall.Schedule {
		layers := []oncall.Layer{{Unit: oncall.Week, Length: 1, Start: start, People: people}}
		return map[string]oncall.Schedule{"primary": {ID: "primary", Zone: time.UTC, Layers: layers}}
	}
	below := func(s map[string]oncall.Schedule, person string) map[string]oncall.Schedule {
		primary := s["primary"]
		primary.Layers = append([]oncall.Layer{{Unit: oncall.Week, Length: 1, Start: now, People: []string{person}}}, primary.Layers...)
		return map[string]oncall.Schedule{"primary": primary}
	}
	overridden := schedule(now, "ada")
	primary := overridden["primary"]
	primary.Overrides = []oncall.Override{{ID: "o", Kind: oncall.ReplaceAll, Person: "ben", Start: now, End: now.Add(time.Second)}}
	overridden["primary"] = primary
	policy := func(fallback string, steps ...string) *Policy {
		p := &Policy{Loops: 2, Fallback: []string{fallback}}
		for _, target := range steps {
			p.Steps = append(p.Steps, Step{Targets: []string{target, "person:mute"}, Timeout: time.Minute})
		}
		return p
	}
	tests := []struct {
		name   string
		roster Roster
		staff  listed
		want   []string
		source Source
	}{
		{
			"the first step",
			Roster{Policy: policy("eve", "schedule:primary", "person:ben"), Schedules: schedule(now, "ada", "ben")},
			staff,
			[]string{"ada"},
			SourceOnCall,
		},
		{
			"by an override", Roster{
				Policy: policy("eve", "schedule:primary"), Schedules: overridden,
			}, staff, []string{"ben"}, SourceOnCall,
		},
		{
			"several at once, each once",
			Roster{Policy: &Policy{Loops: 1, Steps: []Step{{Targets: []string{"person:ada", "person:ben", "person:ada"}}}}},
			staff,
			[]string{"ada", "ben"},
			SourceOnCall,
		},
		{
			"a step without anybody is skipped",
			Roster{Policy: policy("eve", "schedule:primary", "person:ben"), Schedules: schedule(now.Add(time.Second), "ada")},
			staff,
			[]string{"ben"},
			SourceOnCall,
		},
		{
			"whoever is on call is out of reach",
			Roster{Policy: policy("eve", "schedule:primary"), Schedules: schedule(now, "mute")},
			staff,
			[]string{"eve"},
			SourceFallback,
		},
		{
			"the layer below stands in for who is out of reach",
			Roster{Policy: policy("eve", "schedule:primary"), Schedules: below(schedule(now, "mute"), "ben")},
			staff,
			[]string{"ben"},
			SourceOnCall,
		},
		{"no policy", Roster{}, staff, []string{"ada", "ben", "eve"}, SourceEverybody},
		{"no fallback either", Roster{Policy: policy("gone", "person:gone")}, staff, []string{"eve"}, SourceSupervisors},
		{"nobody by a policy", Roster{Policy: policy("mute", "person:gone")}, listed{mute("mute")}, nil, SourceNobody},
		{"nobody at all", Roster{}, nil, nil, SourceNobody},
		{
			"nobody has a contact that is verified: those of the fallback list that are not must do",
			Roster{Policy: policy("far", "person:ben")},
			listed{unverified("ben"), unverified("far"), mute("mute")},
			[]string{"far"},
			SourceFallback,
		},
		{
			"somebody has: those that are not verified are passed over",
			Roster{Policy: policy("far", "person:ben")},
			listed{unverified("ben"), supervisor, unverified("far")},
			[]string{"eve"},
			SourceSupervisors,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			notice, err := NoticeOnCall(t.Context(), tt.staff, &tt.roster, now)
			require.NoError(t, err)
			var got []string
			for _, p := range notice.People {
				got = append(got, p.ID)
			}
			require.Equal(t, tt.want, got)
			require.Equal(t, tt.source, notice.Source)
		})
	}
}

// unread is a roll that cannot be read.
type unread struct{}

var errUnread = errors.New("no connection")

func (unread) Staff(context.Context) ([]Reach, error)           { return nil, errUnread }
func (unread) Reach(context.Context, []string) ([]Reach, error) { return nil, errUnread }

func TestANoticeIsNotMadeOfHalfAnAnswer(t *testing.T) {
	for _, roster := range []Roster{
		{},
		{Policy: &Policy{Loops: 1, Steps: []Step{{Targets: []string{"person:ada"}}}}},
		{Policy: &Policy{Loops: 1, Steps: []Step{{Targets: []string{"schedule:gone"}}}}}, // asks for supervisors only
	} {
		notice, err := NoticeOnCall(t.Context(), unread{}, &roster, time.Now())
		require.ErrorIs(t, err, errUnread)
		require.Zero(t, notice)
	}
}
