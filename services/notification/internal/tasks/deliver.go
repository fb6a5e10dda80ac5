package tasks

import (
	"context"
	"errors"
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
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// deliver makes one attempt of a page's delivery.
func (t *Tasks) deliver(ctx context.Context, task durable.Task) error {
	p, err := decode[store.DeliverTask](task)
	if err != nil {
		return err
	}
	return t.attempt(ctx, p.Delivery)
}

// attempt sends a delivery once and records what came of it. The error says that, and when, it is to be tried again.
func (t *Tasks) attempt(ctx context.Context, delivery string) error {
	s, err := t.Store.Sending(ctx, delivery)
	// What was tried before is asked about only if that was in an earlier life of this process.
	if err == nil && t.Mailbox != nil && s.Age > t.WatchAfter && (s.Attempts == 0 || s.Age > t.Awake.since(time.Now().Round(0))) {
		t.askFirst(ctx, s.Page, s.Age)
		s, err = t.Store.Sending(ctx, delivery)
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
	a, asked, failure := t.send(ctx, s)
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
func (t *Tasks) send(ctx context.Context, s store.Sending) (a domain.Attempt, asked time.Duration, err error) {
	if s.Gone {
		return domain.Attempt{Final: true, Answer: domain.Answer{Kind: domain.AnswerContactDeleted}}, 0, errors.New("tasks: the contact was deleted")
	}
	if s.Contact.Channel == domain.ChannelEmail {
		a, err = t.sendPageMail(ctx, s)
		return a, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, t.AttemptTimeout)
	defer cancel()
	var answer webhook.Answer
	if s.Contact.Channel == domain.ChannelPagerDuty {
		answer, err = t.trigger(ctx, s)
	} else {
		answer, err = t.Webhooks.Send(ctx, webhook.Message{ID: s.ID, URL: s.Contact.Address, Secret: s.Secret, Body: s.Body})
	}
	return domain.Attempt{Accepted: err == nil, Final: answer.Final, Answer: answer.What}, answer.RetryAfter, err
}

// sendPageMail sends a page as a mail. When that takes longer than AttemptTimeout the next contact is paged, but the
// conversation goes on: many servers take their time to accept a mail, and to break off then would have it sent again and
// again although it is delivered.
func (t *Tasks) sendPageMail(ctx context.Context, s store.Sending) (domain.Attempt, error) {
	notice, err := webhook.Parse(s.Body)
	if err != nil {
		return domain.Attempt{Final: true, Answer: domain.Answer{Kind: domain.AnswerNoNotice}}, err
	}
	m, err := t.Renderer.Page(s.Delivery, notice, s.ID+"@"+t.MailDomain)
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

// record writes what came of an attempt. It survives a power cut: the event that tells of it has a number, which must not
// be given to another one later.
func (t *Tasks) record(ctx context.Context, s store.Sending, a domain.Attempt) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	return t.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		return t.Pager.Attempted(ctx, tx, s.Page, s.ID, a)
	})
}

func (t *Tasks) count(ctx context.Context, s store.Sending, a domain.Attempt) {
	verdict := "retry"
	switch {
	case a.Accepted:
		verdict = "accepted"
		t.Instruments.TimeToPage.Record(ctx, time.Since(s.CreatedAt).Seconds())
	case a.Final:
		verdict = "failed"
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
	_, refused := errors.AsType[*mailout.Refused](err)
	return domain.Attempt{Final: refused, Answer: domain.Answer{Kind: domain.AnswerProvider, Said: err.Error()}}
}
