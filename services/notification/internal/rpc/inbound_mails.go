package rpc

import (
	"context"
	"errors"
	"fmt"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailin"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/tasks"
)

// maxShown is how many characters of a mail are shown.
const maxShown = 65536

// ListInboundMails implements notificationv1.MailServiceServer.
func (s *mailServer) ListInboundMails(ctx context.Context, req *notificationv1.ListInboundMailsRequest) (*notificationv1.ListInboundMailsResponse, error) {
	size, err := cursor.PageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return nil, err
	}
	query := fmt.Sprintf("inbound verdict=%s ticket=%d", req.GetVerdict(), req.GetTicket())
	var after *store.InboundPosition
	if req.GetPageToken() != "" {
		after = &store.InboundPosition{}
		if err := cursor.Decode(query, req.GetPageToken(), after); err != nil {
			return nil, err
		}
	}
	filter := store.InboundFilter{Verdict: domain.Verdict(req.GetVerdict()), Ticket: req.GetTicket()}
	mails, err := s.Store.Inbounds(ctx, filter, after, size+1)
	if err != nil {
		return nil, err
	}
	response := &notificationv1.ListInboundMailsResponse{}
	if len(mails) > size {
		mails = mails[:size]
		last := mails[size-1]
		response.NextPageToken = cursor.Encode(query, store.InboundPosition{ReceivedAt: sqldb.Micros(last.ReceivedAt), ID: last.ID})
	}
	response.InboundMails, err = s.inboundMails(ctx, mails)
	return response, err
}

// GetInboundMail implements notificationv1.MailServiceServer.
func (s *mailServer) GetInboundMail(ctx context.Context, req *notificationv1.GetInboundMailRequest) (*notificationv1.InboundMail, error) {
	m, err := s.Store.Inbound(ctx, req.GetInboundMail())
	if err != nil {
		return nil, err
	}
	list, err := s.inboundMails(ctx, []domain.InboundMail{m})
	if err != nil {
		return nil, err
	}
	shown := list[0]
	if m.Object == "" || s.Inbox == nil {
		return shown, nil
	}
	raw, err := s.Inbox.Read(ctx, m.Object)
	if errors.Is(err, fault.NotFound) {
		return shown, nil
	}
	if err != nil {
		return nil, err
	}
	shown.Kept = true
	content := mailin.Read(raw)
	runes := []rune(content.Text)
	shown.Text = string(runes[:min(len(runes), maxShown)])
	for _, f := range content.Files {
		shown.Files = append(shown.Files, f.Name)
	}
	for _, f := range mailin.Header(raw) {
		shown.Headers = append(shown.Headers, &notificationv1.MailHeader{Name: f.Name, Value: f.Value})
	}
	return shown, nil
}

// ReleaseInboundMail implements notificationv1.MailServiceServer.
func (s *mailServer) ReleaseInboundMail(ctx context.Context, req *notificationv1.ReleaseInboundMailRequest) (*notificationv1.InboundMail, error) {
	return s.judged(ctx, req.GetInboundMail(), tasks.Release)
}

// DiscardInboundMail implements notificationv1.MailServiceServer.
func (s *mailServer) DiscardInboundMail(ctx context.Context, req *notificationv1.DiscardInboundMailRequest) (*notificationv1.InboundMail, error) {
	return s.judged(ctx, req.GetInboundMail(), tasks.Discard)
}

// judged has the caller decide about a mail of the quarantine.
func (s *mailServer) judged(ctx context.Context, id string, judge func(ctx context.Context, s *store.Store, id, by string) (domain.InboundMail, error)) (*notificationv1.InboundMail, error) {
	u, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	m, err := judge(ctx, s.Store, id, u.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.inboundMails(ctx, []domain.InboundMail{m})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func (s *mailServer) inboundMails(ctx context.Context, mails []domain.InboundMail) ([]*notificationv1.InboundMail, error) {
	var ids []string
	for _, m := range mails {
		if m.ReleasedBy != "" {
			ids = append(ids, m.ReleasedBy)
		}
	}
	names, err := s.Store.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]*notificationv1.InboundMail, len(mails))
	for i, m := range mails {
		list[i] = &notificationv1.InboundMail{
			Id: m.ID, ReceiveTime: stamp(m.ReceivedAt), Sender: m.Sender, SenderName: m.SenderName, Subject: m.Subject, EnvelopeFrom: m.EnvelopeFrom,
			Recipient: m.Recipient, MessageId: m.MessageID, Size: m.Size, Copies: int32(m.Copies), Verdict: string(m.Verdict), Reason: m.Reason,
			Detail: m.Detail, Verified: m.Verified, DecideTime: stamp(m.DecidedAt), Ticket: m.Ticket, Holder: person(m.Holder), Delivery: m.Delivery,
			ReleaseTime: stamp(m.ReleasedAt), ReplyTicket: m.ReplyTicket, Message: m.Message, Remote: m.Remote, Tls: m.TLS, Request: m.Request, Spf: m.SPF,
		}
		if m.ReleasedBy != "" {
			list[i].Releaser = person(named(names, m.ReleasedBy))
		}
	}
	return list, nil
}
