package rpc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
	"altis-dxp.com/support/services/notification/internal/schedulepb"
	"altis-dxp.com/support/services/notification/internal/store"
)

// ListSchedules implements notificationv1.OnCallServiceServer.
func (s *onCallServer) ListSchedules(ctx context.Context, req *notificationv1.ListSchedulesRequest) (*notificationv1.ListSchedulesResponse, error) {
	schedules, next, err := cursor.Page(req, "schedules", defaultPage, maxPage, func(after string, n int) ([]*notificationv1.Schedule, error) {
		roster, now, err := s.Store.Roster(ctx) // in memory
		if err != nil {
			return nil, err
		}
		var found []*notificationv1.Schedule
		for _, id := range slices.Sorted(maps.Keys(roster.Schedules)) {
			if id > after && len(found) < n {
				found = append(found, scheduleMessage(roster.Schedules[id], now))
			}
		}
		return found, nil
	}, (*notificationv1.Schedule).GetId)
	if err != nil {
		return nil, err
	}
	return &notificationv1.ListSchedulesResponse{Schedules: schedules, NextPageToken: next}, nil
}

// UpdateSchedule implements notificationv1.OnCallServiceServer.
func (s *onCallServer) UpdateSchedule(ctx context.Context, req *notificationv1.UpdateScheduleRequest) (*notificationv1.Schedule, error) {
	id := req.GetSchedule().GetId()
	if id == "" {
		return nil, fault.InvalidField("schedule.id", "REQUIRED", "name the schedule")
	}
	err := s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		roster, err := tx.LockRoster(ctx)
		if err != nil {
			return err
		}
		var old *notificationv1.Schedule
		before, ok := roster.Schedules[id]
		if ok {
			old = scheduleMessage(oncall.Schedule{ID: id, Name: before.Name, Zone: before.Zone, Layers: before.Layers}, time.Time{})
		} else if !req.GetAllowMissing() {
			return scheduleUnknown()
		}
		if err := sameETag(req.GetSchedule().GetEtag(), old.GetEtag(), "the schedule has changed since it was read"); err != nil {
			return err
		}
		merged, err := merge("schedule", old, req.GetSchedule(), req.GetUpdateMask(), "overrides", "etag")
		if err != nil {
			return err
		}
		changed, err := toSchedule(ctx, tx, merged, schedulepb.People(old))
		if err != nil {
			return err
		}
		if err := roster.NameableSchedule(id, changed.Name); err != nil {
			return err
		}
		changed.Overrides = before.Overrides
		if err := keepsReaching(ctx, tx, roster, changed); err != nil {
			return err
		}
		if err := tx.PutSchedule(ctx, changed); err != nil {
			return err
		}
		return tx.WatchSchedules(ctx, id)
	})
	if err != nil {
		return nil, err
	}
	roster, now, err := s.Store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	return scheduleMessage(roster.Schedules[id], now), nil
}

// scheduleMessage is the message of a schedule with its etag.
func scheduleMessage(s oncall.Schedule, now time.Time) *notificationv1.Schedule {
	out := schedulepb.Schedule(s, now)
	out.Etag = scheduleETag(s)
	return out
}

// scheduleETag is the same for what is equal, but for overrides: each of those is made and deleted by itself, and whoever
// changes the layers overwrites none.
func scheduleETag(s oncall.Schedule) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %q\n", s.Name, s.Zone)
	for _, l := range s.Layers {
		fmt.Fprintf(sum, "%q %q %d %d %d %q\n", l.Name, l.Unit, l.Length, l.Start.UnixMicro(), l.End.UnixMicro(), l.People)
		for _, r := range l.Restrictions {
			fmt.Fprintf(sum, "%d %d %d\n", r.Weekdays, r.From, r.Until)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}

// sameETag is a Conflict unless a change was decided by what is there now, or by nothing.
func sameETag(decidedBy, now, msg string) error {
	if decidedBy == "" || decidedBy == now {
		return nil
	}
	return fault.New(fault.Conflict, "ETAG_MISMATCH", msg).With("etag", now)
}

// toSchedule checks what the rules of the proto do not say. People are checked who are not among those before: one who was
// disabled since must not keep others from being changed, as long as somebody can be paged.
func toSchedule(ctx context.Context, tx *store.Tx, in *notificationv1.Schedule, before []string) (oncall.Schedule, error) {
	s, err := schedulepb.ToSchedule("schedule", in)
	if err != nil {
		return s, err
	}
	reached, err := checkLayers(ctx, tx, "schedule", in.GetLayers(), before)
	if err == nil && !reached {
		err = fault.InvalidField("schedule.layers", "NOBODY_REACHABLE", "none of their people can be paged")
	}
	return s, err
}

// checkLayers is checkStaff for the people of layers.
func checkLayers(ctx context.Context, from reacher, path string, layers []*notificationv1.Layer, before []string) (reached bool, err error) {
	for i, l := range layers {
		some, err := checkStaff(ctx, from, indexed(path+".layers", i)+".people", l.GetPeople(), before)
		if err != nil {
			return false, err
		}
		reached = reached || some
	}
	return reached, nil
}

// keepsReaching refuses a schedule with which the policy reaches nobody any more.
func keepsReaching(ctx context.Context, tx *store.Tx, roster domain.Roster, changed oncall.Schedule) error {
	if roster.Policy == nil {
		return nil
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	after := domain.Roster{Schedules: maps.Clone(roster.Schedules)}
	after.Schedules[changed.ID] = changed
	people := append(roster.Mentioned(*roster.Policy), after.Mentioned(*roster.Policy)...)
	usable, err := usable(ctx, tx, people)
	if err != nil {
		return err
	}
	certain, err := certain(ctx, tx, people)
	if err != nil {
		return err
	}
	if roster.StepsReach(*roster.Policy, now, usable, certain) && !after.StepsReach(*roster.Policy, now, usable, certain) {
		return reachesNobody("with this schedule the steps of the escalation policy reach nobody with a verified contact in the next seven days")
	}
	return nil
}

func reachesNobody(msg string) error {
	return fault.New(fault.Precondition, "NOBODY_REACHABLE", msg)
}

func scheduleUnknown() error {
	return fault.New(fault.NotFound, "SCHEDULE_UNKNOWN", "no such schedule")
}

// checkStaff refuses people who can never be paged, unless they were there before. It reports whether any of ids can be.
func checkStaff(ctx context.Context, from reacher, field string, ids, before []string) (reached bool, err error) {
	reach, err := from.Reach(ctx, ids)
	if err != nil {
		return false, err
	}
	known := map[string]bool{}
	for _, r := range reach {
		known[r.Person.ID] = len(r.Contacts) > 0
	}
	var fields []fault.Field
	for i, id := range ids {
		if !known[id] && !slices.Contains(before, id) {
			fields = append(fields, fault.Field{Path: indexed(field, i), Reason: "PERSON_UNREACHABLE", Description: "is not staff, is disabled or has no address"})
		}
	}
	return anyReachable(reach), fault.InvalidFields(fields)
}
