package tasks_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/tasks"
)

// The page that the mailbox began is told with the urgency of its mail's ticket.
func TestMailTellsItsPage(t *testing.T) {
	n := &notification{}
	logger := slog.New(slog.DiscardHandler)
	plan := &tasks.Plan{
		Notification: events.NewRelay("notification", n, logger, noop.Meter{}),
		Triage:       events.NewRelay("triage", &notification{}, logger, noop.Meter{}), Logger: logger,
	}
	c := domain.Change{
		After:   domain.Ticket{Number: 7, Sequence: 1, Type: domain.Incident, Priority: domain.Urgent, Status: domain.New},
		Event:   domain.Event{Number: 7, Sequence: 1, Kind: domain.EventCreated},
		Message: &domain.Message{ID: "a"},
		Mail:    &domain.Mail{ID: "m1"}, EmergencyPage: "p1",
	}
	specs := plan.Specs(t.Context(), c)
	require.NotEmpty(t, specs)
	require.Equal(t, durable.LanePage, specs[0].Lane)
	require.NoError(t, plan.Notification.Handler().Run(t.Context(), durable.Task{Spec: specs[0]}))
	require.Len(t, n.told, 1)
	require.True(t, n.told[0].GetTicket().GetBecameUrgent())
	require.Equal(t, "p1", n.told[0].GetTicket().GetEmergencyPage())
}
