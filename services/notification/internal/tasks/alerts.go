package tasks

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/opsgenie"
	"altis-dxp.com/support/services/notification/internal/pagerduty"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// closeWithin is how long it is tried to close an alert: by then somebody has done it by hand.
const closeWithin = 24 * time.Hour

// closeAlert tells an alert that its page is acknowledged or over.
func (t *Tasks) closeAlert(ctx context.Context, task durable.Task) error {
	p, err := decode[store.CloseTask](task)
	if err != nil {
		return err
	}
	s, err := t.Store.Sending(ctx, p.Delivery, 0)
	switch {
	case errors.Is(err, fault.NotFound): // purged
		return nil
	case err != nil:
		return err
	case s.Gone: // and with it the key
		return nil
	}
	alert, over := s.ID, p.Over
	if p.Bundle != "" {
		waits := false
		alert = p.Bundle
		if waits, over, err = t.closeBundle(ctx, p.Bundle); err != nil || waits {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, t.AttemptTimeout)
	defer cancel()
	answer, err := t.closeAt(ctx, s.Contact, s.Secret, alert, over)
	if err == nil {
		return nil
	}
	if answer.Final || time.Since(task.CreatedAt) > closeWithin {
		t.Logger.WarnContext(ctx, "an alert at a provider stays open", slog.String("delivery", s.ID), slog.Int("status", answer.Status))
		return nil
	}
	return durable.RetryAfter(max(answer.RetryAfter, durable.DefaultBackoff(task.Attempt)), refusal(domain.Attempt{Answer: answer.What}))
}

// closeAt tells a provider that nobody waits for an alert any more, or that it is over.
func (t *Tasks) closeAt(ctx context.Context, c domain.Contact, secret, alert string, over bool) (webhook.Answer, error) {
	if c.Channel == domain.ChannelOpsgenie {
		e := opsgenie.Event{URL: c.Address, Key: secret, Alert: alert, Action: opsgenie.Acknowledge}
		if over {
			e.Action = opsgenie.Close
		}
		return opsgenie.Send(ctx, t.Webhooks, e)
	}
	e := pagerduty.Event{URL: c.Address, Key: secret, Alert: alert, Action: pagerduty.Acknowledge}
	if over {
		e.Action = pagerduty.Resolve
	}
	return pagerduty.Send(ctx, t.Webhooks, e)
}
