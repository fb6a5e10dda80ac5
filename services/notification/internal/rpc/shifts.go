package rpc

import (
	"context"
	"time"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

// A turn lasts an hour at least, so that a page is some weeks of the busiest schedule.
const (
	defaultShifts = 500
	maxShifts     = 1000
)

// schedule returns a schedule and the database's clock. NotFound.
func (s *onCallServer) schedule(ctx context.Context, id string) (oncall.Schedule, time.Time, error) {
	roster, now, err := s.Store.Roster(ctx)
	if err != nil {
		return oncall.Schedule{}, now, err
	}
	schedule, ok := roster.Schedules[id]
	if !ok {
		return schedule, now, scheduleUnknown()
	}
	return schedule, now, nil
}

// ListShifts implements notificationv1.OnCallServiceServer.
func (s *onCallServer) ListShifts(ctx context.Context, req *notificationv1.ListShiftsRequest) (*notificationv1.ListShiftsResponse, error) {
	from, to := req.GetStartTime().AsTime(), req.GetEndTime().AsTime()
	if !req.GetStartTime().IsValid() || !req.GetEndTime().IsValid() || !from.Before(to) || to.Sub(from) > oncall.Horizon {
		return nil, fault.InvalidField("end_time", "INTERVAL_INVALID", "must be after start_time, by 100 days at most")
	}
	schedule, _, err := s.schedule(ctx, req.GetSchedule())
	if err != nil {
		return nil, err
	}
	usable, err := usable(ctx, s.Store, schedule.Mentioned())
	if err != nil {
		return nil, err
	}
	query := "shifts of " + schedule.ID + from.String() + to.String()
	shifts, next, err := cursor.Page(req, query, defaultShifts, maxShifts, func(after int64, n int) (found []oncall.Shift, err error) {
		for _, shift := range schedule.Shifts(from, to, usable) {
			if (after == 0 || shift.Start.UnixMicro() > after) && len(found) < n {
				found = append(found, shift)
			}
		}
		return found, nil
	}, func(shift oncall.Shift) int64 { return shift.Start.UnixMicro() })
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, shift := range shifts {
		for _, d := range shift.Duties {
			ids = append(ids, d.Person)
		}
	}
	names, err := s.Store.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	response := &notificationv1.ListShiftsResponse{NextPageToken: next}
	for _, shift := range shifts {
		m := &notificationv1.Shift{StartTime: stamp(shift.Start), EndTime: stamp(shift.End), Deliberate: shift.Deliberate}
		for _, d := range shift.Duties {
			m.Duties = append(m.Duties, &notificationv1.Duty{Person: person(named(names, d.Person)), Layer: int32(d.Layer), Override: d.Override})
		}
		response.Shifts = append(response.Shifts, m)
	}
	return response, nil
}
