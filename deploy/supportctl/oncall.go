package supportctl

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

type pageGroup struct {
	List     listPages    `cmd:"" help:"List pages, newest first."`
	Show     showPage     `cmd:"" help:"Show a page with its history."`
	Ack      ackPage      `cmd:"" help:"Acknowledge a page: you own the incident."`
	Unack    unackPage    `cmd:"" help:"Take an acknowledgement back: paging begins again from the first step."`
	Snooze   snoozePage   `cmd:"" help:"Have an acknowledged page begin again later, unless its incident is over by then."`
	Escalate escalatePage `cmd:"" help:"Begin the next step now; when none is left, page again from the first."`
}

type listPages struct {
	Open   bool  `help:"Only pages that nobody has acknowledged."`
	Ticket int64 `help:"Only pages of this ticket."`
}

func (c listPages) Run(e *env) error {
	res, err := notificationv1.NewPageServiceClient(e.conn).ListPages(e.ctx, &notificationv1.ListPagesRequest{Open: c.Open, Ticket: c.Ticket})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		rows := []row{{"PAGE", "STATE", "STEP", "OPENED", "ACKNOWLEDGED BY", "TITLE"}}
		for _, p := range res.GetPages() {
			rows = append(rows, row{
				p.GetId(), enumWord(p.GetState(), "PAGE_STATE_"), fmt.Sprintf("%d/%d", p.GetStep(), p.GetLoop()),
				instant(p.GetCreateTime()), personName(p.GetAcknowledgedBy()), p.GetTitle(),
			})
		}
		if res.GetNextPageToken() != "" {
			rows = append(rows, row{"(there are more: narrow it with --open or --ticket)"})
		}
		return rows
	})
}

type showPage struct {
	Page string `arg:"" help:"Id."`
}

func (c showPage) Run(e *env) error {
	p, err := notificationv1.NewPageServiceClient(e.conn).GetPage(e.ctx, &notificationv1.GetPageRequest{Page: c.Page})
	if err != nil {
		return err
	}
	return e.out.message(p, func() []row { return pageRows(p) })
}

func pageRows(p *notificationv1.Page) []row {
	rows := []row{
		{"page", p.GetId()},
		{"title", p.GetTitle()},
		{"state", enumWord(p.GetState(), "PAGE_STATE_")},
		{"acknowledged by", personName(p.GetAcknowledgedBy())},
		{"next step", instant(p.GetNextStepTime())},
		{"snoozed until", instant(p.GetSnoozeEndTime())},
	}
	for _, d := range p.GetDeliveries() {
		rows = append(rows, row{"delivery", fmt.Sprintf("%s by %s: %s after %d attempts", personName(d.GetPerson()), d.GetChannel(), d.GetState(), d.GetAttempts())})
	}
	for _, l := range p.GetLog() {
		rows = append(rows, row{instant(l.GetCreateTime()), l.GetText()})
	}
	return rows
}

type ackPage struct {
	Page string `arg:"" help:"Id."`
}

func (c ackPage) Run(e *env) error {
	p, err := notificationv1.NewPageServiceClient(e.conn).AcknowledgePage(e.ctx, &notificationv1.AcknowledgePageRequest{Page: c.Page})
	if err != nil {
		return err
	}
	return e.out.message(p, func() []row { return pageRows(p) })
}

type unackPage struct {
	Page   string `arg:"" help:"Id."`
	Reason string `arg:"" help:"Why, for the history of the page."`
}

func (c unackPage) Run(e *env) error {
	p, err := notificationv1.NewPageServiceClient(e.conn).UnacknowledgePage(e.ctx, &notificationv1.UnacknowledgePageRequest{Page: c.Page, Reason: c.Reason})
	if err != nil {
		return err
	}
	return e.out.message(p, func() []row { return pageRows(p) })
}

type snoozePage struct {
	Page string        `arg:"" help:"Id."`
	For  time.Duration `help:"5m to 24h." default:"4h"`
}

func (c snoozePage) Run(e *env) error {
	p, err := notificationv1.NewPageServiceClient(e.conn).SnoozePage(e.ctx, &notificationv1.SnoozePageRequest{Page: c.Page, Duration: durationpb.New(c.For)})
	if err != nil {
		return err
	}
	return e.out.message(p, func() []row { return pageRows(p) })
}

type escalatePage struct {
	Page   string `arg:"" help:"Id."`
	Reason string `arg:"" optional:"" help:"Why it is paged again when no step is left, for the history of the page."`
}

func (c escalatePage) Run(e *env) error {
	p, err := notificationv1.NewPageServiceClient(e.conn).EscalatePage(e.ctx, &notificationv1.EscalatePageRequest{Page: c.Page, Reason: c.Reason})
	if err != nil {
		return err
	}
	return e.out.message(p, func() []row { return pageRows(p) })
}

type onCallGroup struct {
	Who      whoIsOnCall    `cmd:"" help:"Who is on call, now or at an instant."`
	Schedule scheduleGroup  `cmd:"" help:"Schedules: show and set them, list their shifts."`
	Override createOverride `cmd:"" help:"Put somebody on call for an interval."`
	Contact  contactGroup   `cmd:"" help:"How people are reached."`
	Rules    rulesGroup     `cmd:"" help:"Which contact is notified when, and quiet hours."`
	Swap     createSwap     `cmd:"" help:"Let two people stand in for each other."`
	Drill    drillGroup     `cmd:"" help:"Drills: pages without an incident, and when there is one each week."`
	Calendar calendarGroup  `cmd:"" help:"Who is on call, for calendar programs."`
}

type whoIsOnCall struct {
	At time.Time `help:"RFC 3339 instant; now when missing." format:"2006-01-02T15:04:05Z07:00"`
}

func (c whoIsOnCall) Run(e *env) error {
	req := &notificationv1.WhoIsOnCallRequest{}
	if !c.At.IsZero() {
		req.Instant = timestamppb.New(c.At)
	}
	res, err := notificationv1.NewOnCallServiceClient(e.conn).WhoIsOnCall(e.ctx, req)
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		rows := []row{{"SCHEDULE", "ON CALL", "UNTIL", "NEXT"}}
		for _, s := range res.GetShifts() {
			rows = append(rows, row{s.GetScheduleName(), onCallNames(s.GetPerson(), s.GetOthers()...), instant(s.GetEndTime()), personName(s.GetNext())})
		}
		for _, p := range res.GetFallback() {
			rows = append(rows, row{"(fallback)", personName(p), "-", "-"})
		}
		return rows
	})
}
