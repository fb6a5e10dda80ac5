package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/ticket/internal/domain"
)

// mailOntoOutage: what belongs to an outage is a message of its ticket, once.
func mailOntoOutage(t *testing.T, e *Env) {
	s := newShelf(t, e)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	number := s.open("m1", nil)
	_, err := e.Desk.AddCCs(ctx, sam, number, []string{"fred@studio.example"})
	require.NoError(t, err)

	group := sync.WaitGroup{}
	errs := make([]error, 6)
	for i := range errs {
		group.Go(func() { _, errs[i] = s.OpenMail(ctx, mail("reply", outage("m1"))) })
	}
	group.Wait()
	require.NoError(t, errors.Join(errs...))
	messages := s.messages(number)
	require.Len(t, messages, 4)
	require.False(t, messages[2].Note)
	require.Equal(t, "Since when?", messages[2].Body)
	require.Equal(t, "uma", messages[2].Author.ID)
	require.True(t, messages[3].Note)
	s.seenBy(messages[3].Attachments[0].ID, rawMail, "sam", "eve")

	for id, test := range map[string]struct {
		change func(*domain.Mail)
		public bool
		author string
	}{
		"a CC":             {func(m *domain.Mail) { m.Person, m.Organization = "fred", "acme" }, true, "fred"},
		"a colleague":      {func(m *domain.Mail) { m.Person, m.Organization = "ann", "acme" }, false, "ann"},
		"another customer": {func(m *domain.Mail) { m.Person, m.Organization = "gus", "globex" }, false, "gus"},
		"a stranger":       {stranger, false, ""},
	} {
		before := len(s.messages(number))
		require.Equal(t, number, s.open(id, outage("reply", test.change)), id)
		require.Equal(t, number, s.open(id, outage("reply", test.change)), id)
		added := s.messages(number)[before:]
		require.Equal(t, !test.public, added[0].Note, id)
		require.Equal(t, test.author, added[0].Author.ID, id)
		note := added[len(added)-1]
		s.seenBy(note.Attachments[0].ID, rawMail, "sam", "eve")
		require.Contains(t, note.Body, "received on 1 March 2026", id)
		if !test.public {
			require.Len(t, added, 1, id)
			require.Contains(t, note.Body, "Since when?", id)
		}
	}
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM tickets"))
}

// mailOntoWhatIsOver: a mail is seen whatever became of its outage's ticket.
func mailOntoWhatIsOver(t *testing.T, e *Env) {
	s := newShelf(t, e)
	ctx, sam, sue := t.Context(), domain.Caller{ID: "sam"}, domain.Caller{ID: "sue"}
	solve := func(number int64) {
		_, err := e.Desk.Solve(ctx, sam, number, "")
		require.NoError(t, err)
	}
	for i, from := range []func(*domain.Mail){stranger, func(*domain.Mail) {}} {
		first := fmt.Sprint("solved ", i)
		number := s.open(first, nil)
		solve(number)
		e.Committed = nil
		require.Equal(t, number, s.open(first+" note", outage(first, from, paged)))
		require.Equal(t, domain.Open, s.ticket(number).Status)
		require.Equal(t, domain.PagePaging, s.ticket(number).Page.State)
		pages := 0
		for _, c := range e.Committed {
			if c.BecameUrgent() {
				pages++
				require.NotEqual(t, domain.EventNoteAdded, c.Event.Kind, "nobody is told of notes")
				require.Equal(t, "own page", c.EmergencyPage, "the mailbox has paged about this mail")
			}
		}
		require.Equal(t, 1, pages)
		e.Committed = nil
		require.Equal(t, number, s.open(first+" again", outage(first, from, paged)))
		for _, c := range e.Committed {
			require.Empty(t, c.EmergencyPage, "the ticket is urgent already")
		}
	}

	closed := s.open("closed", nil)
	solve(closed)
	e.Advance(e.Desk.CloseAfter + time.Hour)
	_, err := e.Desk.Close(ctx, closed)
	require.NoError(t, err)
	own := s.open("closed note", outage("closed", stranger, paged))
	require.NotEqual(t, closed, own)
	require.True(t, s.ticket(own).Urgent())
	require.Equal(t, domain.Unassigned, s.ticket(own).Organization)
	require.Contains(t, s.messages(own)[1].Body, fmt.Sprintf("belongs to #%d, which is closed", closed))
	require.Equal(t, "own page", e.Committed[len(e.Committed)-2].EmergencyPage)
	require.Equal(t, own, s.open("another", outage("closed note", stranger)), "the others go where the first went")

	spam := s.open("spam", nil)
	_, err = e.Desk.MarkSpam(ctx, sam, spam, "")
	require.NoError(t, err)
	deleted := s.open("deleted", nil)
	_, err = e.Desk.Delete(ctx, sue, deleted, "")
	require.NoError(t, err)
	for id, number := range map[string]int64{"spam": spam, "deleted": deleted} {
		before := len(s.messages(number))
		require.Equal(t, number, s.open(id+" note", outage(id)))
		require.Len(t, s.messages(number), before+1)
		require.NotEqual(t, domain.Shown, s.ticket(number).Hidden, "staff have decided")
		require.False(t, s.ticket(number).Urgent())
	}

	e.Advance(domain.PurgeAfter + time.Hour)
	require.NoError(t, e.Store.Purge(ctx, e.Now().Add(-domain.PurgeAfter)))
	again := s.open("purged note", outage("deleted"))
	require.NotEqual(t, deleted, again)
	require.True(t, s.ticket(again).Urgent())
	require.Equal(t, deleted, s.open("deleted", nil), "a mail whose ticket was purged is done")
}
