package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
	"altis-dxp.com/support/services/notification/internal/store"
)

func (s *suite) roster(t *testing.T) {
	inTx := func(st *store.Store) (r domain.Roster) {
		update(t, st, func(ctx context.Context, tx *store.Tx) error {
			got, err := tx.Roster(ctx)
			if err == nil {
				r = *got
			}
			return err
		})
		return r
	}
	require.Nil(t, inTx(s.other).Policy)
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	schedule := oncall.Schedule{ID: "primary", Name: "Primary", Zone: berlin, Layers: []oncall.Layer{
		{Name: "all", Unit: oncall.Month, Length: 2, Start: start, End: start.AddDate(1, 0, 0), People: []string{"ada", "eve"}},
		{Unit: oncall.Hour, Length: 12, Start: start.Add(time.Microsecond), People: []string{"eve"}, Restrictions: []oncall.Restriction{
			{Weekdays: []time.Weekday{time.Sunday, time.Monday}, From: 22 * time.Hour, Until: 6*time.Hour + 30*time.Minute},
		}},
	}}
	policy := domain.Policy{Steps: []domain.Step{{Targets: []string{"schedule:primary"}, Timeout: time.Minute}}, Loops: 2, Fallback: []string{"eve"}}
	var overrides []oncall.Override
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if err := errors.Join(tx.PutSchedule(ctx, schedule), tx.PutPolicy(ctx, domain.PolicyID, policy)); err != nil {
			return err
		}
		for _, o := range []oncall.Override{
			{Kind: oncall.Replace, Person: "eve", Replaced: "ada", Start: start, End: start.Add(time.Hour)},
			{Kind: oncall.Temporary, Layers: schedule.Layers[1:], Start: start, End: start.Add(time.Hour)},
		} {
			if o, err = tx.InsertOverride(ctx, "primary", o, "ada"); err != nil {
				return err
			}
			overrides = append(overrides, o)
		}
		return nil
	})
	for _, st := range []*store.Store{s.one, s.other} {
		r := inTx(st)
		require.Equal(t, policy, *r.Policy)
		require.Equal(t, "Europe/Berlin", r.Schedules["primary"].Zone.String())
		require.Equal(t, schedule.Layers, r.Schedules["primary"].Layers)
		require.Equal(t, overrides, r.Schedules["primary"].Overrides)
	}
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		second := schedule
		second.ID = "second"
		if err := tx.PutSchedule(ctx, second); err != nil {
			return err
		}
		_, err := tx.InsertOverride(ctx, "second", overrides[0], "ada")
		return err
	})
	require.Len(t, inTx(s.other).Schedules["second"].Overrides, 1)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteSchedule(ctx, "second") })
	require.Len(t, inTx(s.other).Schedules, 1, "deleted with its overrides")
	require.Equal(t, 2, s.count(t, `SELECT COUNT(*) FROM overrides`))
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		r, err := tx.LockRoster(ctx)
		require.Equal(t, policy, *r.Policy)
		return err
	})
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.LockRoster(ctx); err != nil {
			return err
		}
		policy.Loops = 3
		return tx.PutPolicy(ctx, domain.PolicyID, policy)
	})
	for _, st := range []*store.Store{s.one, s.other} {
		require.Equal(t, policy, *inTx(st).Policy, "nobody remembers what was read under the lock")
	}
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		return tx.DeleteOverride(ctx, "primary", overrides[0].ID)
	})
	require.Equal(t, overrides[1:], inTx(s.other).Schedules["primary"].Overrides)
	err = s.one.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		return tx.DeleteOverride(ctx, "primary", overrides[0].ID)
	})
	require.ErrorIs(t, err, fault.NotFound)
}

func (s *suite) reach(t *testing.T) {
	got, err := s.one.Reach(t.Context(), []string{"eve", "out", "none", "mia", "ada", "eve", "mute"})
	require.NoError(t, err)
	require.Len(t, got, 3, "in the order asked for, each once, no customers, nobody disabled")
	require.Equal(t, "eve", got[0].Person.ID)
	require.True(t, got[0].Supervises)
	require.Equal(t, []domain.Contact{{ID: domain.ImplicitContact, Person: "eve", Channel: domain.ChannelEmail, Address: "eve@altis.test", Position: 1}}, got[0].Contacts)
	require.Equal(t, "ada", got[1].Person.ID)
	require.True(t, got[1].Responds)
	require.False(t, got[1].Supervises)
	require.Empty(t, got[2].Contacts, "no contact and no address")

	all, err := s.one.Staff(t.Context())
	require.NoError(t, err)
	require.ElementsMatch(t, got, all)
}

func (s *suite) contacts(t *testing.T) {
	var made []domain.Contact
	for _, address := range []string{"https://pager.test/1", "https://pager.test/2"} {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			c, err := tx.InsertContact(ctx, domain.Contact{Person: "ada", Channel: domain.ChannelWebhook, Address: address}, "whsec_x")
			made = append(made, c)
			return err
		})
	}
	got, err := s.other.Reach(t.Context(), []string{"ada"})
	require.NoError(t, err)
	require.Equal(t, domain.ImplicitContact, got[0].Contacts[0].ID, "the others are not verified")
	require.False(t, got[0].Explicit)
	for i := range made {
		before, err := s.other.ExportVersion(t.Context())
		require.NoError(t, err)
		verify(t, s.one, &made[i])
		after, err := s.other.ExportVersion(t.Context())
		require.NoError(t, err)
		require.NotEqual(t, before, after)
	}
	got, err = s.other.Reach(t.Context(), []string{"ada"})
	require.NoError(t, err)
	require.Equal(t, paged(made), got[0].Contacts)
	require.True(t, got[0].Explicit)
	test := func(st *store.Store, id string) (c domain.Contact, secret string, err error) {
		err = st.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
			c, secret, err = tx.BeginTest(ctx, id)
			return err
		})
		return c, secret, err
	}
	tested, secret, err := test(s.one, made[0].ID)
	require.NoError(t, err)
	require.Equal(t, paged(made)[0], tested)
	require.Equal(t, "whsec_x", secret)
	_, _, err = test(s.other, made[0].ID)
	require.ErrorIs(t, err, fault.Exhausted)
	_, _, err = test(s.one, "none")
	require.ErrorIs(t, err, fault.NotFound)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteContact(ctx, made[0].ID) })
	left, err := s.one.Contacts(t.Context(), "ada", store.ContactPosition{}, 10)
	require.NoError(t, err)
	require.Equal(t, made[1:], left)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		for _, person := range []string{"eve", "ada", "eve"} {
			if _, err := tx.InsertContact(ctx, domain.Contact{Person: person, Channel: domain.ChannelEmail, Address: "x@altis.test"}, ""); err != nil {
				return err
			}
		}
		return nil
	})
	for person, want := range map[string][]store.ContactPosition{
		"":    {{Person: "ada", Position: 2}, {Person: "ada", Position: 3}, {Person: "eve", Position: 1}, {Person: "eve", Position: 2}},
		"eve": {{Person: "eve", Position: 1}, {Person: "eve", Position: 2}},
	} {
		var found []store.ContactPosition
		for after := (store.ContactPosition{}); ; {
			page, err := s.one.Contacts(t.Context(), person, after, 1)
			require.NoError(t, err)
			if len(page) == 0 {
				break
			}
			after = store.ContactPosition{Person: page[0].Person, Position: page[0].Position}
			found = append(found, after)
		}
		require.Equal(t, want, found)
	}
	_, err = s.one.Contact(t.Context(), made[0].ID)
	require.ErrorIs(t, err, fault.NotFound)
}
