package store

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/ticket/internal/domain"
)

// TestTicketsOfAListDoNotWriteIntoEachOther: those about the same share the slice of their targets.
func TestTicketsOfAListDoNotWriteIntoEachOther(t *testing.T) {
	targets := []domain.Target{{Application: "a"}, {Application: "b"}, {Application: "c"}} // decoding makes room for four
	text, err := json.Marshal(targets)
	require.NoError(t, err)
	r := ticketRow{scope: string(text), scopes: map[string][]domain.Target{}}
	var tickets [3]domain.Ticket
	for i := range tickets {
		tickets[i], err = r.ticket()
		require.NoError(t, err)
		require.Equal(t, targets, tickets[i].Scope.Targets)
	}
	require.Len(t, r.scopes, 1)
	first := append(tickets[0].Scope.Targets, domain.Target{Application: "first"})
	_ = append(tickets[1].Scope.Targets, domain.Target{Application: "second"})
	require.Equal(t, "first", first[3].Application)
}
