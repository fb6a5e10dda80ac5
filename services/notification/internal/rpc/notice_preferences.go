package rpc

import (
	"context"
	"slices"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

type noticeServer struct {
	notificationv1.UnimplementedNoticeServiceServer
	Deps
}

// noticeChannels in the order of the contract.
var noticeChannels = map[notificationv1.NoticePreferences_Channel]domain.NoticeChannel{
	notificationv1.NoticePreferences_CHANNEL_MAIL:   domain.NoticeMail,
	notificationv1.NoticePreferences_CHANNEL_DIGEST: domain.NoticeDigest,
	notificationv1.NoticePreferences_CHANNEL_NONE:   domain.NoticeNone,
}

func noticePreferences(p domain.NoticePreferences) *notificationv1.NoticePreferences {
	channel := func(c domain.NoticeChannel) notificationv1.NoticePreferences_Channel {
		for number, name := range noticeChannels {
			if name == c {
				return number
			}
		}
		return notificationv1.NoticePreferences_CHANNEL_UNSPECIFIED
	}
	out := &notificationv1.NoticePreferences{
		NewTicket: channel(p.NewTicket), ReplyMine: channel(p.ReplyMine), ReplyTeam: channel(p.ReplyTeam),
	}
	for _, hour := range p.DigestHours {
		out.DigestHours = append(out.DigestHours, int32(hour))
	}
	return out
}

// GetNoticePreferences implements notificationv1.NoticeServiceServer.
func (s *noticeServer) GetNoticePreferences(ctx context.Context, _ *notificationv1.GetNoticePreferencesRequest) (*notificationv1.NoticePreferences, error) {
	u, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	c, ok, err := s.Store.Colleague(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	if !ok { // the directory has not told of them yet
		c.Preferences = domain.DefaultNoticePreferences()
	}
	return noticePreferences(c.Preferences), nil
}

// UpdateNoticePreferences implements notificationv1.NoticeServiceServer.
func (s *noticeServer) UpdateNoticePreferences(ctx context.Context, req *notificationv1.UpdateNoticePreferencesRequest) (*notificationv1.NoticePreferences, error) {
	u, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	var after domain.NoticePreferences
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		before, err := tx.LockNoticePreferences(ctx, u.ID)
		if err != nil {
			return err
		}
		if after, err = edited(before, req); err != nil {
			return err
		}
		return tx.SaveNoticePreferences(ctx, u.ID, after)
	})
	if err != nil {
		return nil, err
	}
	return noticePreferences(after), nil
}

// edited returns the preferences with what the mask names; without a mask, all of them.
func edited(p domain.NoticePreferences, req *notificationv1.UpdateNoticePreferencesRequest) (domain.NoticePreferences, error) {
	in, paths := req.GetNoticePreferences(), req.GetUpdateMask().GetPaths()
	if len(paths) == 0 || slices.Equal(paths, []string{"*"}) {
		paths = []string{"new_ticket", "reply_mine", "reply_team", "digest_hours"}
	}
	for _, path := range paths {
		switch path {
		case "new_ticket":
			p.NewTicket = noticeChannels[in.GetNewTicket()]
		case "reply_mine":
			p.ReplyMine = noticeChannels[in.GetReplyMine()]
		case "reply_team":
			p.ReplyTeam = noticeChannels[in.GetReplyTeam()]
		case "digest_hours":
			p.DigestHours = nil
			for _, hour := range in.GetDigestHours() {
				p.DigestHours = append(p.DigestHours, int(hour))
			}
			slices.Sort(p.DigestHours)
		default:
			return p, fault.InvalidField("update_mask", "FIELD_UNKNOWN", "there is no such field: "+path)
		}
	}
	return p, p.Check()
}
