package tasks

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// restore takes the urgent events that cannot be delivered as they were stored. Who
// is to be paged, or not any more, is read from the ticket instead; that much is
// delivered, without what else the event told. Until that succeeds it is tried again.
func (p *Plan) restore(desk Desk) func(context.Context, durable.Task, error) error {
	return func(ctx context.Context, task durable.Task, cause error) error {
		err := p.deliverUrgency(ctx, desk, task)
		if err != nil {
			p.Logger.ErrorContext(ctx, "an urgent event cannot be delivered: engineers may not be paged",
				slog.String("task", task.ID), slog.String("kind", task.Kind), slog.String("ticket", task.Key),
				slog.Any("cause", cause), slog.Any("error", err))
		}
		return err
	}
}

func (p *Plan) deliverUrgency(ctx context.Context, desk Desk, task durable.Task) error {
	number, err := strconv.ParseInt(task.Key, 10, 64)
	if err != nil {
		return fmt.Errorf("tasks: the task names no ticket: %w", err)
	}
	t, err := desk.Current(ctx, number)
	if err != nil {
		return err
	}
	return p.Notification.Deliver(ctx, urgency(ctx, t))
}

// urgency is an event of nothing but whether a ticket is urgent. It has an id of its
// own: the receiver may have seen, or may yet see, the event of the same sequence.
func urgency(ctx context.Context, t domain.Ticket) *eventv1.Event {
	sequence := t.Sequence
	if t.Urgent() {
		sequence = t.Page.Occurrence // the page of this occurrence is opened once, however often it is told
	}
	id := fmt.Sprintf("%d-%d-urgency", t.Number, sequence)
	event := events.NewEvent(ctx, domain.ServiceTicket, t.ID(), sequence, id, t.UpdateTime)
	event.Payload = &eventv1.Event_Ticket{Ticket: &eventv1.TicketEvent{
		Ticket: snapshot(t), ActorService: domain.ServiceTicket,
		BecameUrgent: t.Urgent(), EndedUrgency: !t.Urgent(),
	}}
	return event
}
