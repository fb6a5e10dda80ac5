package tasks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"slices"
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
	read, err := t.reads.one(ctx, p.Delivery)
	d, content := read.Delivery, read.Content
	switch {
	case errors.Is(err, fault.NotFound):
		return durable.Permanent(err)
	case err != nil:
		return err
	case d.State != domain.MailQueued:
		return nil
	// Everything that is correspondence passes here; pages do not, for they must reach whom they can.
	case read.Suppression != nil:
		return t.suppress(ctx, d, *read.Suppression)
	case d.QueuedAt.Before(t.DiscardBefore):
		return t.refuseMail(ctx, d.ID, domain.Answer{Kind: domain.AnswerProvider, Said: "not sent: written before --discard-mails-before"})
	}
	if content.Kind == domain.MailDigest && len(d.Notices) == 0 { // of tickets that are gone, all of them
		return t.refuseMail(ctx, d.ID, domain.Answer{Kind: domain.AnswerTicketDeleted})
	}
	m, err := t.Renderer.Correspondence(d, content)
	if err != nil {
		return durable.Permanent(err)
	}
	if d.Ticket != 0 {
		m.ReplyTo = t.Addresses.ReplyTo(d)
	}
	from, err := t.Addresses.Sender(d, m.Submitted, t.MailFrom)
	if err != nil {
		return durable.Permanent(err)
	}
	answer, failure := t.sendMail(ctx, d.ID, from, m)
	a := mailAttempt(answer, failure)
	if failure != nil && stopped(ctx) {
		return refusal(a)
	}
	pause := t.mailPause(d.ID, d.Attempts+1)
	d, err = t.records.one(ctx, mailRecord{d.ID, a, pause})
	if err != nil {
		return err
	}
	t.countMail(ctx, d, a)
	if d.State != domain.MailQueued {
		return nil
	}
	return durable.RetryAfter(pause, refusal(a))
}

// refuseMail has a mail not be sent. The ledger says why.
func (t *Tasks) refuseMail(ctx context.Context, id string, why domain.Answer) error {
	return t.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.LockMail(ctx, id)
		if err != nil || d.State != domain.MailQueued {
			return err
		}
		d.State, d.LastAnswer, d.NextAt = domain.MailRefused, why, time.Time{}
		return tx.SaveMail(ctx, d)
	})
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

// mailsAtOnce bounds the mails that one transaction reads or records.
const mailsAtOnce = 64

// readMails reads mails that are to be sent.
func (t *Tasks) readMails(ctx context.Context, ids []string) ([]store.Mail, []error) {
	ctx, cancel := context.WithTimeout(ctx, recordTimeout)
	defer cancel()
	found, err := t.Store.MailsToSend(ctx, ids)
	mails, errs := make([]store.Mail, len(ids)), make([]error, len(ids))
	for i, id := range ids {
		m, ok := found[id]
		switch {
		case err != nil:
			errs[i] = err
		case !ok:
			errs[i] = fault.New(fault.NotFound, "DELIVERY_UNKNOWN", "no such thing")
		default:
			mails[i], errs[i] = m, m.Err
		}
	}
	return mails, errs
}

// mailRecord is what came of an attempt.
type mailRecord struct {
	delivery string
	attempt  domain.Attempt
	pause    time.Duration // until the next one, if there is to be one
}

// recordMails writes what came of attempts. It no longer listens to their tasks: what has happened must be known.
func (t *Tasks) recordMails(ctx context.Context, records []mailRecord) ([]domain.MailDelivery, []error) {
	ctx, cancel := context.WithTimeout(ctx, recordTimeout)
	defer cancel()
	deliveries, errs := make([]domain.MailDelivery, len(records)), make([]error, len(records))
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.delivery
	}
	err := t.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		locked, err := tx.LockMails(ctx, ids)
		if err != nil {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		var ended []domain.MailDelivery
		for i, r := range records {
			d, ok := locked[r.delivery]
			if !ok { // its ticket was purged
				errs[i] = fault.New(fault.NotFound, "DELIVERY_UNKNOWN", "no such thing")
				continue
			}
			waited := d.State == domain.MailQueued
			d = domain.MailAttempted(d, r.attempt, now, r.pause)
			deliveries[i], locked[r.delivery], errs[i] = d, d, nil
			if waited && d.State == domain.MailRefused {
				ended = append(ended, d)
			}
			if r.attempt.Gone {
				s, duration := d.NoSuchRecipient(r.attempt.Answer)
				if err := tx.Suppress(ctx, s, duration); err != nil {
					return err
				}
			}
		}
		if err := tx.SaveMails(ctx, locked); err != nil {
			return err
		}
		// In one order everywhere, as several do this at once.
		slices.SortFunc(ended, func(a, b domain.MailDelivery) int {
			return cmp.Or(cmp.Compare(a.Ticket, b.Ticket), cmp.Compare(a.ID, b.ID))
		})
		for _, d := range ended {
			if err := tellReturned(ctx, tx, d); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range errs {
		if err != nil {
			errs[i] = err
		}
	}
	return deliveries, errs
}

// mailPause doubles with each failed attempt. Up to a quarter of it is left out, by the delivery and the attempt: mails that a
// server has refused together do not come back together, and each time they are shuffled anew.
func (t *Tasks) mailPause(delivery string, attempts int) time.Duration {
	pause := min(t.MailRetry<<min(attempts-1, 16), maxMailPause)
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s %d", delivery, attempts) // a hash never fails
	return pause - time.Duration(h.Sum64()%uint64(pause/4+1))
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
