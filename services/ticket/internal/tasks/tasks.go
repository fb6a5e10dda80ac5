// Package tasks decides what other work must follow from a change of a ticket,
// and does this service's own share of it: events told to other services, and
// solved tickets closed in time.
package tasks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/store"
)

const kindClose = "close"

// Plan implements store.Follow.
type Plan struct {
	Notification *events.Relay
	Triage       *events.Relay
	CloseAfter   time.Duration
	Emergency    notificationv1.EmergencyPageServiceClient // the emergency mailbox; nil = none
	WatchAfter   time.Duration                             // from an urgent event until the mailbox is handed it
	Logger       *slog.Logger
}

var _ store.Follow = (*Plan)(nil)

// Specs implements store.Follow. What makes an incident urgent, or ends that, or
// brings the page of a duplicate, takes the page lane to notification, what triage chose that of notices, and all
// else the reply lane. That somebody is paged is watched over if there is an
// emergency mailbox. Triage hears of what others did that may move its instants.
func (p *Plan) Specs(ctx context.Context, c domain.Change) []durable.Spec {
	var specs []durable.Spec
	if event := ticketEvent(ctx, c); event != nil {
		lane := durable.LaneReply
		switch {
		case c.BecameUrgent() || c.EndedUrgency() || c.SourcePage.Open():
			lane = durable.LanePage
		case c.Event.Kind == domain.EventTriaged:
			lane = durable.LaneNotice
		}
		specs = append(specs, p.Notification.Spec(lane, event))
		if c.BecameUrgent() && p.Emergency != nil && c.After.Unpaged(c.After.Page.Occurrence) { // a duplicate's page may be delivered
			specs = append(specs, p.watch(c, event))
		}
		if concernsTriage(c) {
			specs = append(specs, p.Triage.Spec(durable.LaneNotice, event))
		}
	}
	if p.moves(c) {
		specs = append(specs, p.watchAgain(ctx, c))
	}
	if c.SecondPath != nil {
		specs = append(specs, p.Notification.Spec(durable.LanePage, handed(ctx, c)))
	}
	if p.stops(c) {
		specs = append(specs, stop(ctx, p, c))
	}
	if c.After.Status == domain.Solved && c.Before.Status != domain.Solved {
		specs = append(specs, durable.Spec{
			Kind: kindClose, Lane: durable.LaneDigest, Key: c.After.ID(), Delay: p.CloseAfter,
			Payload: []byte(c.After.ID()),
		})
	}
	return specs
}

func concernsTriage(c domain.Change) bool {
	if c.Actor.Service == domain.ServiceTriage {
		return false
	}
	return c.Event.Kind == domain.EventCreated || c.Event.Kind == domain.EventReplied ||
		c.Before.Organization != c.After.Organization || // and so perhaps the plan
		c.Before.Status != c.After.Status || c.Before.Priority != c.After.Priority ||
		c.Before.PrioritySet != c.After.PrioritySet || c.Before.Type != c.After.Type || !taskLatest(c.Before).Equal(taskLatest(c.After))
}

// Cancels implements store.Follow.
func (p *Plan) Cancels(c domain.Change) []store.Cancel {
	cancels := p.watchEnds(c)
	if c.Before.Status == domain.Solved && c.After.Status != domain.Solved {
		cancels = append(cancels, store.Cancel{Kind: kindClose, Key: c.After.ID()})
	}
	return cancels
}

// Rewrites implements store.Follow: events that wait for their receivers must not
// tell what was redacted meanwhile.
func (p *Plan) Rewrites(c domain.Change) []store.Rewrite {
	var change func(*eventv1.TicketEvent)
	switch {
	case c.Redacted != nil && !c.Redacted.Note:
		change = func(e *eventv1.TicketEvent) { redact(e, c) }
	case c.Field != nil && inSnapshots[c.Field.Name] != nil:
		change = func(e *eventv1.TicketEvent) { redactField(e, *c.Field) }
	default:
		return nil
	}
	payload := func(payload []byte) []byte {
		rewritten, err := events.Rewrite(payload, func(e *eventv1.Event) { change(e.GetTicket()) })
		if err != nil {
			return payload // nobody can read it, and an operator hears of it when it runs
		}
		return rewritten
	}
	return []store.Rewrite{
		{Kind: p.Notification.Kind(), Key: c.After.ID(), Payload: payload},
		{Kind: p.Triage.Kind(), Key: c.After.ID(), Payload: payload},
		{Kind: kindWatch, Key: watchKey(c.After.Number, c.After.Page.Occurrence), Payload: payload},
	}
}

// Purged implements store.Follow.
func (p *Plan) Purged(ctx context.Context, t domain.Ticket) []durable.Spec {
	return []durable.Spec{p.Notification.Spec(durable.LaneDigest, purged(ctx, t, t.PurgeTime()))}
}

// Desk is the part of domain.Desk that the tasks need.
type Desk interface {
	Close(ctx context.Context, number int64) (remaining time.Duration, err error)
	Current(ctx context.Context, number int64) (domain.Ticket, error)
	PagedOnSecondPath(ctx context.Context, number int64, s domain.SecondPath) error
}

// errEarly has a close task tried again: close-after was raised, or clocks differ.
var errEarly = errors.New("tasks: the time to close the ticket has not come")

// Handlers returns the handlers of all kinds that Specs makes.
func (p *Plan) Handlers(desk Desk) map[string]durable.Handler {
	return map[string]durable.Handler{
		p.Notification.Kind(): p.Notification.HandlerWith(p.restore(desk)),
		p.Triage.Kind():       p.Triage.Handler(),
		kindWatch: {
			Run: p.hand(desk), Broken: p.restoreWatch(desk), Destination: func(durable.Task) string { return "emergency mailbox" },
			Backoff: func(int) time.Duration { return watchPause },
		},
		kindStop: {Run: p.tellStop, Destination: func(durable.Task) string { return "emergency mailbox" }},
		kindClose: {Run: func(ctx context.Context, task durable.Task) error {
			number, err := strconv.ParseInt(string(task.Payload), 10, 64)
			if err != nil {
				return fmt.Errorf("%w: %w", durable.ErrUndecodable, err)
			}
			remaining, err := desk.Close(ctx, number)
			switch {
			case errors.Is(err, fault.NotFound):
				return nil
			case err == nil && remaining > 0:
				return durable.RetryAfter(remaining, errEarly)
			}
			return err
		}},
	}
}
