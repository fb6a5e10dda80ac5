package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

func (s *suite) redactions(t *testing.T) {
	const ticket = 77
	mia := domain.Recipient{Person: domain.Person{ID: "mia", Email: "mia@shop.test"}, Reason: "requester"}
	mail := func(id string, kind domain.MailKind, messages ...domain.PublicMessage) domain.Outgoing {
		return domain.Outgoing{Recipients: []domain.Recipient{mia}, Content: domain.MailContent{
			ID: domain.Hash(id), Kind: kind, Ticket: ticket, Subject: "s", Messages: messages,
		}}
	}
	one, two := domain.PublicMessage{ID: "r1", Body: "It is hunter2."}, domain.PublicMessage{ID: "r2", Body: "Thanks."}
	paged := page("redacted", "ticket:77")
	paged.Ticket, paged.Incident.Excerpt = ticket, one.Body
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.InsertPage(ctx, paged); err != nil {
			return err
		}
		tx.InsertDeliveries([]domain.Delivery{{
			ID: "redacted-1", Page: paged.ID, Position: paged.Position, Person: domain.Person{ID: "ada"}, State: domain.DeliveryQueued,
			Body: `{"data":{"delivery":"redacted-1","excerpt":"It is hunter2.","step":1},"type":"page.opened.v1"}`, CreatedAt: paged.OpenedAt,
		}})
		return tx.InsertMails(ctx, []domain.Outgoing{mail("m", domain.MailMessage, one), mail("c", domain.MailConversation, one, two), mail("n", domain.MailMessage, two)})
	})
	redact := func(sequence int64, body string) {
		update(t, s.other, func(ctx context.Context, tx *store.Tx) error {
			return tx.Redact(ctx, store.Redaction{Ticket: ticket, Message: "r1", Sequence: sequence, Body: body, Excerpt: body})
		})
	}
	redact(5, "It is [redacted].")
	redact(4, "It is older.")
	for _, where := range []string{"mail_contents WHERE document", "pages WHERE incident", "page_deliveries WHERE body"} {
		require.Zero(t, s.count(t, `SELECT COUNT(*) FROM `+where+` LIKE '%hunter2%'`), where)
	}
	mails, err := s.one.Mails(t.Context(), ticket, store.MailPosition{}, 10)
	require.NoError(t, err)
	said := map[domain.MailKind][]string{}
	for _, m := range mails {
		_, content, err := s.one.Mail(t.Context(), m.ID)
		require.NoError(t, err)
		for _, message := range content.Messages {
			said[content.Kind] = append(said[content.Kind], message.Body)
		}
	}
	require.ElementsMatch(t, []string{"It is [redacted].", "Thanks."}, said[domain.MailMessage])
	require.Equal(t, []string{"It is [redacted].", "Thanks."}, said[domain.MailConversation])
	got, err := s.one.Page(t.Context(), paged.ID)
	require.NoError(t, err)
	paged.Incident.Excerpt = "It is [redacted]."
	require.Equal(t, paged, got)
	deliveries, err := s.one.PageDeliveries(t.Context(), paged.ID)
	require.NoError(t, err)
	require.JSONEq(t, `{"data":{"delivery":"redacted-1","excerpt":"It is [redacted].","step":1},"type":"page.opened.v1"}`, deliveries[0].Body)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		touched, err := tx.TouchTicket(ctx, store.TicketState{Number: ticket, Sequence: 1, Snapshot: "{}"})
		require.True(t, touched.Redacted)
		return err
	})
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		touched, err := tx.TouchTicket(ctx, store.TicketState{Number: ticket + 1, Sequence: 1, Snapshot: "{}"})
		require.False(t, touched.Redacted)
		return err
	})
	paged.State, paged.NextStepAt = domain.StateResolved, time.Time{} // others expect no open page
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.SavePage(ctx, paged) })
}

// redactedFields: what a field said is in no table any more, and what another one says stays.
func (s *suite) redactedFields(t *testing.T) {
	const ticket = 76
	mia := domain.Recipient{Person: domain.Person{ID: "mia", Email: "mia@shop.test"}, Reason: "requester"}
	mail := func(id, subject string) domain.Outgoing {
		return domain.Outgoing{Recipients: []domain.Recipient{mia}, Content: domain.MailContent{
			ID: domain.Hash(id), Kind: domain.MailSolved, Ticket: ticket, Subject: subject,
		}}
	}
	paged := page("fields", "ticket:76")
	paged.Ticket, paged.Incident.Subject, paged.Incident.Impact = ticket, "hunter2 fails", "Nobody gets in with hunter2."
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.InsertPage(ctx, paged); err != nil {
			return err
		}
		tx.InsertDeliveries([]domain.Delivery{{
			ID: "fields-1", Page: paged.ID, Position: paged.Position, Person: domain.Person{ID: "ada"}, State: domain.DeliveryQueued, CreatedAt: paged.OpenedAt,
			Body: `{"data":{"impact":"Nobody gets in with hunter2.","page":"` + paged.ID + `","title":"` + paged.Incident.Title() + `"},"type":"page.opened.v1"}`,
		}})
		tx.InsertNotice(domain.StaffNotice{ID: "fields-notice", Ticket: ticket, Kind: domain.NoticeNewTicket, Subject: "hunter2 fails"}, paged.OpenedAt)
		return tx.InsertMails(ctx, []domain.Outgoing{mail("fields-m", "hunter2 fails"), mail("fields-u", domain.UnprovenSubject)})
	})
	redact := func(field string, sequence int64, value string) {
		update(t, s.other, func(ctx context.Context, tx *store.Tx) error {
			return tx.RedactField(ctx, store.Redaction{Ticket: ticket, Message: field, Sequence: sequence, Body: value, Excerpt: "Please help."})
		})
	}
	redact(store.FieldSubject, 5, "[redacted] fails")
	redact(store.FieldSubject, 4, "It is older.")
	require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM pages WHERE incident LIKE '%hunter2%'`), "the impact is another field")
	redact(store.FieldImpact, 6, "[redacted]")
	redact(store.FieldCallback, 7, "[redacted]")
	for _, where := range []string{
		"mail_contents WHERE document", "mail_deliveries WHERE subject", "notices WHERE subject", "pages WHERE incident || title", "page_deliveries WHERE body",
	} {
		require.Zero(t, s.count(t, `SELECT COUNT(*) FROM `+where+` LIKE '%hunter2%'`), where)
	}
	mails, err := s.one.Mails(t.Context(), ticket, store.MailPosition{}, 10)
	require.NoError(t, err)
	var subjects []string
	for _, m := range mails {
		subjects = append(subjects, m.Subject)
	}
	require.ElementsMatch(t, []string{domain.MailSubject(ticket, "[redacted] fails"), domain.MailSubject(ticket, domain.UnprovenSubject)}, subjects)
	got, err := s.one.Page(t.Context(), paged.ID)
	require.NoError(t, err)
	paged.Incident.Subject, paged.Incident.Impact = "[redacted] fails", "[redacted]"
	require.Equal(t, paged, got, "nobody said a number, so none is redacted")
	deliveries, err := s.one.PageDeliveries(t.Context(), paged.ID)
	require.NoError(t, err)
	require.JSONEq(t, `{"data":{"impact":"[redacted]","page":"`+paged.ID+`","title":"`+paged.Incident.Title()+`"},"type":"page.opened.v1"}`, deliveries[0].Body)
	paged.State, paged.NextStepAt = domain.StateResolved, time.Time{} // others expect no open page
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.SavePage(ctx, paged) })
}

// movedWords has a page become another ticket's: what it says is still about the ticket that it began with.
func (s *suite) movedWords(t *testing.T) {
	const from, into = 78, 79
	moved := page("moved", "ticket:78")
	moved.Ticket, moved.Incident.Excerpt = from, "It is hunter2."
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.InsertPage(ctx, moved); err != nil {
			return err
		}
		tx.InsertDeliveries([]domain.Delivery{{
			ID: "moved-1", Page: moved.ID, Position: moved.Position, Person: domain.Person{ID: "ada"}, State: domain.DeliveryQueued, CreatedAt: moved.OpenedAt,
			Body: `{"data":{"acknowledgeUrl":"u","excerpt":"It is hunter2.","title":"down"},"type":"page.opened.v1"}`,
		}})
		return nil
	})
	for _, ticket := range []int64{into, into} { // a second time changes nothing
		moved.Topic, moved.Ticket = domain.TicketTopic(ticket), ticket
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.PlacePage(ctx, moved) })
	}
	redact := func(ticket int64, excerpt string) {
		update(t, s.other, func(ctx context.Context, tx *store.Tx) error {
			return tx.Redact(ctx, store.Redaction{Ticket: ticket, Message: "r", Sequence: 1, Body: excerpt, Excerpt: excerpt})
		})
	}
	says := func() (page domain.Incident, body string) {
		got, err := s.one.Page(t.Context(), moved.ID)
		require.NoError(t, err)
		require.EqualValues(t, into, got.Ticket)
		deliveries, err := s.one.PageDeliveries(t.Context(), moved.ID)
		require.NoError(t, err)
		return got.Incident, deliveries[0].Body
	}
	redact(into, "Of the other ticket.")
	incident, body := says()
	require.Equal(t, "It is hunter2.", incident.Excerpt)
	require.Contains(t, body, "hunter2")
	redact(from, "It is [redacted].")
	incident, body = says()
	require.Equal(t, "It is [redacted].", incident.Excerpt)
	require.JSONEq(t, `{"data":{"acknowledgeUrl":"u","excerpt":"It is [redacted].","title":"down"},"type":"page.opened.v1"}`, body)

	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.Purge(ctx, from) })
	incident, body = says()
	require.Equal(t, domain.Incident{Urgent: moved.Incident.Urgent}, incident)
	require.JSONEq(t, `{"data":{"acknowledgeUrl":"u"},"type":"page.opened.v1"}`, body)
	require.Zero(t, s.count(t, `SELECT COUNT(*) FROM pages WHERE words_of = $1 AND title <> ''`, from))
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.Purge(ctx, into) })
	require.Zero(t, s.count(t, `SELECT COUNT(*) FROM pages WHERE id = 'moved'`))
}
