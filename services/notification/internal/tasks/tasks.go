// Package tasks runs what the transactions of notification left to be done: sending pages and mails, and the timers of
// pages.
package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/metric"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailauth"
	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/twilio"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// recordTimeout bounds the writing of an outcome, which no longer listens to the task: what has happened must be known.
const recordTimeout = 10 * time.Second

// pageMailTimeout bounds the conversation with the mail server about a page.
const pageMailTimeout = 30 * time.Second

// Instruments count what leaves.
type Instruments struct {
	PageAttempts metric.Int64Counter     // by channel and verdict
	MailAttempts metric.Int64Counter     // by verdict
	InboundMails metric.Int64Counter     // by verdict
	TimeToPage   metric.Float64Histogram // seconds from a delivery's making to its acceptance
	StuckMails   metric.Int64Gauge       // that wait for too long
	HeldAge      metric.Int64Gauge       // seconds since the oldest mail came that a person is to judge
	Gaps         metric.Int64Gauge       // schedules that have nobody on call
	Watchdog     metric.Int64Counter     // stalls of the page lane
	Drills       metric.Int64Counter     // by outcome
	DrillAge     metric.Int64Gauge       // seconds since a drill passed
}

// Tasks runs the service's tasks. Store is set before the queue runs: the queue is made with the handlers, and the store
// with the queue.
type Tasks struct {
	Store          *store.Store
	Pager          domain.Pager
	Webhooks       *webhook.Sender
	SMS            twilio.Account // by which text messages go; it may be none
	Mail           mailout.Transport
	Mailbox        Mailbox       // nil = there is none
	WatchAfter     time.Duration // age from which on the mailbox may have paged
	Awake          Awake
	Sink           Sink // takes the events of drills
	Renderer       *mailout.Renderer
	MailFrom       string // envelope sender, unless Addresses has one
	Addresses      mailout.Addresses
	MailDomain     string // of Message-IDs
	SupportAddress string // of the desk, "" = none
	Bundling       Bundling
	AttemptTimeout time.Duration // after which an attempt to page has failed; by mail it goes on
	Inbox          Inbox         // the mails that came in; nil = none do
	Replies        Replies       // where answers go to
	DNS            mailauth.DNS
	SPF            bool          // mails come from the servers of their senders, with no relay in between
	MailRetry      time.Duration // pause after the first failed attempt of a mail; it doubles up to an hour
	Held           bool          // nothing is sent, not even by hand
	DiscardBefore  time.Time     // mails that are older are not sent
	Logger         *slog.Logger
	Instruments    Instruments

	reads   batch[string, store.Mail] // mails that are to be sent
	records batch[mailRecord, domain.MailDelivery]

	sendings batch[string, store.Sending]          // pages that are to be sent
	holds    batches[domain.Delivery, struct{}]    // by contact
	attempts batches[domain.PageAttempt, struct{}] // by page
}

// Handlers returns the handlers by kind.
func (t *Tasks) Handlers() map[string]durable.Handler {
	t.reads.do, t.reads.most = t.readMails, mailsAtOnce
	t.records.do, t.records.most = t.recordMails, mailsAtOnce
	t.sendings.do, t.sendings.most = t.readSendings, pagesAtOnce
	t.holds.do, t.holds.most = t.holdAll, pagesAtOnce
	t.attempts.do, t.attempts.most = t.recordAttempts, pagesAtOnce
	return map[string]durable.Handler{
		store.KindDeliver: {
			Run: t.deliver, Broken: t.broken, Backoff: soon, Timeout: max(t.AttemptTimeout, pageMailTimeout) + recordTimeout,
			Destination: func(task durable.Task) string {
				p, _ := decode[store.DeliverTask](task) // Run says what is wrong with it
				return p.Host
			},
		},
		store.KindBundle: {
			Run: t.bundle, Broken: t.broken, Backoff: soon, Timeout: max(t.AttemptTimeout, pageMailTimeout) + 4*recordTimeout,
			Destination: func(task durable.Task) string {
				p, _ := decode[store.BundleTask](task) // as above
				return p.Host
			},
		},
		store.KindStep: {
			Broken: t.broken, Backoff: soon,
			Run: func(ctx context.Context, task durable.Task) error {
				if p, err := decode[store.TimerTask](task); err == nil && t.Mailbox != nil {
					late, err := t.Store.StepLate(ctx, p.Page)
					if err != nil {
						return err
					}
					t.askFirst(ctx, p.Page, late)
				}
				return t.timer(ctx, task, t.Pager.StepDue)
			},
		},
		store.KindContact: {
			Broken: t.broken, Backoff: soon,
			Run: func(ctx context.Context, task durable.Task) error {
				p, err := decode[store.TimerTask](task)
				if err != nil {
					return err
				}
				if t.Mailbox != nil {
					age, err := t.Store.Unreached(ctx, p.Page)
					if err != nil {
						return err
					}
					t.askFirst(ctx, p.Page, age)
				}
				return t.timer(ctx, task, func(ctx context.Context, tx domain.PageTx, page string, at domain.Position) (*domain.Page, error) {
					return t.Pager.ContactDue(ctx, tx, page, at, p.ContactTimer)
				})
			},
		},
		store.KindAckTimeout: {
			Broken: t.broken, Backoff: soon,
			Run: func(ctx context.Context, task durable.Task) error {
				return t.timer(ctx, task, t.Pager.AcknowledgeTimedOut)
			},
		},
		store.KindClose: {
			Run: t.closeAlert,
			Destination: func(task durable.Task) string {
				p, _ := decode[store.CloseTask](task) // as above
				return p.Host
			},
		},
		store.KindReceipt: {Run: t.askReceipt, Destination: func(durable.Task) string { return "sms" }},
		store.KindTakeOver: {
			Run: t.takeOver, Broken: t.broken, Backoff: soon, Timeout: 2 * recordTimeout,
			Destination: func(durable.Task) string { return "emergency mailbox" },
		},
		store.KindMail: {Run: t.mail, DurableComplete: true, Timeout: 3 * time.Minute},
		store.KindInbound: {
			Run: t.examine, Timeout: examineTimeout, Destination: func(durable.Task) string { return "mails that come in" },
		},
		store.KindWatch:  {Run: t.watch},
		store.KindDigest: {Run: t.digest},
		store.KindHeld:   {Run: t.held},

		store.KindDrillEvent: {Run: t.raiseDrill, Backoff: soon, Broken: t.broken},
		store.KindDrillDue:   {Run: t.drillDue, Backoff: soon},
		store.KindDrillStart: {Run: t.startDrill},

		store.KindDutyMail: {Run: t.dutyMail, DurableComplete: true, Timeout: 3 * time.Minute, Destination: func(durable.Task) string { return "mail" }},
		store.KindCode: {
			Run: t.code,
			Destination: func(task durable.Task) string {
				p, _ := decode[store.CodeTask](task) // as above
				return p.Host
			},
		},
	}
}

// soon is the backoff of pages: once their database is back they wait a second at most.
func soon(attempt int) time.Duration { return min(durable.DefaultBackoff(attempt), time.Second) }

func decode[T any](task durable.Task) (T, error) {
	var payload T
	if err := json.Unmarshal(task.Payload, &payload); err != nil {
		return payload, fmt.Errorf("%w: %w", durable.ErrUndecodable, err)
	}
	return payload, nil
}

// timer runs a change of a page that is due.
func (t *Tasks) timer(ctx context.Context, task durable.Task, change func(context.Context, domain.PageTx, string, domain.Position) (*domain.Page, error)) error {
	p, err := decode[store.TimerTask](task)
	if err != nil {
		return err
	}
	err = t.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		_, err := change(ctx, tx, p.Page, domain.Position{Cycle: p.Cycle, Loop: p.Loop, Step: p.Step})
		return err
	})
	if errors.Is(err, fault.NotFound) {
		return durable.Permanent(err)
	}
	return err
}

// broken pages the fallback list about a task of the page lane that cannot be run: whatever it was, somebody must look.
func (t *Tasks) broken(ctx context.Context, task durable.Task, cause error) error {
	t.Logger.ErrorContext(ctx, "a task of the page lane cannot be run: paging the fallback list",
		slog.String("task", task.ID), slog.String("kind", task.Kind), slog.String("page", task.Key), slog.Any("error", cause))
	incident := domain.Incident{
		Subject: "a page could not be handled inside the help desk", Urgent: true, Verified: true,
		Reason: "task " + task.ID + " (" + task.Kind + ") of page " + task.Key + " cannot be run", Excerpt: excerpt(string(task.Payload)),
	}
	if page, err := t.Store.Page(ctx, task.Key); err == nil {
		if page.Ticket == 0 {
			return cause // it is such a page itself: try again rather than make another
		}
		reason := incident.Reason
		incident = page.Incident
		incident.Reason = reason
	}
	return t.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		_, err := t.Pager.Open(ctx, tx, domain.Opening{
			ID: domain.Hash("broken", task.ID), Topic: "task:" + task.ID, Incident: incident, Fallback: true,
		})
		return err
	})
}

// excerpt returns the first 1,000 characters.
func excerpt(s string) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), 1000)])
}

// PageEvent returns the task that tells the ticket service of a change of a page.
func PageEvent(ctx context.Context, relay *events.Relay, e domain.PageEvent) durable.Spec {
	p := e.Page
	event := &eventv1.PageEvent{
		Page: p.ID, Ticket: p.Ticket, Occurrence: p.Occurrence, Kind: eventv1.PageEvent_Kind(e.Kind), State: PageState(p.State),
		ChangeTime: timestamppb.New(e.At), Step: int32(p.Step), Loop: int32(p.Loop),
	}
	if hold := e.Hold(); hold > 0 {
		event.Hold = durationpb.New(hold)
	}
	for _, person := range e.People {
		event.People = append(event.People, &ticketv1.Person{Id: person.ID, Name: person.Name, Email: person.Email, Staff: true})
	}
	envelope := events.NewEvent(ctx, "notification", p.ID, p.Events, fmt.Sprintf("%s-%d", p.ID, p.Events), e.At)
	envelope.Payload = &eventv1.Event_Page{Page: event}
	// All in one lane, so that they keep their order, and in batches: in a burst they must not take from the pages what these
	// need. Nothing else in the lane can hold them up.
	return relay.Spec(durable.LaneNotice, envelope)
}

// PageState returns the state as the contract names it.
func PageState(s domain.State) ticketv1.PageState {
	switch s {
	case domain.StatePaging:
		return ticketv1.PageState_PAGE_STATE_PAGING
	case domain.StateDelivered:
		return ticketv1.PageState_PAGE_STATE_DELIVERED
	case domain.StateAcknowledged:
		return ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED
	case domain.StateExhausted:
		return ticketv1.PageState_PAGE_STATE_EXHAUSTED
	case domain.StateHandedOver:
		return ticketv1.PageState_PAGE_STATE_PAGING
	case domain.StateResolved:
		return ticketv1.PageState_PAGE_STATE_RESOLVED
	}
	return ticketv1.PageState_PAGE_STATE_UNSPECIFIED
}

// stopped reports that an attempt ended because this process does, which says nothing about its receiver.
func stopped(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }
