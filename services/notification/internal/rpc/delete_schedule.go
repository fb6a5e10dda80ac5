package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/store"
)

// DeleteSchedule implements notificationv1.OnCallServiceServer.
func (s *onCallServer) DeleteSchedule(ctx context.Context, req *notificationv1.DeleteScheduleRequest) (*emptypb.Empty, error) {
	err := s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		roster, err := tx.LockRoster(ctx)
		if err != nil {
			return err
		}
		if err := roster.DeletableSchedule(req.GetSchedule()); err != nil {
			return err
		}
		etag := scheduleETag(roster.Schedules[req.GetSchedule()])
		if err := sameETag(req.GetEtag(), etag, "the schedule has changed since it was read"); err != nil {
			return err
		}
		return tx.DeleteSchedule(ctx, req.GetSchedule())
	})
	return &emptypb.Empty{}, err
}
