package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

func (s *suite) threads(t *testing.T) {
	mia, noa := domain.Person{ID: "mia", Name: "Mia", Email: "Mia@Shop.test"}, domain.Person{Email: "noa@shop.test"}
	message := func(id string, to ...domain.Person) domain.Outgoing {
		o := domain.Outgoing{Content: domain.MailContent{
			ID: domain.Hash(id), Kind: domain.MailMessage, Ticket: 9, Subject: "s", Messages: []domain.PublicMessage{{ID: id, Body: "hello"}},
		}}
		for _, p := range to {
			o.Recipients = append(o.Recipients, domain.Recipient{Person: p, Reason: "cc"})
		}
		return o
	}
	for _, o := range []domain.Outgoing{message("m1", mia), message("m2", mia, noa), message("m3", domain.Person{Email: "mia@shop.TEST"})} {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.InsertMails(ctx, []domain.Outgoing{o}) })
	}
	mails, err := s.other.Mails(t.Context(), 9, store.MailPosition{}, 10)
	require.NoError(t, err)
	require.Len(t, mails, 4)
	byKey := map[string]domain.MailDelivery{}
	for _, m := range mails {
		byKey[m.Message+" "+domain.AddressKey(m.Recipient.Person.Email)] = m
		require.Equal(t, m.ID+"@desk.test", m.MessageID)
		require.Equal(t, "[#9] s", m.Subject)
	}
	first, second, third := byKey["m1 mia@shop.test"], byKey["m2 mia@shop.test"], byKey["m3 mia@shop.test"]
	require.Empty(t, first.Root)
	require.Equal(t, []string{first.MessageID, first.MessageID}, []string{second.Root, second.Parent})
	require.Equal(t, []string{first.MessageID, second.MessageID}, []string{third.Root, third.Parent})
	require.Empty(t, byKey["m2 noa@shop.test"].Parent)

	one, content, err := s.one.Mail(t.Context(), second.ID)
	require.NoError(t, err)
	require.Equal(t, second, one)
	require.Equal(t, "hello", content.Messages[0].Body)
	require.Equal(t, 4, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'mail.send'`))

	said := domain.Answer{Kind: domain.AnswerGivenUp, Said: "451 later"}
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.LockMail(ctx, second.ID)
		require.NoError(t, err)
		d.State, d.Attempts, d.LastAnswer, d.AcceptedAt, d.NextAt = domain.MailAccepted, 1, said, d.CreatedAt.Add(time.Second), time.Time{}
		return tx.SaveMail(ctx, d)
	})
	one, _, err = s.other.Mail(t.Context(), second.ID)
	require.NoError(t, err)
	require.Equal(t, said, one.LastAnswer)
	require.Equal(t, domain.MailAccepted, one.State)
	require.True(t, one.NextAt.IsZero())
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.SendMailNow(ctx, one) })
	require.Equal(t, 4, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'mail.send'`), "instead of the task that was there")
	ids := []string{second.MessageID, third.MessageID}
	for i := range 25 { // a mail names the newest of a long thread, others' mails are none of it
		o := message(fmt.Sprint("later", i), mia, noa)
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.InsertMails(ctx, []domain.Outgoing{o}) })
		d, _, err := s.other.Mail(t.Context(), domain.MailID(o.Content.ID, mia.Email))
		require.NoError(t, err)
		require.Equal(t, []string{first.MessageID, ids[len(ids)-1]}, []string{d.Root, d.Parent})
		between := ids[:len(ids)-1]
		require.Equal(t, between[max(len(between)-19, 0):], d.Between)
		ids = append(ids, d.MessageID)
	}
	_, _, err = s.one.Mail(t.Context(), "none")
	require.ErrorIs(t, err, fault.NotFound)
}

func (s *suite) mailsTogether(t *testing.T) {
	o := domain.Outgoing{Content: domain.MailContent{ID: domain.Hash("together"), Kind: domain.MailSolved, Ticket: 90, Subject: "s"}}
	var ids []string
	for i := range 5 {
		address := fmt.Sprintf("Together-%d@Shop.test", i)
		o.Recipients = append(o.Recipients, domain.Recipient{Person: domain.Person{Email: address}, Reason: "cc"})
		ids = append(ids, domain.MailID(o.Content.ID, address))
	}
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		return tx.InsertMails(ctx, []domain.Outgoing{o, {Content: domain.MailContent{ID: "to nobody"}}})
	})
	require.Zero(t, s.count(t, `SELECT COUNT(*) FROM mail_contents WHERE id = 'to nobody'`))
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Suppress(ctx, domain.Suppression{Address: "together-1@shop.test", Reason: domain.SuppressedBounce, Detail: "gone"}, time.Hour); err != nil {
			return err
		}
		return tx.Suppress(ctx, domain.Suppression{Address: "together-2@shop.test", Reason: domain.SuppressedBounce, Detail: "over"}, -time.Hour)
	})
	mails, err := s.other.MailsToSend(t.Context(), append([]string{"nothing"}, ids...))
	require.NoError(t, err)
	require.Len(t, mails, 5)
	for i, id := range ids {
		single, content, err := s.one.Mail(t.Context(), id)
		require.NoError(t, err)
		require.NoError(t, mails[id].Err)
		require.Equal(t, single, mails[id].Delivery)
		require.Equal(t, content, mails[id].Content)
		require.Equal(t, i == 1, mails[id].Suppression != nil, "%d", i)
	}
	require.Equal(t, "gone", mails[ids[1]].Suppression.Detail)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		return tx.DeleteSuppression(ctx, domain.SuppressionID("together-1@shop.test"))
	})

	at := time.Date(2026, 11, 24, 1, 2, 3, 4000, time.UTC)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		locked, err := tx.LockMails(ctx, []string{ids[0], ids[3], "nothing"})
		require.NoError(t, err)
		require.Len(t, locked, 2)
		accepted, waits := locked[ids[0]], locked[ids[3]]
		accepted.State, accepted.Attempts, accepted.AcceptedAt, accepted.NextAt = domain.MailAccepted, 1, at, time.Time{}
		accepted.LastAnswer = domain.Answer{Kind: domain.AnswerProvider, Said: "250 fine, 'really'"}
		waits.Attempts, waits.NextAt = 2, at.Add(time.Hour)
		locked[ids[0]], locked[ids[3]] = accepted, waits
		return tx.SaveMails(ctx, locked)
	})
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.SaveMails(ctx, nil) })
	first, _, err := s.other.Mail(t.Context(), ids[0])
	require.NoError(t, err)
	require.Equal(t, domain.MailAccepted, first.State)
	require.Equal(t, at, first.AcceptedAt)
	require.Equal(t, domain.Answer{Kind: domain.AnswerProvider, Said: "250 fine, 'really'"}, first.LastAnswer)
	waits, _, err := s.other.Mail(t.Context(), ids[3])
	require.NoError(t, err)
	require.Equal(t, []any{domain.MailQueued, 2, at.Add(time.Hour)}, []any{waits.State, waits.Attempts, waits.NextAt})
	second, _, err := s.other.Mail(t.Context(), ids[1])
	require.NoError(t, err)
	require.Equal(t, mails[ids[1]].Delivery, second, "as it was")
}
