package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// at puts the first ticket into a status.
func (b *bench) at(t *testing.T, n domain.NewTicket, s domain.Status) domain.Ticket {
	t.Helper()
	ticket := b.store.tickets[b.create(t, uma, n).Number]
	ticket.Status = s
	if s == domain.Solved || s == domain.Closed {
		ticket.SolveTime = b.now
	}
	b.store.tickets[ticket.Number] = ticket
	return ticket
}

func TestStateMachine(t *testing.T) {
	const refused = domain.Status(0)
	tests := []struct {
		from                                                domain.Status
		member, staff, staffOnHold, taken, solved, reopened domain.Status
	}{
		{domain.New, domain.New, domain.Pending, domain.OnHold, domain.Open, domain.Solved, refused},
		{domain.Open, domain.Open, domain.Pending, domain.OnHold, domain.Open, domain.Solved, refused},
		{domain.Pending, domain.Open, domain.Pending, domain.OnHold, domain.Pending, domain.Solved, refused},
		{domain.OnHold, domain.Open, domain.Pending, domain.OnHold, domain.OnHold, domain.Solved, refused},
		{domain.Solved, domain.Open, domain.Pending, domain.OnHold, domain.Solved, refused, domain.Open},
		{domain.Closed, domain.New, domain.Pending, domain.OnHold, refused, refused, refused}, // replies: the follow-up's
	}
	for _, test := range tests {
		t.Run(test.from.String(), func(t *testing.T) {
			check := func(what string, want domain.Status, do func(b *bench, n int64) (domain.Ticket, error)) {
				t.Helper()
				b := setup(t)
				ticket := b.at(t, question(), test.from)
				got, err := do(b, ticket.Number)
				if want == refused {
					require.ErrorIs(t, err, fault.Precondition, what)
					return
				}
				require.NoError(t, err, what)
				require.Equal(t, want.String(), got.Status.String(), what)
			}
			reply := func(who domain.Caller, s domain.Status) func(b *bench, n int64) (domain.Ticket, error) {
				return func(b *bench, n int64) (domain.Ticket, error) {
					got, _, err := b.Reply(t.Context(), who, domain.Reply{Number: n, Body: "x", Status: s}, domain.Request{})
					return got, err
				}
			}
			check("member replies", test.member, reply(uma, 0))
			check("staff replies", test.staff, reply(sam, 0))
			check("staff replies, on hold", test.staffOnHold, reply(sam, domain.OnHold))
			check("assign", test.taken, func(b *bench, n int64) (domain.Ticket, error) {
				return b.Assign(t.Context(), sam, domain.Assignment{Number: n, Assignee: "eve"})
			})
			check("solve", test.solved, func(b *bench, n int64) (domain.Ticket, error) { return b.Solve(t.Context(), uma, n, "") })
			check("reopen", test.reopened, func(b *bench, n int64) (domain.Ticket, error) { return b.Reopen(t.Context(), uma, n, "") })
		})
	}
}

func TestFollowUp(t *testing.T) {
	b := setup(t)
	n := incident(domain.Urgent)
	n.CCs = []string{"x@y.example"}
	closed := b.at(t, n, domain.Closed)
	got, m, err := b.Reply(t.Context(), domain.Caller{ID: "ann"}, domain.Reply{Number: closed.Number, Body: "again"}, domain.Request{})
	require.NoError(t, err)
	require.Equal(t, closed.Number, got.FollowUpOf)
	require.NotEqual(t, closed.Number, got.Number)
	require.Equal(t, domain.New, got.Status)
	require.Equal(t, domain.High, got.Priority, "who needs engineers again says so")
	require.False(t, b.last().BecameUrgent())
	require.Equal(t, "uma", got.Requester.ID)
	require.Equal(t, closed.CCs, got.CCs)
	require.Equal(t, "again", got.Excerpt)
	require.Equal(t, got.Number, m.Number)
	require.Equal(t, "ann", m.Author.ID)
	require.Equal(t, closed, b.store.tickets[closed.Number], "a closed ticket is locked")
}

func TestAReplyMayBeForThisTicketOnly(t *testing.T) {
	b := setup(t)
	here := domain.Reply{Body: "again", OnlyHere: true}
	here.Number = b.at(t, question(), domain.Solved).Number
	got, _, err := b.Reply(t.Context(), uma, here, domain.Request{})
	require.NoError(t, err)
	require.Equal(t, here.Number, got.Number)
	into, closed := b.create(t, uma, question()), b.at(t, question(), domain.Closed)
	_, err = b.Merge(t.Context(), sam, domain.Merge{Number: here.Number, Into: into.Number}, domain.Request{})
	require.NoError(t, err)
	for _, here.Number = range []int64{here.Number, closed.Number} {
		before := len(b.store.changes)
		_, _, err = b.Reply(t.Context(), uma, here, domain.Request{})
		require.ErrorIs(t, err, fault.Precondition)
		require.Equal(t, "TICKET_CLOSED", fault.ReasonOf(err))
		require.Len(t, b.store.changes, before)
	}
}

func TestClosedIsLocked(t *testing.T) {
	b := setup(t)
	n := b.at(t, question(), domain.Closed).Number
	ctx := t.Context()
	_, note := b.Note(ctx, sam, n, "x", domain.Request{})
	_, add := b.AddCCs(ctx, uma, n, []string{"x@y.example"})
	_, remove := b.RemoveCC(ctx, uma, n, "x@y.example")
	_, update := b.Update(ctx, sam, domain.Update{Number: n, Fields: []string{"subject"}, Values: domain.Ticket{Subject: "x"}})
	_, assign := b.Assign(ctx, sam, domain.Assignment{Number: n})
	for _, err := range []error{note, add, remove, update, assign} {
		require.ErrorIs(t, err, fault.Precondition)
		require.Equal(t, "TICKET_CLOSED", fault.ReasonOf(err))
	}
}

func TestReply(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	ticket := b.create(t, uma, question())
	_, _, err := b.Reply(ctx, uma, domain.Reply{Number: ticket.Number, Body: "x", Status: domain.Solved}, domain.Request{})
	require.Equal(t, []string{"status STAFF_ONLY"}, fields(err))
	_, _, err = b.Reply(ctx, sam, domain.Reply{Number: ticket.Number, Body: "x", Status: domain.Closed}, domain.Request{})
	require.Equal(t, []string{"status INVALID_STATUS"}, fields(err))
	_, _, err = b.Reply(ctx, sam, domain.Reply{Number: ticket.Number, Body: " "}, domain.Request{})
	require.Equal(t, []string{"body REQUIRED"}, fields(err))
	_, _, err = b.Reply(ctx, sam, domain.Reply{Number: ticket.Number, Body: "x", ETag: "99"}, domain.Request{})
	require.ErrorIs(t, err, fault.Conflict)

	got, _, err := b.Reply(ctx, uma, domain.Reply{Number: ticket.Number, Body: "x"}, domain.Request{})
	require.NoError(t, err)
	require.Zero(t, got.FirstResponse)
	got, _, err = b.Reply(ctx, sam, domain.Reply{Number: ticket.Number, Body: "x"}, domain.Request{})
	require.NoError(t, err)
	first := got.FirstResponse
	require.NotZero(t, first)
	got, _, err = b.Reply(ctx, sam, domain.Reply{Number: ticket.Number, Body: "x", Status: domain.Solved}, domain.Request{})
	require.NoError(t, err)
	require.Equal(t, first, got.FirstResponse)
	require.NotZero(t, got.SolveTime)

	_, err = b.Note(ctx, uma, ticket.Number, "x", domain.Request{})
	require.ErrorIs(t, err, fault.Denied)
}

func TestInternalWorkDoesNotMoveTheTicket(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	ticket := b.create(t, uma, question())
	_, err := b.Note(ctx, sam, ticket.Number, "x", domain.Request{})
	require.NoError(t, err)
	_, err = b.Update(ctx, sam, domain.Update{Number: ticket.Number, Fields: []string{"tags"}, Values: domain.Ticket{Tags: []string{"vip"}}})
	require.NoError(t, err)
	_, err = b.Update(ctx, sam, domain.Update{Number: ticket.Number, Fields: []string{"priority"}, Values: domain.Ticket{Priority: domain.High}})
	require.NoError(t, err)
	for _, c := range b.store.changes[1:] {
		require.True(t, c.Event.Internal)
		require.Equal(t, ticket.UpdateTime, c.After.UpdateTime)
	}
	_, err = b.Assign(ctx, sam, domain.Assignment{Number: ticket.Number, Assignee: "eve", Team: "tier2"})
	require.NoError(t, err)
	event := b.last().Event
	require.False(t, event.Internal)
	require.Equal(t, []domain.FieldChange{{Field: "status", Old: "new", New: "open"}, {Field: "assignee", New: "Eve"}}, event.ForMember().Changes)
	require.Contains(t, event.Changes, domain.FieldChange{Field: "team", New: "tier2"})
}

func TestUrgency(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	ticket := b.create(t, uma, incident(domain.Normal))
	priority := func(who domain.Caller, p domain.Priority) (domain.Ticket, error) {
		return b.Update(ctx, who, domain.Update{Number: ticket.Number, Fields: []string{"priority"}, Values: domain.Ticket{Priority: p}})
	}
	got, err := priority(uma, domain.Urgent)
	require.NoError(t, err)
	require.True(t, b.last().BecameUrgent())
	require.True(t, b.store.urgent, "goes ahead of other writes")
	require.EqualValues(t, 2, got.Page.Occurrence)

	changes := len(b.store.changes)
	_, err = priority(uma, domain.Urgent)
	require.NoError(t, err)
	require.Len(t, b.store.changes, changes, "nothing changed, nobody is paged again")

	_, err = priority(sam, domain.High)
	require.NoError(t, err)
	require.True(t, b.last().EndedUrgency())
	got, err = priority(uma, domain.Urgent)
	require.NoError(t, err)
	require.EqualValues(t, 4, got.Page.Occurrence)

	_, err = b.Solve(ctx, uma, ticket.Number, "")
	require.NoError(t, err)
	require.True(t, b.last().EndedUrgency())
	_, err = priority(uma, domain.Normal)
	require.ErrorIs(t, err, fault.Precondition)
	_, err = b.Reopen(ctx, uma, ticket.Number, "")
	require.NoError(t, err)
	require.True(t, b.last().BecameUrgent(), "an urgent incident is open again")
}

func TestUpdate(t *testing.T) {
	tests := []struct {
		name   string
		who    domain.Caller
		fields []string
		values domain.Ticket
		kind   fault.Kind
		want   []string
	}{
		{"unknown field", sam, []string{"number"}, domain.Ticket{}, fault.Invalid, []string{"update_mask UNKNOWN_FIELD"}},
		{"member's priority of a question", uma, []string{"priority"}, domain.Ticket{Priority: domain.Low}, fault.Invalid, []string{"ticket.priority INCIDENTS_ONLY"}},
		{"urgent question", sam, []string{"priority"}, domain.Ticket{Priority: domain.Urgent}, fault.Invalid, []string{"ticket.priority INCIDENTS_ONLY"}},
		{"no priority", sam, []string{"priority"}, domain.Ticket{}, fault.Invalid, []string{"ticket.priority INVALID_PRIORITY"}},
		{"member's subject", uma, []string{"subject"}, domain.Ticket{Subject: "x"}, fault.Denied, nil},
		{"member's status", uma, []string{"status"}, domain.Ticket{Status: domain.Pending}, fault.Denied, nil},
		{"status closed", sam, []string{"status"}, domain.Ticket{Status: domain.Closed}, fault.Invalid, []string{"ticket.status INVALID_STATUS"}},
		{"empty subject", sam, []string{"subject"}, domain.Ticket{}, fault.Invalid, []string{"ticket.subject REQUIRED"}},
		{"unknown application", sam, []string{"scope"}, domain.Ticket{Scope: domain.Scope{Targets: []domain.Target{{Application: "lab"}}}}, fault.Invalid, []string{"ticket.scope.targets[0].application UNKNOWN_APPLICATION"}},
		{"details of another type", sam, []string{"task"}, domain.Ticket{}, fault.Invalid, []string{"ticket.details WRONG_TYPE"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			ticket := b.create(t, uma, question())
			_, err := b.Update(t.Context(), test.who, domain.Update{
				Number: ticket.Number, Fields: test.fields, Values: test.values,
				Details: func(domain.Details) domain.Details { return domain.Details{Task: &domain.TaskDetails{}} },
			})
			require.ErrorIs(t, err, test.kind)
			require.Equal(t, test.want, fields(err))
			require.Len(t, b.store.changes, 1)
		})
	}
	t.Run("one history entry per kind of change", func(t *testing.T) {
		b := setup(t)
		ticket := b.create(t, uma, incident(domain.Normal))
		got, err := b.Update(t.Context(), sam, domain.Update{
			Number: ticket.Number, ETag: ticket.ETag(), Fields: []string{"status", "subject", "priority", "incident", "scope"},
			Values: domain.Ticket{Status: domain.OnHold, Subject: "New", Priority: domain.High, Scope: domain.Scope{All: true}},
			Details: func(domain.Details) domain.Details {
				return domain.Details{Incident: &domain.IncidentDetails{Impact: "none"}}
			},
		})
		require.NoError(t, err)
		require.EqualValues(t, 4, got.Sequence)
		require.Equal(t, domain.OnHold, got.Status)
		require.True(t, got.PrioritySet)
		var kinds []domain.EventKind
		for _, c := range b.store.changes[1:] {
			kinds = append(kinds, c.Event.Kind)
		}
		require.Equal(t, []domain.EventKind{domain.EventFieldsChanged, domain.EventPriorityChanged, domain.EventStatusChanged}, kinds)
		require.Equal(t, []domain.FieldChange{
			{Field: "subject", Old: "How?", New: "New"}, {Field: "scope", Old: "shop", New: "all"}, {Field: "incident.impact", New: "none"},
		}, b.store.changes[1].Event.Changes)
	})
}

func TestCCs(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	n := question()
	n.CCs = []string{"a@x.example"}
	ticket := b.create(t, uma, n)
	_, err := b.Note(ctx, sam, ticket.Number, "secret", domain.Request{})
	require.NoError(t, err)

	got, err := b.AddCCs(ctx, uma, ticket.Number, []string{"A@x.example", "uma@acme.example", "b@x.example", "ANN@acme.example"})
	require.NoError(t, err)
	require.Equal(t, []domain.Person{{Email: "a@x.example"}, {Email: "b@x.example"}, {ID: "ann", Name: "Ann", Email: "ann@acme.example"}}, got.CCs)
	require.Equal(t, got.CCs[1:], b.last().AddedCCs)
	require.Len(t, b.last().Conversation, 1)
	require.Equal(t, "Please.", b.last().Conversation[0].Body, "no notes for those added")

	changes := len(b.store.changes)
	_, err = b.AddCCs(ctx, uma, ticket.Number, []string{"b@X.example"})
	require.NoError(t, err)
	require.Len(t, b.store.changes, changes)
	_, err = b.AddCCs(ctx, uma, ticket.Number, []string{"ok@x.example", "bad"})
	require.Equal(t, []string{"emails[1] INVALID_ADDRESS"}, fields(err))
	var many []string
	for i := range 46 {
		many = append(many, strings.Repeat("x", i+1)+"@x.example")
	}
	_, err = b.AddCCs(ctx, uma, ticket.Number, many)
	require.Equal(t, []string{"emails TOO_MANY"}, fields(err))

	got, err = b.RemoveCC(ctx, uma, ticket.Number, "B@x.example")
	require.NoError(t, err)
	require.Len(t, got.CCs, 2)
	require.Equal(t, []domain.Person{{Email: "b@x.example"}}, b.last().RemovedCCs)
	_, err = b.RemoveCC(ctx, uma, ticket.Number, "b@x.example")
	require.Equal(t, "CC_NOT_FOUND", fault.ReasonOf(err))
}

func TestAssign(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	ticket := b.create(t, uma, question())
	for _, who := range []string{"uma", "nobody"} {
		_, err := b.Assign(ctx, sam, domain.Assignment{Number: ticket.Number, Assignee: who})
		require.Equal(t, []string{"assignee UNKNOWN_STAFF"}, fields(err))
	}
	_, err := b.Assign(ctx, uma, domain.Assignment{Number: ticket.Number, Assignee: "eve"})
	require.ErrorIs(t, err, fault.Denied)
	got, err := b.Assign(ctx, sam, domain.Assignment{Number: ticket.Number, Assignee: "eve", Team: "tier2"})
	require.NoError(t, err)
	require.Equal(t, "eve", got.Assignee.ID)
	got, err = b.Assign(ctx, sam, domain.Assignment{Number: ticket.Number})
	require.NoError(t, err)
	require.Zero(t, got.Assignee)
	require.Equal(t, "tier2", got.Team)
}

func TestClose(t *testing.T) {
	b := setup(t)
	ticket := b.create(t, uma, question())
	status := func() domain.Status { return b.store.tickets[ticket.Number].Status }
	remaining := func() time.Duration {
		t.Helper()
		left, err := b.Close(t.Context(), ticket.Number)
		require.NoError(t, err)
		return left
	}
	require.Zero(t, remaining(), "not solved: nothing to wait for")
	require.Equal(t, domain.New, status())
	solved, err := b.Solve(t.Context(), uma, ticket.Number, "")
	require.NoError(t, err)
	b.now = b.now.Add(7*24*time.Hour - 2*time.Minute)
	left := remaining()
	require.Equal(t, solved.SolveTime.Add(7*24*time.Hour).Sub(b.now), left)
	require.Equal(t, domain.Solved, status())
	b.now = b.now.Add(left - 2*time.Second)
	require.Zero(t, remaining(), "this clock may be behind the database's")
	require.Equal(t, domain.Closed, status())
	require.Equal(t, "ticket", b.last().Event.Service)
	require.NotZero(t, b.last().After.CloseTime)
	require.NotZero(t, b.last().After.SolveTime)
	_, err = b.Close(t.Context(), 99)
	require.ErrorIs(t, err, fault.NotFound)
}
