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

// mailbox is what the store tells of pages that the emergency mailbox may have.
func (s *suite) mailbox(t *testing.T) {
	ctx := t.Context()
	set := func(statement string) {
		t.Helper()
		require.NoError(t, s.db.Do(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, statement)
			return err
		}))
	}
	at := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	delivery := func(id string, state domain.DeliveryState, attempts int) domain.Delivery {
		return domain.Delivery{
			ID: id, Position: domain.Position{Cycle: 1, Loop: 1, Step: 1}, Person: domain.Person{ID: "ada", Name: "Ada", Staff: true},
			Contact: domain.Contact{ID: "c-" + id, Person: "ada", Channel: domain.ChannelWebhook, Address: "https://pager.test", Position: 1},
			Why:     domain.Why{Kind: domain.WhyNamed}, State: state, Attempts: attempts,
			LastAnswer: domain.Answer{Kind: domain.AnswerProvider, Said: "204"}, CreatedAt: at, AcceptedAt: at.Add(time.Second),
		}
	}
	imported, own := delivery("mb-imported", domain.DeliveryAccepted, 2), delivery("mb-own", domain.DeliveryQueued, 0)
	own.Page, own.Body = "mb", "{}"
	tasks := s.count(t, `SELECT COUNT(*) FROM tasks`)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		p := page("mb", "ticket:77")
		p.Ticket = 77
		ok, err := tx.InsertPage(ctx, p)
		require.True(t, ok)
		tx.ImportDeliveries("mb", []domain.Delivery{imported})
		tx.InsertDeliveries([]domain.Delivery{own})
		return err
	})
	require.Equal(t, tasks+1, s.count(t, `SELECT COUNT(*) FROM tasks`), "what is imported is not sent")
	imported.Page = "mb"
	got, err := s.other.PageDeliveries(ctx, "mb")
	require.NoError(t, err)
	require.Contains(t, got, imported)
	update(t, s.other, func(ctx context.Context, tx *store.Tx) error {
		inside, err := tx.Deliveries(ctx, "mb")
		require.Equal(t, got, inside)
		other := imported
		other.State = domain.DeliveryFailed
		tx.ImportDeliveries("mb", []domain.Delivery{other})
		return err
	})
	again, err := s.one.PageDeliveries(ctx, "mb")
	require.NoError(t, err)
	require.Equal(t, got, again, "what is there stays")

	set(`UPDATE page_deliveries SET created_at = altis_now() - 60000000 WHERE id = 'mb-own'`)
	set(`UPDATE pages SET next_step_at = altis_now() - 30000000 WHERE id = 'mb'`)
	look := func() (age, late time.Duration, unsent bool) {
		t.Helper()
		sending, err := s.one.Sending(ctx, "mb-own", 0)
		require.NoError(t, err)
		late, err = s.one.StepLate(ctx, "mb")
		require.NoError(t, err)
		found, err := s.one.Unsent(ctx, time.Second, 15*time.Second, 0)
		require.NoError(t, err)
		for _, u := range found {
			unsent = unsent || u.Delivery == "mb-own"
		}
		return sending.Age, late, unsent
	}
	age, late, unsent := look()
	require.GreaterOrEqual(t, age, time.Minute)
	require.GreaterOrEqual(t, late, 30*time.Second)
	require.False(t, unsent, "the mailbox is to be asked first")
	set(`UPDATE pages SET mailbox = 'asked' WHERE id = 'mb'`)
	age, late, unsent = look()
	require.Zero(t, age)
	require.Zero(t, late)
	require.True(t, unsent)
	read, err := s.other.Page(ctx, "mb")
	require.NoError(t, err)
	require.Equal(t, domain.MailboxAsked, read.Mailbox)

	ended := func() (sequence int64) {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) (err error) {
			sequence, err = tx.EndedBy(ctx, 77)
			return err
		})
		read, err := s.other.EndedBy(ctx, 77)
		require.NoError(t, err)
		require.Equal(t, sequence, read)
		return sequence
	}
	require.Zero(t, ended(), "no such ticket")
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.TouchTicket(ctx, store.TicketState{Number: 77, Sequence: 9, Ended: true, Snapshot: "{}"})
		return err
	})
	require.EqualValues(t, 9, ended())
	for _, statement := range []string{
		`DELETE FROM tasks WHERE key = 'mb'`, `DELETE FROM page_deliveries WHERE page = 'mb'`, `DELETE FROM pages WHERE id = 'mb'`, `DELETE FROM tickets WHERE number = 77`,
	} {
		set(statement)
	}
}
