package domain_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// desk is the staff of these tests.
type desk []domain.Colleague

func (d desk) Colleague(_ context.Context, id string) (domain.Colleague, bool, error) {
	for _, c := range d {
		if c.ID == id {
			return c, true, nil
		}
	}
	return domain.Colleague{}, false, nil
}

func (d desk) Mailed(_ context.Context, team string, kind domain.NoticeKind) ([]domain.Person, error) {
	var people []domain.Person
	for _, c := range d {
		channel := c.Preferences.ReplyTeam
		if kind == domain.NoticeNewTicket || kind == domain.NoticeHeld {
			channel = c.Preferences.NewTicket
		}
		if channel == domain.NoticeMail && len(c.Teams) > 0 && c.Teams[0] == team {
			people = append(people, c.Person)
		}
	}
	return people, nil
}

func colleague(id string, p domain.NoticePreferences) domain.Colleague {
	return domain.Colleague{
		Person: domain.Person{ID: id, Name: id, Email: id + "@altis.test", Staff: true}, Teams: []string{"support"}, Preferences: p,
	}
}

func TestWhoOfTheStaffIsTold(t *testing.T) {
	all := domain.NoticePreferences{NewTicket: domain.NoticeMail, ReplyMine: domain.NoticeMail, ReplyTeam: domain.NoticeMail, DigestHours: []int{8}}
	staff := desk{colleague("ada", all), colleague("ben", domain.DefaultNoticePreferences()), colleague("cem", all)}
	customer := domain.Person{ID: "mia", Name: "Mia", Email: "mia@shop.test"}
	message := func(author domain.Person) *domain.PublicMessage {
		return &domain.PublicMessage{ID: "m1", Author: author, Body: "It is slow."}
	}
	for _, test := range []struct {
		name   string
		change func(c *domain.TicketChange)
		kind   domain.NoticeKind // "" = nobody is told
		mailed []string
		has    []string // would be mailed, if they did not know
		why    string
		text   string
	}{
		{
			name: "triage chose the team of a new ticket", change: func(c *domain.TicketChange) { c.TeamChanged, c.Excerpt = true, "It is slow" },
			kind: domain.NoticeNewTicket, mailed: []string{"ada", "cem"}, why: domain.ReasonTeam, text: "It is slow",
		},
		{
			name: "a colleague opened it for a customer", change: func(c *domain.TicketChange) { c.TeamChanged, c.Author = true, "cem" },
			kind: domain.NoticeNewTicket, mailed: []string{"ada"}, has: []string{"cem"}, why: domain.ReasonTeam,
		},
		{
			name: "a colleague gave it to another team", change: func(c *domain.TicketChange) { c.TeamChanged, c.Actor = true, staff[0].Person },
			kind: domain.NoticeNewTicket, mailed: []string{"cem"}, has: []string{"ada"}, why: domain.ReasonTeam,
		},
		{name: "to a team, and somebody has it already", change: func(c *domain.TicketChange) { c.TeamChanged, c.Assignee = true, staff[0].Person }},
		{name: "it pages", change: func(c *domain.TicketChange) { c.TeamChanged, c.UrgentNow = true, true }},
		{name: "it has no team yet", change: func(c *domain.TicketChange) { c.NewTicket, c.Team, c.Message = true, "", message(customer) }},
		{name: "it is over", change: func(c *domain.TicketChange) { c.TeamChanged, c.Over = true, true }},
		{
			name: "an answer, and nobody has the ticket", change: func(c *domain.TicketChange) { c.Message = message(customer) },
			kind: domain.NoticeReply, mailed: []string{"ada", "cem"}, why: domain.ReasonTeam, text: "It is slow.",
		},
		{
			name: "an answer to the assignee", change: func(c *domain.TicketChange) { c.Message, c.Assignee = message(customer), staff[1].Person },
			kind: domain.NoticeReply, mailed: []string{"ben"}, why: domain.ReasonAssignee, text: "It is slow.",
		},
		{
			name: "an answer on an urgent incident, which pages nobody", change: func(c *domain.TicketChange) {
				c.Message, c.Assignee, c.UrgentNow = message(customer), staff[1].Person, true
			},
			kind: domain.NoticeReply, mailed: []string{"ben"}, why: domain.ReasonAssignee,
		},
		{
			name: "the assignee has left", change: func(c *domain.TicketChange) { c.Message, c.Assignee = message(customer), domain.Person{ID: "gone"} },
			kind: domain.NoticeReply, mailed: []string{"ada", "cem"}, why: domain.ReasonTeam,
		},
		{
			name: "the assignee is in CC, and has it", change: func(c *domain.TicketChange) {
				c.Message, c.Assignee, c.CCs = message(customer), staff[1].Person, []domain.Person{{Email: "Ben@altis.test"}}
			},
			kind: domain.NoticeReply, has: []string{"ben"},
		},
		{
			name: "a customer writes on a closed ticket", change: func(c *domain.TicketChange) {
				c.NewTicket, c.FollowUpOf, c.Message, c.Assignee = true, 3, message(customer), staff[1].Person
			},
			kind: domain.NoticeReply, mailed: []string{"ben"}, why: domain.ReasonAssignee,
		},
		{name: "the staff answers", change: func(c *domain.TicketChange) { c.Message = message(staff[0].Person) }},
		{name: "anything else", change: func(*domain.TicketChange) {}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := domain.TicketChange{Number: 7, Sequence: 2, Subject: "slow", Requester: customer, Team: "support"}
			test.change(&c)
			n, mail, err := domain.TellStaff(t.Context(), staff, c)
			require.NoError(t, err)
			if test.kind == "" {
				require.Nil(t, n)
				require.Nil(t, mail)
				return
			}
			require.Equal(t, test.kind, n.Kind)
			var mailed []string
			for _, r := range mail.Recipients {
				mailed = append(mailed, r.Person.ID)
				require.Equal(t, test.why, r.Reason)
			}
			require.Equal(t, test.mailed, mailed)
			require.NotNil(t, n.Mailed)
			require.ElementsMatch(t, append(mailed, test.has...), n.Mailed, "who is told by no digest")
			if test.text != "" {
				require.Equal(t, test.text, mail.Content.Messages[0].Body)
			}
			again, _, err := domain.TellStaff(t.Context(), staff, c)
			require.NoError(t, err)
			require.Equal(t, n.ID, again.ID, "told again it is the same")
		})
	}
}

func TestADigestIsOfWhatConcernsSomebody(t *testing.T) {
	digest := domain.NoticePreferences{NewTicket: domain.NoticeDigest, ReplyMine: domain.NoticeDigest, ReplyTeam: domain.NoticeDigest}
	notices := []domain.StaffNotice{
		{ID: "ours", Kind: domain.NoticeNewTicket, Team: "support"},
		{ID: "theirs", Kind: domain.NoticeNewTicket, Team: "cloud"},
		{ID: "everybody's", Kind: domain.NoticeNewTicket, Team: "nobody is in it"},
		{ID: "mine", Kind: domain.NoticeReply, Team: "cloud", Assignee: "ada"},
		{ID: "ben's", Kind: domain.NoticeReply, Team: "support", Assignee: "ben"},
		{ID: "nobody's", Kind: domain.NoticeReply, Team: "support"},
		{ID: "my own", Kind: domain.NoticeNewTicket, Team: "support", Authors: []string{"ada"}},
		{ID: "not reached", Kind: domain.NoticeReturned, Team: "support"},
		{ID: "held", Kind: domain.NoticeHeld},
	}
	for _, test := range []struct {
		name   string
		change func(p *domain.NoticePreferences)
		want   []string
	}{
		{"all", func(*domain.NoticePreferences) {}, []string{"ours", "everybody's", "mine", "nobody's", "not reached", "held"}},
		{"tickets by mail", func(p *domain.NoticePreferences) { p.NewTicket = domain.NoticeMail }, []string{"mine", "nobody's", "not reached"}},
		{"nothing of mine", func(p *domain.NoticePreferences) { p.ReplyMine = domain.NoticeNone }, []string{"ours", "everybody's", "nobody's", "not reached", "held"}},
		{"nothing of the team's", func(p *domain.NoticePreferences) { p.ReplyTeam = domain.NoticeNone }, []string{"ours", "everybody's", "mine", "held"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := digest
			test.change(&p)
			var got []string
			for _, n := range colleague("ada", p).Digest(notices, map[string]bool{"support": true, "cloud": true}) {
				got = append(got, n.ID)
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestADigestAfterAnotherChoice(t *testing.T) {
	notice := func(id string, mailed []string) domain.StaffNotice {
		return domain.StaffNotice{ID: id, Kind: domain.NoticeNewTicket, Team: "support", Mailed: mailed}
	}
	notices := []domain.StaffNotice{notice("mailed", []string{"ben", "ada"}), notice("gathered", []string{"ben"}), notice("unknown", nil)}
	for channel, want := range map[domain.NoticeChannel][]string{
		domain.NoticeMail: {"gathered"}, domain.NoticeDigest: {"gathered", "unknown"}, domain.NoticeNone: nil,
	} {
		var got []string
		for _, n := range colleague("ada", domain.NoticePreferences{NewTicket: channel}).Digest(notices, map[string]bool{"support": true}) {
			got = append(got, n.ID)
		}
		require.Equal(t, want, got, channel)
	}
}

func TestNoticePreferencesAreChecked(t *testing.T) {
	require.NoError(t, domain.DefaultNoticePreferences().Check())
	err := domain.NoticePreferences{NewTicket: "page", ReplyMine: domain.NoticeNone, DigestHours: []int{24, 8, 8, -1}}.Check()
	require.ErrorIs(t, err, fault.Invalid)
	f, _ := errors.AsType[*fault.Error](err)
	var paths []string
	for _, field := range f.Fields {
		paths = append(paths, field.Path+" "+field.Reason)
	}
	require.Equal(t, []string{
		"notice_preferences.new_ticket CHANNEL_UNKNOWN", "notice_preferences.reply_team CHANNEL_UNKNOWN",
		"notice_preferences.digest_hours[0] HOUR_INVALID", "notice_preferences.digest_hours[2] REPEATED", "notice_preferences.digest_hours[3] HOUR_INVALID",
	}, paths)
	require.ErrorContains(t, domain.NoticePreferences{NewTicket: domain.NoticeMail, ReplyMine: domain.NoticeMail, ReplyTeam: domain.NoticeMail}.Check(), "digest_hours")
}

func TestNextDigest(t *testing.T) {
	at := func(zone, text string) time.Time {
		z, err := time.LoadLocation(zone)
		require.NoError(t, err)
		got, err := time.ParseInLocation("2006-01-02 15:04", text, z)
		require.NoError(t, err)
		return got
	}
	for _, test := range []struct {
		zone, now, want string
		hours           []int
	}{
		{"Europe/Berlin", "2026-11-30 07:59", "2026-11-30 08:00", []int{8}},
		{"Europe/Berlin", "2026-11-30 08:00", "2026-12-01 08:00", []int{8}},
		{"Europe/Berlin", "2026-12-31 22:00", "2027-01-01 08:00", []int{8, 13}},
		{"Europe/Berlin", "2026-11-30 09:30", "2026-11-30 13:00", []int{8, 13, 17}},
		{"Europe/Berlin", "2027-03-28 01:30", "2027-03-28 03:00", []int{2}}, // the hour does not exist
		{"Pacific/Kiritimati", "2026-11-30 23:30", "2026-12-01 00:00", []int{0}},
	} {
		require.Equal(t, at(test.zone, test.want).UTC(), domain.NextDigest(at(test.zone, test.now), at(test.zone, test.now).Location(), test.hours).UTC(), test.now)
	}
}

func TestDigestsComeAtTheirHoursAndNeverLate(t *testing.T) {
	zones := []string{"UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		require.NoError(t, err)
		hours := rapid.SliceOfNDistinct(rapid.IntRange(0, 23), 1, 24, func(h int) int { return h }).Draw(t, "hours")
		now := time.Unix(rapid.Int64Range(1_300_000_000, 1_900_000_000).Draw(t, "now"), 0)
		next := domain.NextDigest(now, zone, hours)
		require.True(t, next.After(now))
		require.LessOrEqual(t, next.Sub(now), 49*time.Hour, "a day, and another one where one was left out of the calendar")
	})
}
