package supportctl

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

type drillGroup struct {
	Start    startDrill    `cmd:"" help:"Page the on-call engineers without an incident, to see whether it reaches them."`
	List     listDrills    `cmd:"" help:"List drills, newest first."`
	Schedule drillSchedule `cmd:"" help:"Show when there is a drill each week, or set it."`
}

type startDrill struct {
	AcceptWithin      time.Duration `help:"Target: a provider has taken a page by then; that of the schedule when missing."`
	AcknowledgeWithin time.Duration `help:"Target: somebody has acknowledged by then; that of the schedule when missing."`
}

func (c startDrill) Run(e *env) error {
	d, err := notificationv1.NewDrillServiceClient(e.conn).StartDrill(e.ctx, &notificationv1.StartDrillRequest{
		AcceptWithin: optionalDuration(c.AcceptWithin), AcknowledgeWithin: optionalDuration(c.AcknowledgeWithin),
	})
	if err != nil {
		return err
	}
	return e.out.message(d, func() []row { return []row{{"Drill " + d.GetId() + " began; its page has the same id."}} })
}

func optionalDuration(d time.Duration) *durationpb.Duration {
	if d == 0 {
		return nil
	}
	return durationpb.New(d)
}

type listDrills struct{}

func (listDrills) Run(e *env) error {
	res, err := notificationv1.NewDrillServiceClient(e.conn).ListDrills(e.ctx, &notificationv1.ListDrillsRequest{})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		rows := []row{{"DRILL", "STATE", "BEGAN", "ACCEPTED", "ACKNOWLEDGED", "BY"}}
		for _, d := range res.GetDrills() {
			rows = append(rows, row{
				d.GetId(), enumWord(d.GetState(), "STATE_"), instant(d.GetCreateTime()), instant(d.GetAcceptTime()), instant(d.GetAcknowledgeTime()),
				personName(d.GetAcknowledgedBy()),
			})
		}
		return rows
	})
}

type drillSchedule struct {
	Weekday  int    `help:"1 = Monday to 7 = Sunday."`
	At       string `help:"Time of the day: 10:30."`
	TimeZone string `help:"IANA time zone." default:"UTC"`
	Off      bool   `help:"No drills any more."`
}

func (c drillSchedule) Run(e *env) error {
	client := notificationv1.NewDrillServiceClient(e.conn)
	s, err := client.GetDrillSchedule(e.ctx, &notificationv1.GetDrillScheduleRequest{})
	if err != nil {
		return err
	}
	if c.Off || c.At != "" || c.Weekday != 0 {
		req := &notificationv1.SetDrillScheduleRequest{
			Enabled: !c.Off, Weekday: int32(c.Weekday), Time: c.At, TimeZone: c.TimeZone,
			AcceptWithin: s.GetAcceptWithin(), AcknowledgeWithin: s.GetAcknowledgeWithin(),
		}
		if c.Off {
			req.Weekday, req.Time, req.TimeZone = s.GetWeekday(), s.GetTime(), s.GetTimeZone()
		}
		if s, err = client.SetDrillSchedule(e.ctx, req); err != nil {
			return err
		}
	}
	return e.out.message(s, func() []row {
		if !s.GetEnabled() {
			return []row{{"There are no drills."}}
		}
		return []row{
			{"WEEKDAY", "TIME", "ZONE", "NEXT", "ACCEPT WITHIN", "ACKNOWLEDGE WITHIN"},
			{
				time.Weekday(s.GetWeekday() % 7).String(), s.GetTime(), s.GetTimeZone(), instant(s.GetNextTime()),
				fmt.Sprint(s.GetAcceptWithin().AsDuration()), fmt.Sprint(s.GetAcknowledgeWithin().AsDuration()),
			},
		}
	})
}
