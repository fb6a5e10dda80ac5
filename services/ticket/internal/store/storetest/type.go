package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/ticket/internal/domain"
)

// typeChanges: the new type and its part are stored, the note is staff's, and the list follows.
func typeChanges(t *testing.T, e *Env) {
	e.World(t)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	n := e.Create(t, "uma", func(n *domain.NewTicket) {
		n.Type, n.Priority = domain.Incident, domain.Urgent
		n.Details.Incident = &domain.IncidentDetails{Impact: "Nobody can buy.", Callback: "+44 20"}
	}).Number
	_, err := e.Desk.ChangeType(ctx, sam, domain.NewType{Number: n, Type: domain.Problem})
	require.NoError(t, err)
	for _, who := range []string{"uma", "sam"} {
		got, err := e.Store.Ticket(ctx, who, n)
		require.NoError(t, err)
		require.Equal(t, domain.Problem, got.Type)
		require.Equal(t, domain.Details{Problem: &domain.ProblemDetails{Actual: "Nobody can buy."}}, got.Details)
		messages, err := e.Store.Messages(ctx, who, n, 0, 10)
		require.NoError(t, err)
		require.Len(t, messages, map[string]int{"uma": 1, "sam": 2}[who])
		events, err := e.Store.Events(ctx, who, n, 0, 10)
		require.NoError(t, err)
		require.Equal(t, domain.EventTypeChanged, events[1].Kind)
	}
	of := func(kind string) int {
		found, err := e.Store.List(ctx, domain.List{Viewer: "sam", Staff: true, Limit: 10, Filter: domain.Filter{
			Terms: []domain.Term{{Key: domain.KeyType, Values: []domain.Value{{Text: kind}}}},
		}})
		require.NoError(t, err)
		return len(found)
	}
	require.Zero(t, of("incident"))
	require.Equal(t, 1, of("problem"))
	require.True(t, e.Committed[1].EndedUrgency())
}
