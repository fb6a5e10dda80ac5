package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// teams puts somebody of the staff into teams.
func (s *suite) teams(t *testing.T, version int64, id string, teams ...string) {
	t.Helper()
	require.NoError(t, s.db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		return directory.Apply(ctx, tx, &eventv1.DirectoryEvent{Version: version, Entity: &eventv1.DirectoryEvent_Person{Person: &eventv1.DirectoryPerson{
			Id: id, Name: id, Email: id + "@altis.test", Staff: true, Role: "agent", TimeZone: "Asia/Kathmandu", Teams: teams,
		}}})
	}))
}

func (s *suite) noticePreferences(t *testing.T) {
	mailed := func(team string, kind domain.NoticeKind) (ids []string) {
		t.Helper()
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			people, err := tx.Mailed(ctx, team, kind)
			ids = nil
			for _, p := range people {
				require.True(t, p.Staff)
				ids = append(ids, p.ID)
			}
			return err
		})
		return ids
	}
	prefer := func(id string, change func(*domain.NoticePreferences)) {
		t.Helper()
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			p, err := tx.LockNoticePreferences(ctx, id)
			if err != nil {
				return err
			}
			change(&p)
			return tx.SaveNoticePreferences(ctx, id, p)
		})
	}
	c, ok, err := s.one.Colleague(t.Context(), "ada")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, domain.DefaultNoticePreferences(), c.Preferences)
	for _, id := range []string{"mia", "out", "nobody"} {
		_, ok, err := s.one.Colleague(t.Context(), id)
		require.NoError(t, err)
		require.False(t, ok, id)
	}
	require.Empty(t, mailed("support", domain.NoticeNewTicket))
	for _, id := range []string{"ada", "eve", "mia", "out"} {
		prefer(id, func(p *domain.NoticePreferences) { p.NewTicket = domain.NoticeMail })
	}
	require.Equal(t, []string{"ada", "eve"}, mailed("support", domain.NoticeNewTicket), "a team that nobody is in is everybody's")
	require.Empty(t, mailed("support", domain.NoticeReply))

	s.teams(t, 100, "ada", "cloud", `the "best" <team>`)
	require.Equal(t, []string{"ada"}, mailed("cloud", domain.NoticeNewTicket))
	require.Equal(t, []string{"ada"}, mailed(`the "best" <team>`, domain.NoticeNewTicket))
	require.Equal(t, []string{"ada", "eve"}, mailed("clou", domain.NoticeNewTicket))
	require.Equal(t, []string{"ada", "eve"}, mailed("", domain.NoticeNewTicket), "it has no team yet")
	prefer("eve", func(p *domain.NoticePreferences) {
		*p = domain.NoticePreferences{NewTicket: domain.NoticeNone, ReplyMine: domain.NoticeDigest, ReplyTeam: domain.NoticeMail, DigestHours: []int{1, 23}}
	})
	require.Equal(t, []string{"eve"}, mailed("support", domain.NoticeReply))
	c, _, err = s.other.Colleague(t.Context(), "eve")
	require.NoError(t, err)
	require.Equal(t, domain.NoticePreferences{
		NewTicket: domain.NoticeNone, ReplyMine: domain.NoticeDigest, ReplyTeam: domain.NoticeMail, DigestHours: []int{1, 23},
	}, c.Preferences)
}

func (s *suite) digests(t *testing.T) {
	ids, err := s.one.Undigested(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"ada", "eve", "mute"}, ids)
	for range 2 {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.BeginDigests(ctx, ids...) })
	}
	require.Equal(t, 3, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'notice.digest'`), "one each")
	ids, err = s.one.Undigested(t.Context())
	require.NoError(t, err)
	require.Empty(t, ids)

	var now time.Time
	update(t, s.one, func(ctx context.Context, tx *store.Tx) (err error) {
		if now, err = tx.Now(ctx); err != nil {
			return err
		}
		for id, at := range map[string]time.Duration{"long ago": -time.Hour, "lately": -20 * time.Second, "just now": 0} {
			tx.InsertNotice(domain.StaffNotice{ID: id, Ticket: 70, Kind: domain.NoticeNewTicket, Team: "cloud", Subject: "x"}, now.Add(at))
		}
		tx.InsertNotice(domain.StaffNotice{ID: "own", Ticket: 71, Kind: domain.NoticeNewTicket, Team: "cloud", Authors: []string{"mute"}}, now.Add(-20*time.Second))
		tx.InsertNotice(domain.StaffNotice{ID: "lately", Ticket: 72}, now)
		return nil
	})
	require.NoError(t, s.db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE digests SET gathered_at = gathered_at - 60000000`)
		return err
	}))
	gather := func(generation int64) (ids []string, ok bool) {
		t.Helper()
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			g, done, err := tx.Gather(ctx, store.DigestTask{Person: "mute", Generation: generation})
			ids, ok = nil, done
			for _, n := range g.Notices {
				require.Equal(t, "mute", g.For.ID)
				ids = append(ids, n.ID)
			}
			return err
		})
		return ids, ok
	}
	s.teams(t, 101, "mute", "cloud")
	got, ok := gather(1)
	require.True(t, ok)
	require.Equal(t, []string{"lately"}, got, "since the last one; what is newer may not be all there yet")
	_, ok = gather(1)
	require.False(t, ok, "another task is over")
	got, ok = gather(2)
	require.True(t, ok)
	require.Empty(t, got)
	require.Equal(t, 2+3, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'notice.digest'`))

	// Another hour: the old task counts no more.
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.LockNoticePreferences(ctx, "mute")
		if err != nil {
			return err
		}
		p.DigestHours = []int{now.Add(2 * time.Hour).Hour()}
		return tx.SaveNoticePreferences(ctx, "mute", p)
	})
	_, ok = gather(3)
	require.False(t, ok)
	require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'notice.digest' AND key = 'mute'`))

	known, err := s.other.Notices(t.Context(), []string{"own", "lately", "never"})
	require.NoError(t, err)
	require.Len(t, known, 2)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.ForgetNotices(ctx, 71) })
	require.NoError(t, s.one.PruneNotices(t.Context(), time.Minute))
	known, err = s.other.Notices(t.Context(), []string{"own", "lately", "long ago", "just now"})
	require.NoError(t, err)
	require.Len(t, known, 2, "of another ticket, and not old")
	require.Equal(t, []string{"lately", "just now"}, []string{known[0].ID, known[1].ID})
}

// gather makes the digest of a person, as of the last two minutes.
func (s *suite) gather(t *testing.T, person string) (g store.Gathered) {
	t.Helper()
	s.exec(t, `UPDATE digests SET gathered_at = altis_now() - 120000000 WHERE person = $1`, person)
	generation := s.count(t, `SELECT generation FROM digests WHERE person = $1`, person)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		var ok bool
		var err error
		g, ok, err = tx.Gather(ctx, store.DigestTask{Person: person, Generation: int64(generation)})
		require.True(t, ok)
		return err
	})
	return g
}

func (s *suite) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	require.NoError(t, s.db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}))
}

func (s *suite) busyDigests(t *testing.T) {
	s.teams(t, 102, "ada", "cloud")
	s.teams(t, 103, "mute", "small")
	insert := func(count int, of func(i int) domain.StaffNotice) {
		t.Helper()
		s.exec(t, `DELETE FROM notices`)
		for from := 0; from < count; from += 400 {
			update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
				now, err := tx.Now(ctx)
				for i := from; i < min(count, from+400); i++ {
					tx.InsertNotice(of(i), now.Add(-time.Minute))
				}
				return err
			})
		}
	}
	notice := func(i int, team, assignee string) domain.StaffNotice {
		return domain.StaffNotice{ID: fmt.Sprintf("busy-%04d", i), Ticket: int64(i), Kind: domain.NoticeNewTicket, Team: team, Assignee: assignee}
	}
	insert(1201, func(i int) domain.StaffNotice {
		switch {
		case i == 1200:
			return notice(i, "small", "")
		case i%2 == 0:
			return notice(i, "cloud", "")
		}
		return notice(i, "small", "ada")
	})
	g := s.gather(t, "mute")
	require.Len(t, g.Notices, 1, "behind what concerns others")
	require.EqualValues(t, 1200, g.Notices[0].Ticket)
	require.Zero(t, g.More)

	insert(1100, func(i int) domain.StaffNotice { return notice(i, []string{"small", "nobody is in it"}[i%2], "") })
	g = s.gather(t, "mute")
	require.Len(t, g.Notices, 500)
	require.Equal(t, 600, g.More)
	for i, n := range g.Notices {
		require.EqualValues(t, i, n.Ticket, "each once, in their order")
	}
}

func (s *suite) digestsAfterAnotherChoice(t *testing.T) {
	s.exec(t, `DELETE FROM notices`)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		now, err := tx.Now(ctx)
		for id, mailed := range map[string][]string{"gathered": nil, "mailed": {"ada", "mute"}, "unknown": nil} {
			tx.InsertNotice(domain.StaffNotice{ID: id, Ticket: 7, Kind: domain.NoticeNewTicket, Team: "small", Mailed: mailed}, now.Add(-time.Minute))
		}
		return err
	})
	s.exec(t, `UPDATE notices SET mailed = '' WHERE id = 'unknown'`) // as what is older than the list
	for _, c := range []struct {
		channel domain.NoticeChannel
		want    []string
	}{{domain.NoticeMail, []string{"gathered"}}, {domain.NoticeDigest, []string{"gathered", "unknown"}}, {domain.NoticeNone, nil}} {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			p, err := tx.LockNoticePreferences(ctx, "mute")
			p.NewTicket = c.channel
			return errors.Join(err, tx.SaveNoticePreferences(ctx, "mute", p))
		})
		var got []string
		for _, n := range s.gather(t, "mute").Notices {
			got = append(got, n.ID)
		}
		require.Equal(t, c.want, got, c.channel)
	}
}

func (s *suite) digestsOfWhoComesBack(t *testing.T) {
	digests := func() int { return s.count(t, `SELECT COUNT(*) FROM digests WHERE person = 'mute'`) }
	for name, left := range map[string]func(context.Context, *store.Tx) error{
		"before the first": func(ctx context.Context, tx *store.Tx) error { return tx.BeginDigests(ctx, "mute") },
		"and then chose": func(ctx context.Context, tx *store.Tx) error {
			p, err := tx.LockNoticePreferences(ctx, "mute")
			return errors.Join(err, tx.SaveNoticePreferences(ctx, "mute", p))
		},
	} {
		if name == "before the first" {
			s.exec(t, `DELETE FROM digests WHERE person = 'mute'`)
		}
		s.exec(t, `UPDATE directory_people SET disabled = 1 WHERE id = 'mute'`)
		update(t, s.one, left)
		require.Zero(t, digests(), name)
		s.exec(t, `UPDATE directory_people SET disabled = 0 WHERE id = 'mute'`)
		ids, err := s.one.Undigested(t.Context())
		require.NoError(t, err)
		require.Contains(t, ids, "mute", name)
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.BeginDigests(ctx, ids...) })
		require.Equal(t, 1, digests(), name)
	}
}
