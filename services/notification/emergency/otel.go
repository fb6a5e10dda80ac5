package emergency

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// meters count what comes in.
type meters struct {
	meter   metric.Meter
	mails   metric.Int64Counter
	tickets metric.Int64Counter
	age     metric.Float64ObservableGauge
	missing metric.Int64ObservableGauge
	waiting metric.Float64ObservableGauge
}

func newMeters(m metric.Meter) (meters, error) {
	var errs [5]error
	s := meters{meter: m}
	s.mails, errs[0] = m.Int64Counter("emergency.mails", metric.WithDescription("Mails to the emergency address, by verdict."))
	s.age, errs[1] = m.Float64ObservableGauge("emergency.roster.age", metric.WithUnit("s"),
		metric.WithDescription("Time since notification last said that the roster holds; absent without a roster."))
	s.missing, errs[2] = m.Int64ObservableGauge("emergency.roster.missing",
		metric.WithDescription("1 while there is no roster, so that the fallback contacts are paged."))
	s.tickets, errs[3] = m.Int64Counter("emergency.tickets", metric.WithDescription("Incidents that notification got to nobody in time, so that they are paged here."))
	s.waiting, errs[4] = m.Float64ObservableGauge("emergency.mails.without_ticket.age", metric.WithUnit("s"),
		metric.WithDescription("For how long the oldest mail that is to become a ticket has been waiting; 0 when none does."))
	if err := errors.Join(errs[:]...); err != nil {
		return s, err
	}
	// What is not there before the first time does not seem to grow by it.
	for _, verdict := range []string{verdictPaged, verdictHeld, verdictNote, verdictEscalated, verdictAutomatic, verdictReply, verdictDuplicate} {
		s.mails.Add(context.Background(), 0, metric.WithAttributes(attribute.String("verdict", verdict)))
	}
	s.tickets.Add(context.Background(), 0)
	return s, nil
}

func (m meters) count(ctx context.Context, verdict string) {
	m.mails.Add(ctx, 1, metric.WithAttributes(attribute.String("verdict", verdict)))
}

// observe reports on the roster, and on mails without a ticket, until unregister is called.
func (m meters) observe(s *Service) (unregister func(), err error) {
	registration, err := m.meter.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		waiting, err := s.oldestWithoutTicket(ctx)
		if err == nil {
			o.ObserveFloat64(m.waiting, waiting.Seconds())
		}
		age, ok := s.roster.age()
		if !ok {
			o.ObserveInt64(m.missing, 1)
			return err
		}
		o.ObserveInt64(m.missing, 0)
		o.ObserveFloat64(m.age, age.Seconds())
		return err
	}, m.age, m.missing, m.waiting)
	if err != nil {
		return nil, err
	}
	return func() {
		_ = registration.Unregister() // it was registered
	}, nil
}
