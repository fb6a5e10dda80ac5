package tasks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/store"
)

// kindWatch is the task that sees to it that somebody is paged about an urgent
// incident: unless a provider has taken a page in time it hands the event to the
// emergency mailbox. It is made with the event, in one transaction, moved when people
// are called later, and deleted by the news of the page.
const kindWatch = "page-watch"

const (
	watchTimeout = 5 * time.Second
	watchPause   = time.Second
)

// watchKey names the watch over an occurrence.
func watchKey(number, occurrence int64) string {
	return domain.Event{Number: number, Sequence: occurrence}.ID()
}

// watch is the task of an event that made a ticket urgent.
func (p *Plan) watch(c domain.Change, event *eventv1.Event) durable.Spec {
	spec := p.Notification.Spec(durable.LanePage, event)
	spec.Kind, spec.Key, spec.Delay = kindWatch, watchKey(c.After.Number, c.After.Page.Occurrence), p.WatchAfter
	return spec
}

// moves reports that people are called later than the incident became urgent, so that the watch begins anew.
func (p *Plan) moves(c domain.Change) bool {
	return p.Emergency != nil && c.CallsIn != nil && c.After.Unpaged(c.After.Page.Occurrence)
}

// watchAgain is watch for a page about which people are called later.
func (p *Plan) watchAgain(ctx context.Context, c domain.Change) durable.Spec {
	spec := p.watch(c, unpaged(ctx, c.After))
	spec.Delay += *c.CallsIn
	return spec
}

// unpaged is urgency for the mailbox, which must page under the id that notification
// knows: that of a duplicate's page does not follow from ticket and occurrence.
func unpaged(ctx context.Context, t domain.Ticket) *eventv1.Event {
	event := urgency(ctx, t)
	event.GetTicket().EmergencyPage = t.Page.ID
	return event
}

// watchEnds returns the watch that a change makes pointless, or moves.
func (p *Plan) watchEnds(c domain.Change) []store.Cancel {
	occurrence := c.Before.Page.Occurrence
	switch {
	case c.SecondPath != nil:
		occurrence = c.SecondPath.Occurrence
	case p.moves(c):
	case p.Emergency == nil, !c.Before.Unpaged(occurrence), c.After.Unpaged(occurrence):
		return nil
	}
	return []store.Cancel{{Kind: kindWatch, Key: watchKey(c.After.Number, occurrence)}}
}

// hand gives the event of a watch whose time has come to the emergency mailbox.
func (p *Plan) hand(desk Desk) func(context.Context, durable.Task) error {
	return func(ctx context.Context, task durable.Task) error {
		event, err := events.Decode(task.Payload)
		if err != nil {
			return fmt.Errorf("%w: %w", durable.ErrUndecodable, err)
		}
		return durable.RetryAfter(watchPause, p.handOver(ctx, desk, task, func(domain.Ticket) *eventv1.Event { return event }))
	}
}

// restoreWatch takes the watches that cannot be run as they were stored: what is to
// be paged is read from the ticket instead.
func (p *Plan) restoreWatch(desk Desk) func(context.Context, durable.Task, error) error {
	return func(ctx context.Context, task durable.Task, cause error) error {
		p.Logger.ErrorContext(ctx, "the watch over a page cannot be run as it was stored", slog.String("watch", task.Key), slog.Any("error", cause))
		return p.handOver(ctx, desk, task, func(t domain.Ticket) *eventv1.Event { return unpaged(ctx, t) })
	}
}

func (p *Plan) handOver(ctx context.Context, desk Desk, task durable.Task, event func(domain.Ticket) *eventv1.Event) error {
	number, occurrence, err := watched(task.Key)
	if err != nil || p.Emergency == nil {
		return err
	}
	t, err := desk.Current(ctx, number)
	if errors.Is(err, fault.NotFound) || err == nil && !t.Unpaged(occurrence) {
		return nil
	}
	if err != nil {
		return err
	}
	calling, cancel := context.WithTimeout(ctx, watchTimeout)
	defer cancel()
	taken, err := p.Emergency.PageTicket(calling, &notificationv1.PageTicketRequest{Event: event(t)})
	if err != nil {
		p.Logger.ErrorContext(ctx, "nobody was paged about an urgent incident in time, and the emergency mailbox does not take it",
			slog.Int64("ticket", number), slog.Any("error", err))
		return err
	}
	p.Logger.WarnContext(ctx, "nobody was paged about an urgent incident in time: the emergency mailbox pages",
		slog.Int64("ticket", number), slog.String("page", taken.GetPage()))
	return desk.PagedOnSecondPath(ctx, number, domain.SecondPath{Page: taken.GetPage(), Occurrence: occurrence})
}

func watched(key string) (number, occurrence int64, err error) {
	before, after, _ := strings.Cut(key, "-")
	number, err = strconv.ParseInt(before, 10, 64)
	occurrence, err2 := strconv.ParseInt(after, 10, 64)
	return number, occurrence, errors.Join(err, err2)
}

// handed tells notification that the emergency mailbox pages, so that it takes the
// page over. Its id is its own, as its sequence is that of the urgent event.
func handed(ctx context.Context, c domain.Change) *eventv1.Event {
	t, s := c.After, *c.SecondPath
	event := events.NewEvent(ctx, domain.ServiceTicket, t.ID(), s.Occurrence, watchKey(t.Number, s.Occurrence)+"-handed", c.Event.Time)
	event.Payload = &eventv1.Event_Ticket{Ticket: &eventv1.TicketEvent{
		Ticket: snapshot(t), ActorService: domain.ServiceTicket, BecameUrgent: true, EmergencyPage: s.Page,
		EndedUrgency: !t.Urgent() || t.Page.Occurrence != s.Occurrence,
	}}
	return event
}
