package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// ListSuppressions implements notificationv1.MailServiceServer.
func (s *mailServer) ListSuppressions(ctx context.Context, req *notificationv1.ListSuppressionsRequest) (*notificationv1.ListSuppressionsResponse, error) {
	size, err := cursor.PageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return nil, err
	}
	const query = "suppressions"
	var after *store.MailPosition
	if req.GetPageToken() != "" {
		after = &store.MailPosition{}
		if err := cursor.Decode(query, req.GetPageToken(), after); err != nil {
			return nil, err
		}
	}
	addresses := make([]string, len(req.GetAddresses()))
	for i, address := range req.GetAddresses() {
		addresses[i] = domain.AddressKey(address)
	}
	list, err := s.Store.Suppressions(ctx, addresses, after, size+1)
	if err != nil {
		return nil, err
	}
	response := &notificationv1.ListSuppressionsResponse{}
	if len(list) > size {
		list = list[:size]
		last := list[size-1]
		response.NextPageToken = cursor.Encode(query, store.MailPosition{CreatedAt: sqldb.Micros(last.CreatedAt), ID: last.ID})
	}
	for _, x := range list {
		response.Suppressions = append(response.Suppressions, suppression(x))
	}
	return response, nil
}

// DeleteSuppression implements notificationv1.MailServiceServer.
func (s *mailServer) DeleteSuppression(ctx context.Context, req *notificationv1.DeleteSuppressionRequest) (*emptypb.Empty, error) {
	err := s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		return tx.DeleteSuppression(ctx, req.GetSuppression())
	})
	return &emptypb.Empty{}, err
}

func suppression(s domain.Suppression) *notificationv1.Suppression {
	return &notificationv1.Suppression{
		Id: s.ID, Address: s.Address, Reason: s.Reason, Detail: s.Detail, Delivery: s.Delivery, CreateTime: stamp(s.CreatedAt), EndTime: stamp(s.EndsAt),
	}
}
