package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

func (s *suite) stuckMails(t *testing.T) {
	const age = time.Hour
	before, err := s.one.StuckMails(t.Context(), age)
	require.NoError(t, err)
	require.Zero(t, before, "only this test has mails of that age")
	people := []domain.Person{{ID: "lea", Email: "lea@shop.test"}, {ID: "tom", Email: "tom@shop.test"}, {ID: "ida", Email: "ida@shop.test"}}
	o := domain.Outgoing{Content: domain.MailContent{ID: "stuck", Kind: domain.MailSolved, Ticket: 4711, Subject: "Slow", Participants: people}}
	for _, p := range people {
		o.Recipients = append(o.Recipients, domain.Recipient{Person: p, Reason: "cc"})
	}
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.InsertMails(ctx, []domain.Outgoing{o}) })
	queued := func(p domain.Person, ago time.Duration, state domain.MailState) {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			d, err := tx.LockMail(ctx, domain.MailID(o.Content.ID, p.Email))
			require.NoError(t, err)
			d.QueuedAt, d.State = d.CreatedAt.Add(-ago), state
			return tx.SaveMail(ctx, d)
		})
	}
	queued(people[0], 3*age, domain.MailQueued)
	queued(people[1], 2*age, domain.MailQueued)
	queued(people[2], 4*age, domain.MailAccepted)
	found, err := s.other.StuckMails(t.Context(), age)
	require.NoError(t, err)
	require.Equal(t, int64(2), found.Count)
	require.GreaterOrEqual(t, found.Oldest, 3*age)
	require.Less(t, found.Oldest, 4*age)
	queued(people[0], 0, domain.MailQueued)
	queued(people[1], 2*age, domain.MailRefused)
	found, err = s.other.StuckMails(t.Context(), age)
	require.NoError(t, err)
	require.Zero(t, found)
}
