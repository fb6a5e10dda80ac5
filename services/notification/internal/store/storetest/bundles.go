package storetest

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// bundles is about two deliveries to a contact that go together.
func (s *suite) bundles(t *testing.T) {
	contact := domain.Contact{ID: "bundled", Person: "ada", Channel: domain.ChannelWebhook, Address: "https://hook.test/x", Position: 1}
	deliver := func(id string, ticket int64) domain.Delivery {
		p := page(id, "bundle:"+id)
		p.Ticket, p.Incident.OrganizationName = ticket, "Shop"
		d := domain.Delivery{
			ID: "d" + id, Page: id, Position: p.Position, Person: domain.Person{ID: "ada", Name: "Ada", Staff: true}, Contact: contact,
			State: domain.DeliveryQueued, Body: "{}", CreatedAt: time.Now().UTC().Truncate(time.Microsecond),
		}
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			tx.InsertDeliveries([]domain.Delivery{d})
			_, err := tx.InsertPage(ctx, p)
			return err
		})
		return d
	}
	first, second, third := deliver("b1", 71), deliver("b2", 72), deliver("b3", 73)
	for id, crowd := range map[string]int{first.ID: 0, second.ID: 1, third.ID: 2} {
		sending, err := s.other.Sending(t.Context(), id, 5)
		require.NoError(t, err)
		require.Equal(t, crowd, sending.Crowd)
	}
	sending, err := s.one.Sending(t.Context(), third.ID, 1)
	require.NoError(t, err)
	require.Equal(t, 1, sending.Crowd, "counted up to what is asked for")

	hold := func(d domain.Delivery) string {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.Hold(ctx, []domain.Delivery{d}, time.Hour) })
		held, err := s.one.Sending(t.Context(), d.ID, 0)
		require.NoError(t, err)
		return held.Bundle
	}
	id := hold(first)
	require.Len(t, id, 32)
	require.Equal(t, id, hold(second), "one is open")
	require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'page.bundle' AND key = $1`, id))

	var b domain.Bundle
	lock := func() {
		update(t, s.other, func(ctx context.Context, tx *store.Tx) (err error) {
			b, err = tx.LockBundle(ctx, id)
			return err
		})
	}
	lock()
	require.Zero(t, b.Named)
	require.Len(t, b.Members, 2)
	m := b.Members[0]
	require.Equal(t, first.ID, m.ID)
	require.Equal(t, "[Page] shop: down", m.Title)
	require.Equal(t, "Shop", m.OrganizationName)
	require.EqualValues(t, 71, m.Ticket)
	require.True(t, m.Waits())
	require.Equal(t, id, hold(first), "by a process that was late: it may have been sent in this one")
	require.Zero(t, s.count(t, `SELECT COUNT(*) FROM page_bundles WHERE state = 'open'`), "none is opened for nothing")
	other := hold(third)
	require.NotEqual(t, id, other, "it takes no more")
	require.Equal(t, other, hold(third))
	require.Equal(t, 1, s.count(t, `SELECT held FROM page_bundles WHERE id = $1`, other), "counted once")

	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		b.Named = 2
		b.Body = `{"type":"pages.bundled.v1","data":{"title":"2 pages: down and 1 more","pages":[{"page":"b1","ticket":"71","title":"down","organizationName":"Shop"},{"page":"b2","ticket":"72","title":"slow"}]}}`
		return tx.SaveBundle(ctx, b)
	})
	lock()
	require.Equal(t, 2, b.Named)
	require.Contains(t, b.Body, `"down"`)

	// What is purged is not told any more.
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.Purge(ctx, 71) })
	b, err = s.one.Bundle(t.Context(), id)
	require.NoError(t, err)
	require.NotContains(t, b.Body, "down")
	require.NotContains(t, b.Body, "Shop")
	require.Contains(t, b.Body, `"slow"`)
	require.Len(t, b.Members, 1)

	// One that goes alone after all.
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.Unbundle(ctx, second) })
	sending, err = s.one.Sending(t.Context(), second.ID, 0)
	require.NoError(t, err)
	require.Empty(t, sending.Bundle)
	_, err = s.one.Bundle(t.Context(), "none")
	require.ErrorIs(t, err, fault.NotFound)

	s.ages(t, 400*day, `UPDATE page_bundles SET created_at = altis_now() - $1 WHERE id = $2`, id)
	require.NoError(t, s.one.PruneBundles(t.Context(), 399*day))
	require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM page_bundles`))
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		for _, page := range []string{"b2", "b3"} {
			if err := tx.CancelDeliveries(ctx, page); err != nil {
				return err
			}
			if p, err := tx.LockPage(ctx, page); err == nil {
				p.State = domain.StateResolved
				if err := tx.SavePage(ctx, p); err != nil {
					return err
				}
			}
		}
		return nil
	})
	s.roomInBundles(t, deliver)
}

// roomInBundles is about deliveries that are held at once, of which a bundle takes only some.
func (s *suite) roomInBundles(t *testing.T, deliver func(id string, ticket int64) domain.Delivery) {
	many := make([]domain.Delivery, 5)
	for i := range many {
		many[i] = deliver("b"+strconv.Itoa(10+i), int64(80+i))
		many[i].Contact.ID = "roomy"
		if i == 4 {
			many[i].Contact.ID = "another"
		}
	}
	hold := func(deliveries ...domain.Delivery) {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.Hold(ctx, deliveries, time.Hour) })
	}
	hold(many[0], many[4])
	bundle := func(d domain.Delivery) string {
		held, err := s.other.Sending(t.Context(), d.ID, 0)
		require.NoError(t, err)
		require.NotEmpty(t, held.Bundle)
		return held.Bundle
	}
	first := bundle(many[0])
	require.NotEqual(t, first, bundle(many[4]), "of another contact")
	s.exec(t, `UPDATE page_bundles SET held = $1 WHERE id = $2`, domain.MaxBundle-2, first)
	hold(many...)
	members := map[string]int{}
	for _, d := range many[:4] {
		members[bundle(d)]++
	}
	require.Len(t, members, 2)
	require.Equal(t, 3, members[first], "as many as there is room for")
	require.Equal(t, domain.MaxBundle, s.count(t, `SELECT held FROM page_bundles WHERE id = $1 AND state = 'full'`, first))
	require.Equal(t, 2, s.count(t, `SELECT COUNT(*) FROM page_bundles WHERE state = 'open' AND contact IN ('roomy', 'another')`))
	for id := range members {
		require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'page.bundle' AND key = $1`, id))
	}
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		for _, d := range many {
			if err := tx.CancelDeliveries(ctx, d.Page); err != nil {
				return err
			}
		}
		pages, err := tx.LockPages(ctx, []string{many[0].Page, many[1].Page, many[2].Page, many[3].Page, many[4].Page, "none"})
		if err != nil {
			return err
		}
		require.Len(t, pages, 5)
		for _, p := range pages {
			p.State = domain.StateResolved
		}
		return tx.SavePages(ctx, slices.Collect(maps.Values(pages)))
	})
	for _, d := range many {
		p, err := s.other.Page(t.Context(), d.Page)
		require.NoError(t, err)
		require.Equal(t, domain.StateResolved, p.State)
	}
}
