package supportctl

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/timestamppb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

type scheduleGroup struct {
	List   listSchedules  `cmd:"" help:"List the schedules with their layers."`
	Set    setSchedule    `cmd:"" help:"Make or change a schedule by a JSON file, as --json of list shows them."`
	Delete deleteSchedule `cmd:"" help:"Delete a schedule that no escalation policy names, with its overrides."`
	Shifts listShifts     `cmd:"" help:"List who is on call when."`
}

type listSchedules struct{}

func (listSchedules) Run(e *env) error {
	res, err := notificationv1.NewOnCallServiceClient(e.conn).ListSchedules(e.ctx, &notificationv1.ListSchedulesRequest{PageSize: 100})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		rows := []row{{"SCHEDULE", "NAME", "ZONE", "LAYER", "TURNS", "SINCE", "PEOPLE"}}
		for _, s := range res.GetSchedules() {
			rows = append(rows, scheduleRows(s)...)
		}
		if res.GetNextPageToken() != "" {
			rows = append(rows, row{"(there are more)"})
		}
		return rows
	})
}

func scheduleRows(s *notificationv1.Schedule) (rows []row) {
	for i, l := range s.GetLayers() {
		rows = append(rows, row{
			s.GetId(), s.GetName(), s.GetTimeZone(), strings.TrimSpace(fmt.Sprintf("%d %s", i+1, l.GetName())),
			fmt.Sprintf("%d %s", l.GetLength(), enumWord(l.GetUnit(), "UNIT_")), l.GetStart(), strings.Join(l.GetPeople(), " "),
		})
	}
	return rows
}

type setSchedule struct {
	File string `arg:"" type:"existingfile" help:"A schedule as JSON. What it leaves out stays; a new one needs id, name, timeZone and layers. With the etag of list it is refused if the schedule has changed since."`
}

func (c setSchedule) Run(e *env) error {
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	schedule := &notificationv1.Schedule{}
	if err := protojson.Unmarshal(raw, schedule); err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	s, err := notificationv1.NewOnCallServiceClient(e.conn).UpdateSchedule(e.ctx, &notificationv1.UpdateScheduleRequest{Schedule: schedule, AllowMissing: true})
	if err != nil {
		return err
	}
	return e.out.message(s, func() []row { return scheduleRows(s) })
}

type deleteSchedule struct {
	Schedule string `arg:"" help:"Schedule id."`
	Etag     string `help:"As --json of list shows it: refused if the schedule has changed since."`
}

func (c deleteSchedule) Run(e *env) error {
	res, err := notificationv1.NewOnCallServiceClient(e.conn).DeleteSchedule(e.ctx, &notificationv1.DeleteScheduleRequest{Schedule: c.Schedule, Etag: c.Etag})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row { return []row{{"deleted", c.Schedule}} })
}

type listShifts struct {
	Schedule string    `arg:"" help:"Schedule id."`
	From     time.Time `help:"RFC 3339 instant; now when missing." format:"2006-01-02T15:04:05Z07:00"`
	Days     int       `help:"How many, 100 at most." default:"14"`
}

func (c listShifts) Run(e *env) error {
	from := c.From
	if from.IsZero() {
		from = time.Now()
	}
	res, err := notificationv1.NewOnCallServiceClient(e.conn).ListShifts(e.ctx, &notificationv1.ListShiftsRequest{
		Schedule: c.Schedule, StartTime: timestamppb.New(from), EndTime: timestamppb.New(from.Add(time.Duration(c.Days) * 24 * time.Hour)), PageSize: 1000,
	})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		rows := []row{{"FROM", "UNTIL", "ON CALL"}}
		for _, s := range res.GetShifts() {
			var people []*ticketv1.Person
			for _, d := range s.GetDuties() {
				people = append(people, d.GetPerson())
			}
			who := "(nobody)"
			switch {
			case len(people) > 0:
				who = onCallNames(people[0], people[1:]...)
			case s.GetDeliberate():
				who = "(nobody, as meant)"
			}
			rows = append(rows, row{instant(s.GetStartTime()), instant(s.GetEndTime()), who})
		}
		if res.GetNextPageToken() != "" {
			rows = append(rows, row{"(there are more: ask for fewer --days)"})
		}
		return rows
	})
}

func onCallNames(first *ticketv1.Person, others ...*ticketv1.Person) string {
	text := personName(first)
	for _, p := range others {
		text += ", " + personName(p)
	}
	return text
}

type createOverride struct {
	Schedule  string        `arg:"" help:"Schedule id."`
	Person    string        `arg:"" optional:"" help:"Person id of the staff."`
	InsteadOf string        `help:"Only while this person is on call; without PERSON that one is taken off."`
	Add       bool          `help:"As well as whoever is on call."`
	Start     time.Time     `help:"RFC 3339 instant; now when missing." format:"2006-01-02T15:04:05Z07:00"`
	For       time.Duration `help:"How long." required:""`
}

func (c createOverride) kind() (notificationv1.Override_Kind, error) {
	switch {
	case c.Add && c.InsteadOf != "":
		return 0, errors.New("--add and --instead-of exclude each other")
	case c.Add:
		return notificationv1.Override_KIND_ADD, nil
	case c.InsteadOf != "" && c.Person == "":
		return notificationv1.Override_KIND_REMOVE, nil
	case c.InsteadOf != "":
		return notificationv1.Override_KIND_REPLACE, nil
	}
	return notificationv1.Override_KIND_REPLACE_ALL, nil
}

func (c createOverride) Run(e *env) error {
	kind, err := c.kind()
	if err != nil {
		return err
	}
	start := c.Start
	if start.IsZero() {
		start = time.Now()
	}
	o, err := notificationv1.NewOnCallServiceClient(e.conn).CreateOverride(e.ctx, &notificationv1.CreateOverrideRequest{Override: &notificationv1.Override{
		Schedule: c.Schedule, Kind: kind, Person: c.Person, ReplacedPerson: c.InsteadOf,
		StartTime: timestamppb.New(start), EndTime: timestamppb.New(start.Add(c.For)),
	}})
	if err != nil {
		return err
	}
	return e.out.message(o, func() []row { return overrideRows(o) })
}

func overrideRows(o *notificationv1.Override) []row {
	return []row{{"override", o.GetId()}, {"from", instant(o.GetStartTime())}, {"until", instant(o.GetEndTime())}}
}

type createSwap struct {
	Schedule string        `arg:"" help:"Schedule id."`
	First    string        `arg:"" help:"Person id of who gives the first interval."`
	Start    time.Time     `arg:"" help:"RFC 3339 instant at which the first gives." format:"2006-01-02T15:04:05Z07:00"`
	Second   string        `arg:"" help:"Person id of who takes it and gives another."`
	Back     time.Time     `arg:"" help:"RFC 3339 instant at which the second gives." format:"2006-01-02T15:04:05Z07:00"`
	For      time.Duration `help:"How long each gives." required:""`
}

func (c createSwap) Run(e *env) error {
	part := func(person string, start time.Time) *notificationv1.SwapPart {
		return &notificationv1.SwapPart{Person: person, StartTime: timestamppb.New(start), EndTime: timestamppb.New(start.Add(c.For))}
	}
	res, err := notificationv1.NewOnCallServiceClient(e.conn).CreateSwap(e.ctx, &notificationv1.CreateSwapRequest{
		Schedule: c.Schedule, First: part(c.First, c.Start), Second: part(c.Second, c.Back),
	})
	if err != nil {
		return err
	}
	return e.out.message(res, func() (rows []row) {
		for _, o := range res.GetOverrides() {
			rows = append(rows, overrideRows(o)...)
		}
		return rows
	})
}
