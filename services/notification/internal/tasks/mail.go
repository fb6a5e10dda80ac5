package tasks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/store"
)

const maxMailPause = time.Hour

// mail makes one attempt of a mail of the ledger.
func (t *Tasks) mail(ctx context.Context, task durable.Task) error {
	p, err := decode[store.MailTask](task)
	if err != nil {
		return err
	}
	d, content, err := t.Store.Mail(ctx, p.Delivery)
	switch {
	case errors.Is(err, fault.NotFound):
		return durable.Permanent(err)
	case err != nil:
		return err
	case d.State != domain.MailQueued:
		return nil
	}
	m, err := t.Renderer.Correspondence(d, content)
	if err != nil {
		return durable.Permanent(err)
	}
	m.ReplyTo = t.Addresses.ReplyTo(d)
	from, err := t.Addresses.Sender(d, m.Submitted, t.MailFrom)
	if err != nil {
		return durable.Permanent(err)
	}
	answer, failure := t.sendMail(ctx, d.ID, from, m)
	a := mailAttempt(answer, failure)
	if failure != nil && stopped(ctx) {
		return refusal(a)
	}
	pause := t.mailPause(d.Attempts + 1)
	d, err = t.recordMail(ctx, d.ID, a, pause)
	if err != nil {
		return err
	}
	t.countMail(ctx, d, a)
	if d.State != domain.MailQueued {
		return nil
	}
	return durable.RetryAfter(pause, refusal(a))
}

// sendMail hands a message to the transport. An address that no server can be given is refused.
func (t *Tasks) sendMail(ctx context.Context, delivery, from string, m mailout.Message) (string, error) {
	to, err := mailout.EnvelopeAddress(m.To.Address)
	if err != nil {
		return "", &mailout.Refused{Answer: err.Error()}
	}
	data, err := m.Bytes()
	if err != nil {
		return "", &mailout.Refused{Answer: err.Error()}
	}
	return t.Mail.Send(ctx, mailout.Envelope{ID: delivery, From: from, To: to}, data)
}

func (t *Tasks) recordMail(ctx context.Context, id string, a domain.Attempt, pause time.Duration) (d domain.MailDelivery, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	err = t.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		if d, err = tx.LockMail(ctx, id); err != nil {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		d = domain.MailAttempted(d, a, now, pause)
		return tx.SaveMail(ctx, d)
	})
	return d, err
}

// mailPause doubles with each failed attempt.
func (t *Tasks) mailPause(attempts int) time.Duration {
	return min(t.MailRetry<<min(attempts-1, 16), maxMailPause)
}

func (t *Tasks) countMail(ctx context.Context, d domain.MailDelivery, a domain.Attempt) {
	t.Instruments.MailAttempts.Add(ctx, 1, metric.WithAttributes(attribute.String("verdict", string(d.State))))
	if d.State != domain.MailAccepted {
		t.Logger.WarnContext(ctx, "mail not accepted", slog.String("delivery", d.ID), slog.Int64("ticket", d.Ticket),
			slog.String("state", string(d.State)), slog.Int("attempts", d.Attempts), slog.Int("status", status(a.Answer.Said)))
	}
}

// Resend sends a mail of the ledger again at once, with the same Message-ID. NotFound.
func Resend(ctx context.Context, s *store.Store, id string) (d domain.MailDelivery, err error) {
	err = s.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		if d, err = tx.LockMail(ctx, id); err != nil {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return fmt.Errorf("clock: %w", err)
		}
		d = d.Requeued(now)
		return tx.SendMailNow(ctx, d)
	})
	return d, err
}
