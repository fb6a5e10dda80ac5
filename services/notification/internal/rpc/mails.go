package rpc

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/tasks"
)

type mailServer struct {
	notificationv1.UnimplementedMailServiceServer
	Deps
}

// ListDeliveries implements notificationv1.MailServiceServer.
func (s *mailServer) ListDeliveries(ctx context.Context, req *notificationv1.ListDeliveriesRequest) (*notificationv1.ListDeliveriesResponse, error) {
	size, err := cursor.PageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return nil, err
	}
	query := fmt.Sprintf("mails ticket=%d", req.GetTicket())
	var after store.MailPosition
	if req.GetPageToken() != "" {
		if err := cursor.Decode(query, req.GetPageToken(), &after); err != nil {
			return nil, err
		}
	}
	mails, err := s.Store.Mails(ctx, req.GetTicket(), after, size+1)
	if err != nil {
		return nil, err
	}
	response := &notificationv1.ListDeliveriesResponse{}
	if len(mails) > size {
		mails = mails[:size]
		last := mails[size-1]
		response.NextPageToken = cursor.Encode(query, store.MailPosition{CreatedAt: sqldb.Micros(last.CreatedAt), ID: last.ID})
	}
	response.Deliveries, err = s.deliveries(ctx, mails)
	return response, err
}

// ResendDelivery implements notificationv1.MailServiceServer.
func (s *mailServer) ResendDelivery(ctx context.Context, req *notificationv1.ResendDeliveryRequest) (*notificationv1.MailDelivery, error) {
	d, err := tasks.Resend(ctx, s.Store, req.GetDelivery())
	if err != nil {
		return nil, err
	}
	list, err := s.deliveries(ctx, []domain.MailDelivery{d})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func (s *mailServer) deliveries(ctx context.Context, mails []domain.MailDelivery) ([]*notificationv1.MailDelivery, error) {
	addresses := make([]string, len(mails))
	for i, d := range mails {
		addresses[i] = domain.AddressKey(d.Recipient.Person.Email)
	}
	held, err := s.Store.SuppressionsOf(ctx, addresses)
	if err != nil {
		return nil, err
	}
	list := make([]*notificationv1.MailDelivery, len(mails))
	for i, d := range mails {
		list[i] = mailDelivery(d)
		if x, ok := held[addresses[i]]; ok {
			list[i].Suppression = suppression(x)
		}
	}
	return list, nil
}

func mailDelivery(d domain.MailDelivery) *notificationv1.MailDelivery {
	return &notificationv1.MailDelivery{
		Id: d.ID, Ticket: d.Ticket, Message: d.Message, Recipient: person(d.Recipient.Person), Reason: d.Recipient.Reason,
		State: string(d.State), Attempts: int32(d.Attempts), LastAnswer: d.LastAnswer.Text(), MessageId: "<" + d.MessageID + ">",
		CreateTime: stamp(d.CreatedAt), AcceptTime: stamp(d.AcceptedAt), NextAttemptTime: stamp(d.NextAt), Subject: d.Subject,
		Answer: answer(d.LastAnswer),
	}
}

// answer numbers its kind as the contract does.
func answer(a domain.Answer) *notificationv1.DeliveryAnswer {
	if a == (domain.Answer{}) {
		return nil
	}
	out := &notificationv1.DeliveryAnswer{Text: a.Text(), Kind: notificationv1.DeliveryAnswer_Kind(a.Kind), Said: a.Said}
	if a.After > 0 {
		out.After = durationpb.New(a.After)
	}
	return out
}
