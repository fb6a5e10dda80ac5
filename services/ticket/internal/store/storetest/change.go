package storetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func repliesAtOnce(t *testing.T, e *Env) {
	e.World(t)
	ticket := e.Create(t, "uma", nil)
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			who := []string{"uma", "sam", "ann"}[i%3]
			_, _, err := e.Desk.Reply(t.Context(), domain.Caller{ID: who}, domain.Reply{Number: ticket.Number, Body: fmt.Sprint(i)}, domain.Request{})
			if err != nil {
				t.Errorf("reply: %v", err)
			}
		})
	}
	wg.Wait()
	got, err := e.Store.Ticket(t.Context(), "sam", ticket.Number)
	require.NoError(t, err)
	require.EqualValues(t, 13, got.Sequence)
	events, err := e.Store.Events(t.Context(), "sam", ticket.Number, 0, 100)
	require.NoError(t, err)
	for i, event := range events {
		require.EqualValues(t, i+1, event.Sequence)
	}
	require.Equal(t, 13, count(t, e, "SELECT COUNT(*) FROM messages"))
	require.Equal(t, 13, count(t, e, "SELECT COUNT(*) FROM tasks"))
}

func etagRace(t *testing.T, e *Env) {
	e.World(t)
	ticket := e.Create(t, "uma", nil)
	var won, lost atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := e.Desk.Assign(t.Context(), domain.Caller{ID: "sam"}, domain.Assignment{Number: ticket.Number, Assignee: "eve", ETag: ticket.ETag()})
			switch {
			case err == nil:
				won.Add(1)
			case fault.ReasonOf(err) == "ETAG_MISMATCH" && fault.KindOf(err) == fault.Conflict:
				lost.Add(1)
			default:
				t.Errorf("assign: %v", err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, won.Load())
	require.EqualValues(t, 7, lost.Load())
}

func namesFollow(t *testing.T, e *Env) {
	e.World(t)
	ticket := e.Create(t, "uma", nil)
	e.Learn(t,
		&eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Person{Person: &eventv1.DirectoryPerson{
			Id: "uma", Organization: "acme", Name: "Uma Married", Email: "uma2@acme.example", Role: "user", OrganizationWide: true,
		}}},
		&eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Organization{Organization: &eventv1.DirectoryOrganization{
			Id: "acme", Name: "Acme Inc", Plan: "enterprise", SeesAll: true,
		}}})
	changed, err := e.Desk.Assign(t.Context(), domain.Caller{ID: "sam"}, domain.Assignment{Number: ticket.Number, Assignee: "eve"})
	require.NoError(t, err)
	require.Equal(t, domain.Person{ID: "uma", Name: "Uma Married", Email: "uma2@acme.example"}, changed.Requester)
	require.Equal(t, "enterprise", changed.Plan)
	got, err := e.Store.Ticket(t.Context(), "sam", ticket.Number)
	require.NoError(t, err)
	require.Equal(t, "Uma Married", got.Requester.Name, "and is stored")
	require.Equal(t, "Acme Inc", got.OrganizationName)
	require.Equal(t, domain.Person{ID: "eve", Name: "Eve Engineer", Email: "eve@altis.example", Staff: true}, got.Assignee)

	e.Learn(t, &eventv1.DirectoryEvent{Removed: true, Entity: &eventv1.DirectoryEvent_Person{Person: &eventv1.DirectoryPerson{Id: "uma"}}})
	changed, err = e.Desk.Solve(t.Context(), domain.Caller{ID: "sam"}, ticket.Number, "")
	require.NoError(t, err)
	require.Equal(t, "Uma Married", changed.Requester.Name, "the last name known stays")
}

// boundedConversation: three messages of 200 KiB are too much for one event.
func boundedConversation(t *testing.T, e *Env) {
	e.World(t)
	ctx, uma := t.Context(), domain.Caller{ID: "uma"}
	n := e.Create(t, "uma", nil).Number
	var want []string
	for _, s := range []string{"\U0001F600", "\U0001F601", "\U0001F602"} { // 4 bytes each
		body := strings.Repeat(s, 50<<10)
		_, _, err := e.Desk.Reply(ctx, uma, domain.Reply{Number: n, Body: body}, domain.Request{})
		require.NoError(t, err)
		want = append(want, body)
	}
	_, err := e.Desk.AddCCs(ctx, uma, n, []string{"x@y.example"})
	require.NoError(t, err)
	var got []string
	for _, m := range e.Committed[len(e.Committed)-1].Conversation {
		got = append(got, m.Body)
	}
	require.True(t, slices.Equal(want[1:], got), "the newest that fit, oldest first: %d", len(got))
}

func conversation(t *testing.T, e *Env) {
	e.World(t)
	ctx, uma, sam := t.Context(), domain.Caller{ID: "uma"}, domain.Caller{ID: "sam"}
	ticket := e.Create(t, "uma", nil)
	_, err := e.Desk.Note(ctx, sam, ticket.Number, "They are on the old plan.", domain.Request{})
	require.NoError(t, err)
	_, _, err = e.Desk.Reply(ctx, sam, domain.Reply{Number: ticket.Number, Body: "By this command."}, domain.Request{})
	require.NoError(t, err)
	_, err = e.Desk.Solve(ctx, domain.Caller{ID: "uma", Graced: true}, ticket.Number, "")
	require.NoError(t, err)
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM ticket_events WHERE graced = 1 AND sequence = 4"))
	_, err = e.Desk.Reopen(ctx, uma, ticket.Number, "")
	require.NoError(t, err)
	require.Zero(t, count(t, e, "SELECT COUNT(*) FROM tasks WHERE payload LIKE '%-4%'"), "what reopening makes pointless is cancelled")

	bodies := func(who string, after int64, limit int) (list []string) {
		found, err := e.Store.Messages(ctx, who, ticket.Number, after, limit)
		require.NoError(t, err)
		for _, m := range found {
			list = append(list, m.Body)
		}
		return list
	}
	require.Equal(t, []string{"The docs do not say.", "They are on the old plan.", "By this command."}, bodies("sam", 0, 10))
	require.Equal(t, []string{"The docs do not say.", "By this command."}, bodies("uma", 0, 10))
	require.Equal(t, []string{"By this command."}, bodies("uma", 1, 1))

	kinds := func(who string) (list []domain.EventKind) {
		found, err := e.Store.Events(ctx, who, ticket.Number, 0, 10)
		require.NoError(t, err)
		for _, event := range found {
			list = append(list, event.Kind)
		}
		return list
	}
	require.Equal(t, []domain.EventKind{domain.EventCreated, domain.EventNoteAdded, domain.EventReplied, domain.EventStatusChanged, domain.EventStatusChanged}, kinds("sam"))
	require.Equal(t, []domain.EventKind{domain.EventCreated, domain.EventReplied, domain.EventStatusChanged, domain.EventStatusChanged}, kinds("uma"))

	found, err := e.Store.Messages(ctx, "uma", ticket.Number, 0, 10)
	require.NoError(t, err)
	require.Equal(t, domain.Person{ID: "sam", Name: "Sam Support", Staff: true}, found[1].Author, "no address of staff for customers")
	_, err = e.Store.Messages(ctx, "gus", ticket.Number, 0, 10)
	require.ErrorIs(t, err, fault.NotFound)
	_, err = e.Store.Events(ctx, "gus", ticket.Number, 0, 10)
	require.ErrorIs(t, err, fault.NotFound)
}

func readMarks(t *testing.T, e *Env) {
	e.World(t)
	ctx := t.Context()
	ticket := e.Create(t, "uma", nil)
	unread := func(who string) bool {
		got, err := e.Store.Ticket(ctx, who, ticket.Number)
		require.NoError(t, err)
		tickets, err := e.Store.List(ctx, domain.List{
			Viewer: who, Staff: who == "sam", Limit: 10,
			Filter: domain.Filter{Terms: []domain.Term{{Key: domain.KeyIs, Values: []domain.Value{{Text: domain.IsUnread}}}}},
		})
		require.NoError(t, err)
		require.Equal(t, got.Unread, len(tickets) == 1, "is:unread agrees")
		return got.Unread
	}
	require.False(t, unread("uma"), "own message")
	require.True(t, unread("ann"))
	require.NoError(t, e.Store.MarkRead(ctx, "ann", ticket.Number, 1))
	require.False(t, unread("ann"))

	_, err := e.Desk.Note(ctx, domain.Caller{ID: "eve"}, ticket.Number, "hm", domain.Request{})
	require.NoError(t, err)
	require.True(t, unread("sam"))
	require.False(t, unread("ann"), "notes do not count for customers")

	require.NoError(t, e.Store.MarkRead(ctx, "sam", ticket.Number, 1000))
	require.False(t, unread("sam"))
	_, _, err = e.Desk.Reply(ctx, domain.Caller{ID: "uma"}, domain.Reply{Number: ticket.Number, Body: "?"}, domain.Request{})
	require.NoError(t, err)
	require.True(t, unread("sam"), "a mark beyond the end does not count for what comes")
	require.NoError(t, e.Store.MarkRead(ctx, "sam", ticket.Number, 3))
	require.NoError(t, e.Store.MarkRead(ctx, "sam", ticket.Number, 1))
	require.False(t, unread("sam"), "marks never move back")
	require.ErrorIs(t, e.Store.MarkRead(ctx, "gus", ticket.Number, 1), fault.NotFound)

	for _, who := range []string{"sam", "ann", "uma"} {
		require.NoError(t, e.Store.MarkUnread(ctx, who, ticket.Number))
		require.NoError(t, e.Store.MarkUnread(ctx, who, ticket.Number))
		require.True(t, unread(who), "one's own last message, too")
		require.NoError(t, e.Store.MarkRead(ctx, who, ticket.Number, 1000))
		require.False(t, unread(who))
	}
	require.ErrorIs(t, e.Store.MarkUnread(ctx, "gus", ticket.Number), fault.NotFound)
}
