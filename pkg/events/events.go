// Package events carries events between the services, both ways: a Relay delivers those that a service made, a Sink takes
// those of others.
//
//	sender: change + event task, one transaction      receiver: inbox row + effect, one transaction
//	            |                                                  ^
//	            +-- durable task "deliver.<target>" --- Deliver ---+
//
// Delivery is at least once and in any order. The inbox makes it exactly once; the order is the receiver's business, by the
// sequence of the aggregate. A task ends when the receiver has committed the effect (applied, duplicate) or has recorded
// that it never will (refused). Whatever else happens, it is tried again for ever.
package events

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

// ErrUnknown is returned by an ApplyFunc for an event that only a newer release understands: the sender keeps it.
var ErrUnknown = errors.New("events: unknown kind of event")

const scope = "altis-dxp.com/support/pkg/events"

//go:embed migrations/*.sql
var files embed.FS

// Migrations creates the table inbox, which a Sink needs.
func Migrations() sqldb.Set {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sqldb.Set{Name: "events", FS: sub}
}

// NewEvent returns the envelope of an event that happens in a request with the context ctx; the payload is the caller's to
// set. id is unique within source, sequence rises within (source, aggregate).
func NewEvent(ctx context.Context, source, aggregate string, sequence int64, id string, at time.Time) *eventv1.Event {
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return &eventv1.Event{
		Id: id, Source: source, Aggregate: aggregate, Sequence: sequence,
		OccurTime: timestamppb.New(at), Traceparent: carrier.Get("traceparent"),
	}
}
