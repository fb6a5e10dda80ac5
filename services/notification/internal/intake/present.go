package intake

import (
	"google.golang.org/protobuf/encoding/protojson"

	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// Present returns what is known of a ticket by a snapshot that was kept. Nothing has changed in it.
func Present(snapshot string) (domain.TicketChange, error) {
	t := &eventv1.TicketSnapshot{}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal([]byte(snapshot), t); err != nil {
		return domain.TicketChange{}, err
	}
	return change(t.GetSequence(), &eventv1.TicketEvent{Ticket: t}), nil
}
