package supportctl

import (
	"cmp"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

type calendarGroup struct {
	Create createCalendar `cmd:"" help:"Print a URL under which calendar programs read who is on call. An earlier one of the same no longer works."`
	List   listCalendars  `cmd:"" help:"List your calendars, without their URLs."`
	Revoke revokeCalendar `cmd:"" help:"Have the URL of a calendar no longer work."`
}

type createCalendar struct {
	Schedule string `help:"Id of a schedule; your own duties on all of them when missing."`
}

func (c createCalendar) Run(e *env) error {
	f, err := notificationv1.NewCalendarServiceClient(e.conn).CreateCalendarFeed(e.ctx, &notificationv1.CreateCalendarFeedRequest{Schedule: c.Schedule})
	if err != nil {
		return err
	}
	return e.out.message(f, func() []row { return []row{{f.GetUrl()}} })
}

type listCalendars struct{}

func (listCalendars) Run(e *env) error {
	res, err := notificationv1.NewCalendarServiceClient(e.conn).ListCalendarFeeds(e.ctx, &notificationv1.ListCalendarFeedsRequest{PageSize: 100})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		rows := []row{{"CALENDAR", "OF", "MADE", "LAST READ"}}
		for _, f := range res.GetCalendarFeeds() {
			rows = append(rows, row{f.GetId(), cmp.Or(f.GetSchedule(), "(your duties)"), instant(f.GetCreateTime()), instant(f.GetLastReadTime())})
		}
		return rows
	})
}

type revokeCalendar struct {
	Calendar string `arg:"" help:"Id."`
}

func (c revokeCalendar) Run(e *env) error {
	res, err := notificationv1.NewCalendarServiceClient(e.conn).DeleteCalendarFeed(e.ctx, &notificationv1.DeleteCalendarFeedRequest{CalendarFeed: c.Calendar})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row { return []row{{"Calendar " + c.Calendar + " is revoked."}} })
}
