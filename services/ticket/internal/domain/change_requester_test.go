package domain_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func TestChangeRequester(t *testing.T) {
	for _, test := range []struct {
		name      string
		who       domain.Caller
		ccs       []string
		status    domain.Status
		change    domain.NewRequester
		requester string
		want      []string // CCs afterwards
		told      bool     // the new one is sent the conversation so far
		fields    []string
		reason    string
	}{
		{name: "the former one becomes a CC", who: sam, change: domain.NewRequester{Requester: "ann"}, requester: "ann", want: []string{"uma@acme.example"}, told: true},
		{name: "or not", who: sam, change: domain.NewRequester{Requester: "ann", DropFormer: true}, requester: "ann", told: true},
		{
			name: "a CC becomes the requester", who: sam, ccs: []string{"ANN@acme.example", "x@y.example"}, change: domain.NewRequester{Requester: "ann"},
			requester: "ann", want: []string{"x@y.example", "uma@acme.example"},
		},
		{name: "already is", who: sam, change: domain.NewRequester{Requester: "uma"}, requester: "uma"},
		{name: "of another organization", who: sam, change: domain.NewRequester{Requester: "gina"}, fields: []string{"requester UNKNOWN_MEMBER"}},
		{name: "staff", who: sam, change: domain.NewRequester{Requester: "eve"}, fields: []string{"requester UNKNOWN_MEMBER"}},
		{name: "removed", who: sam, change: domain.NewRequester{Requester: "gone"}, fields: []string{"requester UNKNOWN_MEMBER"}},
		{name: "unknown", who: sam, change: domain.NewRequester{Requester: "nobody"}, fields: []string{"requester UNKNOWN_MEMBER"}},
		{name: "by a member", who: uma, change: domain.NewRequester{Requester: "ann"}, reason: "STAFF_ONLY"},
		{name: "closed", who: sam, status: domain.Closed, change: domain.NewRequester{Requester: "ann"}, reason: "TICKET_CLOSED"},
		{name: "changed since", who: sam, change: domain.NewRequester{Requester: "ann", ETag: "7"}, reason: "ETAG_MISMATCH"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			n := question()
			n.CCs = test.ccs
			ticket := b.at(t, n, max(test.status, domain.Open))
			test.change.Number = ticket.Number
			got, err := b.ChangeRequester(t.Context(), test.who, test.change)
			if test.requester == "" {
				require.Error(t, err)
				require.Equal(t, test.fields, fields(err))
				if test.reason != "" {
					require.Equal(t, test.reason, fault.ReasonOf(err))
				}
				require.Equal(t, ticket, b.store.tickets[ticket.Number])
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.requester, got.Requester.ID)
			var ccs []string
			for _, p := range got.CCs {
				ccs = append(ccs, p.Email)
			}
			require.Equal(t, test.want, ccs)
			if got.Sequence == ticket.Sequence {
				return // nothing to do
			}
			c := b.last()
			require.Equal(t, domain.EventRequesterChanged, c.Event.Kind)
			require.False(t, c.Event.Internal)
			require.Contains(t, c.Event.Changes, domain.FieldChange{Field: "requester", Old: "Uma", New: "Ann"})
			require.Equal(t, test.told, len(c.Conversation) > 0)
		})
	}
}

func TestUnassignedMoves(t *testing.T) {
	stranger := domain.Person{Name: "Cheap watches", Email: "uma@acme.example"}
	for _, test := range []struct {
		name, requester string
		all             bool   // the scope
		organization    string // "" = refused
		unverified      bool
	}{
		{name: "to a member", requester: "gina", all: true, organization: "globex"},
		{name: "to whose address it names", requester: "uma", all: true, organization: "acme"},
		{name: "an application is as unverified as before", requester: "uma", organization: "acme", unverified: true},
		{name: "to staff", requester: "eve", all: true},
		{name: "to one who was removed", requester: "gone", all: true},
		{name: "to nobody", requester: "nobody", all: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			ticket := b.create(t, uma, question())
			ticket.Organization, ticket.OrganizationName, ticket.Plan = domain.Unassigned, domain.UnassignedName, ""
			ticket.Requester, ticket.ScopeUnverified = stranger, true
			if test.all {
				ticket.Scope = domain.Scope{All: true}
			}
			b.store.tickets[ticket.Number] = ticket
			got, err := b.ChangeRequester(t.Context(), sam, domain.NewRequester{Number: ticket.Number, Requester: test.requester})
			if test.organization == "" {
				require.Equal(t, []string{"requester UNKNOWN_MEMBER"}, fields(err))
				require.Equal(t, ticket, b.store.tickets[ticket.Number])
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.organization, got.Organization)
			require.Equal(t, test.requester, got.Requester.ID)
			require.Equal(t, test.unverified, got.ScopeUnverified)
			require.Empty(t, got.CCs, "the sender gets no copies unless staff say so")
			require.Contains(t, fmt.Sprint(b.last().Event.Changes), "organization")
			require.NotContains(t, fmt.Sprint(b.last().Event.ForMember().Changes), "organization")
			require.Len(t, b.last().Conversation, 1)
		})
	}
}

func TestFormerRequesterNeedsRoom(t *testing.T) {
	b := setup(t)
	n := question()
	for i := range domain.MaxCCs {
		n.CCs = append(n.CCs, fmt.Sprintf("cc%d@y.example", i))
	}
	number := b.create(t, uma, n).Number
	_, err := b.ChangeRequester(t.Context(), sam, domain.NewRequester{Number: number, Requester: "ann"})
	require.Equal(t, []string{"requester TOO_MANY"}, fields(err))
	_, err = b.ChangeRequester(t.Context(), sam, domain.NewRequester{Number: number, Requester: "ann", DropFormer: true})
	require.NoError(t, err)
}
