package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

func (s *suite) deliveries(t *testing.T) {
	at := domain.Position{Cycle: 1, Loop: 1, Step: 1}
	known, err := s.one.Contacts(t.Context(), "ada", store.ContactPosition{}, 10)
	contacts := paged(known)
	require.NoError(t, err)
	make := func(person string, c domain.Contact) domain.Delivery {
		return domain.Delivery{
			ID: domain.DeliveryID("p3", at, person, c.ID), Page: "p3", Position: at, Person: domain.Person{ID: person, Name: person, Staff: true},
			Contact: c, Why: domain.Why{Kind: domain.WhyOverride, Schedule: "Primary"}, Body: "{}", State: domain.DeliveryQueued, CreatedAt: time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC),
		}
	}
	hook := make("ada", contacts[0])
	mail := make("eve", domain.Contact{ID: domain.ImplicitContact, Person: "eve", Channel: domain.ChannelEmail, Address: "eve@altis.test", Position: 1})
	gone := make("eve", domain.Contact{ID: "gone", Person: "eve", Channel: domain.ChannelWebhook, Address: "https://gone.test/x", Position: 2})
	logged := time.Date(2026, 11, 24, 1, 2, 3, 4000, time.UTC)
	full := domain.Entry{
		Kind: domain.EntryCalled, Person: "Ada", Channel: domain.ChannelEmail, Answer: domain.Answer{Kind: domain.AnswerProvider, Said: "250 ok"}, NextContact: true, Step: 2, Loop: 3,
		Why: hook.Why, After: 2 * time.Second, AcknowledgedAt: logged.Add(-time.Minute), Title: "[Urgent] down", Event: 7, EndedBy: 9,
	}
	update(t, s.one, func(_ context.Context, tx *store.Tx) error {
		tx.Log("p3", logged, full, domain.Entry{Kind: domain.EntryUnheard})
		tx.InsertDeliveries([]domain.Delivery{hook, mail})
		tx.InsertDeliveries([]domain.Delivery{gone, hook})
		tx.Later(domain.Timer{Page: "p3", Position: at, Kind: domain.TimerStep, Delay: time.Hour})
		return nil
	})
	got, err := s.other.PageDeliveries(t.Context(), "p3")
	require.NoError(t, err)
	require.ElementsMatch(t, []domain.Delivery{hook, mail, gone}, got)
	log, err := s.one.PageLog(t.Context(), "p3")
	require.NoError(t, err)
	require.Equal(t, []store.LogEntry{{At: logged, Entry: full}, {At: logged, Entry: domain.Entry{Kind: domain.EntryUnheard}}}, log)

	sending, err := s.one.Sending(t.Context(), hook.ID, 0)
	require.NoError(t, err)
	require.Equal(t, "whsec_x", sending.Secret)
	require.False(t, sending.Gone)
	require.False(t, sending.Over)
	sending, err = s.one.Sending(t.Context(), gone.ID, 0)
	require.NoError(t, err)
	require.True(t, sending.Gone)
	_, err = s.one.Sending(t.Context(), "none", 0)
	require.ErrorIs(t, err, fault.NotFound)

	s.unsent(t, hook, mail, gone)

	named, err := s.one.PersonOf(t.Context(), "p3", "eve")
	require.NoError(t, err)
	require.Equal(t, "eve", named.Name)
	_, err = s.one.PersonOf(t.Context(), "p3", "mia")
	require.ErrorIs(t, err, fault.NotFound)
	for person, want := range map[string]string{"ada": "Asia/Kathmandu", "eve": "Europe/Berlin", "mia": "UTC"} {
		zone, err := s.one.ZoneOf(t.Context(), "p3", person)
		require.NoError(t, err)
		require.Equal(t, want, zone.String(), person)
	}

	said := domain.Answer{Kind: domain.AnswerWaiting, Said: "x", After: 1500 * time.Millisecond}
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		paged, err := tx.Paged(ctx, "p3")
		require.NoError(t, err)
		require.Len(t, paged, 2)
		alive, err := tx.Alive(ctx, "p3", at)
		require.NoError(t, err)
		require.Equal(t, 3, alive)
		hook.State, hook.Attempts, hook.LastAnswer, hook.AcceptedAt = domain.DeliveryAccepted, 2, said, hook.CreatedAt.Add(time.Second)
		return tx.SaveDelivery(ctx, hook)
	})
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.CancelDeliveries(ctx, "p3"), tx.CancelTimers(ctx, "p3"))
	})
	update(t, s.other, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.Delivery(ctx, hook.ID)
		require.Equal(t, hook, d, "accepted stays accepted")
		require.NoError(t, err)
		d, err = tx.Delivery(ctx, mail.ID)
		require.Equal(t, domain.DeliveryCancelled, d.State)
		return err
	})
	require.Zero(t, s.count(t, `SELECT COUNT(*) FROM tasks`))
}
