package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func requestsByMail(t *testing.T, e *Env) {
	s := newShelf(t, e)
	mails := &domain.Mails{Desk: e.Desk, Library: s.Library, Store: e.Store}
	ask := domain.MailRequest{
		Mail: "m-1", Person: "uma", Sender: domain.Person{Name: "U.", Email: "UMA@acme.example"}, Subject: "Cache\n rules", Body: "How do I **purge** it?",
	}
	none := func() (domain.Upload, bool, error) {
		return domain.Upload{}, false, errors.New("no file is looked at once more")
	}
	e.Committed = nil
	m, err := mails.Open(t.Context(), ask, mailed("shot.png", "\x89PNG\r\n\x1a\n", "access.log", "GET /"))
	require.NoError(t, err)
	require.Len(t, e.Committed, 1, "there is nothing that staff must be told")
	require.Empty(t, e.Committed[0].Actor.Service, "who writes gets a receipt")
	got := s.ticket(m.Number)
	require.Equal(t, domain.Question, got.Type)
	require.False(t, got.PrioritySet)
	require.Equal(t, []string{"acme", "uma", "Cache  rules"}, []string{got.Organization, got.Requester.ID, got.Subject})
	require.True(t, got.Scope.All)
	require.False(t, got.ScopeUnverified)
	require.Equal(t, "How do I **purge** it?", m.Body)
	s.seenBy(m.Attachments[1].ID, "GET /", "ann", "uma", "sam", "eve")
	again, err := mails.Open(t.Context(), ask, none)
	require.NoError(t, err)
	require.Equal(t, m, again)

	ask.Mail, ask.Person, ask.About, ask.Subject, ask.Body = "m-2", "", m.Number, "", strings.Repeat("x", domain.MaxBody+1)
	e.Committed = nil
	unknown, err := mails.Open(t.Context(), ask, mailed("access.log", "GET /"))
	require.NoError(t, err)
	got = s.ticket(unknown.Number)
	require.Equal(t, domain.Unassigned, got.Organization)
	require.Equal(t, domain.Person{Name: "U.", Email: "UMA@acme.example"}, got.Requester)
	require.Equal(t, "Mail without a subject", got.Subject)
	require.True(t, got.ScopeUnverified)
	messages := s.messages(unknown.Number)
	require.Len(t, messages, 2)
	require.True(t, messages[1].Note)
	for _, remark := range []string{"Nothing proves", "was cut", fmt.Sprintf("It seems to be about #%d,", m.Number)} {
		require.Contains(t, messages[1].Body, remark)
	}
	require.Len(t, s.messages(m.Number), 1, "and was not added there")
	s.seenBy(unknown.Attachments[0].ID, "GET /", "sam", "eve")
	_, err = e.Store.Ticket(t.Context(), "uma", unknown.Number)
	require.ErrorIs(t, err, fault.NotFound)

	for person, kind := range map[string]fault.Kind{"sam": fault.Invalid, "nobody": fault.Unavailable} {
		ask.Mail, ask.Person = "m-3", person
		_, err := mails.Open(t.Context(), ask, none)
		require.ErrorIs(t, err, kind, person)
	}
	ask.Person, ask.Body = "uma", "x"
	_, err = mails.Open(t.Context(), ask, none)
	require.Error(t, err)
	require.Equal(t, 2, count(t, e, "SELECT COUNT(*) FROM tickets"), "what breaks off leaves nothing")

	s.exec("DELETE FROM messages WHERE number = $1", m.Number)
	ask.Mail = "m-1"
	gone, err := mails.Open(t.Context(), ask, none)
	require.NoError(t, err)
	require.Equal(t, m.Number, gone.Number, "a mail whose ticket was purged is done")
}

func requestsByMailAtOnce(t *testing.T, e *Env) {
	s := newShelf(t, e)
	var made [8]domain.Message
	var all sync.WaitGroup
	for i := range made {
		all.Go(func() {
			mails := &domain.Mails{Desk: e.Desk, Library: s.Library, Store: e.Store}
			m, err := mails.Open(t.Context(), domain.MailRequest{Mail: "m-1", Person: "uma", Subject: "Cache", Body: "Hello?", About: 7}, mailed())
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
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM tickets"))
	require.Equal(t, 2, count(t, e, "SELECT COUNT(*) FROM messages"))
}
