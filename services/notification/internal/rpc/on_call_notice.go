package rpc

import (
	"context"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// maxNoticeNames is how many people a notice names: a form has room for few.
const maxNoticeNames = 10

// GetOnCallNotice implements notificationv1.OnCallServiceServer.
func (s *onCallServer) GetOnCallNotice(ctx context.Context, _ *notificationv1.GetOnCallNoticeRequest) (*notificationv1.OnCallNotice, error) {
	roster, now, err := s.Store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	notice, err := domain.NoticeOnCall(ctx, s.Store, roster, now)
	if err != nil {
		return nil, err
	}
	out := &notificationv1.OnCallNotice{Count: int32(len(notice.People)), Source: notificationv1.OnCallNotice_Source(notice.Source)}
	for _, p := range notice.People {
		if p.Name != "" && len(out.GetNames()) < maxNoticeNames {
			out.Names = append(out.Names, p.Name)
		}
	}
	return out, nil
}
