package tasks

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/pagerduty"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// closeWithin is how long it is tried to close an alert: by then somebody has done it by hand.
const closeWithin = 24 * time.Hour

// trigger opens the alert of a delivery.
func (t *Tasks) trigger(ctx context.Context, s store.Sending) (webhook.Answer, error) {
	notice, err := webhook.Parse(s.Body)
	if err != nil {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerNoNotice}, Final: true}, err
	}
	return pagerduty.Send(ctx, t.Webhooks, pagerduty.Event{
		URL: s.Contact.Address, Key: s.Secret, Alert: s.ID, Action: pagerduty.Trigger, Notice: notice,
	})
}

// closeAlert tells an alert that its page is acknowledged or over.
func (t *Tasks) closeAlert(ctx context.Context, task durable.Task) error {
	p, err := decode[store.CloseTask](task)
	if err != nil {
		return err
	}
	s, err := t.Store.Sending(ctx, p.Delivery)
	switch {
	case errors.Is(err, fault.NotFound): // purged
		return nil
	case err != nil:
		return err
	case s.Gone: // and with it the key
		return nil
	}
	action := pagerduty.Acknowledge
	if p.Over {
		action = pagerduty.Resolve
	}
	ctx, cancel := context.WithTimeout(ctx, t.AttemptTimeout)
	defer cancel()
	answer, err := pagerduty.Send(ctx, t.Webhooks, pagerduty.Event{URL: s.Contact.Address, Key: s.Secret, Alert: s.ID, Action: action})
	if err == nil {
		return nil
	}
	if answer.Final || time.Since(task.CreatedAt) > closeWithin {
		t.Logger.WarnContext(ctx, "an alert at a provider stays open", slog.String("delivery", s.ID), slog.Int("status", answer.Status))
		return nil
	}
	return durable.RetryAfter(max(answer.RetryAfter, durable.DefaultBackoff(task.Attempt)), refusal(domain.Attempt{Answer: answer.What}))
}
