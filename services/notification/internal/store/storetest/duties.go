package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

func (s *suite) dutyWatches(t *testing.T) {
	unwatched, err := s.one.Unwatched(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"primary", domain.PolicyWatch}, unwatched)
	for _, st := range []*store.Store{s.one, s.other} { // as when two replicas start
		update(t, st, func(ctx context.Context, tx *store.Tx) error { return tx.WatchSchedules(ctx, unwatched...) })
	}
	unwatched, err = s.one.Unwatched(t.Context())
	require.NoError(t, err)
	require.Empty(t, unwatched)
	require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'duty.watch' AND key = 'primary'`), "the later change takes the place of the earlier")

	lock := func(generation int64) (w domain.DutyWatch, ok bool) {
		update(t, s.other, func(ctx context.Context, tx *store.Tx) (err error) {
			w, ok, err = tx.LockWatch(ctx, store.WatchTask{Schedule: "primary", Generation: generation})
			return err
		})
		return w, ok
	}
	_, ok := lock(1)
	require.False(t, ok, "a task of before the change")
	got, ok := lock(2)
	require.True(t, ok)
	require.Equal(t, domain.DutyWatch{Schedule: "primary", OnCall: []string{}}, got)

	at := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	want := domain.DutyWatch{
		Schedule: "primary", LookedAt: at, Named: true, OnCall: []string{"ada", "eve"}, GapSince: at.Add(time.Minute), GapTold: at.Add(time.Hour),
	}
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		return tx.SaveWatch(ctx, store.WatchTask{Schedule: "primary", Generation: 2}, want, time.Hour)
	})
	got, ok = lock(3)
	require.True(t, ok)
	require.Equal(t, want, got)
	gaps, err := s.other.Gaps(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, gaps)
}

func (s *suite) heldMails(t *testing.T) {
	held := domain.DutyMail{
		MailDelivery: domain.MailDelivery{ID: "held", Recipient: domain.Recipient{Person: domain.Person{ID: "ada", Email: "ada@altis.test"}}},
		Notice:       domain.DutyNotice{Kind: domain.GapAhead, Schedule: "primary"}, Hold: 6 * time.Hour,
	}
	before, err := s.one.StuckMails(t.Context(), -time.Hour)
	require.NoError(t, err)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.InsertDutyMails(ctx, []domain.DutyMail{held}) })
	got, err := s.other.DutyMail(t.Context(), "held")
	require.NoError(t, err)
	require.Equal(t, domain.MailQueued, got.State)
	require.InDelta(t, 6*time.Hour, got.NextAt.Sub(got.CreatedAt), float64(time.Second))
	require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'duty.mail' AND run_at > altis_now() + 18000000000`))
	after, err := s.one.StuckMails(t.Context(), -time.Hour)
	require.NoError(t, err)
	require.Equal(t, before.Count, after.Count, "what is held is not stuck")
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		got.State = domain.MailAccepted
		return tx.SaveDutyMail(ctx, got.MailDelivery)
	})
}

func (s *suite) dutyMails(t *testing.T) {
	mail := domain.DutyMail{
		MailDelivery: domain.MailDelivery{ID: "d1", Recipient: domain.Recipient{Person: domain.Person{ID: "ada", Name: "Ada", Email: "ada@home.test", Staff: true}}},
		Notice: domain.DutyNotice{
			Kind: domain.DutyEnds, Schedule: "primary", Name: "Primary", Zone: "Europe/Berlin", Start: time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC), OnCall: []string{"Eve"},
		},
	}
	before, err := s.one.StuckMails(t.Context(), -time.Minute)
	require.NoError(t, err)
	for _, st := range []*store.Store{s.one, s.other} {
		update(t, st, func(ctx context.Context, tx *store.Tx) error { return tx.InsertDutyMails(ctx, []domain.DutyMail{mail}) })
	}
	require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'duty.mail'`), "told once")
	got, err := s.other.DutyMail(t.Context(), "d1")
	require.NoError(t, err)
	require.Equal(t, mail.Notice, got.Notice)
	require.Equal(t, mail.Recipient, got.Recipient)
	require.Equal(t, domain.MailQueued, got.State)

	stuck, err := s.one.StuckMails(t.Context(), -time.Minute)
	require.NoError(t, err)
	require.Equal(t, before.Count+1, stuck.Count)
	require.NoError(t, s.one.PruneDutyMails(t.Context(), -time.Minute))
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		locked, err := tx.LockDutyMail(ctx, "d1")
		if err != nil {
			return err
		}
		now, err := tx.Now(ctx)
		require.Equal(t, got.MailDelivery, locked.MailDelivery, "one that waits is not pruned")
		locked.State, locked.Attempts, locked.LastAnswer = domain.MailRefused, 2, domain.Answer{Kind: domain.AnswerProvider, Said: "550 no"}
		locked.AcceptedAt, locked.NextAt = now, now
		got = locked
		if err != nil {
			return err
		}
		return tx.SaveDutyMail(ctx, locked.MailDelivery)
	})
	saved, err := s.other.DutyMail(t.Context(), "d1")
	require.NoError(t, err)
	require.Equal(t, got, saved)
	require.NoError(t, s.one.PruneDutyMails(t.Context(), time.Hour))
	_, err = s.one.DutyMail(t.Context(), "d1")
	require.NoError(t, err, "not old yet")
	require.NoError(t, s.one.PruneDutyMails(t.Context(), -time.Minute))
	_, err = s.one.DutyMail(t.Context(), "d1")
	require.ErrorIs(t, err, fault.NotFound)
}
