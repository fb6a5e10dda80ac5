package rpc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// GetEscalationPolicy implements notificationv1.OnCallServiceServer.
func (s *onCallServer) GetEscalationPolicy(ctx context.Context, req *notificationv1.GetEscalationPolicyRequest) (*notificationv1.EscalationPolicy, error) {
	roster, _, err := s.Store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	if req.GetEscalationPolicy() != domain.PolicyID || roster.Policy == nil {
		return nil, policyUnknown()
	}
	return policyMessage(*roster.Policy), nil
}

// ListEscalationPolicies implements notificationv1.OnCallServiceServer.
func (s *onCallServer) ListEscalationPolicies(ctx context.Context, req *notificationv1.ListEscalationPoliciesRequest) (*notificationv1.ListEscalationPoliciesResponse, error) {
	policies, next, err := cursor.Page(req, "escalation policies", defaultPage, maxPage, func(after string, _ int) ([]*notificationv1.EscalationPolicy, error) {
		roster, _, err := s.Store.Roster(ctx)
		if err != nil || roster.Policy == nil || after >= domain.PolicyID {
			return nil, err
		}
		return []*notificationv1.EscalationPolicy{policyMessage(*roster.Policy)}, nil
	}, (*notificationv1.EscalationPolicy).GetId)
	if err != nil {
		return nil, err
	}
	return &notificationv1.ListEscalationPoliciesResponse{EscalationPolicies: policies, NextPageToken: next}, nil
}

// UpdateEscalationPolicy implements notificationv1.OnCallServiceServer.
func (s *onCallServer) UpdateEscalationPolicy(ctx context.Context, req *notificationv1.UpdateEscalationPolicyRequest) (*notificationv1.EscalationPolicy, error) {
	if req.GetEscalationPolicy().GetId() != domain.PolicyID {
		return nil, fault.InvalidField("escalation_policy.id", "POLICY_ID_UNSUPPORTED", `must be "default": there can be no other policy yet`)
	}
	var changed domain.Policy
	err := s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		roster, err := tx.LockRoster(ctx)
		if err != nil {
			return err
		}
		var old *notificationv1.EscalationPolicy
		if roster.Policy != nil {
			old = policyMessage(*roster.Policy)
		} else if !req.GetAllowMissing() {
			return policyUnknown()
		}
		if err := sameETag(req.GetEscalationPolicy().GetEtag(), old.GetEtag(), "the policy has changed since it was read"); err != nil {
			return err
		}
		merged, err := merge("escalation_policy", old, req.GetEscalationPolicy(), req.GetUpdateMask(), "etag")
		if err != nil {
			return err
		}
		if changed, err = toPolicy(ctx, tx, roster, merged, old); err != nil {
			return err
		}
		if err := tx.PutPolicy(ctx, domain.PolicyID, changed); err != nil {
			return err
		}
		return tx.WatchSchedules(ctx, append(slices.Collect(maps.Keys(roster.Schedules)), domain.PolicyWatch)...)
	})
	if err != nil {
		return nil, err
	}
	return policyMessage(changed), nil
}

func policyUnknown() error {
	return fault.New(fault.NotFound, "POLICY_UNKNOWN", "no such escalation policy; until \"default\" is made, all engineers and supervisors are paged")
}

// toPolicy checks what the rules of the proto do not say. It refuses targets and people who are not in the policy before,
// if any, and cannot be paged: what became of the others since must not keep the rest from being changed. But somebody must
// be within reach.
func toPolicy(ctx context.Context, tx *store.Tx, roster domain.Roster, in, before *notificationv1.EscalationPolicy) (domain.Policy, error) {
	p := domain.Policy{Loops: int(in.GetLoops()), Fallback: in.GetFallback(), AcknowledgeTimeout: in.GetAcknowledgeTimeout().AsDuration()}
	if p.AcknowledgeTimeout < 0 {
		return p, fault.InvalidField("escalation_policy.acknowledge_timeout", "DURATION_INVALID", "must not be negative")
	}
	var targets []string
	for _, step := range before.GetSteps() {
		targets = append(targets, step.GetTargets()...)
	}
	reached, err := checkStaff(ctx, tx, "escalation_policy.fallback", p.Fallback, before.GetFallback())
	if err != nil {
		return p, err
	}
	for i, step := range in.GetSteps() {
		for j, target := range step.GetTargets() {
			err := checkTarget(ctx, tx, roster, indexed(indexed("escalation_policy.steps", i)+".targets", j), target)
			switch {
			case err == nil:
				reached = true
			case fault.KindOf(err) != fault.Invalid || !slices.Contains(targets, target):
				return p, err
			}
		}
		p.Steps = append(p.Steps, domain.Step{Targets: step.GetTargets(), Timeout: step.GetTimeout().AsDuration()})
	}
	if !reached {
		return p, fault.InvalidField("escalation_policy", "NOBODY_REACHABLE", "none of its people can be paged")
	}
	return p, checkReach(ctx, tx, roster, p, targets)
}

// checkReach refuses steps that reach nobody in the next days, unless all their targets were there before.
func checkReach(ctx context.Context, tx *store.Tx, roster domain.Roster, p domain.Policy, before []string) error {
	added := slices.ContainsFunc(p.Steps, func(step domain.Step) bool {
		return slices.ContainsFunc(step.Targets, func(target string) bool { return !slices.Contains(before, target) })
	})
	if !added {
		return nil
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	usable, err := usable(ctx, tx, roster.Mentioned(p))
	if err != nil {
		return err
	}
	certain, err := certain(ctx, tx, roster.Mentioned(p))
	if err != nil {
		return err
	}
	if !roster.StepsReach(p, now, usable, certain) {
		return reachesNobody("nobody of its steps is on call in the next seven days and has a verified contact")
	}
	return nil
}

// checkTarget refuses a target that is unknown or reaches nobody.
func checkTarget(ctx context.Context, tx *store.Tx, roster domain.Roster, field, target string) error {
	kind, id, _ := strings.Cut(target, ":")
	people := []string{id}
	if kind != "person" {
		schedule, ok := roster.Schedules[id]
		if !ok {
			return fault.InvalidField(field, "SCHEDULE_UNKNOWN", "no such schedule")
		}
		people = schedule.Mentioned()
	}
	reach, err := tx.Reach(ctx, people)
	if err == nil && !anyReachable(reach) {
		err = fault.InvalidField(field, "TARGET_UNREACHABLE", "reaches nobody")
	}
	return err
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
	out := &notificationv1.EscalationPolicy{Id: domain.PolicyID, Loops: int32(p.Loops), Fallback: p.Fallback}
	for _, step := range p.Steps {
		out.Steps = append(out.Steps, &notificationv1.EscalationStep{Targets: step.Targets, Timeout: durationpb.New(step.Timeout)})
	}
	if p.AcknowledgeTimeout > 0 {
		out.AcknowledgeTimeout = durationpb.New(p.AcknowledgeTimeout)
	}
	out.Etag = policyETag(p)
	return out
}

// policyETag is the same for what is equal, so that nothing has to be counted.
func policyETag(p domain.Policy) string {
	sum := sha256.New()
	for _, step := range p.Steps {
		fmt.Fprintf(sum, "%q %d\n", step.Targets, step.Timeout)
	}
	fmt.Fprintf(sum, "%d %q %d", p.Loops, p.Fallback, p.AcknowledgeTimeout)
	return hex.EncodeToString(sum.Sum(nil)[:12])
}

func indexed(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
