// Package rpc answers the calls of TriageService.
package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/directory"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
	"altis-dxp.com/support/services/triage/internal/domain"
)

// Tickets is what the calls read of the store.
type Tickets interface {
	Ticket(ctx context.Context, number int64) (domain.Ticket, error)
}

// Service implements triagev1.TriageServiceServer.
type Service struct {
	triagev1.UnimplementedTriageServiceServer
	tickets   Tickets
	directory directory.Lookup
	now       func() time.Time
}

// Register adds the service to a server.
func Register(r grpc.ServiceRegistrar, tickets Tickets, directory directory.Lookup, now func() time.Time) {
	triagev1.RegisterTriageServiceServer(r, &Service{tickets: tickets, directory: directory, now: now})
}
