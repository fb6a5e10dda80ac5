package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// merged: who sees both tickets is led from one to the other, and what is answered to
// the duplicate goes to the other.
func merged(t *testing.T, e *Env) {
	s := newShelf(t, e)
	mails := &domain.Mails{Desk: e.Desk, Library: s.Library, Store: e.Store}
	e.Learn(t, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Person{Person: &eventv1.DirectoryPerson{
		Id: "gil", Organization: "globex", Name: "Gil", Email: "gil@globex.example", Role: "user", OrganizationWide: true,
	}}})
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	of := func(requester string, ccs ...string) int64 {
		return e.Create(t, "sam", func(n *domain.NewTicket) {
			n.Organization, n.Requester, n.Scope.Targets[0].Application, n.CCs = "globex", requester, "lab", ccs
		}).Number
	}
	from, into := of("gina", "x@y.example"), of("gil")
	request := domain.Request{Principal: "sam", Method: "MergeTicket", ID: "r1", Hash: "h"}
	for range 2 { // told again nothing more happens
		ticket, err := e.Desk.Merge(ctx, sam, domain.Merge{Number: from, Into: into}, request)
		require.NoError(t, err)
		require.Equal(t, domain.Closed, ticket.Status)
		require.Equal(t, into, ticket.MergedInto)
		require.EqualValues(t, 2, ticket.Sequence)
	}
	require.Equal(t, 2, count(t, e, "SELECT COUNT(*) FROM ticket_events WHERE other > 0"))
	_, err := e.Desk.Merge(ctx, sam, domain.Merge{Number: into, Into: of("gil")}, domain.Request{})
	require.Equal(t, "HAS_DUPLICATES", fault.ReasonOf(err))

	// other returns where a viewer is led from a ticket, by the ticket itself and by its history.
	other := func(who string, number int64) []int64 {
		ticket, err := e.Store.Ticket(ctx, who, number)
		require.NoError(t, err)
		full, err := e.Store.Full(ctx, who, number)
		require.NoError(t, err)
		require.Equal(t, ticket.MergedInto, full.MergedInto)
		events, err := e.Store.Events(ctx, who, number, 0, 100)
		require.NoError(t, err)
		led := []int64{ticket.MergedInto}
		for _, event := range events {
			if event.Kind == domain.EventMergedInto || event.Kind == domain.EventMergedFrom {
				led = append(led, event.Other)
			}
		}
		return led
	}
	require.Equal(t, []int64{into, into}, other("sam", from))
	require.Equal(t, []int64{0, from}, other("sam", into))
	require.Equal(t, []int64{into, into}, other("gina", from), "she has become a CC")
	require.Equal(t, []int64{0, from}, other("gina", into))
	require.Equal(t, []int64{0, 0}, other("gil", into), "he does not see the duplicate")
	require.Equal(t, []int64{into, into}, other("gus", from), "an admin sees all")

	reply := func(who string) int64 {
		ticket, m, err := e.Desk.Reply(ctx, domain.Caller{ID: who}, domain.Reply{Number: from, Body: "Me too."}, domain.Request{})
		require.NoError(t, err)
		require.Equal(t, ticket.Number, m.Number)
		return ticket.Number
	}
	require.Equal(t, into, reply("gina"))
	require.Equal(t, into, reply("sam"))
	// A stranger who was a CC of the duplicate stays one there, but gets nothing of the other.
	m, err := mails.Reply(ctx, domain.MailReply{Mail: "m-1", Number: from, Address: "x@y.example", Body: "And me."}, mailed())
	require.NoError(t, err)
	require.Equal(t, into, m.Number)
	require.Equal(t, domain.Person{Email: "x@y.example"}, m.Author)
	require.Zero(t, count(t, e, "SELECT COUNT(*) FROM ticket_ccs WHERE number = $1 AND email = $2", into, "x@y.example"))

	_, err = e.Desk.RemoveCC(ctx, sam, into, "gina@globex.example")
	require.NoError(t, err)
	require.Equal(t, []int64{0, 0}, other("gina", from), "not any more")
	followUp := reply("gina")
	require.NotContains(t, []int64{from, into}, followUp)
	ticket, err := e.Store.Ticket(ctx, "gina", followUp)
	require.NoError(t, err)
	require.Equal(t, from, ticket.FollowUpOf, "as of any closed ticket")
	m, err = mails.Reply(ctx, domain.MailReply{Mail: "m-2", Number: from, Person: "gina", Address: "gina@globex.example", Body: "x"}, mailed())
	require.NoError(t, err)
	require.Equal(t, into, m.Number, "who was on the duplicate writes to the other")

	_, err = e.Desk.MarkSpam(ctx, sam, into, "")
	require.NoError(t, err)
	require.NotContains(t, []int64{from, into}, reply("gus"), "nobody would read it there")
}

// mergedAtOnce: of merges there and back one is made.
func mergedAtOnce(t *testing.T, e *Env) {
	e.World(t)
	a, b := e.Create(t, "uma", nil).Number, e.Create(t, "uma", nil).Number
	errs := make(chan error, 2)
	for _, m := range []domain.Merge{{Number: a, Into: b}, {Number: b, Into: a}} {
		go func() {
			_, err := e.Desk.Merge(t.Context(), domain.Caller{ID: "sam"}, m, domain.Request{})
			errs <- err
		}()
	}
	one, other := <-errs, <-errs
	require.NotEqual(t, one == nil, other == nil, "%v, %v", one, other)
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM tickets WHERE merged_into > 0"))
}
