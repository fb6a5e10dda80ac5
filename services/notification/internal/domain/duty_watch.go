package domain

import (
	"slices"
	"time"

	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

// DutyWatch is what was seen of a schedule when it was last looked at.
type DutyWatch struct {
	Schedule string
	LookedAt time.Time
	Named    bool      // by the policy: else nobody needs to know
	OnCall   []string  // person ids; of a schedule that was named. Of the policy: what of it reaches nobody
	GapSince time.Time // zero = somebody was on call, or nobody was meant to
	GapTold  time.Time // beginning of the coming gap that was told last
}

// dutyRecheck is how often a schedule is looked at though nothing of it changes: people may be disabled, or lose their
// contacts.
const dutyRecheck = 5 * time.Minute

// Look compares who is on call now with what was seen before. It returns what is to be remembered, whom to mail about what,
// and in how long to look again. What began and ended in between is told nobody: it is over. The first look at a schedule
// that the policy names tells of gaps only, as nobody's duty has changed.
func (r *Roster) Look(w DutyWatch, staff []Reach, now time.Time) (after DutyWatch, mails []DutyMail, again time.Duration) {
	if w.Schedule == PolicyWatch {
		return r.lookAtPolicy(w, staff, now)
	}
	schedule, ok := r.Schedules[w.Schedule]
	after = DutyWatch{Schedule: w.Schedule, LookedAt: now}
	if !ok || r.Policy == nil || !r.Policy.Names(w.Schedule) {
		return after, nil, dutyRecheck
	}
	l := look{schedule: schedule, people: peopleOf(staff), now: now}
	since := now
	if w.Named && w.LookedAt.Before(now) {
		since = w.LookedAt
	}
	shifts := schedule.Shifts(since, now.Add(time.Microsecond), l.usable)
	l.shift = shifts[len(shifts)-1]
	l.shift.End = schedule.OnCall(now, l.usable).End
	after.Named, after.GapTold = true, w.GapTold
	for _, d := range l.shift.Duties {
		after.OnCall = append(after.OnCall, d.Person)
	}
	if w.Named {
		l.handOver(w.OnCall, after.OnCall)
	}
	if l.gap() {
		if after.GapSince = w.GapSince; after.GapSince.IsZero() {
			after.GapSince = l.shift.Start
			l.tellGap(GapNow, l.shift.Start, l.shift, r.Policy.Fallback)
		}
	}
	if next, ok := l.nextGap(); ok && !next.Start.Equal(w.GapTold) {
		after.GapTold = next.Start
		l.tellGap(GapAhead, next.Start, next, nil)
	}
	again = dutyRecheck
	if !l.shift.End.IsZero() {
		again = min(again, l.shift.End.Sub(now))
	}
	return after, l.mails, again
}

// peopleOf returns who can be reached, by id.
func peopleOf(staff []Reach) map[string]Reach {
	people := map[string]Reach{}
	for _, reach := range staff {
		if len(reach.Contacts) > 0 {
			people[reach.Person.ID] = reach
		}
	}
	return people
}

// look is one look at a schedule, or at the policy, which has none.
type look struct {
	schedule oncall.Schedule
	people   map[string]Reach // who can be reached, by id
	now      time.Time
	shift    oncall.Shift // of now
	mails    []DutyMail
}

func (l *look) usable(person string) bool { return len(l.people[person].Contacts) > 0 }

// certain reports whether somebody has a contact whose code was entered. Without one they are on call, and are sent a mail to
// the address of the directory, of which nobody has shown that they read it at night.
func (l *look) certain(person string) bool { return l.people[person].Explicit }

func (l *look) gap() bool { return l.shift.Gap(l.certain) }

// gapEnd returns when a gap that goes on at an instant ends, zero if that is not within oncall.Horizon: shifts that follow
// each other may all be gaps.
func (l *look) gapEnd(at time.Time) time.Time {
	for end := at; end.Sub(at) <= oncall.Horizon; {
		s := l.schedule.OnCall(end, l.usable)
		if !s.Gap(l.certain) {
			return end
		}
		if end = s.End; end.IsZero() {
			break
		}
	}
	return time.Time{}
}

// nextGap returns the first gap that begins after now.
func (l *look) nextGap() (oncall.Shift, bool) {
	from := l.now
	if l.gap() {
		if from = l.gapEnd(l.now); from.IsZero() {
			return oncall.Shift{}, false
		}
	}
	return l.schedule.NextGap(from, l.now.Add(LookAhead), l.usable, l.certain)
}

func (l *look) notice(kind DutyKind, start, end time.Time) DutyNotice {
	s := l.schedule
	return DutyNotice{Kind: kind, Schedule: s.ID, Name: s.Name, Zone: s.Zone.String(), Start: start, End: end}
}

// handOver tells who comes and who goes.
func (l *look) handOver(before, after []string) {
	ends := l.notice(DutyEnds, l.shift.Start, time.Time{})
	for _, id := range after {
		ends.OnCall = append(ends.OnCall, l.people[id].Person.Label())
		if !slices.Contains(before, id) {
			l.tell(l.notice(DutyBegins, l.shift.Start, l.schedule.Until(id, l.now, l.usable)), id)
		}
	}
	for _, id := range before {
		if !slices.Contains(after, id) {
			l.tell(ends, id)
		}
	}
}

// tellGap tells the schedule's people, the supervisors and more people of a gap, which begins with a shift.
func (l *look) tellGap(kind DutyKind, start time.Time, first oncall.Shift, more []string) {
	n := l.notice(kind, start, l.gapEnd(later(start, l.now)))
	for _, d := range first.Duties {
		n.OnCall = append(n.OnCall, l.people[d.Person].Person.Label())
	}
	l.tellAll(n, append(l.schedule.People(), more...))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// tellAll tells people and the supervisors.
func (l *look) tellAll(n DutyNotice, told []string) {
	for id, reach := range l.people {
		if reach.Supervises {
			told = append(told, id)
		}
	}
	slices.Sort(told)
	for _, id := range slices.Compact(told) {
		l.tell(n, id)
	}
}

// tell mails somebody who has a mail address, after their quiet hours if that is soon enough.
func (l *look) tell(n DutyNotice, id string) {
	reach, ok := l.people[id]
	if !ok {
		return
	}
	to := reach.Person
	if to.Email = reach.MailAddress(); to.Email == "" {
		return
	}
	mail := dutyMail(n, to)
	// Without their zone's clock nobody knows when the hours end: the mail does not wait.
	if end, err := reach.Rules.Quiet.End(l.now); err == nil && n.canWait(end) {
		mail.Hold = end.Sub(l.now)
	}
	l.mails = append(l.mails, mail)
}
