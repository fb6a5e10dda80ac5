package storetest

import (
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// mailed returns files for a mail, by names and contents in turn.
func mailed(files ...string) domain.MailFiles {
	return func() (domain.Upload, bool, error) {
		if len(files) == 0 {
			return domain.Upload{}, false, nil
		}
		u := domain.Upload{Filename: files[0], Size: int64(len(files[1])), Content: strings.NewReader(files[1])}
		files = files[2:]
		return u, true, nil
	}
}

func repliesByMail(t *testing.T, e *Env) {
	s := newShelf(t, e)
	mails := &domain.Mails{Desk: e.Desk, Library: s.Library, Store: e.Store}
	ticket := e.Create(t, "uma", func(n *domain.NewTicket) { n.CCs = []string{"Pat@partner.example", "fred@studio.example"} })
	reply := func(mail, person, address string) domain.MailReply {
		return domain.MailReply{Mail: mail, Number: ticket.Number, Person: person, Address: address, Body: "Still broken."}
	}
	messages := func() int { return count(t, e, "SELECT COUNT(*) FROM messages WHERE number = $1", ticket.Number) }

	_, _, err := e.Desk.Reply(t.Context(), domain.Caller{ID: "sam"}, domain.Reply{Number: ticket.Number, Body: "Try again."}, domain.Request{})
	require.NoError(t, err)
	m, err := mails.Reply(t.Context(), reply("m-1", "uma", "uma@acme.example"), mailed("shot.png", "\x89PNG\r\n\x1a\n", "access.log", "GET /"))
	require.NoError(t, err)
	require.Equal(t, ticket.Number, m.Number)
	require.Equal(t, "uma", m.Author.ID)
	require.Len(t, m.Attachments, 2)
	s.seenBy(m.Attachments[1].ID, "GET /", "ann", "uma", "fred", "sam", "eve")
	after, err := e.Store.Ticket(t.Context(), "sam", ticket.Number)
	require.NoError(t, err)
	require.Equal(t, domain.Open, after.Status, "a customer's answer opens it again")

	again, err := mails.Reply(t.Context(), reply("m-1", "uma", "uma@acme.example"), func() (domain.Upload, bool, error) {
		return domain.Upload{}, false, errors.New("no file is looked at once more")
	})
	require.NoError(t, err)
	require.Equal(t, m, again)

	pat, err := mails.Reply(t.Context(), reply("m-2", "", "pat@partner.example"), mailed())
	require.NoError(t, err)
	require.Equal(t, domain.Person{Email: "Pat@partner.example"}, pat.Author)
	require.Equal(t, 4, messages())

	_, err = e.Desk.RemoveCC(t.Context(), domain.Caller{ID: "uma"}, ticket.Number, "pat@partner.example")
	require.NoError(t, err)
	_, err = e.Desk.RemoveCC(t.Context(), domain.Caller{ID: "uma"}, ticket.Number, "fred@studio.example")
	require.NoError(t, err)
	for _, tt := range []struct {
		name, reason string
		reply        domain.MailReply
	}{
		{"a CC who was removed", "NOT_ON_TICKET", reply("m-3", "", "pat@partner.example")},
		{"one with an account who sees the ticket", "NOT_ON_TICKET", reply("m-4", "fred", "fred@studio.example")},
		{"an admin who sees all tickets", "NOT_ON_TICKET", reply("m-5", "ann", "ann@acme.example")},
		{"another customer", "TICKET_NOT_FOUND", reply("m-6", "gus", "gus@globex.example")},
		{"somebody unknown", "PERSON_UNKNOWN_YET", reply("m-7", "nobody", "nobody@acme.example")},
		{"nothing to say", "INVALID_FIELD", domain.MailReply{Mail: "m-8", Number: ticket.Number, Person: "uma", Address: "uma@acme.example"}},
	} {
		_, err := mails.Reply(t.Context(), tt.reply, func() (domain.Upload, bool, error) {
			return domain.Upload{}, false, errors.New("its files are not taken")
		})
		require.Equal(t, tt.reason, fault.ReasonOf(err), tt.name)
	}
	require.Equal(t, 4, messages())

	_, err = mails.Reply(t.Context(), reply("m-9", "uma", "uma@acme.example"), func() (domain.Upload, bool, error) {
		return domain.Upload{Filename: "cut.log", Size: 10, Content: io.LimitReader(strings.NewReader("0123456789"), 5)}, true, nil
	})
	require.Equal(t, "INVALID_FIELD", fault.ReasonOf(err))
	_, err = mails.Reply(t.Context(), reply("m-9", "uma", "uma@acme.example"), mailed("cut.log", "0123456789"))
	require.NoError(t, err, "the next attempt has all of it")
	require.Zero(t, count(t, e, "SELECT COUNT(*) FROM attachments WHERE number IS NULL"))
}

// quotedByMail: what a mail quotes is kept beside what its author wrote, and leaves with the text that it quotes.
func quotedByMail(t *testing.T, e *Env) {
	s := newShelf(t, e)
	mails := &domain.Mails{Desk: e.Desk, Library: s.Library, Store: e.Store}
	ticket := e.Create(t, "uma", nil)
	sam := domain.Caller{ID: "sam"}
	_, asked, err := e.Desk.Reply(t.Context(), sam, domain.Reply{Number: ticket.Number, Body: "Is it hunter2?"}, domain.Request{})
	require.NoError(t, err)
	reply := func(mail string, number int64, quoted string) domain.Message {
		t.Helper()
		m, err := mails.Reply(t.Context(), domain.MailReply{
			Mail: mail, Number: number, Person: "uma", Address: "uma@acme.example", Body: "Yes, " + mail + ".", Quoted: quoted,
		}, mailed())
		require.NoError(t, err)
		read, err := e.Store.Message(t.Context(), m.Number, m.Sequence)
		require.NoError(t, err)
		require.Equal(t, m, read)
		require.Equal(t, quoted, read.Quoted)
		return read
	}
	quoted := func(m domain.Message) string {
		t.Helper()
		read, err := e.Store.Message(t.Context(), m.Number, m.Sequence)
		require.NoError(t, err)
		return read.Quoted
	}
	first, second := reply("m-1", ticket.Number, "> Is it\n> hunter2?"), reply("m-2", ticket.Number, "> Is it hunter2?\n> zebra")
	require.Empty(t, find(t, e, "sam", "zebra"), "the words of what is quoted are not the message's")
	require.Zero(t, count(t, e, "SELECT COUNT(*) FROM tasks WHERE payload LIKE '%zebra%'"), "nobody else is told it")

	_, err = e.Desk.Redact(t.Context(), sam, domain.Redaction{Number: ticket.Number, Message: second.ID, Reason: "x", Texts: []string{"giraffe"}})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	got, err := e.Desk.Redact(t.Context(), sam, domain.Redaction{Number: ticket.Number, Message: second.ID, Reason: "x", Texts: []string{"zebra"}})
	require.NoError(t, err)
	require.Equal(t, second.Body, got.Body)
	require.Empty(t, quoted(second), "what is quoted goes as a whole: elsewhere in it the text may be wrapped")
	require.NotEmpty(t, quoted(first))

	third := reply("m-3", ticket.Number, "> Is it hunter2?")
	s.exec("UPDATE tickets SET status = $1 WHERE number = $2", int64(domain.Closed), ticket.Number)
	fourth := reply("m-4", ticket.Number, "> Is it hunter2?")
	require.NotEqual(t, ticket.Number, fourth.Number)
	other := e.Create(t, "uma", nil)
	fifth := reply("m-5", other.Number, "> something else")
	_, err = e.Desk.Redact(t.Context(), sam, domain.Redaction{Number: ticket.Number, Message: asked.ID, Reason: "a password", Texts: []string{"hunter2"}})
	require.NoError(t, err)
	for _, m := range []domain.Message{first, third, fourth} {
		require.Empty(t, quoted(m), "nor do those that quote the message, on its ticket and on what followed")
	}
	require.NotEmpty(t, quoted(fifth))
	follow, err := e.Store.Full(t.Context(), "uma", fourth.Number)
	require.NoError(t, err)
	history, err := e.Store.Events(t.Context(), "uma", fourth.Number, fourth.Sequence, 10)
	require.NoError(t, err)
	require.Len(t, history, 1, "who has the follow-up open hears of it")
	require.Equal(t, domain.EventMessageRedacted, history[0].Kind)
	require.Equal(t, fourth.ID, history[0].Message)
	require.Equal(t, history[0].Sequence, follow.Sequence)
	_, err = e.Desk.RedactField(t.Context(), sam, domain.FieldRedaction{Number: other.Number, Field: "subject", Reason: "a password"})
	require.NoError(t, err)
	require.Empty(t, quoted(fifth), "mails quote fields, too")
	require.Zero(t, count(t, e, "SELECT COUNT(*) FROM messages WHERE quoted LIKE '%hunter2%'"))

	whole := reply("m-6", other.Number, "> whole")
	_, err = e.Desk.Redact(t.Context(), sam, domain.Redaction{Number: other.Number, Message: whole.ID, Reason: "all"})
	require.NoError(t, err)
	require.Empty(t, quoted(whole))
	_, err = mails.Reply(t.Context(), domain.MailReply{
		Mail: "m-7", Number: other.Number, Person: "uma", Address: "uma@acme.example", Body: "Yes.", Quoted: strings.Repeat("x", domain.MaxQuoted+1),
	}, mailed())
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func repliesByMailAtOnce(t *testing.T, e *Env) {
	s := newShelf(t, e)
	ticket := e.Create(t, "uma", nil)
	var made [8]domain.Message
	var all sync.WaitGroup
	for i := range made {
		all.Go(func() {
			mails := &domain.Mails{Desk: e.Desk, Library: s.Library, Store: e.Store}
			m, err := mails.Reply(t.Context(), domain.MailReply{Mail: "m-1", Number: ticket.Number, Person: "uma", Address: "uma@acme.example", Body: "Hello?"}, mailed())
			if err != nil {
				t.Error(err)
			}
			made[i] = m
		})
	}
	all.Wait()
	for _, m := range made {
		require.Equal(t, made[0].ID, m.ID)
	}
	require.Equal(t, 2, count(t, e, "SELECT COUNT(*) FROM messages WHERE number = $1", ticket.Number))
}

func repliesByMailToClosed(t *testing.T, e *Env) {
	s := newShelf(t, e)
	mails := &domain.Mails{Desk: e.Desk, Library: s.Library, Store: e.Store}
	ticket := e.Create(t, "uma", nil)
	s.exec("UPDATE tickets SET status = $1 WHERE number = $2", int64(domain.Closed), ticket.Number)
	r := domain.MailReply{Mail: "m-1", Number: ticket.Number, Person: "uma", Address: "uma@acme.example", Body: "It is back."}
	m, err := mails.Reply(t.Context(), r, mailed("access.log", "GET /"))
	require.NoError(t, err)
	require.NotEqual(t, ticket.Number, m.Number)
	follow, err := e.Store.Ticket(t.Context(), "uma", m.Number)
	require.NoError(t, err)
	require.Equal(t, ticket.Number, follow.FollowUpOf)
	again, err := mails.Reply(t.Context(), r, mailed())
	require.NoError(t, err)
	require.Equal(t, m, again)
}

func leave(t *testing.T, e *Env) {
	e.World(t)
	ticket := e.Create(t, "uma", func(n *domain.NewTicket) { n.CCs = []string{"Pat@partner.example", "fred@studio.example"} })
	events := func() int { return count(t, e, "SELECT COUNT(*) FROM ticket_events WHERE number = $1", ticket.Number) }
	before := events()
	for _, address := range []string{"stranger@partner.example", "uma@acme.example"} {
		require.NoError(t, e.Desk.Leave(t.Context(), ticket.Number, address))
	}
	require.Equal(t, before, events(), "neither a stranger nor the requester has anything to leave")
	require.ErrorIs(t, e.Desk.Leave(t.Context(), 1<<40, "pat@partner.example"), fault.NotFound)

	for range 2 {
		require.NoError(t, e.Desk.Leave(t.Context(), ticket.Number, " pat@PARTNER.example"))
	}
	require.Equal(t, before+1, events())
	after, err := e.Store.Ticket(t.Context(), "sam", ticket.Number)
	require.NoError(t, err)
	require.Len(t, after.CCs, 1)
	require.Equal(t, "fred@studio.example", after.CCs[0].Email)
	last := e.Committed[len(e.Committed)-1]
	require.Equal(t, domain.EventCCsChanged, last.Event.Kind)
	require.Equal(t, domain.Person{Email: "Pat@partner.example"}, last.Event.Actor, "their own doing")
	require.Equal(t, []domain.Person{{Email: "Pat@partner.example"}}, last.RemovedCCs)

	// Of a closed ticket too: its follow-ups would be copied to them.
	_, err = e.Desk.Solve(t.Context(), domain.Caller{ID: "sam"}, ticket.Number, "")
	require.NoError(t, err)
	e.Advance(e.Desk.CloseAfter + time.Hour)
	_, err = e.Desk.Close(t.Context(), ticket.Number)
	require.NoError(t, err)
	require.NoError(t, e.Desk.Leave(t.Context(), ticket.Number, "fred@studio.example"))
	after, err = e.Store.Ticket(t.Context(), "sam", ticket.Number)
	require.NoError(t, err)
	require.Empty(t, after.CCs)
	require.Equal(t, domain.Closed, after.Status)
}
