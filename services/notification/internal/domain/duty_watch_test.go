package domain

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

// dutyWorld is a schedule of ada's and ben's, who take turns each day at noon, and who else there is.
type dutyWorld struct {
	roster *Roster
	staff  []Reach
	watch  DutyWatch
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func newDutyWorld() *dutyWorld {
	reach := func(id string, supervises bool, contacts ...Contact) Reach {
		return Reach{Person: Person{ID: id, Name: id, Email: id + "@altis.test"}, Supervises: supervises, Contacts: contacts, Explicit: len(contacts) > 0}
	}
	hook := Contact{ID: "hook", Channel: ChannelWebhook}
	return &dutyWorld{
		roster: &Roster{
			Policy: &Policy{Steps: []Step{{Targets: []string{"everyone:primary"}}}, Loops: 1, Fallback: []string{"fay"}},
			Schedules: map[string]oncall.Schedule{"primary": {ID: "primary", Name: "Primary", Zone: time.UTC, Layers: []oncall.Layer{
				{Unit: oncall.Day, Length: 1, Start: noon, People: []string{"ada", "ben"}},
			}}},
		},
		staff: []Reach{
			reach("ada", false, hook, Contact{Channel: ChannelEmail, Address: "ada@home.test"}), reach("ben", false, hook), reach("eve", true, hook),
			reach("fay", false, hook), reach("out", true),
		},
		watch: DutyWatch{Schedule: "primary"},
	}
}

// look returns the mails as "kind address".
func (w *dutyWorld) look(at time.Time) (told []string, mails []DutyMail, again time.Duration) {
	w.watch, mails, again = w.roster.Look(w.watch, w.staff, at)
	for _, m := range mails {
		told = append(told, string(m.Notice.Kind)+" "+m.Recipient.Person.Email)
	}
	return told, mails, again
}

func (w *dutyWorld) override(kind oncall.Kind, person, replaced string, start, end time.Time) {
	s := w.roster.Schedules["primary"]
	s.Overrides = append(s.Overrides, oncall.Override{ID: "o", Kind: kind, Person: person, Replaced: replaced, Start: start, End: end})
	w.roster.Schedules["primary"] = s
}

func TestQuietHoursHoldWhatIsToldAboutOnCallIfThereIsTime(t *testing.T) {
	hours := func(zone string, from, until time.Duration) oncall.Hours {
		return oncall.Hours{Zone: zone, Parts: []oncall.Restriction{{From: from, Until: until}}}
	}
	gap := noon.Add(30 * time.Hour) // 18:00 in ben's turn; until 19:00
	for _, c := range []struct {
		name  string
		quiet oncall.Hours // everybody's
		gap   bool
		looks []time.Time // the last one counts
		want  map[DutyKind]time.Duration
	}{
		{
			"who goes can wait, who comes cannot", hours("Europe/Berlin", 13*time.Hour, 14*time.Hour+30*time.Minute), false,
			[]time.Time{noon.Add(23 * time.Hour), noon.Add(24 * time.Hour)}, // 13:00 in Berlin
			map[DutyKind]time.Duration{DutyBegins: 0, DutyEnds: 90 * time.Minute},
		},
		{
			"a gap after the hours can wait", hours("UTC", 13*time.Hour, 17*time.Hour), true,
			[]time.Time{noon.Add(26 * time.Hour)},
			map[DutyKind]time.Duration{GapAhead: 3 * time.Hour},
		},
		{
			"one that begins when they end cannot", hours("UTC", 13*time.Hour, 18*time.Hour), true,
			[]time.Time{noon.Add(26 * time.Hour)},
			map[DutyKind]time.Duration{GapAhead: 0},
		},
		{
			"nor one within", hours("UTC", 13*time.Hour, 23*time.Hour), true,
			[]time.Time{noon.Add(26 * time.Hour)},
			map[DutyKind]time.Duration{GapAhead: 0},
		},
		{
			"nor one that is there", hours("UTC", 13*time.Hour, 23*time.Hour), true,
			[]time.Time{noon.Add(26 * time.Hour), gap},
			map[DutyKind]time.Duration{DutyEnds: 5 * time.Hour, GapNow: 0},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newDutyWorld()
			for i := range w.staff {
				w.staff[i].Rules.Quiet = c.quiet
			}
			if c.gap {
				w.override(oncall.Remove, "", "ben", gap, gap.Add(time.Hour))
			}
			var mails []DutyMail
			for _, at := range c.looks {
				_, mails, _ = w.look(at)
			}
			got := map[DutyKind]time.Duration{}
			for _, m := range mails {
				before, seen := got[m.Notice.Kind]
				require.True(t, !seen || before == m.Hold, "%s", m.Notice.Kind)
				got[m.Notice.Kind] = m.Hold
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestWhoComesAndWhoGoesAreTold(t *testing.T) {
	w := newDutyWorld()
	told, _, again := w.look(noon.Add(23*time.Hour + 58*time.Minute))
	require.Empty(t, told, "nobody's duty has changed")
	require.Equal(t, 2*time.Minute, again)
	told, mails, again := w.look(noon.Add(24 * time.Hour))
	require.Equal(t, []string{"duty_begins ben@altis.test", "duty_ends ada@home.test"}, told)
	require.Equal(t, DutyNotice{
		Kind: DutyBegins, Schedule: "primary", Name: "Primary", Zone: "UTC", Start: noon.Add(24 * time.Hour), End: noon.Add(48 * time.Hour),
	}, mails[0].Notice)
	require.Equal(t, []string{"ben"}, mails[1].Notice.OnCall)
	require.Equal(t, 5*time.Minute, again)
	told, _, _ = w.look(noon.Add(24*time.Hour + time.Minute))
	require.Empty(t, told)

	told, mails, _ = w.look(noon.Add(97 * time.Hour)) // away for three changes: who was on call in between is told nothing
	require.Equal(t, []string{"duty_begins ada@home.test", "duty_ends ben@altis.test"}, told)
	require.Equal(t, noon.Add(96*time.Hour), mails[0].Notice.Start, "since the change, not since it was seen")

	w.override(oncall.Add, "fay", "", noon.Add(98*time.Hour), noon.Add(99*time.Hour))
	told, _, _ = w.look(noon.Add(98 * time.Hour))
	require.Equal(t, []string{"duty_begins fay@altis.test"}, told, "ada stays")
	told, mails, _ = w.look(noon.Add(99 * time.Hour))
	require.Equal(t, []string{"duty_ends fay@altis.test"}, told)
	require.Equal(t, []string{"ada"}, mails[0].Notice.OnCall)

	w.roster.Policy.Steps[0].Targets = []string{"person:ada"}
	told, _, _ = w.look(noon.Add(121 * time.Hour))
	require.Empty(t, told, "nobody is paged by this schedule")
	w.roster.Policy = nil
	told, _, _ = w.look(noon.Add(145 * time.Hour))
	require.Empty(t, told)
}

func TestGapsAreToldAheadAndWhenTheyBegin(t *testing.T) {
	w := newDutyWorld()
	gap := noon.Add(30 * time.Hour) // in ben's turn
	w.override(oncall.Remove, "", "ben", gap, gap.Add(time.Hour))
	w.override(oncall.Remove, "", "ben", gap.Add(10*time.Hour), gap.Add(11*time.Hour))
	people := func(kind DutyKind, more ...string) (want []string) {
		for _, address := range append([]string{"ada@home.test", "ben@altis.test", "eve@altis.test"}, more...) {
			want = append(want, string(kind)+" "+address)
		}
		return want
	}
	told, mails, _ := w.look(noon.Add(26 * time.Hour))
	require.Equal(t, people(GapAhead), told, "the schedule's people and the supervisors; out cannot be reached")
	require.Equal(t, gap, mails[0].Notice.Start)
	require.Equal(t, gap.Add(time.Hour), mails[0].Notice.End)
	ahead := mails[0].ID
	told, _, again := w.look(gap.Add(-time.Minute))
	require.Empty(t, told, "once")
	require.Equal(t, time.Minute, again)

	told, mails, _ = w.look(gap)
	require.Equal(t, append(append([]string{"duty_ends ben@altis.test"}, people(GapNow, "fay@altis.test")...), people(GapAhead)...), told,
		"the fallback list, too; and the gap that follows")
	require.Empty(t, mails[0].Notice.OnCall)
	require.Equal(t, gap, w.watch.GapSince)
	told, _, _ = w.look(gap.Add(time.Minute))
	require.Empty(t, told, "once")
	told, _, _ = w.look(gap.Add(time.Hour))
	require.Equal(t, []string{"duty_begins ben@altis.test"}, told)
	require.Zero(t, w.watch.GapSince)

	// Told again only if it begins at another time: the id is of the beginning and the address.
	again2 := newDutyWorld()
	again2.override(oncall.Remove, "", "ben", gap, gap.Add(2*time.Hour))
	_, mails, _ = again2.look(noon.Add(25 * time.Hour))
	require.Equal(t, ahead, mails[0].ID)

	// A gap that is meant is none, and neither is one later than a week.
	meant := newDutyWorld()
	meant.override(oncall.Temporary, "", "", gap, gap.Add(time.Hour))
	meant.override(oncall.Remove, "", "ben", noon.Add(8*24*time.Hour), noon.Add(10*24*time.Hour))
	for _, at := range []time.Time{noon, noon.Add(20 * time.Hour)} {
		told, _, _ = meant.look(at)
		require.Empty(t, told)
	}
	told, _, _ = meant.look(gap)
	require.Equal(t, []string{"duty_ends ada@home.test"}, told)

	// Nobody who can be reached is nobody.
	alone := newDutyWorld()
	alone.staff = alone.staff[2:]
	told, _, again = alone.look(noon)
	require.Equal(t, []string{"gap_now eve@altis.test", "gap_now fay@altis.test"}, told)
	require.Equal(t, 5*time.Minute, again)
}

// Who has no verified contact is on call and has the mail of the directory: a gap, in which that one is named.
func TestWhoHasNoVerifiedContactIsAGapThatNamesThem(t *testing.T) {
	w := newDutyWorld()
	w.staff[1].Explicit, w.staff[1].Contacts = false, []Contact{{ID: ImplicitContact, Channel: ChannelEmail, Address: "ben@altis.test"}}
	told, mails, _ := w.look(noon.Add(time.Hour))
	require.Equal(t, []string{"gap_ahead ada@home.test", "gap_ahead ben@altis.test", "gap_ahead eve@altis.test"}, told)
	require.Equal(t, []string{"ben"}, mails[0].Notice.OnCall)
	require.Equal(t, noon.Add(24*time.Hour), mails[0].Notice.Start)
	require.Equal(t, noon.Add(48*time.Hour), mails[0].Notice.End)

	// Ada's contact is deleted in her turn: the gap goes on into Ben's, and is one.
	w.staff[0].Explicit = false
	told, mails, _ = w.look(noon.Add(2 * time.Hour))
	require.Contains(t, told, "gap_now fay@altis.test")
	require.Equal(t, []string{"ada"}, mails[0].Notice.OnCall)
	require.Zero(t, mails[0].Notice.End, "it ends nowhere")
	require.NotContains(t, told, "gap_ahead ada@home.test")
	since := w.watch.GapSince
	require.NotZero(t, since)
	told, _, _ = w.look(noon.Add(24 * time.Hour))
	require.Equal(t, []string{"duty_begins ben@altis.test", "duty_ends ada@home.test"}, told, "once")
	require.Equal(t, since, w.watch.GapSince)
	w.staff[1].Explicit = true
	told, _, _ = w.look(noon.Add(25 * time.Hour))
	require.Equal(t, []string{"gap_ahead ada@home.test", "gap_ahead ben@altis.test", "gap_ahead eve@altis.test"}, told, "Ada's next turn")
	require.Zero(t, w.watch.GapSince)
}

func TestAPolicyThatReachesNobodyIsToldOncePerPart(t *testing.T) {
	w := newDutyWorld()
	w.watch = DutyWatch{Schedule: PolicyWatch}
	w.roster.Policy.Steps = []Step{{Targets: []string{"schedule:none"}}, {Targets: []string{"person:ada", "person:ben"}}}
	told, _, again := w.look(noon)
	require.Empty(t, told, "of a step that names schedules only those are watched")
	require.Equal(t, 5*time.Minute, again)

	w.staff[0].Explicit = false // Ada's contact is deleted
	told, _, _ = w.look(noon.Add(time.Minute))
	require.Empty(t, told, "Ben is left")
	w.staff = slices.Delete(w.staff, 1, 2) // Ben is disabled
	told, mails, _ := w.look(noon.Add(2 * time.Minute))
	require.Equal(t, []string{"policy_gap ada@home.test", "policy_gap eve@altis.test", "policy_gap fay@altis.test"}, told)
	require.Equal(t, []int{2}, mails[0].Notice.Steps)
	require.False(t, mails[0].Notice.Fallback)
	require.Equal(t, noon.Add(2*time.Minute), w.watch.GapSince)
	told, _, _ = w.look(noon.Add(7 * time.Minute))
	require.Empty(t, told, "once")

	w.staff[2].Explicit = false // Fay's
	told, mails, _ = w.look(noon.Add(8 * time.Minute))
	require.Len(t, told, 3, "it is worse")
	require.Equal(t, []int{2}, mails[0].Notice.Steps)
	require.True(t, mails[0].Notice.Fallback)
	require.Equal(t, noon.Add(2*time.Minute), w.watch.GapSince)

	w.staff[0].Explicit, w.staff[2].Explicit = true, true
	told, _, _ = w.look(noon.Add(9 * time.Minute))
	require.Empty(t, told)
	require.Zero(t, w.watch.GapSince)
	w.staff[0].Explicit = false
	told, _, _ = w.look(noon.Add(10 * time.Minute))
	require.Len(t, told, 3, "anew")
	w.roster.Policy = nil
	told, _, _ = w.look(noon.Add(11 * time.Minute))
	require.Empty(t, told)
	require.Zero(t, w.watch.GapSince)
}
