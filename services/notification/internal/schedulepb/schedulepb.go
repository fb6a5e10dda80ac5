// Package schedulepb turns schedules into messages and back.
package schedulepb

import (
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

var (
	units = map[notificationv1.Layer_Unit]oncall.Unit{
		notificationv1.Layer_UNIT_HOUR: oncall.Hour, notificationv1.Layer_UNIT_DAY: oncall.Day,
		notificationv1.Layer_UNIT_WEEK: oncall.Week, notificationv1.Layer_UNIT_MONTH: oncall.Month,
	}
	kinds = map[notificationv1.Override_Kind]oncall.Kind{
		notificationv1.Override_KIND_UNSPECIFIED: oncall.ReplaceAll, notificationv1.Override_KIND_REPLACE_ALL: oncall.ReplaceAll,
		notificationv1.Override_KIND_REPLACE: oncall.Replace, notificationv1.Override_KIND_ADD: oncall.Add,
		notificationv1.Override_KIND_REMOVE: oncall.Remove, notificationv1.Override_KIND_TEMPORARY: oncall.Temporary,
	}
)

// Schedule returns the message of a schedule with the overrides that end after now.
func Schedule(s oncall.Schedule, now time.Time) *notificationv1.Schedule {
	out := &notificationv1.Schedule{Id: s.ID, Name: s.Name, TimeZone: s.Zone.String(), Layers: layers(s.Layers)}
	for _, o := range s.Overrides {
		if o.End.After(now) {
			out.Overrides = append(out.Overrides, Override(s.ID, o))
		}
	}
	return out
}

// Override returns the message of an override.
func Override(schedule string, o oncall.Override) *notificationv1.Override {
	out := &notificationv1.Override{
		Id: o.ID, Schedule: schedule, Person: o.Person, ReplacedPerson: o.Replaced, Layers: layers(o.Layers),
		StartTime: timestamppb.New(o.Start), EndTime: timestamppb.New(o.End),
	}
	for message, kind := range kinds {
		if kind == o.Kind && message != notificationv1.Override_KIND_UNSPECIFIED {
			out.Kind = message
		}
	}
	return out
}

func layers(all []oncall.Layer) (out []*notificationv1.Layer) {
	for _, l := range all {
		m := &notificationv1.Layer{Name: l.Name, Length: int32(l.Length), Start: wallText(l.Start), People: l.People}
		if !l.End.IsZero() {
			m.End = wallText(l.End)
		}
		for message, unit := range units {
			if unit == l.Unit {
				m.Unit = message
			}
		}
		m.Restrictions = Restrictions(l.Restrictions)
		out = append(out, m)
	}
	return out
}

// Restrictions returns the messages of parts of the days.
func Restrictions(all []oncall.Restriction) (out []*notificationv1.Restriction) {
	for _, r := range all {
		m := &notificationv1.Restriction{From: clockText(r.From), Until: clockText(r.Until)}
		for _, weekday := range r.Weekdays {
			m.Weekdays = append(m.Weekdays, int32((weekday+6)%7)+1)
		}
		out = append(out, m)
	}
	return out
}

const (
	minutes = "2006-01-02T15:04"
	seconds = "2006-01-02T15:04:05"
)

func wallText(wall time.Time) string {
	if wall.Truncate(time.Minute).Equal(wall) {
		return wall.Format(minutes)
	}
	return wall.Format(seconds + ".999999")
}

func clockText(since time.Duration) string {
	return fmt.Sprintf("%02d:%02d", since/time.Hour, since%time.Hour/time.Minute)
}

// ToSchedule reads a schedule whose message is valid by the rules of the proto. path is the field that holds it.
func ToSchedule(path string, in *notificationv1.Schedule) (s oncall.Schedule, err error) {
	zone, err := ToZone(path+".time_zone", in.GetTimeZone())
	if err != nil {
		return s, err
	}
	s = oncall.Schedule{ID: in.GetId(), Name: in.GetName(), Zone: zone}
	if s.Layers, err = toLayers(path, in.GetLayers()); err != nil {
		return s, err
	}
	for i, o := range in.GetOverrides() {
		override, err := ToOverride(fmt.Sprintf("%s.overrides[%d]", path, i), o)
		if err != nil {
			return s, err
		}
		s.Overrides = append(s.Overrides, override)
	}
	return s, nil
}

// ToZone returns an IANA zone. path is the field that names it.
func ToZone(path, name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fault.InvalidField(path, "ZONE_UNKNOWN", "must be an IANA time zone such as Europe/London")
	}
	return zone, nil
}

// ToOverride reads an override whose message is valid by the rules of the proto.
func ToOverride(path string, in *notificationv1.Override) (o oncall.Override, err error) {
	if !in.GetStartTime().IsValid() || !in.GetEndTime().IsValid() || !in.GetStartTime().AsTime().Before(in.GetEndTime().AsTime()) {
		return o, fault.InvalidField(path+".end_time", "INTERVAL_INVALID", "must be after start_time")
	}
	o = oncall.Override{
		ID: in.GetId(), Kind: kinds[in.GetKind()], Person: in.GetPerson(), Replaced: in.GetReplacedPerson(),
		Start: in.GetStartTime().AsTime().Truncate(time.Microsecond), End: in.GetEndTime().AsTime().Truncate(time.Microsecond),
	}
	if o.Layers, err = toLayers(path, in.GetLayers()); err != nil {
		return o, err
	}
	takes := map[oncall.Kind]struct{ person, replaced, layers bool }{
		oncall.ReplaceAll: {person: true}, oncall.Add: {person: true}, oncall.Remove: {replaced: true},
		oncall.Replace: {person: true, replaced: true}, oncall.Temporary: {layers: true},
	}[o.Kind]
	var fields []fault.Field
	check := func(name string, takes, set, needed bool) {
		switch {
		case takes && needed && !set:
			fields = append(fields, fault.Field{Path: path + "." + name, Reason: "REQUIRED", Description: "is needed by overrides of this kind"})
		case !takes && set:
			fields = append(fields, fault.Field{Path: path + "." + name, Reason: "UNKNOWN_FIELD", Description: "is for overrides of another kind"})
		}
	}
	check("person", takes.person, o.Person != "", true)
	check("replaced_person", takes.replaced, o.Replaced != "", true)
	check("layers", takes.layers, len(o.Layers) > 0, false)
	return o, fault.InvalidFields(fields)
}

func toLayers(path string, in []*notificationv1.Layer) (out []oncall.Layer, err error) {
	var fields []fault.Field
	for i, m := range in {
		at := fmt.Sprintf("%s.layers[%d]", path, i)
		l := oncall.Layer{Name: m.GetName(), Unit: units[m.GetUnit()], Length: int(m.GetLength()), People: m.GetPeople()}
		read := func(field, text string) (wall time.Time) {
			wall, ok := toWall(text)
			if !ok {
				fields = append(fields, fault.Field{Path: at + field, Reason: "TIME_INVALID", Description: "must be a time on the wall such as 2026-11-02T09:00, from 1970 to 2199"})
			}
			return wall
		}
		l.Start = read(".start", m.GetStart())
		if m.GetEnd() != "" {
			if l.End = read(".end", m.GetEnd()); !l.End.IsZero() && !l.End.After(l.Start) {
				fields = append(fields, fault.Field{Path: at + ".end", Reason: "INTERVAL_INVALID", Description: "must be after start"})
			}
		}
		l.Restrictions = ToRestrictions(m.GetRestrictions())
		out = append(out, l)
	}
	return out, fault.InvalidFields(fields)
}

// ToRestrictions reads parts of the days whose messages are valid by the rules of the proto.
func ToRestrictions(in []*notificationv1.Restriction) (out []oncall.Restriction) {
	for _, m := range in {
		r := oncall.Restriction{From: toClock(m.GetFrom()), Until: toClock(m.GetUntil())}
		for _, weekday := range m.GetWeekdays() {
			r.Weekdays = append(r.Weekdays, time.Weekday(weekday%7))
		}
		out = append(out, r)
	}
	return out
}

func toWall(text string) (time.Time, bool) {
	wall, err := time.Parse(minutes, text)
	if err != nil {
		wall, err = time.Parse(seconds, text)
	}
	if err != nil || wall.Year() < 1970 || wall.Year() > 2199 {
		return time.Time{}, false
	}
	return wall.Truncate(time.Microsecond), true
}

// toClock reads a time of day, which the rules of the proto have found to be one.
func toClock(text string) time.Duration {
	var hours, minutes int
	if _, err := fmt.Sscanf(text, "%d:%d", &hours, &minutes); err != nil {
		return 0
	}
	return time.Duration(hours*60+minutes) * time.Minute
}

// People returns everybody of the layers of a schedule, each once.
func People(in *notificationv1.Schedule) (people []string) {
	for _, l := range in.GetLayers() {
		for _, p := range l.GetPeople() {
			if !slices.Contains(people, p) {
				people = append(people, p)
			}
		}
	}
	return people
}
