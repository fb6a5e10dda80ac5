package rpc

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
	"altis-dxp.com/support/services/triage/internal/domain"
	"altis-dxp.com/support/services/triage/internal/wire"
)

func TestStepsCrossTheContract(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	got := slaStep(domain.Step{
		Kind: domain.StepUnprioritized, Plan: "gold", Policy: "standard", Type: domain.Task, Priority: domain.High, Reason: "High: so.",
		Target:  domain.Target{FirstResponse: time.Hour, Resolution: 2 * time.Hour},
		Created: at, Due: at.Add(time.Hour), Done: at.Add(time.Minute),
	})
	want := &triagev1.SlaStep{
		Text: "The task has no priority and counts as normal.", Kind: triagev1.SlaStep_KIND_UNPRIORITIZED, Plan: "gold", SlaPolicy: "standard",
		Type: ticketv1.TicketType_TICKET_TYPE_TASK, Priority: ticketv1.Priority_PRIORITY_HIGH, PriorityReason: "High: so.",
		FirstResponse: durationpb.New(time.Hour), Resolution: durationpb.New(2 * time.Hour),
		CreateTime: timestamppb.New(at), DueTime: timestamppb.New(at.Add(time.Hour)), DoneTime: timestamppb.New(at.Add(time.Minute)),
	}
	require.True(t, proto.Equal(want, got), "%v", got)
	require.True(t, proto.Equal(
		&triagev1.SlaStep{Kind: triagev1.SlaStep_KIND_TRIAGED, Text: "Triage chose the priority. Low: so.", PriorityReason: "Low: so."},
		slaStep(domain.Step{Kind: domain.StepTriaged, Reason: "Low: so."}),
	), "what a step does not have is unset")
}

func TestKindsHaveTheNumbersOfTheContract(t *testing.T) {
	kinds := map[domain.StepKind]triagev1.SlaStep_Kind{
		domain.StepPlan:          triagev1.SlaStep_KIND_PLAN,
		domain.StepOtherPlan:     triagev1.SlaStep_KIND_OTHER_PLAN,
		domain.StepTriaged:       triagev1.SlaStep_KIND_TRIAGED,
		domain.StepUnprioritized: triagev1.SlaStep_KIND_UNPRIORITIZED,
		domain.StepChosen:        triagev1.SlaStep_KIND_CHOSEN,
		domain.StepTarget:        triagev1.SlaStep_KIND_TARGET,
		domain.StepCreated:       triagev1.SlaStep_KIND_CREATED,
		domain.StepFirstResponse: triagev1.SlaStep_KIND_FIRST_RESPONSE,
		domain.StepResolution:    triagev1.SlaStep_KIND_RESOLUTION,
	}
	for ours, theirs := range kinds {
		require.EqualValues(t, theirs, ours, theirs)
	}
	require.Len(t, kinds, len(triagev1.SlaStep_Kind_name)-1, "all but the unspecified one")
}

func TestEveryTypeHasTheOneOfTheContract(t *testing.T) {
	for number := range ticketv1.TicketType_name {
		theirs := ticketv1.TicketType(number)
		ours, _ := wire.Type(theirs)
		require.Equal(t, theirs, wire.ProtoType(ours))
	}
}
