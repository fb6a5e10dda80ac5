package tasks

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"altis-dxp.com/support/services/triage/internal/store"
)

const lateEvery = 15 * time.Second

// Instruments show how due times are kept.
type Instruments struct {
	AtRisk  metric.Int64Gauge // by clock
	Overdue metric.Int64Gauge // by clock
}

// NewInstruments returns the instruments of a meter.
func NewInstruments(m metric.Meter) (i Instruments, err error) {
	var errs [2]error
	i.AtRisk, errs[0] = m.Int64Gauge("triage.sla.at_risk",
		metric.WithDescription("Open tickets with less than a quarter of their time left, by clock (first_response, resolution)."))
	i.Overdue, errs[1] = m.Int64Gauge("triage.sla.overdue",
		metric.WithDescription("Open tickets whose due time is over, by clock (first_response, resolution)."))
	return i, errors.Join(errs[:]...)
}

// Watch counts the tickets that are late or about to be, until ctx ends. It returns nil.
func (t *Tasks) Watch(ctx context.Context) error {
	tick := time.NewTicker(lateEvery)
	defer tick.Stop()
	failing := false
	for {
		err := t.Count(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !failing {
			t.Logger.WarnContext(ctx, "cannot see which tickets are late; it is tried again", slog.Any("error", err))
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Count is one round of Watch. Every replica counts the same.
func (t *Tasks) Count(ctx context.Context) error {
	late, err := store.New(t.DB).Late(ctx)
	if err != nil {
		return err
	}
	response := metric.WithAttributes(attribute.String("clock", "first_response"))
	resolution := metric.WithAttributes(attribute.String("clock", "resolution"))
	t.Instruments.AtRisk.Record(ctx, late.ResponseAtRisk, response)
	t.Instruments.AtRisk.Record(ctx, late.ResolutionAtRisk, resolution)
	t.Instruments.Overdue.Record(ctx, late.ResponseOverdue, response)
	t.Instruments.Overdue.Record(ctx, late.ResolutionOverdue, resolution)
	return nil
}
