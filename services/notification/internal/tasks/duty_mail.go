package tasks

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// dutyMail makes one attempt of a mail about on-call.
func (t *Tasks) dutyMail(ctx context.Context, task durable.Task) error {
	p, err := decode[store.MailTask](task)
	if err != nil {
		return err
	}
	d, err := t.Store.DutyMail(ctx, p.Delivery)
	switch {
	case errors.Is(err, fault.NotFound): // pruned
		return nil
	case err != nil:
		return err
	case d.State != domain.MailQueued:
		return nil
	}
	m, err := t.Renderer.Duty(d, d.ID+"@"+t.MailDomain)
	if err != nil {
		return durable.Permanent(err)
	}
	answer, failure := t.sendMail(ctx, d.ID, t.MailFrom, m)
	a := mailAttempt(answer, failure)
	if failure != nil && stopped(ctx) {
		return refusal(a)
	}
	pause := t.mailPause(d.ID, d.Attempts+1)
	state, err := t.recordDutyMail(ctx, d.ID, a, pause)
	if err != nil {
		return err
	}
	if state != domain.MailAccepted {
		t.Logger.WarnContext(ctx, "mail about on-call not accepted", slog.String("delivery", d.ID), slog.String("schedule", d.Notice.Schedule),
			slog.String("state", string(state)), slog.Int("status", status(a.Answer.Said)))
	}
	if state != domain.MailQueued {
		return nil
	}
	return durable.RetryAfter(pause, refusal(a))
}

func (t *Tasks) recordDutyMail(ctx context.Context, id string, a domain.Attempt, pause time.Duration) (state domain.MailState, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	err = t.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.LockDutyMail(ctx, id)
		if err != nil {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		attempted := domain.MailAttempted(d.MailDelivery, a, now, pause)
		state = attempted.State
		return tx.SaveDutyMail(ctx, attempted)
	})
	return state, err
}
