package tasks

import (
	"errors"

	"go.opentelemetry.io/otel/metric"
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
	return i, errors.Join(errs[:]...)
}
