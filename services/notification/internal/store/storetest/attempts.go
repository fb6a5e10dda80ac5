package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// attempts is about what came of several deliveries at once.
func (s *suite) attempts(t *testing.T) {
	pager := domain.Pager{}
	deliver := func(page *domain.Page, ids ...string) {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			for _, id := range ids {
				tx.InsertDeliveries([]domain.Delivery{{
					ID: id, Page: page.ID, Position: page.Position, Person: domain.Person{ID: "nobody " + id, Name: id, Staff: true},
					Contact: domain.Contact{ID: "c", Channel: domain.ChannelWebhook, Address: "https://hook.test/x"},
					State:   domain.DeliveryQueued, Body: "{}", CreatedAt: time.Now().UTC().Truncate(time.Microsecond),
				}})
			}
			_, err := tx.InsertPage(ctx, page)
			return err
		})
	}
	waits, acknowledged, late := page("a1", "attempts:1"), page("a2", "attempts:2"), page("a3", "attempts:3")
	acknowledged.State = domain.StateAcknowledged
	deliver(waits, "a1-1", "a1-2", "a1-3")
	deliver(acknowledged, "a2-1")
	deliver(late, "a3-1", "a3-2")
	record := func(attempts ...domain.PageAttempt) error {
		return s.one.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
			return pager.AttemptedAll(ctx, tx, attempts)
		})
	}
	said := func(text string) domain.Answer { return domain.Answer{Kind: domain.AnswerProvider, Said: text} }
	took := func(page, delivery string) domain.PageAttempt {
		return domain.PageAttempt{Page: page, Delivery: delivery, Attempt: domain.Attempt{Number: 1, Accepted: true, Answer: said("200 " + delivery)}}
	}
	no := func(page, delivery string) domain.PageAttempt {
		return domain.PageAttempt{Page: page, Delivery: delivery, Attempt: domain.Attempt{Number: 1, Final: true, Answer: said("410 gone")}}
	}
	require.NoError(t, record(took("a3", "a3-1"), took("a1", "a1-2"), no("a1", "a1-1"), took("a2", "a2-1"), took("a1", "a1-3"), no("a3", "a3-2")))

	states := func(id string) (page *domain.Page, states []domain.DeliveryState) {
		page, err := s.other.Page(t.Context(), id)
		require.NoError(t, err)
		deliveries, err := s.other.PageDeliveries(t.Context(), id)
		require.NoError(t, err)
		for _, d := range deliveries {
			require.Equal(t, 1, d.Attempts)
			if states = append(states, d.State); d.State == domain.DeliveryAccepted {
				require.Equal(t, "200 "+d.ID, d.LastAnswer.Said, "each has its own answer")
				require.WithinDuration(t, time.Now(), d.AcceptedAt, time.Minute)
			}
		}
		return page, states
	}
	p, found := states("a1")
	require.Equal(t, domain.StateDelivered, p.State)
	require.Equal(t, waits.Events+1, p.Events, "told once, however many took it")
	require.Equal(t, []domain.DeliveryState{domain.DeliveryFailed, domain.DeliveryAccepted, domain.DeliveryAccepted}, found)
	p, found = states("a2")
	require.Equal(t, acknowledged, p, "it was acknowledged before the provider answered")
	require.Equal(t, []domain.DeliveryState{domain.DeliveryAccepted}, found)
	p, found = states("a3")
	require.Equal(t, domain.StateDelivered, p.State)
	require.Equal(t, []domain.DeliveryState{domain.DeliveryAccepted, domain.DeliveryFailed}, found)
	for id, entries := range map[string]int{"a1": 3, "a2": 1, "a3": 2} {
		require.Equal(t, entries, s.count(t, `SELECT COUNT(*) FROM page_log WHERE page = $1`, id))
	}
	for id, events := range map[string]int{"a1": 1, "a2": 0, "a3": 1} {
		require.Equal(t, events, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'event' AND key = $1`, id))
	}

	// All or nothing: who calls tries each by itself then.
	deliver(page("a4", "attempts:4"), "a4-1")
	require.ErrorIs(t, record(took("a4", "a4-1"), took("purged", "purged-1")), fault.NotFound)
	d, err := s.other.Sending(t.Context(), "a4-1", 0)
	require.NoError(t, err)
	require.Equal(t, domain.DeliveryQueued, d.State)
	for _, id := range []string{"a1", "a2", "a3", "a4"} {
		s.exec(t, `DELETE FROM page_deliveries WHERE page = $1`, id)
		s.exec(t, `DELETE FROM page_log WHERE page = $1`, id)
		s.exec(t, `DELETE FROM pages WHERE id = $1`, id)
	}
}
