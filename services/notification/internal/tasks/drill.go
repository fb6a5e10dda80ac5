package tasks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// source is this service as the source of events.
const source = "notification"

// Sink takes events: the inbox through which those of tickets come.
type Sink interface {
	Deliver(ctx context.Context, req *eventv1.DeliverRequest) (*eventv1.DeliverResponse, error)
}

// raiseDrill delivers the event of a drill to the inbox.
func (t *Tasks) raiseDrill(ctx context.Context, task durable.Task) error {
	p, err := decode[store.DrillTask](task)
	if err != nil {
		return err
	}
	d, err := t.Store.Drill(ctx, p.Drill)
	if err != nil {
		return err
	}
	response, err := t.Sink.Deliver(auth.WithPrincipal(ctx, auth.Principal{Service: source}), &eventv1.DeliverRequest{Events: []*eventv1.Event{{
		Id: d.ID, Source: source, Aggregate: d.ID, Sequence: 1, OccurTime: timestamppb.New(d.StartedAt),
		Payload: &eventv1.Event_Drill{Drill: &eventv1.DrillEvent{Drill: d.ID}},
	}}})
	if err != nil {
		return err
	}
	switch outcome := response.GetOutcomes()[0]; outcome.GetVerdict() {
	case eventv1.Outcome_VERDICT_APPLIED, eventv1.Outcome_VERDICT_DUPLICATE:
		return nil
	default:
		return fmt.Errorf("tasks: the event of a drill was answered %s: %s", outcome.GetVerdict(), outcome.GetReason())
	}
}

// drillDue looks at a drill, and tells whoever looks at metrics and logs what became of it.
func (t *Tasks) drillDue(ctx context.Context, task durable.Task) error {
	p, err := decode[store.DrillTask](task)
	if err != nil {
		return err
	}
	var before, after domain.Drill
	err = t.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		before, after, err = t.Pager.DrillDue(ctx, tx, p.Drill)
		return err
	})
	if err != nil || before.State == after.State {
		return err
	}
	t.Instruments.Drills.Add(ctx, 1, metric.WithAttributes(attribute.String("outcome", string(after.State))))
	if after.State == domain.DrillPassed {
		t.Logger.InfoContext(ctx, "a drill passed", slog.String("drill", after.ID), slog.Duration("acknowledged_after", after.AcknowledgedAt.Sub(after.StartedAt)))
		return nil
	}
	t.Logger.ErrorContext(ctx, "a drill missed its target", slog.String("drill", after.ID), slog.String("outcome", string(after.State)))
	return nil
}

// startDrill begins the drill of the week, and has the next one begun in a week.
func (t *Tasks) startDrill(ctx context.Context, task durable.Task) error {
	p, err := decode[store.DrillStartTask](task)
	if err != nil {
		return err
	}
	skipped := ""
	err = t.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		skipped = ""
		s, ok, err := tx.LockDrillSchedule(ctx, p.Generation)
		if err != nil || !ok || !s.Enabled {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		if s.Missed(now) {
			skipped = "it would be too late"
		} else {
			_, err = t.Pager.StartDrill(ctx, tx, domain.Drill{
				ID: domain.Hash("drill", task.ID), AcceptWithin: s.AcceptWithin, AcknowledgeWithin: s.AcknowledgeWithin,
			})
			if errors.Is(err, fault.Precondition) {
				skipped, err = "another one goes on", nil
			}
		}
		if err != nil {
			return err
		}
		s.NextAt = s.Next(now)
		return tx.SaveDrillSchedule(ctx, s, now)
	})
	if err == nil && skipped != "" {
		t.Logger.WarnContext(ctx, "the drill of the week is left out", slog.String("reason", skipped))
	}
	return err
}
