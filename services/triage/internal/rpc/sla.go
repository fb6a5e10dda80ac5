package rpc

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/cursor"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
	"altis-dxp.com/support/services/triage/internal/domain"
	"altis-dxp.com/support/services/triage/internal/wire"
)

const (
	defaultPage = 50
	maxPage     = 100
)

// ListSlaPolicies implements triagev1.TriageServiceServer.
func (s *Service) ListSlaPolicies(_ context.Context, req *triagev1.ListSlaPoliciesRequest) (*triagev1.ListSlaPoliciesResponse, error) {
	// The position is how many came before: the list is fixed.
	type numbered struct {
		domain.Policy
		position int
	}
	policies, next, err := cursor.Page(req, "SLA policies", defaultPage, maxPage, func(after, n int) (found []numbered, err error) {
		for i, policy := range domain.Policies() {
			if i >= after && len(found) < n {
				found = append(found, numbered{policy, i + 1})
			}
		}
		return found, nil
	}, func(p numbered) int { return p.position })
	if err != nil {
		return nil, err
	}
	response := &triagev1.ListSlaPoliciesResponse{NextPageToken: next}
	for _, policy := range policies {
		p := &triagev1.SlaPolicy{Name: policy.Name}
		for _, priority := range domain.Priorities() {
			target := policy.Target(priority)
			p.Targets = append(p.Targets, &triagev1.SlaTarget{
				Priority:      ticketv1.Priority(priority),
				FirstResponse: durationpb.New(target.FirstResponse), Resolution: durationpb.New(target.Resolution),
			})
		}
		response.SlaPolicies = append(response.SlaPolicies, p)
	}
	return response, nil
}

// ExplainSla implements triagev1.TriageServiceServer.
func (s *Service) ExplainSla(ctx context.Context, req *triagev1.ExplainSlaRequest) (*triagev1.ExplainSlaResponse, error) {
	ticket, err := s.tickets.Ticket(ctx, req.GetTicket())
	if err != nil {
		return nil, err
	}
	response := &triagev1.ExplainSlaResponse{
		SlaPolicy: ticket.Due.Policy, Priority: ticketv1.Priority(ticket.Priority),
		FirstResponseDueTime: timestamppb.New(ticket.Due.FirstResponse), ResolutionDueTime: timestamppb.New(ticket.Due.Resolution),
	}
	for _, step := range domain.Explain(ticket) {
		response.Steps = append(response.Steps, step.Text())
		response.Reasoning = append(response.Reasoning, slaStep(step))
	}
	return response, nil
}

// slaStep numbers its kind as the contract does.
func slaStep(s domain.Step) *triagev1.SlaStep {
	step := &triagev1.SlaStep{
		Text: s.Text(), Kind: triagev1.SlaStep_Kind(s.Kind), Plan: s.Plan, SlaPolicy: s.Policy, Type: wire.ProtoType(s.Type),
		Priority: ticketv1.Priority(s.Priority), PriorityReason: s.Reason,
		CreateTime: stamp(s.Created), DueTime: stamp(s.Due), DoneTime: stamp(s.Done),
	}
	if s.Target != (domain.Target{}) {
		step.FirstResponse, step.Resolution = durationpb.New(s.Target.FirstResponse), durationpb.New(s.Target.Resolution)
	}
	return step
}

func stamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
