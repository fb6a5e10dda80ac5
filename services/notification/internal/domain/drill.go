package domain

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// DrillState is what became of a drill.
type DrillState string

// The states.
const (
	DrillRunning         DrillState = "running"
	DrillPassed          DrillState = "passed"
	DrillNotAccepted     DrillState = "not_accepted"     // by a provider, in time
	DrillNotAcknowledged DrillState = "not_acknowledged" // in time
)

// Drill is a page without an incident, which tries whether pages reach people. The page has its id.
type Drill struct {
	ID                string
	StartedBy         Person // zero = the schedule
	StartedAt         time.Time
	AcceptWithin      time.Duration
	AcknowledgeWithin time.Duration
	State             DrillState
	AcceptedAt        time.Time
	AcknowledgedAt    time.Time
	AcknowledgedBy    Person
	AlarmedAt         time.Time // when the supervisors were mailed that it missed a target; zero = it has not
	EndedAt           time.Time // zero = it goes on
}

// drillTopic has one open page at most, as there is one drill at a time.
const drillTopic = "drill"

// DrillTx is what drills need of a transaction, beside PageTx.
type DrillTx interface {
	PageTx
	// InsertDrill reports false, having done nothing, while another one goes on.
	InsertDrill(ctx context.Context, d Drill) (bool, error)
	// LockDrill returns a drill, which nobody else changes until the end of the transaction. NotFound.
	LockDrill(ctx context.Context, id string) (Drill, error)
	// SaveDrill writes all that may change of a drill.
	SaveDrill(ctx context.Context, d Drill) error
	// RaiseDrill has the event of a drill delivered.
	RaiseDrill(id string)
	// InsertDutyMails adds mails to the ledger of those about on-call, with the tasks that send them.
	InsertDutyMails(ctx context.Context, mails []DutyMail) error
}

var errDrillRunning = fault.New(fault.Precondition, "DRILL_RUNNING", "another drill goes on")

// StartDrill begins a drill: its event is raised, and its targets are looked at when they are due. Precondition while another
// one goes on.
func (g Pager) StartDrill(ctx context.Context, tx DrillTx, d Drill) (Drill, error) {
	now, err := tx.Now(ctx)
	if err != nil {
		return d, err
	}
	d.StartedAt, d.State = now, DrillRunning
	ok, err := tx.InsertDrill(ctx, d)
	if err == nil && !ok {
		err = errDrillRunning
	}
	if err != nil {
		return d, err
	}
	tx.RaiseDrill(d.ID)
	tx.DrillDue(d.ID, d.AcceptWithin)
	tx.DrillDue(d.ID, d.AcknowledgeWithin)
	return d, nil
}

// OpenDrill pages about a drill, as about an incident. One that is over by then pages nobody.
func (g Pager) OpenDrill(ctx context.Context, tx DrillTx, id string) error {
	d, err := tx.LockDrill(ctx, id)
	if errors.Is(err, fault.NotFound) || err == nil && !d.EndedAt.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	tx.Log(id, now, Entry{Kind: EntryDrillBegun, Person: d.StartedBy.Label()})
	_, err = g.Open(ctx, tx, Opening{ID: id, Topic: drillTopic, Incident: Incident{
		Subject: "please acknowledge", Drill: true, Verified: true, Since: d.StartedAt,
		Excerpt: "This is a drill: there is no incident. It tries whether pages reach you. Please acknowledge it.",
	}})
	return err
}

// DrillDue looks at a drill: when a target is due, and when its page was acknowledged. A target that was missed alarms the
// supervisors by mail, once. A drill ends with the acknowledgement, or when it is too late for one.
func (g Pager) DrillDue(ctx context.Context, tx DrillTx, id string) (before, after Drill, err error) {
	d, err := tx.LockDrill(ctx, id)
	if err != nil || !d.EndedAt.IsZero() {
		return d, d, err
	}
	before = d
	now, err := tx.Now(ctx)
	if err != nil {
		return d, d, err
	}
	p, err := tx.LockPage(ctx, id)
	if errors.Is(err, fault.NotFound) { // the event did not come through
		p, err = nil, nil
	}
	if err != nil {
		return d, d, err
	}
	if p != nil {
		if err := d.learn(ctx, tx, p); err != nil {
			return d, d, err
		}
	}
	d.judge(now)
	if d.State != DrillRunning && d.State != DrillPassed && d.AlarmedAt.IsZero() {
		staff, err := tx.Staff(ctx)
		if err != nil {
			return d, d, err
		}
		if err := tx.InsertDutyMails(ctx, d.alarm(staff)); err != nil {
			return d, d, err
		}
		d.AlarmedAt = now
	}
	if p != nil && !d.EndedAt.IsZero() {
		if err := g.Resolve(ctx, tx, p, Entry{Kind: EntryDrillOver}); err != nil {
			return d, d, err
		}
	}
	return before, d, tx.SaveDrill(ctx, d)
}

// learn takes over what the page knows.
func (d *Drill) learn(ctx context.Context, tx PageTx, p *Page) error {
	deliveries, err := tx.Deliveries(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, delivery := range deliveries {
		at := delivery.AcceptedAt
		if !at.IsZero() && (d.AcceptedAt.IsZero() || at.Before(d.AcceptedAt)) {
			d.AcceptedAt = at
		}
	}
	if p.AcknowledgedBy != (Person{}) {
		d.AcknowledgedBy, d.AcknowledgedAt = p.AcknowledgedBy, p.AcknowledgedAt
	}
	return nil
}

// judge compares what is known with the targets. The first that was missed stays the verdict.
func (d *Drill) judge(now time.Time) {
	accept, acknowledge := d.StartedAt.Add(d.AcceptWithin), d.StartedAt.Add(d.AcknowledgeWithin)
	accepted := d.AcceptedAt
	if accepted.IsZero() && !d.AcknowledgedAt.IsZero() { // seen in the list, before any provider answered
		accepted = d.AcknowledgedAt
	}
	late := func(at, limit time.Time) bool { return at.After(limit) || at.IsZero() && !now.Before(limit) }
	switch {
	case d.State != DrillRunning:
	case late(accepted, accept):
		d.State = DrillNotAccepted
	case late(d.AcknowledgedAt, acknowledge):
		d.State = DrillNotAcknowledged
	case !d.AcknowledgedAt.IsZero():
		d.State = DrillPassed
	}
	if !d.AcknowledgedAt.IsZero() || !now.Before(acknowledge) {
		d.EndedAt = now
	}
}

// The notices about drills that missed a target.
const (
	DrillMissedAccept      DutyKind = "drill_not_accepted"
	DrillMissedAcknowledge DutyKind = "drill_not_acknowledged"
)

// Drill reports whether the notice is about a drill.
func (k DutyKind) Drill() bool { return k == DrillMissedAccept || k == DrillMissedAcknowledge }

// alarm returns the mails to the supervisors.
func (d *Drill) alarm(staff []Reach) (mails []DutyMail) {
	n := DutyNotice{Kind: DrillMissedAccept, Schedule: d.ID, Name: d.AcceptWithin.String(), Zone: "UTC", Start: d.StartedAt}
	if d.State == DrillNotAcknowledged {
		n.Kind, n.Name = DrillMissedAcknowledge, d.AcknowledgeWithin.String()
	}
	for _, reach := range staff {
		to := reach.Person
		if i := slices.IndexFunc(reach.Contacts, func(c Contact) bool { return c.Channel == ChannelEmail }); i >= 0 {
			to.Email = reach.Contacts[i].Address
		}
		if reach.Supervises && to.Email != "" {
			mails = append(mails, dutyMail(n, to))
		}
	}
	return mails
}

// DrillSchedule is when there is a drill each week.
type DrillSchedule struct {
	Enabled           bool
	Weekday           time.Weekday
	Minute            int // of the day
	Zone              *time.Location
	AcceptWithin      time.Duration
	AcknowledgeWithin time.Duration
	NextAt            time.Time // zero unless enabled
	Generation        int64
}

// Next returns the first instant of the schedule after an instant.
func (s DrillSchedule) Next(after time.Time) time.Time {
	local := after.In(s.Zone)
	for day := range 8 {
		at := time.Date(local.Year(), local.Month(), local.Day()+day, s.Minute/60, s.Minute%60, 0, 0, s.Zone)
		if at.Weekday() == s.Weekday && at.After(after) {
			return at
		}
	}
	return after.AddDate(0, 0, 7) // a day that the zone skips
}

// Time is the schedule's time of the day: "10:30".
func (s DrillSchedule) Time() string {
	two := func(n int) string { return strconv.Itoa(n/10) + strconv.Itoa(n%10) }
	return two(s.Minute/60) + ":" + two(s.Minute%60)
}

// maxDrillDelay is how late a drill of the schedule may begin: nobody is woken by one of yesterday afternoon.
const maxDrillDelay = time.Hour

// Missed reports that a drill of the schedule is so late that it is left out.
func (s DrillSchedule) Missed(now time.Time) bool { return now.Sub(s.NextAt) > maxDrillDelay }
