package tasks

import (
	"context"
	"errors"
	"fmt"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/store"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// Inbox applies the events of other services.
type Inbox struct {
	Desk  *domain.Desk
	Store *store.Store
}

// Apply is the events.ApplyFunc of this service.
func (i *Inbox) Apply(ctx context.Context, tx *durable.Tx, event *eventv1.Event) error {
	switch p := event.GetPayload().(type) {
	case *eventv1.Event_Directory:
		err := directory.Apply(ctx, tx, p.Directory)
		if errors.Is(err, directory.ErrUnknown) {
			return fmt.Errorf("%w: %w", events.ErrUnknown, err)
		}
		return err
	case *eventv1.Event_Page:
		return i.Desk.ApplyPage(ctx, i.Store.Within(tx), pageChange(p.Page, event.GetSequence()))
	case *eventv1.Event_Triage:
		return i.Desk.ApplyTriage(ctx, i.Store.Within(tx), triage(p.Triage, event.GetSequence()))
	default:
		return events.ErrUnknown
	}
}

func pageChange(p *eventv1.PageEvent, sequence int64) domain.PageChange {
	c := domain.PageChange{
		Page: p.GetPage(), Sequence: sequence, Number: p.GetTicket(), Occurrence: p.GetOccurrence(),
		Kind: domain.PageKind(p.GetKind()), State: domain.PageState(p.GetState()), Time: wire.FromTime(p.GetChangeTime()),
		Hold: p.GetHold().AsDuration(),
	}
	for _, person := range p.GetPeople() {
		c.People = append(c.People, wire.FromPerson(person))
	}
	return c
}

func triage(v *eventv1.TriageEvent, sequence int64) domain.Triage {
	return domain.Triage{
		Number: v.GetTicket(), Sequence: sequence,
		Priority: domain.Priority(v.GetPriority()), PriorityReason: v.GetPriorityReason(),
		FirstResponseDue: wire.FromTime(v.GetFirstResponseDueTime()), ResolutionDue: wire.FromTime(v.GetResolutionDueTime()),
		SLAPolicy: v.GetSlaPolicy(), Team: v.GetTeam(),
	}
}
