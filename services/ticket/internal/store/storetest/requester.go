package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// requesterChanges: in an organization whose members see their own tickets only,
// the ticket follows its requester, and the former one sees it as a CC.
func requesterChanges(t *testing.T, e *Env) {
	e.World(t)
	e.Learn(t, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Person{Person: &eventv1.DirectoryPerson{
		Id: "gil", Organization: "globex", Name: "Gil", Email: "gil@globex.example", Role: "user", OrganizationWide: true,
	}}})
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	n := e.Create(t, "sam", func(n *domain.NewTicket) {
		n.Organization, n.Requester, n.Scope.Targets[0].Application = "globex", "gina", "lab"
		n.CCs = []string{"x@y.example"}
	}).Number
	sees := func(who string, view domain.View) bool {
		_, err := e.Store.Ticket(ctx, who, n)
		found, listErr := e.Store.List(ctx, domain.List{Viewer: who, View: view, Limit: 10})
		require.NoError(t, listErr)
		if err != nil {
			require.ErrorIs(t, err, fault.NotFound)
		}
		return err == nil && len(found) == 1
	}
	require.True(t, sees("gina", domain.ViewMine), "staff opened it for her")
	require.False(t, sees("gil", domain.ViewAll))

	_, err := e.Desk.ChangeRequester(ctx, sam, domain.NewRequester{Number: n, Requester: "gil"})
	require.NoError(t, err)
	require.True(t, sees("gil", domain.ViewMine))
	require.True(t, sees("gina", domain.ViewCC))
	require.Equal(t, 2, count(t, e, "SELECT COUNT(*) FROM ticket_ccs"))

	_, err = e.Desk.ChangeRequester(ctx, sam, domain.NewRequester{Number: n, Requester: "gina", DropFormer: true})
	require.NoError(t, err)
	require.True(t, sees("gina", domain.ViewMine))
	require.False(t, sees("gina", domain.ViewCC))
	require.False(t, sees("gil", domain.ViewAll))
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM ticket_ccs"))
}
