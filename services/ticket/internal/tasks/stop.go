package tasks

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// kindStop is the task that tells the emergency mailbox that an incident is over
// which it may page about: notification, which stops it otherwise, may be down.
const kindStop = "page-stop"

// stopFor is how long a mailbox that is down is told: after that somebody has seen
// that its page is about nothing.
const stopFor = 24 * time.Hour

// stops reports that a change ends an incident of which nobody knows whether the
// mailbox pages about it, or that the mailbox has just begun to after its end.
func (p *Plan) stops(c domain.Change) bool {
	if p.Emergency == nil {
		return false
	}
	if c.SecondPath != nil {
		return !c.After.Urgent() || c.After.Page.Occurrence != c.SecondPath.Occurrence
	}
	return c.EndedUrgency() && c.Before.Unpaged(c.Before.Page.Occurrence)
}

// stop tells no more than which ticket it is, so that nothing has to be redacted in it.
func stop(ctx context.Context, p *Plan, c domain.Change) durable.Spec {
	event := events.NewEvent(ctx, domain.ServiceTicket, c.After.ID(), c.Event.Sequence, c.Event.ID()+"-stop", c.Event.Time)
	event.Payload = &eventv1.Event_Ticket{Ticket: &eventv1.TicketEvent{
		Ticket: &eventv1.TicketSnapshot{Number: c.After.Number, Id: c.After.ID(), Sequence: c.Event.Sequence}, ActorService: domain.ServiceTicket, EndedUrgency: true,
	}}
	spec := p.Notification.Spec(durable.LaneReply, event)
	spec.Kind, spec.Key = kindStop, event.GetId()
	return spec
}

func (p *Plan) tellStop(ctx context.Context, task durable.Task) error {
	event, err := events.Decode(task.Payload)
	if err != nil {
		return fmt.Errorf("%w: %w", durable.ErrUndecodable, err)
	}
	if p.Emergency == nil {
		return nil
	}
	calling, cancel := context.WithTimeout(ctx, watchTimeout)
	defer cancel()
	_, err = p.Emergency.PageTicket(calling, &notificationv1.PageTicketRequest{Event: event})
	if fault.KindOf(err) == fault.Invalid || err != nil && time.Since(task.CreatedAt) > stopFor { // it may be of an earlier release
		p.Logger.ErrorContext(ctx, "the emergency mailbox was not told that an incident is over", slog.Int64("ticket", event.GetTicket().GetTicket().GetNumber()), slog.Any("error", err))
		return nil
	}
	return err
}
