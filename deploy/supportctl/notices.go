package supportctl

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

type noticesGroup struct {
	Show showNotices `cmd:"" help:"Show what you are told of by mail."`
	Set  setNotices  `cmd:"" help:"Choose what you are told of by mail."`
	List listNotices `cmd:"" help:"What happened within the last day and concerns you."`
}

type showNotices struct{}

func (c showNotices) Run(e *env) error {
	p, err := notificationv1.NewNoticeServiceClient(e.conn).GetNoticePreferences(e.ctx, &notificationv1.GetNoticePreferencesRequest{})
	if err != nil {
		return err
	}
	return e.notices(p)
}

var errNothingChosen = errors.New("name what is to change: see --help")

type setNotices struct {
	NewTicket string  `help:"Of new tickets of your teams." enum:"mail,digest,none," default:""`
	ReplyMine string  `help:"Of answers of customers on your tickets." enum:"mail,digest,none," default:""`
	ReplyTeam string  `help:"Of answers of customers on tickets of your teams that nobody has." enum:"mail,digest,none," default:""`
	Hours     []int32 `help:"Hours of the digest on your clock, such as 8,13."`
}

func (c setNotices) Run(e *env) error {
	p := &notificationv1.NoticePreferences{DigestHours: c.Hours}
	mask := &fieldmaskpb.FieldMask{}
	for _, f := range []struct {
		path, value string
		channel     *notificationv1.NoticePreferences_Channel
	}{{"new_ticket", c.NewTicket, &p.NewTicket}, {"reply_mine", c.ReplyMine, &p.ReplyMine}, {"reply_team", c.ReplyTeam, &p.ReplyTeam}} {
		if f.value != "" {
			*f.channel = notificationv1.NoticePreferences_Channel(notificationv1.NoticePreferences_Channel_value["CHANNEL_"+strings.ToUpper(f.value)])
			mask.Paths = append(mask.Paths, f.path)
		}
	}
	if len(c.Hours) > 0 {
		mask.Paths = append(mask.Paths, "digest_hours")
	}
	if len(mask.GetPaths()) == 0 {
		return errNothingChosen
	}
	after, err := notificationv1.NewNoticeServiceClient(e.conn).UpdateNoticePreferences(e.ctx, &notificationv1.UpdateNoticePreferencesRequest{
		NoticePreferences: p, UpdateMask: mask,
	})
	if err != nil {
		return err
	}
	return e.notices(after)
}

func (e *env) notices(p *notificationv1.NoticePreferences) error {
	return e.out.message(p, func() []row {
		return []row{
			{"new tickets of my teams", enumWord(p.GetNewTicket(), "CHANNEL_")},
			{"answers on my tickets", enumWord(p.GetReplyMine(), "CHANNEL_")},
			{"answers on tickets that nobody has", enumWord(p.GetReplyTeam(), "CHANNEL_")},
			{"hours of the digest", strings.Trim(fmt.Sprint(p.GetDigestHours()), "[]")},
		}
	})
}

type listNotices struct{}

func (listNotices) Run(e *env) error {
	res, err := notificationv1.NewNoticeServiceClient(e.conn).ListNotices(e.ctx, &notificationv1.ListNoticesRequest{PageSize: 100})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		rows := []row{{"WHEN", "WHAT", "TICKET", "SUBJECT", "WHO"}}
		for _, n := range res.GetNotices() {
			ticket, subject := fmt.Sprint(n.GetTicket()), n.GetSubject()
			if n.GetKind() == notificationv1.Notice_KIND_MAIL_HELD {
				ticket, subject = "", fmt.Sprintf("%d new in quarantine", n.GetMails())
			}
			rows = append(rows, row{instant(n.GetCreateTime()), enumWord(n.GetKind(), "KIND_"), ticket, subject, n.GetAuthorName() + n.GetAddress()})
		}
		if res.GetNextPageToken() != "" {
			rows = append(rows, row{"(there are more)"})
		}
		return rows
	})
}
