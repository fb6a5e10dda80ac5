package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

const rawMail = "Subject: Shop is down\r\nReceived: from mx.acme.example\r\n\r\n502 everywhere"

// mail returns a mail of Uma's to be opened once, changed by what is given.
func mail(id string, change func(*domain.Mail)) domain.Mail {
	m := domain.Mail{
		ID: id, EmergencyPage: "p1", Received: time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC), Subject: "Shop is down", Body: "502 everywhere",
		Sender: domain.Person{Name: "U.", Email: "uma@acme.example"}, Person: "uma", Organization: "acme",
		Content: strings.NewReader(rawMail),
	}
	if change != nil {
		change(&m)
	}
	return m
}

func stranger(m *domain.Mail) { m.Person, m.Organization = "", "" }

// paged makes a mail one that the mailbox has paged about by itself.
func paged(m *domain.Mail) { m.EmergencyPage = "own page" }

// outage makes a mail belong to the outage of another.
func outage(id string, changes ...func(*domain.Mail)) func(*domain.Mail) {
	return func(m *domain.Mail) {
		m.Outage, m.EmergencyPage, m.Subject, m.Body = id, "", "Still down", "Since when?"
		for _, change := range changes {
			change(m)
		}
	}
}

func (s *shelf) open(id string, change func(*domain.Mail)) int64 {
	s.t.Helper()
	number, err := s.OpenMail(s.t.Context(), mail(id, change))
	require.NoError(s.t, err)
	return number
}

func (s *shelf) messages(number int64) []domain.Message {
	s.t.Helper()
	messages, err := s.Env.Store.Messages(s.t.Context(), "sue", number, 0, 100)
	require.NoError(s.t, err)
	return messages
}

func (s *shelf) ticket(number int64) domain.Ticket {
	s.t.Helper()
	ticket, err := s.Env.Store.Full(s.t.Context(), "sue", number)
	require.NoError(s.t, err)
	return ticket
}

// mailMakesOne: at once and long after, a mail is one ticket, with one file.
func mailMakesOne(t *testing.T, e *Env) {
	s := newShelf(t, e)
	ctx := t.Context()
	numbers, errs := make([]int64, 8), make([]error, 8)
	var group sync.WaitGroup
	for i := range numbers {
		group.Go(func() { numbers[i], errs[i] = s.OpenMail(ctx, mail("m1", nil)) })
	}
	group.Wait()
	for i := range numbers {
		require.NoError(t, errs[i])
		require.Equal(t, numbers[0], numbers[i])
	}
	e.Advance(30 * 24 * time.Hour)
	require.NoError(t, e.Store.Prune(ctx))
	require.Equal(t, numbers[0], s.open("m1", func(m *domain.Mail) { m.Content = failing{errors.New("is not read")} }))
	for table, rows := range map[string]int{"tickets": 1, "messages": 2, "ticket_events": 2, "mail_tickets": 1, "attachments": 1} {
		require.Equal(t, rows, count(t, e, "SELECT COUNT(*) FROM "+table), table)
	}

	ticket, err := e.Store.Full(ctx, "uma", numbers[0])
	require.NoError(t, err)
	require.True(t, ticket.Urgent())
	require.Equal(t, domain.PagePaging, ticket.Page.State)
	require.Equal(t, "acme", ticket.Organization)
	require.Equal(t, "uma", ticket.Requester.ID)
	require.Equal(t, "Shop is down", ticket.Subject)
	require.Equal(t, "502 everywhere", ticket.Description)
	require.False(t, ticket.ScopeUnverified)

	messages := s.messages(numbers[0])
	require.Equal(t, "uma", messages[0].Author.ID)
	require.Empty(t, messages[0].Attachments)
	require.True(t, messages[1].Note)
	require.Equal(t, "The mail as it came, received on 1 March 2026 at 23:30:00 UTC.", messages[1].Body)
	require.Len(t, messages[1].Attachments, 1)
	file := messages[1].Attachments[0]
	require.Equal(t, "mail.eml", file.Filename)
	require.Equal(t, "message/rfc822", file.ContentType)
	s.seenBy(file.ID, rawMail, "sam", "eve")

	require.NotEqual(t, numbers[0], s.open("m2", nil))
	require.Equal(t, 2, count(t, e, "SELECT COUNT(*) FROM attachments"))
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM attachment_contents"), "the same content is kept once")
}

// mailAnsweredByStranger: whom staff have answered can answer, by the address that the mail came from and no other.
func mailAnsweredByStranger(t *testing.T, e *Env) {
	s := newShelf(t, e)
	number := s.open("m1", stranger)
	mails := &domain.Mails{Desk: e.Desk, Library: s.Library, Store: e.Store}
	reply := domain.MailReply{Mail: "r1", Number: number, Address: "Uma@acme.example", Body: "It is back."}
	m, err := mails.Reply(t.Context(), reply, mailed())
	require.NoError(t, err)
	require.Equal(t, number, m.Number)
	require.Equal(t, "uma@acme.example", m.Author.Email)
	reply.Mail, reply.Address = "r2", "pat@partner.example"
	_, err = mails.Reply(t.Context(), reply, mailed())
	require.Equal(t, "NOT_ON_TICKET", fault.ReasonOf(err))
}

// mailOfStranger: whom the directory does not confirm gets a ticket that only staff see.
func mailOfStranger(t *testing.T, e *Env) {
	s := newShelf(t, e)
	for name, change := range map[string]func(*domain.Mail){
		"unproven":             stranger,
		"unknown":              func(m *domain.Mail) { m.Person = "nobody" },
		"another organization": func(m *domain.Mail) { m.Organization = "globex" },
		"no organization":      func(m *domain.Mail) { m.Organization = "" },
		"staff":                func(m *domain.Mail) { m.Person, m.Organization = "sam", "" },
		"nobody's":             func(m *domain.Mail) { m.Person, m.Organization = "", domain.Unassigned },
	} {
		number := s.open(name, func(m *domain.Mail) {
			m.Subject, m.Body = "a\r\nb\x00", strings.Repeat("ä", domain.MaxBody)+"\xff"
			change(m)
		})
		ticket := s.ticket(number)
		require.Equal(t, domain.Unassigned, ticket.Organization, name)
		require.Equal(t, domain.Person{Name: "U.", Email: "uma@acme.example"}, ticket.Requester, name)
		require.Equal(t, "a  b", ticket.Subject, name)
		require.Less(t, len([]rune(ticket.Description)), domain.MaxBody, name)
		require.True(t, ticket.Urgent(), name)
		require.True(t, ticket.ScopeUnverified, name)
		note := s.messages(number)[1]
		require.Contains(t, note.Body, "Nothing proves", name)
		require.Contains(t, note.Body, "was cut", name)
		s.seenBy(note.Attachments[0].ID, rawMail, "sam", "eve")
		for _, who := range []string{"uma", "ann", "gus", "nobody"} {
			_, err := e.Store.Full(t.Context(), who, number)
			require.ErrorIs(t, err, fault.NotFound, "%s: %s", name, who)
		}
	}
	e.Learn(t, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Person{Person: &eventv1.DirectoryPerson{
		Id: "uma", Organization: "acme", Name: "Uma User", Email: "uma@acme.example", Role: "user", OrganizationWide: true, Disabled: true,
	}}})
	require.Equal(t, domain.Unassigned, s.ticket(s.open("disabled", nil)).Organization)
}

// mailRefused: what breaks off leaves nothing, and what is too large becomes a ticket without it.
func mailRefused(t *testing.T, e *Env) {
	s := newShelf(t, e)
	broken := errors.New("broken off")
	_, err := s.OpenMail(t.Context(), mail("m1", func(m *domain.Mail) {
		m.Content = io.MultiReader(strings.NewReader(rawMail), failing{broken})
	}))
	require.ErrorIs(t, err, broken)
	_, err = s.OpenMail(t.Context(), mail("m2", outage("m1")))
	require.Equal(t, "OUTAGE_HAS_NO_TICKET", fault.ReasonOf(err))
	require.ErrorIs(t, err, fault.Precondition)
	require.Empty(t, s.files())
	for _, table := range []string{"tickets", "messages", "ticket_events", "mail_tickets", "attachments", "attachment_contents", "tasks"} {
		require.Zero(t, count(t, e, "SELECT COUNT(*) FROM "+table), table)
	}

	large := s.open("m1", func(m *domain.Mail) {
		m.Content = io.MultiReader(bytes.NewReader(make([]byte, domain.MaxAttachment+1)), failing{broken})
	})
	require.Contains(t, s.messages(large)[1].Body, "more than 25 MiB")
	empty := s.open("m3", func(m *domain.Mail) { m.Content, m.Subject, m.Body = strings.NewReader(""), "\x00", " \n" })
	require.Contains(t, s.messages(empty)[1].Body, "No file of it")
	require.NotEmpty(t, s.ticket(empty).Subject)
	require.NotEmpty(t, s.ticket(empty).Description)
	require.Zero(t, count(t, e, "SELECT COUNT(*) FROM attachments"))
	onto := s.open("m4", outage("m1", stranger, func(m *domain.Mail) {
		m.Body, m.Content = strings.Repeat("ä", 2*domain.MaxBody), bytes.NewReader(make([]byte, domain.MaxAttachment+1))
	}))
	require.Equal(t, large, onto)
	body := s.messages(large)[2].Body
	require.LessOrEqual(t, len([]rune(body)), domain.MaxBody)
	require.Contains(t, body, "more than 25 MiB")
	require.Contains(t, body, "was cut")
}

// mailIsFoundByItsAddress: staff find what came of an address, proven to be of its person or not. Customers find theirs.
func mailIsFoundByItsAddress(t *testing.T, e *Env) {
	s := newShelf(t, e)
	from := func(address string) func(*domain.Mail) {
		return func(m *domain.Mail) { m.Sender.Email = address; stranger(m) }
	}
	somebody := s.open("m1", from("Somebody@Example.org"))
	own := s.open("m2", nil)
	unproven := s.open("m3", stranger)
	other := s.open("m4", from("other@example.org"))
	all := []int64{somebody, own, unproven, other}
	for _, test := range []struct {
		who, query string
		want       []int64
	}{
		{"sam", "requester:somebody@example.org", []int64{somebody}},
		{"sam", "requester:SOMEBODY@example.org,other@example.org", []int64{somebody, other}},
		{"sam", "requester:uma@acme.example", []int64{own, unproven}},
		{"sam", "requester:uma", []int64{own}},
		{"sam", "-requester:uma@acme.example", []int64{somebody, other}},
		{"sam", "requester:none", []int64{somebody, unproven, other}},
		{"sam", "requester:nobody@example.org", []int64{}},
		{"sam", "requester:@example.org", []int64{}},
		{"sam", "-requester:nobody@example.org", all},
		{"uma", "requester:uma@acme.example", []int64{own}},
		{"ann", "requester:uma@acme.example", []int64{own}},
		{"ann", "requester:somebody@example.org", []int64{}},
		{"ann", "-requester:somebody@example.org", []int64{own}},
		{"gus", "requester:somebody@example.org,uma@acme.example", []int64{}},
		{"nobody", "requester:somebody@example.org", []int64{}},
	} {
		require.Equal(t, test.want, find(t, e, test.who, test.query), "%s: %s", test.who, test.query)
	}
	c, err := e.Store.Count(t.Context(), domain.List{Viewer: "sam", Staff: true, Filter: domain.Filter{Terms: []domain.Term{
		{Key: domain.KeyRequester, Values: []domain.Value{{Text: "somebody@example.org"}}},
	}}})
	require.NoError(t, err)
	require.Equal(t, 1, c.Tickets)

	_, err = e.Desk.ChangeRequester(t.Context(), domain.Caller{ID: "sam"}, domain.NewRequester{Number: somebody, Requester: "gina"})
	require.NoError(t, err)
	require.Empty(t, find(t, e, "sam", "requester:somebody@example.org"), "it is somebody's by now")
	require.Equal(t, []int64{somebody}, find(t, e, "gina", "requester:gina@globex.example"))
}

// mailMoves: what came of a stranger becomes a customer's, as if it always had been.
func mailMoves(t *testing.T, e *Env) {
	s := newShelf(t, e)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	number := s.open("m1", func(m *domain.Mail) { m.Body = "porcupine"; stranger(m) })
	sees := func(who string) bool {
		_, err := e.Store.Full(ctx, who, number)
		if err != nil {
			require.ErrorIs(t, err, fault.NotFound)
		}
		require.Equal(t, err == nil, len(find(t, e, who, "porcupine")) == 1, who)
		return err == nil
	}
	_, err := e.Desk.ChangeRequester(ctx, sam, domain.NewRequester{Number: number, Requester: "eve"})
	require.ErrorIs(t, err, fault.Invalid)
	require.False(t, sees("gina"))
	require.Equal(t, []int64{number}, find(t, e, "sam", "org:unassigned"))

	moved, err := e.Desk.ChangeRequester(ctx, sam, domain.NewRequester{Number: number, Requester: "gina"})
	require.NoError(t, err)
	require.Equal(t, "globex", moved.Organization)
	require.Equal(t, "Globex", moved.OrganizationName)
	require.Equal(t, "standard", moved.Plan)
	require.Empty(t, moved.CCs, "nobody knows whose the stranger's address is")
	require.False(t, moved.ScopeUnverified)
	c := e.Committed[len(e.Committed)-1]
	require.Contains(t, c.Event.Changes, domain.FieldChange{Field: "organization", Old: "Unassigned", New: "Globex"})
	require.Len(t, c.Conversation, 1)
	require.Empty(t, find(t, e, "sam", "org:unassigned"))
	require.Equal(t, []int64{number}, find(t, e, "sam", "org:globex"))
	for who, want := range map[string]bool{"gina": true, "gus": true, "uma": false, "ann": false, "sam": true} {
		require.Equal(t, want, sees(who), who)
	}
	messages, err := e.Store.Messages(ctx, "gina", number, 0, 10)
	require.NoError(t, err)
	require.Len(t, messages, 1, "notes are internal still")
	s.seenBy(s.messages(number)[1].Attachments[0].ID, rawMail, "sam", "eve")
	events, err := e.Store.Events(ctx, "gina", number, 0, 10)
	require.NoError(t, err)
	require.Len(t, events, 2)
	require.NotContains(t, fmt.Sprint(events), "Unassigned")
	require.Equal(t, 3, count(t, e, "SELECT COUNT(*) FROM ticket_events WHERE organization = 'globex'"))
	require.Equal(t, 3, count(t, e, "SELECT COUNT(*) FROM ticket_events"))

	_, err = e.Desk.ChangeRequester(ctx, sam, domain.NewRequester{Number: number, Requester: "uma"})
	require.ErrorIs(t, err, fault.Invalid, "a customer's ticket stays the customer's")
}
