package rpc

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
	"altis-dxp.com/support/services/notification/internal/schedulepb"
	"altis-dxp.com/support/services/notification/internal/store"
)

// GetNotificationRules implements notificationv1.OnCallServiceServer.
func (s *onCallServer) GetNotificationRules(ctx context.Context, req *notificationv1.GetNotificationRulesRequest) (*notificationv1.NotificationRules, error) {
	if err := s.mayNotify(ctx, req.GetPerson()); err != nil {
		return nil, err
	}
	rules, err := s.Store.Rules(ctx, req.GetPerson())
	if err != nil {
		return nil, err
	}
	return rulesMessage(req.GetPerson(), rules), nil
}

// UpdateNotificationRules implements notificationv1.OnCallServiceServer.
func (s *onCallServer) UpdateNotificationRules(ctx context.Context, req *notificationv1.UpdateNotificationRulesRequest) (*notificationv1.NotificationRules, error) {
	person := req.GetNotificationRules().GetPerson()
	if person == "" {
		return nil, fault.InvalidField("notification_rules.person", "REQUIRED", "name the person")
	}
	if err := s.mayNotify(ctx, person); err != nil {
		return nil, err
	}
	var changed domain.Rules
	err := s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		old, err := tx.LockRules(ctx, person)
		if err != nil {
			return err
		}
		merged, err := merge("notification_rules", rulesMessage(person, old), req.GetNotificationRules(), req.GetUpdateMask())
		if err != nil {
			return err
		}
		if changed, err = toRules(merged); err != nil {
			return err
		}
		contacts, err := tx.ContactsOf(ctx, person)
		if err != nil {
			return err
		}
		if err := changed.Check("notification_rules", contacts); err != nil {
			return err
		}
		return tx.PutRules(ctx, person, changed)
	})
	if err != nil {
		return nil, err
	}
	return rulesMessage(person, changed), nil
}

// mayNotify refuses to show and change how somebody is notified to others than supervisors. NotFound for who is not staff.
func (s *onCallServer) mayNotify(ctx context.Context, person string) error {
	u, err := caller(ctx)
	if err != nil {
		return err
	}
	if person != u.ID && !supervises(u) {
		return notYours()
	}
	names, err := s.Store.Names(ctx, []string{person})
	if err == nil && !names[person].Staff {
		err = fault.New(fault.NotFound, "PERSON_UNKNOWN", "no such person of the staff")
	}
	return err
}

func rulesMessage(person string, r domain.Rules) *notificationv1.NotificationRules {
	m := &notificationv1.NotificationRules{Person: person, Urgent: stepMessages(r.Urgent), Normal: stepMessages(r.Normal)}
	if len(r.Quiet.Parts) > 0 {
		m.QuietHours = &notificationv1.QuietHours{TimeZone: r.Quiet.Zone, Hours: schedulepb.Restrictions(r.Quiet.Parts)}
	}
	return m
}

func stepMessages(steps []domain.RuleStep) (out []*notificationv1.NotificationStep) {
	for _, step := range steps {
		m := &notificationv1.NotificationStep{Contact: step.Contact}
		if step.After > 0 {
			m.Delay = durationpb.New(step.After)
		}
		out = append(out, m)
	}
	return out
}

// toRules reads rules whose message is valid by the rules of the proto.
func toRules(in *notificationv1.NotificationRules) (r domain.Rules, err error) {
	r = domain.Rules{Urgent: toSteps(in.GetUrgent()), Normal: toSteps(in.GetNormal())}
	if q := in.GetQuietHours(); q != nil {
		if _, err := schedulepb.ToZone("notification_rules.quiet_hours.time_zone", q.GetTimeZone()); err != nil {
			return r, err
		}
		r.Quiet = oncall.Hours{Zone: q.GetTimeZone(), Parts: schedulepb.ToRestrictions(q.GetHours())}
	}
	return r, nil
}

func toSteps(in []*notificationv1.NotificationStep) (steps []domain.RuleStep) {
	for _, m := range in {
		steps = append(steps, domain.RuleStep{Contact: m.GetContact(), After: m.GetDelay().AsDuration().Truncate(time.Millisecond)})
	}
	return steps
}
