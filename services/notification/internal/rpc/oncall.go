package rpc

import (
	"context"
	"maps"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/emptypb"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

type onCallServer struct {
	notificationv1.UnimplementedOnCallServiceServer
	Deps
}

// WhoIsOnCall implements notificationv1.OnCallServiceServer.
func (s *onCallServer) WhoIsOnCall(ctx context.Context, req *notificationv1.WhoIsOnCallRequest) (*notificationv1.WhoIsOnCallResponse, error) {
	roster, at, err := s.Store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	if req.GetInstant() != nil {
		at = req.GetInstant().AsTime()
	}
	type answer struct {
		schedule domain.Schedule
		shift    domain.Shift
		next     string
	}
	var answers []answer
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(roster.Schedules)) {
		a := answer{schedule: roster.Schedules[id]}
		a.shift = a.schedule.OnCall(roster.Overrides, at)
		if !a.shift.End.IsZero() {
			a.next = a.schedule.OnCall(roster.Overrides, a.shift.End).Person
		}
		answers = append(answers, a)
		ids = append(ids, a.shift.Person, a.next)
	}
	var fallback []string
	if roster.Policy != nil {
		fallback = roster.Policy.Fallback
	}
	names, err := s.Store.Names(ctx, append(ids, fallback...))
	if err != nil {
		return nil, err
	}
	response := &notificationv1.WhoIsOnCallResponse{}
	for _, a := range answers {
		shift := &notificationv1.OnCallShift{
			Schedule: a.schedule.ID, ScheduleName: a.schedule.Name, Override: a.shift.Override, EndTime: stamp(a.shift.End),
		}
		if a.shift.Person != "" {
			shift.Person = person(named(names, a.shift.Person))
		}
		if a.next != "" {
			shift.Next = person(named(names, a.next))
		}
		response.Shifts = append(response.Shifts, shift)
	}
	for _, id := range fallback {
		response.Fallback = append(response.Fallback, person(named(names, id)))
	}
	return response, nil
}

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
				found = append(found, schedule(roster, id, now))
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
		if _, ok := roster.Schedules[id]; ok {
			old = schedule(&domain.Roster{Schedules: roster.Schedules}, id, time.Time{})
		} else if !req.GetAllowMissing() {
			return scheduleUnknown()
		}
		merged, err := merge("schedule", old, req.GetSchedule(), req.GetUpdateMask(), "overrides")
		if err != nil {
			return err
		}
		changed, err := toSchedule(ctx, tx, merged)
		if err != nil {
			return err
		}
		return tx.PutSchedule(ctx, changed)
	})
	if err != nil {
		return nil, err
	}
	roster, now, err := s.Store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	return schedule(roster, id, now), nil
}

// toSchedule checks what the rules of the proto do not say.
func toSchedule(ctx context.Context, tx *store.Tx, in *notificationv1.Schedule) (domain.Schedule, error) {
	zone, err := time.LoadLocation(in.GetTimeZone())
	if err != nil || in.GetTimeZone() == "Local" {
		return domain.Schedule{}, fault.InvalidField("schedule.time_zone", "ZONE_UNKNOWN", "must be an IANA time zone such as Europe/London")
	}
	if !in.GetStartTime().IsValid() {
		return domain.Schedule{}, fault.InvalidField("schedule.start_time", "TIME_INVALID", "must be a valid instant")
	}
	return domain.Schedule{
		ID: in.GetId(), Name: in.GetName(), Zone: zone, Start: in.GetStartTime().AsTime().Truncate(time.Microsecond),
		ShiftDays: int(in.GetShiftDays()), People: in.GetPeople(),
	}, checkStaff(ctx, tx, "schedule.people", in.GetPeople())
}

func scheduleUnknown() error {
	return fault.New(fault.NotFound, "SCHEDULE_UNKNOWN", "no such schedule")
}

// reacher is a store, or a transaction of it.
type reacher interface {
	Reach(ctx context.Context, ids []string) ([]domain.Reach, error)
}

// checkStaff refuses people who can never be paged.
func checkStaff(ctx context.Context, from reacher, field string, ids []string) error {
	reach, err := from.Reach(ctx, ids)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, r := range reach {
		known[r.Person.ID] = len(r.Contacts) > 0
	}
	var fields []fault.Field
	for i, id := range ids {
		if !known[id] {
			fields = append(fields, fault.Field{Path: indexed(field, i), Reason: "PERSON_UNREACHABLE", Description: "is not staff, is disabled or has no address"})
		}
	}
	return fault.InvalidFields(fields)
}

// CreateOverride implements notificationv1.OnCallServiceServer.
func (s *onCallServer) CreateOverride(ctx context.Context, req *notificationv1.CreateOverrideRequest) (*notificationv1.Override, error) {
	in := req.GetOverride()
	by, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	if !in.GetStartTime().IsValid() || !in.GetEndTime().IsValid() || !in.GetStartTime().AsTime().Before(in.GetEndTime().AsTime()) {
		return nil, fault.InvalidField("override.end_time", "INTERVAL_INVALID", "must be after start_time")
	}
	roster, _, err := s.Store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := roster.Schedules[in.GetSchedule()]; !ok {
		return nil, scheduleUnknown()
	}
	if err := checkStaff(ctx, s.Store, "override.person", []string{in.GetPerson()}); err != nil {
		return nil, err
	}
	override := domain.Override{
		Schedule: in.GetSchedule(), Person: in.GetPerson(),
		Start: in.GetStartTime().AsTime().Truncate(time.Microsecond), End: in.GetEndTime().AsTime().Truncate(time.Microsecond),
	}
	var made domain.Override
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		made, err = tx.InsertOverride(ctx, override, by.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return overrideMessage(made), nil
}

// DeleteOverride implements notificationv1.OnCallServiceServer.
func (s *onCallServer) DeleteOverride(ctx context.Context, req *notificationv1.DeleteOverrideRequest) (*emptypb.Empty, error) {
	err := s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		return tx.DeleteOverride(ctx, req.GetSchedule(), req.GetOverride())
	})
	return &emptypb.Empty{}, err
}

func schedule(roster *domain.Roster, id string, now time.Time) *notificationv1.Schedule {
	s := roster.Schedules[id]
	out := &notificationv1.Schedule{
		Id: s.ID, Name: s.Name, TimeZone: s.Zone.String(), StartTime: stamp(s.Start), ShiftDays: int32(s.ShiftDays), People: s.People,
	}
	for _, o := range roster.Overrides {
		if o.Schedule == id && o.End.After(now) {
			out.Overrides = append(out.Overrides, overrideMessage(o))
		}
	}
	return out
}

func overrideMessage(o domain.Override) *notificationv1.Override {
	return &notificationv1.Override{Id: o.ID, Schedule: o.Schedule, Person: o.Person, StartTime: stamp(o.Start), EndTime: stamp(o.End)}
}
