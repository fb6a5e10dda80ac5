package notification_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

func redacted(s *eventv1.TicketSnapshot, id, body string) *eventv1.TicketEvent {
	return &eventv1.TicketEvent{Ticket: s, Actor: adaOnTicket, Change: &eventv1.TicketEvent_MessageRedacted{
		MessageRedacted: &eventv1.TicketMessageRedacted{Message: public(id, s.GetRequester(), body)},
	}}
}

func TestWhatWasRedactedIsMailedNoMore(t *testing.T) {
	onBothWithMail(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		s := question(7)
		s.Excerpt, s.Ccs = "It is [redacted].", nil
		smtp.Down()
		w.deliver(1, replied(s, "m1", adaOnTicket, "It is hunter2."))
		testkit.Eventually(t, func() bool { return len(w.ledger(7)) == 1 && w.ledger(7)[0].GetAttempts() > 0 }, "the mail waits")
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(4, redacted(s, "m1", "It is [redacted].")))
		smtp.Up()
		require.Contains(t, received(t, smtp, 1)[0].Parse(t).Text, "It is [redacted].")
		// The events between were on their way.
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(3, redacted(s, "m2", "Nor [redacted].")))
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(2, replied(s, "m2", adaOnTicket, "Nor hunter3.")))
		require.Contains(t, received(t, smtp, 2)[1].Parse(t).Text, "Nor [redacted].")
	})
}

func TestARedactedSubjectIsMailedNoMore(t *testing.T) {
	onBothWithMail(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		old, now := question(7), question(7)
		old.Subject, old.Ccs = "It is hunter2", nil
		now.Subject, now.Ccs = "It is [redacted]", nil
		redaction := &eventv1.TicketEvent{Ticket: now, Actor: adaOnTicket, Change: &eventv1.TicketEvent_FieldRedacted{
			FieldRedacted: &eventv1.TicketFieldRedacted{Field: "subject", Value: "It is [redacted]"},
		}}
		subject := func(n int) string {
			parts := received(t, smtp, n)[n-1].Parse(t)
			subject, err := parts.Header.Subject()
			require.NoError(t, err)
			return subject
		}
		smtp.Down()
		w.deliver(1, replied(old, "m1", adaOnTicket, "First."))
		testkit.Eventually(t, func() bool { return len(w.ledger(7)) == 1 && w.ledger(7)[0].GetAttempts() > 0 }, "the mail waits")
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(3, redaction))
		smtp.Up()
		require.Contains(t, subject(1), "It is [redacted]")
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(2, replied(old, "m2", adaOnTicket, "It was on its way.")))
		require.Contains(t, subject(2), "It is [redacted]")
		// What it was changed to afterwards stays.
		now.Subject = "Another one"
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(4, replied(now, "m3", adaOnTicket, "Later.")))
		require.Contains(t, subject(3), "Another one")
	})
}

func TestHiddenTicketsAreNotMailedAndPurgedOnesForgotten(t *testing.T) {
	onBothWithMail(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		s := question(7)
		s.Ccs = nil
		smtp.Down()
		w.deliver(1, replied(s, "m1", adaOnTicket, "Too late."))
		hide := &eventv1.TicketEvent{Ticket: s, Actor: adaOnTicket, Change: &eventv1.TicketEvent_Hidden{Hidden: &eventv1.TicketHidden{Deleted: true}}}
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(2, hide))
		require.Equal(t, "refused", w.ledger(7)[0].GetState())
		require.Equal(t, "not sent: the ticket was deleted", w.ledger(7)[0].GetLastAnswer())
		smtp.Up()
		other := question(8)
		other.Ccs = nil
		w.deliver(1, replied(other, "m2", adaOnTicket, "Another."))
		require.Contains(t, received(t, smtp, 1)[0].Parse(t).Text, "Another.")

		purge := &eventv1.TicketEvent{
			Ticket: &eventv1.TicketSnapshot{Number: 7, Status: ticketv1.TicketStatus_TICKET_STATUS_CLOSED}, ActorService: "ticket",
			Change: &eventv1.TicketEvent_Purged{Purged: &eventv1.TicketPurged{}},
		}
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(3, purge))
		require.Empty(t, w.ledger(7))
		require.Len(t, w.ledger(8), 1)
	})
}
