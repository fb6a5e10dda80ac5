package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

func (s *suite) news(t *testing.T) {
	s.exec(t, `DELETE FROM notices`)
	s.teams(t, 200, "ada", "cloud")
	s.teams(t, 201, "mute", "small")
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		now, err := tx.Now(ctx)
		for i, n := range []domain.StaffNotice{
			{ID: "old", Kind: domain.NoticeHeld},
			{ID: "everybody's", Kind: domain.NoticeHeld, Mails: 3},
			{ID: "one's own", Ticket: 7, Kind: domain.NoticeReturned, Team: "small", Assignee: "ada", AuthorName: "noa@shop.test", Subject: "Slow", Organization: "Shop"},
			{ID: "of one's team", Ticket: 8, Kind: domain.NoticeReply, Team: "cloud"},
			{ID: "of another team", Ticket: 9, Kind: domain.NoticeReturned, Team: "small"},
			{ID: "of a team of nobody", Ticket: 10, Kind: domain.NoticeReturned, Team: "gone"},
			{ID: "one's own doing", Ticket: 11, Kind: domain.NoticeReply, Team: "cloud", Authors: []string{"eve", "ada"}},
			{ID: "a colleague's", Ticket: 12, Kind: domain.NoticeReturned, Team: "cloud", Assignee: "mute"},
		} {
			at := now.Add(time.Duration(i-10) * time.Minute)
			if n.ID == "old" {
				at = now.Add(-25 * time.Hour)
			}
			tx.InsertNotice(n, at)
		}
		return err
	})
	ada, ok, err := s.one.Colleague(t.Context(), "ada")
	require.NoError(t, err)
	require.True(t, ok)
	list := func(after *store.NoticePosition, limit int, kinds ...string) (ids []string, last *store.NoticePosition) {
		t.Helper()
		found, err := s.other.News(t.Context(), ada, kinds, after, limit)
		require.NoError(t, err)
		for _, n := range found {
			ids = append(ids, n.ID)
			last = &store.NoticePosition{CreatedAt: sqldb.Micros(n.At), ID: n.ID}
		}
		return ids, last
	}
	all, _ := list(nil, 50)
	require.Equal(t, []string{"of a team of nobody", "of one's team", "one's own", "everybody's"}, all)
	mails, _ := list(nil, 50, string(domain.NoticeReturned), string(domain.NoticeHeld))
	require.Equal(t, []string{"of a team of nobody", "one's own", "everybody's"}, mails)
	first, last := list(nil, 3)
	rest, _ := list(last, 3)
	require.Equal(t, all, append(first, rest...))
	s.exec(t, `DELETE FROM notices`)
}
