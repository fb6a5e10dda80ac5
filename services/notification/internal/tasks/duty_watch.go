package tasks

import (
	"context"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// watch looks at a schedule, mails whom it concerns, and has it looked at again when who is on call changes next.
func (t *Tasks) watch(ctx context.Context, task durable.Task) error {
	p, err := decode[store.WatchTask](task)
	if err != nil {
		return err
	}
	var before, after domain.DutyWatch
	err = t.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		w, ok, err := tx.LockWatch(ctx, p)
		if err != nil || !ok {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		roster, err := tx.Roster(ctx)
		if err != nil {
			return err
		}
		staff, err := tx.Staff(ctx)
		if err != nil {
			return err
		}
		seen, mails, again := roster.Look(w, staff, now)
		before, after = w, seen
		if err := tx.InsertDutyMails(ctx, mails); err != nil {
			return err
		}
		return tx.SaveWatch(ctx, p, seen, again)
	})
	switch {
	case err != nil || !before.GapSince.IsZero() || after.GapSince.IsZero():
	case p.Schedule == domain.PolicyWatch:
		t.Logger.ErrorContext(ctx, "some of the escalation policy reaches nobody", slog.Any("what", after.OnCall))
	default:
		t.Logger.ErrorContext(ctx, "a schedule that the escalation policy names has nobody on call", slog.String("schedule", p.Schedule))
	}
	return err
}

// dutyGaugeEvery is how often the metric of gaps is brought up to date.
const dutyGaugeEvery = 15 * time.Second

// DutyWatches sees to it that every schedule is looked at, and keeps the metric of gaps. Every replica does.
type DutyWatches struct{ Tasks *Tasks }

// Run works until ctx ends. It returns nil.
func (d *DutyWatches) Run(ctx context.Context) error {
	next := time.NewTicker(dutyGaugeEvery)
	defer next.Stop()
	failing := false
	for {
		err := d.look(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !failing {
			d.Tasks.Logger.WarnContext(ctx, "cannot see whether schedules have gaps; it is tried again", slog.Any("error", err))
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return nil
		case <-next.C:
		}
	}
}

func (d *DutyWatches) look(ctx context.Context) error {
	st := d.Tasks.Store
	unwatched, err := st.Unwatched(ctx)
	if err != nil {
		return err
	}
	if len(unwatched) > 0 {
		err := st.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error { return tx.WatchSchedules(ctx, unwatched...) })
		if err != nil {
			return err
		}
	}
	gaps, err := st.Gaps(ctx)
	if err == nil {
		d.Tasks.Instruments.Gaps.Record(ctx, gaps)
	}
	if err != nil {
		return err
	}
	age, known, err := st.DrillAge(ctx)
	if err == nil && known {
		d.Tasks.Instruments.DrillAge.Record(ctx, int64(age.Seconds()))
	}
	return err
}
