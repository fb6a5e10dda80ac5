package rpc

import (
	"context"
	"fmt"
	"strings"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// noticeKinds in the order of the contract, after the one that is none.
var noticeKinds = []domain.NoticeKind{domain.NoticeNewTicket, domain.NoticeReply, domain.NoticeReturned, domain.NoticeHeld}

// ListNotices implements notificationv1.NoticeServiceServer.
func (s *noticeServer) ListNotices(ctx context.Context, req *notificationv1.ListNoticesRequest) (*notificationv1.ListNoticesResponse, error) {
	u, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	size, err := cursor.PageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return nil, err
	}
	kinds := make([]string, len(req.GetKinds()))
	for i, kind := range req.GetKinds() {
		kinds[i] = string(noticeKinds[kind-1])
	}
	query := fmt.Sprintf("notices of=%s kinds=%s", u.ID, strings.Join(kinds, ","))
	var after *store.NoticePosition
	if req.GetPageToken() != "" {
		after = &store.NoticePosition{}
		if err := cursor.Decode(query, req.GetPageToken(), after); err != nil {
			return nil, err
		}
	}
	response := &notificationv1.ListNoticesResponse{}
	c, ok, err := s.Store.Colleague(ctx, u.ID)
	if err != nil || !ok { // the directory has not told of them yet: nothing concerns them
		return response, err
	}
	list, err := s.Store.News(ctx, c, kinds, after, size+1)
	if err != nil {
		return nil, err
	}
	if len(list) > size {
		list = list[:size]
		last := list[size-1]
		response.NextPageToken = cursor.Encode(query, store.NoticePosition{CreatedAt: sqldb.Micros(last.At), ID: last.ID})
	}
	for _, n := range list {
		response.Notices = append(response.Notices, staffNotice(n))
	}
	return response, nil
}

func staffNotice(n domain.StaffNotice) *notificationv1.Notice {
	out := &notificationv1.Notice{
		Id: n.ID, Ticket: n.Ticket, Subject: n.Subject, OrganizationName: n.Organization, Mails: n.Mails, CreateTime: stamp(n.At),
	}
	for i, kind := range noticeKinds {
		if kind == n.Kind {
			out.Kind = notificationv1.Notice_Kind(i + 1)
		}
	}
	if n.Kind == domain.NoticeReturned {
		out.Address = n.AuthorName
	} else {
		out.AuthorName = n.AuthorName
	}
	return out
}
