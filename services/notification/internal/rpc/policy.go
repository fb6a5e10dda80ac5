package rpc

import (
	"context"
	"fmt"
	"strings"

	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// GetEscalationPolicy implements notificationv1.OnCallServiceServer.
func (s *onCallServer) GetEscalationPolicy(ctx context.Context, _ *notificationv1.GetEscalationPolicyRequest) (*notificationv1.EscalationPolicy, error) {
	roster, _, err := s.Store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	if roster.Policy == nil {
		return nil, fault.New(fault.NotFound, "POLICY_UNKNOWN", "no escalation policy was made yet: all engineers and supervisors are paged")
	}
	return policyMessage(*roster.Policy), nil
}

// PutEscalationPolicy implements notificationv1.OnCallServiceServer.
func (s *onCallServer) PutEscalationPolicy(ctx context.Context, req *notificationv1.PutEscalationPolicyRequest) (*notificationv1.EscalationPolicy, error) {
	in := req.GetEscalationPolicy()
	p := domain.Policy{Loops: int(in.GetLoops()), Fallback: in.GetFallback(), AcknowledgeTimeout: in.GetAcknowledgeTimeout().AsDuration()}
	if p.AcknowledgeTimeout < 0 {
		return nil, fault.InvalidField("escalation_policy.acknowledge_timeout", "DURATION_INVALID", "must not be negative")
	}
	for _, step := range in.GetSteps() {
		p.Steps = append(p.Steps, domain.Step{Targets: step.GetTargets(), Timeout: step.GetTimeout().AsDuration()})
	}
	if err := s.checkPolicy(ctx, p); err != nil {
		return nil, err
	}
	err := s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error { return tx.PutPolicy(ctx, p) })
	if err != nil {
		return nil, err
	}
	return policyMessage(p), nil
}

// checkPolicy refuses unknown targets, and with them a policy that reaches nobody: schedules hold only people who were
// within reach, and so must the fallback list.
func (s *onCallServer) checkPolicy(ctx context.Context, p domain.Policy) error {
	roster, _, err := s.Store.Roster(ctx)
	if err != nil {
		return err
	}
	for i, step := range p.Steps {
		field := indexed("escalation_policy.steps", i) + ".targets"
		for j, target := range step.Targets {
			kind, id, _ := strings.Cut(target, ":")
			people := []string{id}
			if kind == "schedule" {
				schedule, ok := roster.Schedules[id]
				if !ok {
					return fault.InvalidField(indexed(field, j), "SCHEDULE_UNKNOWN", "no such schedule")
				}
				people = schedule.People
			}
			reach, err := s.Store.Reach(ctx, people)
			if err != nil {
				return err
			}
			if !anyReachable(reach) {
				return fault.InvalidField(indexed(field, j), "TARGET_UNREACHABLE", "reaches nobody")
			}
		}
	}
	return s.checkStaff(ctx, "escalation_policy.fallback", p.Fallback)
}

func anyReachable(reach []domain.Reach) bool {
	for _, r := range reach {
		if len(r.Contacts) > 0 {
			return true
		}
	}
	return false
}

func policyMessage(p domain.Policy) *notificationv1.EscalationPolicy {
	out := &notificationv1.EscalationPolicy{Loops: int32(p.Loops), Fallback: p.Fallback}
	for _, step := range p.Steps {
		out.Steps = append(out.Steps, &notificationv1.EscalationStep{Targets: step.Targets, Timeout: durationpb.New(step.Timeout)})
	}
	if p.AcknowledgeTimeout > 0 {
		out.AcknowledgeTimeout = durationpb.New(p.AcknowledgeTimeout)
	}
	return out
}

func indexed(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
