package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func TestApplyPage(t *testing.T) {
	b := setup(t)
	ticket := b.create(t, uma, incident(domain.Urgent))
	at := b.now
	ada := domain.Person{ID: "ada", Name: "Ada Park", Staff: true}
	apply := func(page string, sequence, occurrence int64, kind domain.PageKind, state domain.PageState, people ...domain.Person) {
		t.Helper()
		require.NoError(t, b.ApplyPage(t.Context(), inTx{b.store}, domain.PageChange{
			Page: page, Sequence: sequence, Number: ticket.Number, Occurrence: occurrence, Kind: kind, State: state, People: people, Time: at,
		}))
	}
	page := func() domain.Page { return b.store.tickets[ticket.Number].Page }

	apply("p1", 1, 1, domain.PageOpened, domain.PagePaging)
	apply("p1", 3, 1, domain.PageWasAcknowledged, domain.PageAcknowledged, ada)
	want := domain.Page{State: domain.PageAcknowledged, ID: "p1", Occurrence: 1, Sequence: 3, By: ada, Time: at}
	require.Equal(t, want, page())
	require.Equal(t, "Ada Park acknowledged the page", b.last().Event.Summary)
	require.False(t, b.last().Event.Internal)

	changes := len(b.store.changes)
	apply("p1", 2, 1, domain.PageWasDelivered, domain.PageDelivered)
	apply("p1", 3, 1, domain.PageWasAcknowledged, domain.PageAcknowledged, ada)
	apply("p0", 9, 0, domain.PageWasExhausted, domain.PageExhausted)
	require.Equal(t, want, page(), "older news change nothing")
	require.Len(t, b.store.changes, changes)

	apply("p1", 4, 1, domain.PageReopened, domain.PagePaging)
	require.Equal(t, domain.Page{State: domain.PagePaging, ID: "p1", Occurrence: 1, Sequence: 4}, page())
	apply("p1", 5, 1, domain.PageWasAcknowledged, domain.PageAcknowledged, ada)
	apply("p2", 1, 7, domain.PageOpened, domain.PagePaging)
	require.Equal(t, domain.Page{State: domain.PagePaging, ID: "p2", Occurrence: 7, Sequence: 1}, page(), "the newest occurrence counts")

	apply("p2", 4, 7, domain.PageWasResolved, domain.PageResolved)
	require.Zero(t, page().By)
	at = at.Add(time.Minute)
	apply("p2", 3, 7, domain.PageWasAcknowledged, domain.PageAcknowledged, ada)
	want = domain.Page{State: domain.PageResolved, ID: "p2", Occurrence: 7, Sequence: 4, By: ada, Time: at}
	require.Equal(t, want, page(), "who acknowledged is known though it is told late")
	require.Equal(t, "Ada Park acknowledged the page", b.last().Event.Summary)
	at = at.Add(-time.Second)
	apply("p2", 2, 7, domain.PageWasAcknowledged, domain.PageAcknowledged, domain.Person{ID: "bob", Name: "Bob"})
	require.Equal(t, want, page(), "the newest acknowledgement counts")
	require.Equal(t, "Bob acknowledged the page", b.last().Event.Summary)

	apply("p2b", 1, 8, domain.PageWasFolded, domain.PagePaging)
	require.Equal(t, "The on-call engineers were paged a few minutes ago; they are paged again if it lasts", b.last().Event.Summary)
	require.True(t, b.store.tickets[ticket.Number].Unpaged(8), "no provider has a page about this time")
	require.NotNil(t, b.last().CallsIn)
	apply("p2b", 2, 8, domain.PageOpened, domain.PagePaging)
	require.NotNil(t, b.last().CallsIn, "it lasts")
	apply("p2b", 3, 8, domain.PageWasDelivered, domain.PageDelivered)
	require.Nil(t, b.last().CallsIn)

	apply("p3", 5, 9, domain.PageReopened, domain.PagePaging)
	at = at.Add(time.Hour)
	apply("p3", 4, 9, domain.PageWasAcknowledged, domain.PageAcknowledged, ada)
	require.Zero(t, page().By, "that acknowledgement has timed out")
	require.Equal(t, domain.PagePaging, page().State)

	err := b.ApplyPage(t.Context(), inTx{b.store}, domain.PageChange{Number: 99})
	require.ErrorIs(t, err, fault.Invalid)
}

func TestApplyTriage(t *testing.T) {
	due := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	decision := func(n, sequence int64) domain.Triage {
		return domain.Triage{
			Number: n, Sequence: sequence, Priority: domain.High, PriorityReason: "vip", FirstResponseDue: due, ResolutionDue: due.Add(time.Hour),
			SLAPolicy: "premium", Team: "tier1",
		}
	}
	t.Run("a type without priority", func(t *testing.T) {
		b := setup(t)
		n := b.create(t, uma, question()).Number
		require.NoError(t, b.ApplyTriage(t.Context(), inTx{b.store}, decision(n, 2)))
		got := b.store.tickets[n]
		require.Equal(t, domain.High, got.Priority)
		require.Equal(t, "vip", got.PriorityReason)
		require.Equal(t, due, got.FirstResponseDue)
		require.Equal(t, "tier1", got.Team)
		require.Equal(t, []domain.FieldChange{
			{Field: "first_response_due_time", New: "2026-03-03T09:00:00Z"}, {Field: "resolution_due_time", New: "2026-03-03T10:00:00Z"},
		}, b.last().Event.ForMember().Changes)

		changes := len(b.store.changes)
		older := decision(n, 1)
		older.Priority = domain.Low
		require.NoError(t, b.ApplyTriage(t.Context(), inTx{b.store}, older))
		require.Len(t, b.store.changes, changes)
		require.NoError(t, b.ApplyTriage(t.Context(), inTx{b.store}, decision(n, 3)))
		require.Zero(t, b.last().Event.Kind, "the same decision is no news")
		require.EqualValues(t, 3, b.store.tickets[n].TriageSequence)
		require.Equal(t, got.Sequence, b.store.tickets[n].Sequence)
	})
	t.Run("what people chose stays", func(t *testing.T) {
		b := setup(t)
		n := b.create(t, uma, question()).Number
		_, err := b.Update(t.Context(), sam, domain.Update{Number: n, Fields: []string{"priority"}, Values: domain.Ticket{Priority: domain.Low}})
		require.NoError(t, err)
		_, err = b.Assign(t.Context(), sam, domain.Assignment{Number: n, Team: "mine"})
		require.NoError(t, err)
		require.NoError(t, b.ApplyTriage(t.Context(), inTx{b.store}, decision(n, 1)))
		require.Equal(t, domain.Low, b.store.tickets[n].Priority)
		require.Equal(t, "mine", b.store.tickets[n].Team)
	})
	t.Run("incidents and urgency", func(t *testing.T) {
		b := setup(t)
		n := b.create(t, uma, incident(0)).Number
		require.NoError(t, b.ApplyTriage(t.Context(), inTx{b.store}, decision(n, 1)))
		require.Equal(t, domain.Normal, b.store.tickets[n].Priority)
		q := b.create(t, uma, question()).Number
		urgent := decision(q, 1)
		urgent.Priority = domain.Urgent
		require.NoError(t, b.ApplyTriage(t.Context(), inTx{b.store}, urgent))
		require.Equal(t, domain.Normal, b.store.tickets[q].Priority)
	})
	require.ErrorIs(t, setup(t).ApplyTriage(t.Context(), inTx{setup(t).store}, decision(99, 1)), fault.Invalid)
}
