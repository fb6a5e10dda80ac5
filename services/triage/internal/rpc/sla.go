package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
	"altis-dxp.com/support/services/triage/internal/domain"
)

// ListSlaPolicies implements triagev1.TriageServiceServer.
func (s *Service) ListSlaPolicies(context.Context, *triagev1.ListSlaPoliciesRequest) (*triagev1.ListSlaPoliciesResponse, error) {
	response := &triagev1.ListSlaPoliciesResponse{}
	for _, policy := range domain.Policies() {
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
	return &triagev1.ExplainSlaResponse{
		SlaPolicy: ticket.Due.Policy, Priority: ticketv1.Priority(ticket.Priority),
		FirstResponseDueTime: timestamppb.New(ticket.Due.FirstResponse), ResolutionDueTime: timestamppb.New(ticket.Due.Resolution),
		Steps: domain.Explain(ticket),
	}, nil
}
