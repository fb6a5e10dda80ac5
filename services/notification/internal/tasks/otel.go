package tasks

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// Verdicts of an attempt to deliver a page.
const (
	verdictAccepted = "accepted"
	verdictRetry    = "retry"
	verdictFailed   = "failed"
)

// NewInstruments returns the instruments of a meter.
func NewInstruments(m metric.Meter) (i Instruments, err error) {
	var errs [10]error
	i.PageAttempts, errs[0] = m.Int64Counter("notification.page.attempts",
		metric.WithDescription("Attempts to deliver a page, by channel and verdict (accepted, retry, failed)."))
	i.MailAttempts, errs[1] = m.Int64Counter("notification.mail.attempts",
		metric.WithDescription("Attempts to deliver a mail, by the state it is in then (accepted, queued, refused)."))
	i.TimeToPage, errs[2] = m.Float64Histogram("notification.page.time", metric.WithUnit("s"),
		metric.WithDescription("Time from the making of a page's delivery to its acceptance."),
		metric.WithExplicitBucketBoundaries(.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 3, 10, 60))
	i.Watchdog, errs[3] = m.Int64Counter("notification.watchdog.stalls",
		metric.WithDescription("How often the watchdog paged because pages were not sent."))
	i.StuckMails, errs[4] = m.Int64Gauge("notification.mail.stuck",
		metric.WithDescription("Mails that have waited for more than 30 s to be sent."))
	i.InboundMails, errs[5] = m.Int64Counter("notification.mail.inbound",
		metric.WithDescription("Mails that came in, by verdict (appended, created, quarantined, rejected, ignored, recorded)."))
	i.Gaps, errs[6] = m.Int64Gauge("notification.oncall.gaps",
		metric.WithDescription("Schedules of the escalation policy that have nobody on call now though somebody should be, and one more if the policy names whom it does not reach."))
	i.Drills, errs[7] = m.Int64Counter("notification.drills",
		metric.WithDescription("Drills by outcome (passed, not_accepted, not_acknowledged)."))
	i.DrillAge, errs[8] = m.Int64Gauge("notification.drill.age", metric.WithUnit("s"),
		metric.WithDescription("Time since a drill passed, or since the first one if none did."))
	i.HeldAge, errs[9] = m.Int64Gauge("notification.mail.held.age", metric.WithUnit("s"),
		metric.WithDescription("Time since the oldest mail of the quarantine came about which nobody has decided, 0 without one."))
	if err = errors.Join(errs[:]...); err == nil {
		i.begin()
	}
	return i, err
}

// begin counts nothing of each kind: a counter that is not there before the first time does not seem to grow by it, and no
// alert would see the one page of a night that failed.
func (i Instruments) begin() {
	ctx := context.Background()
	for _, channel := range domain.Channels() {
		for _, verdict := range []string{verdictAccepted, verdictRetry, verdictFailed} {
			i.PageAttempts.Add(ctx, 0, metric.WithAttributes(attribute.String("channel", string(channel)), attribute.String("verdict", verdict)))
		}
	}
	for _, state := range []domain.MailState{domain.MailAccepted, domain.MailQueued, domain.MailRefused} {
		i.MailAttempts.Add(ctx, 0, metric.WithAttributes(attribute.String("verdict", string(state))))
	}
	for _, verdict := range []domain.Verdict{
		domain.InboundAppended, domain.InboundCreated, domain.InboundQuarantined, domain.InboundRejected, domain.InboundIgnored, domain.InboundRecorded,
	} {
		i.InboundMails.Add(ctx, 0, metric.WithAttributes(attribute.String("verdict", string(verdict))))
	}
	for _, outcome := range []domain.DrillState{domain.DrillPassed, domain.DrillNotAccepted, domain.DrillNotAcknowledged} {
		i.Drills.Add(ctx, 0, metric.WithAttributes(attribute.String("outcome", string(outcome))))
	}
	i.Watchdog.Add(ctx, 0)
}
