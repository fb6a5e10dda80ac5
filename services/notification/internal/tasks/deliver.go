package tasks

import (
	"context"
	"errors"
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
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// deliver makes one attempt of a page's delivery.
func (t *Tasks) deliver(ctx context.Context, task durable.Task) error {
	p, err := decode[store.DeliverTask](task)
	if err != nil {
		return err
	}
	if p.Alone {
		return t.attemptNow(ctx, p.Delivery, task.Attempt > 1)
	}
	return t.attempt(ctx, p.Delivery, task.Attempt > 1)
}

// attempt sends a delivery once, or has it go together with others. The error says that, and when, it is to be tried again.
// again says that it may have been sent before, without a record of it.
func (t *Tasks) attempt(ctx context.Context, delivery string, again bool) error {
	s, err := t.sendings.one(ctx, delivery)
	switch {
	case err != nil: // attemptNow says what that means
	case s.Bundle != "":
		return nil
	case t.Bundling.crowded(s) && !s.Over:
		if err := t.hold(ctx, s); err != nil {
			return durable.RetryAfter(time.Second, err)
		}
		return nil
	}
	return t.attemptRead(ctx, s, again, err)
}

// attemptNow is attempt for a delivery that goes alone.
func (t *Tasks) attemptNow(ctx context.Context, delivery string, again bool) error {
	s, err := t.Store.Sending(ctx, delivery, 0)
	return t.attemptRead(ctx, s, again, err)
}

// attemptRead sends a delivery once, which was just read, and records what came of it.
func (t *Tasks) attemptRead(ctx context.Context, s store.Sending, again bool, err error) error {
	// What was tried before is asked about only if that was in an earlier life of this process.
	if err == nil && t.Mailbox != nil && s.Age > t.WatchAfter && (s.Attempts == 0 || s.Age > t.Awake.since(time.Now().Round(0))) {
		t.askFirst(ctx, s.Page, s.Age)
		s, err = t.Store.Sending(ctx, s.ID, 0)
	}
	switch {
	case errors.Is(err, fault.NotFound):
		return durable.Permanent(err)
	case err != nil:
		return durable.RetryAfter(time.Second, err)
	case s.State != domain.DeliveryQueued || s.Over:
		return nil
	}
	began := time.Now().Round(0)
	a, asked, failure := t.send(ctx, s, again || s.Attempts > 0)
	a.Number = s.Attempts + 1
	if failure != nil {
		t.askFirst(ctx, s.Page, time.Since(began)) // the process may have been stopped meanwhile
	}
	if failure != nil && stopped(ctx) {
		return refusal(a)
	}
	t.count(ctx, s, a)
	if err := t.record(ctx, s, a); err != nil {
		// Sent again, with the same id, rather than forgotten.
		return durable.RetryAfter(time.Second, err)
	}
	if a.Accepted || a.Final {
		return nil
	}
	return durable.RetryAfter(domain.RetryDelay(s.Attempts+1, asked), refusal(a))
}

// send hands the delivery to its channel. asked is the pause that the receiver asked for.
func (t *Tasks) send(ctx context.Context, s store.Sending, again bool) (a domain.Attempt, asked time.Duration, err error) {
	if s.Gone {
		return domain.Attempt{Final: true, Answer: domain.Answer{Kind: domain.AnswerContactDeleted}}, 0, errors.New("tasks: the contact was deleted")
	}
	if s.Contact.Channel == domain.ChannelEmail {
		a, err = t.sendPageMail(ctx, s)
		return a, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, t.AttemptTimeout)
	defer cancel()
	answer, err := t.pushPage(ctx, s, again)
	return domain.Attempt{Accepted: err == nil, Final: answer.Final, Answer: answer.What, Receipt: answer.Receipt}, answer.RetryAfter, err
}

// sendPageMail sends a page as a mail. When that takes longer than AttemptTimeout the next contact is paged, but the
// conversation goes on: many servers take their time to accept a mail, and to break off then would have it sent again and
// again although it is delivered.
func (t *Tasks) sendPageMail(ctx context.Context, s store.Sending) (domain.Attempt, error) {
	notice, err := webhook.Parse(s.Body)
	if err != nil {
		return domain.Attempt{Final: true, Answer: domain.Answer{Kind: domain.AnswerNoNotice}}, err
	}
	m, err := t.Renderer.Page(s.Delivery, s.Locale, notice, s.ID+"@"+t.MailDomain)
	if err != nil {
		return domain.Attempt{Final: true, Answer: domain.Answer{Kind: domain.AnswerNoMail}}, err
	}
	ctx, cancel := context.WithTimeout(ctx, pageMailTimeout)
	defer cancel()
	told := make(chan struct{})
	slow := time.AfterFunc(t.AttemptTimeout, func() {
		defer close(told)
		a := domain.Attempt{Number: s.Attempts + 1, Answer: domain.Answer{Kind: domain.AnswerWaiting, After: t.AttemptTimeout}}
		if err := t.record(ctx, s, a); err != nil {
			t.Logger.WarnContext(ctx, "a slow page not recorded", slog.String("delivery", s.ID), slog.Any("error", err))
		}
	})
	defer func() {
		if !slow.Stop() {
			<-told // the outcome is recorded after it
		}
	}()
	answer, err := t.sendMail(ctx, s.ID, t.MailFrom, m)
	return mailAttempt(answer, err), err
}

// readSendings reads deliveries that are to be sent: one by itself, or those that came while others were read.
func (t *Tasks) readSendings(ctx context.Context, ids []string) ([]store.Sending, []error) {
	ctx, cancel := context.WithTimeout(ctx, recordTimeout)
	defer cancel()
	found, err := t.Store.Sendings(ctx, ids, t.Bundling.After)
	sendings, errs := make([]store.Sending, len(ids)), make([]error, len(ids))
	for i, id := range ids {
		s, ok := found[id]
		if sendings[i], errs[i] = s, err; err == nil && !ok {
			errs[i] = fault.New(fault.NotFound, "DELIVERY_UNKNOWN", "no such delivery")
		}
	}
	return sendings, errs
}

// record writes what came of an attempt, with what came of others of the page meanwhile.
func (t *Tasks) record(ctx context.Context, s store.Sending, a domain.Attempt) error {
	_, err := t.attempts.one(ctx, s.Page, domain.PageAttempt{Page: s.Page, Delivery: s.ID, Attempt: a})
	return err
}

// recordAttempts writes what came of attempts of one page.
func (t *Tasks) recordAttempts(ctx context.Context, attempts []domain.PageAttempt) ([]struct{}, []error) {
	err := t.writeAttempts(ctx, attempts, recordTimeout)
	errs := slices.Repeat([]error{err}, len(attempts))
	if err != nil && len(attempts) > 1 && fault.KindOf(err) != fault.Unavailable { // else each would wait as long
		for i := range attempts {
			errs[i] = t.writeAttempts(ctx, attempts[i:i+1], recordTimeout)
		}
	}
	return make([]struct{}, len(attempts)), errs
}

// writeAttempts survives a power cut: the event that tells of an attempt has a number, which must not be given to another one
// later.
func (t *Tasks) writeAttempts(ctx context.Context, attempts []domain.PageAttempt, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return t.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		return t.Pager.AttemptedAll(ctx, tx, attempts)
	})
}

func (t *Tasks) count(ctx context.Context, s store.Sending, a domain.Attempt) {
	verdict := verdictRetry
	switch {
	case a.Accepted:
		verdict = verdictAccepted
		t.Instruments.TimeToPage.Record(ctx, time.Since(s.CreatedAt).Seconds())
	case a.Final:
		verdict = verdictFailed
	}
	channel := string(s.Contact.Channel)
	t.Instruments.PageAttempts.Add(ctx, 1, metric.WithAttributes(attribute.String("channel", channel), attribute.String("verdict", verdict)))
	if !a.Accepted {
		t.Logger.WarnContext(ctx, "page not delivered", slog.String("delivery", s.ID), slog.String("page", s.Page),
			slog.String("channel", channel), slog.String("verdict", verdict), slog.Int("status", status(a.Answer.Said)))
	}
}

// mailAttempt judges what a transport said.
func mailAttempt(answer string, err error) domain.Attempt {
	if err == nil {
		return domain.Attempt{Accepted: true, Answer: domain.Answer{Kind: domain.AnswerProvider, Said: answer}}
	}
	no, refused := errors.AsType[*mailout.Refused](err)
	return domain.Attempt{Final: refused, Gone: refused && no.Gone, Answer: domain.Answer{Kind: domain.AnswerProvider, Said: err.Error()}}
}
