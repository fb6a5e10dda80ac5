package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
	"altis-dxp.com/support/services/notification/internal/schedulepb"
	"altis-dxp.com/support/services/notification/internal/store"
)

// ListOverrides implements notificationv1.OnCallServiceServer.
func (s *onCallServer) ListOverrides(ctx context.Context, req *notificationv1.ListOverridesRequest) (*notificationv1.ListOverridesResponse, error) {
	schedule, _, err := s.schedule(ctx, req.GetSchedule())
	if err != nil {
		return nil, err
	}
	query := "overrides of " + schedule.ID
	overrides, next, err := cursor.Page(req, query, defaultPage, maxPage, func(after string, n int) (found []*notificationv1.Override, err error) {
		for _, o := range schedule.Overrides {
			if o.ID > after && len(found) < n {
				found = append(found, schedulepb.Override(schedule.ID, o))
			}
		}
		return found, nil
	}, (*notificationv1.Override).GetId)
	if err != nil {
		return nil, err
	}
	return &notificationv1.ListOverridesResponse{Overrides: overrides, NextPageToken: next}, nil
}

// CreateOverride implements notificationv1.OnCallServiceServer.
func (s *onCallServer) CreateOverride(ctx context.Context, req *notificationv1.CreateOverrideRequest) (*notificationv1.Override, error) {
	in := req.GetOverride()
	override, err := schedulepb.ToOverride("override", in)
	if err != nil {
		return nil, err
	}
	made, err := s.createOverrides(ctx, in.GetSchedule(), func(schedule oncall.Schedule) error {
		if override.Person != "" {
			if _, err := checkStaff(ctx, s.Store, "override.person", []string{override.Person}, nil); err != nil {
				return err
			}
		}
		_, err := checkLayers(ctx, s.Store, "override", in.GetLayers(), schedule.People())
		return err
	}, override)
	if err != nil {
		return nil, err
	}
	return made[0], nil
}

// CreateSwap implements notificationv1.OnCallServiceServer.
func (s *onCallServer) CreateSwap(ctx context.Context, req *notificationv1.CreateSwapRequest) (*notificationv1.CreateSwapResponse, error) {
	part := func(path string, give, take *notificationv1.SwapPart) (oncall.Override, error) {
		return schedulepb.ToOverride(path, &notificationv1.Override{
			Kind: notificationv1.Override_KIND_REPLACE, Person: take.GetPerson(), ReplacedPerson: give.GetPerson(),
			StartTime: give.GetStartTime(), EndTime: give.GetEndTime(),
		})
	}
	first, err := part("first", req.GetFirst(), req.GetSecond())
	if err != nil {
		return nil, err
	}
	second, err := part("second", req.GetSecond(), req.GetFirst())
	if err != nil {
		return nil, err
	}
	if first.Start.Before(second.End) && second.Start.Before(first.End) {
		return nil, fault.InvalidField("second.start_time", "INTERVAL_INVALID", "must not overlap with what the first gives")
	}
	made, err := s.createOverrides(ctx, req.GetSchedule(), func(oncall.Schedule) error {
		if _, err := checkStaff(ctx, s.Store, "first.person", []string{second.Person}, nil); err != nil {
			return err
		}
		_, err := checkStaff(ctx, s.Store, "second.person", []string{first.Person}, nil)
		return err
	}, first, second)
	if err != nil {
		return nil, err
	}
	return &notificationv1.CreateSwapResponse{Overrides: made}, nil
}

// maxOverrides of one schedule that are still to end: each is looked at for every page.
const maxOverrides = 500

// createOverrides makes all of them or none.
func (s *onCallServer) createOverrides(
	ctx context.Context, id string, check func(oncall.Schedule) error, overrides ...oncall.Override,
) (made []*notificationv1.Override, err error) {
	by, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	schedule, _, err := s.schedule(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := check(schedule); err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		made = nil
		roster, err := tx.LockRoster(ctx)
		if err != nil {
			return err
		}
		if _, ok := roster.Schedules[id]; !ok { // deleted meanwhile
			return scheduleUnknown()
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		if len(schedulepb.Schedule(roster.Schedules[id], now).GetOverrides())+len(overrides) > maxOverrides {
			return fault.Newf(fault.Precondition, "TOO_MANY", "a schedule has at most %d overrides that are still to end", maxOverrides)
		}
		for _, o := range overrides {
			if o, err = tx.InsertOverride(ctx, id, o, by.ID); err != nil {
				return err
			}
			made = append(made, schedulepb.Override(id, o))
		}
		return tx.WatchSchedules(ctx, id)
	})
	return made, err
}

// DeleteOverride implements notificationv1.OnCallServiceServer.
func (s *onCallServer) DeleteOverride(ctx context.Context, req *notificationv1.DeleteOverrideRequest) (*emptypb.Empty, error) {
	err := s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.DeleteOverride(ctx, req.GetSchedule(), req.GetOverride()); err != nil {
			return err
		}
		return tx.WatchSchedules(ctx, req.GetSchedule())
	})
	return &emptypb.Empty{}, err
}
