package rpc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
	"altis-dxp.com/support/services/triage/internal/domain"
	"altis-dxp.com/support/services/triage/internal/wire"
)

// EvaluateTicket implements triagev1.TriageServiceServer.
func (s *Service) EvaluateTicket(ctx context.Context, req *triagev1.EvaluateTicketRequest) (*triagev1.EvaluateTicketResponse, error) {
	user := auth.FromContext(ctx).User
	organization, err := s.organization(ctx, user, req.GetOrganization())
	if err != nil {
		return nil, err
	}
	production, err := s.production(ctx, organization.ID, req.GetScope())
	if err != nil {
		return nil, err
	}
	kind, ok := wire.Type(req.GetType())
	if !ok {
		return nil, fault.InvalidField("type", "TICKET_TYPE_UNKNOWN", "must be the type of a ticket")
	}
	evaluation, err := domain.Evaluate(domain.Preview{
		Facts: domain.Facts{
			Type: kind, Subject: req.GetSubject(), Text: req.GetDescription(), Production: production,
			Created: s.now(), LatestTime: wire.Time(req.GetLatestTime()),
		},
		Plan: organization.Plan, Priority: domain.Priority(req.GetPriority()), Staff: user.Staff,
	})
	if err != nil {
		return nil, err
	}
	return &triagev1.EvaluateTicketResponse{
		Priority: ticketv1.Priority(evaluation.Priority), PriorityReason: evaluation.PriorityReason,
		FirstResponseDueTime: timestamppb.New(evaluation.Due.FirstResponse), ResolutionDueTime: timestamppb.New(evaluation.Due.Resolution),
		SlaPolicy: evaluation.Due.Policy, Pages: evaluation.Pages,
	}, nil
}

// organization returns the member's own, or the one that staff named.
func (s *Service) organization(ctx context.Context, user *auth.User, named string) (directory.Organization, error) {
	if user.Staff {
		if named == "" {
			return directory.Organization{}, fault.InvalidField("organization", "REQUIRED", "staff name the customer's organization")
		}
		organization, err := s.directory.Organization(ctx, named)
		if errors.Is(err, fault.NotFound) {
			err = fault.InvalidField("organization", "ORGANIZATION_UNKNOWN", "there is no such organization")
		}
		return organization, err
	}
	organization, err := s.directory.Organization(ctx, user.Organization)
	if errors.Is(err, fault.NotFound) { // the token says that there is one: it has not come here yet
		return organization, &fault.Error{Kind: fault.Unavailable, Reason: "ORGANIZATION_NOT_YET_KNOWN", RetryAfter: 2 * time.Second, Err: err}
	}
	return organization, err
}

// production reports whether a scope of the organization's may concern production; one that is not given yet may.
func (s *Service) production(ctx context.Context, organization string, scope *ticketv1.Scope) (bool, error) {
	targets, unknown, err := s.directory.Scope(ctx, organization, wire.Targets(scope))
	if err != nil {
		return false, err
	}
	fields := make([]fault.Field, len(unknown))
	for i, target := range unknown {
		fields[i] = fault.Field{
			Path:   fmt.Sprintf("scope.targets[%d]", target),
			Reason: "APPLICATION_UNKNOWN", Description: "is no application, or no environment of it, of the organization",
		}
	}
	return wire.Production(targets), fault.InvalidFields(fields)
}
