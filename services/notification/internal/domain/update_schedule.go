package domain

import (
	"strings"

	"altis-dxp.com/support/pkg/fault"
)

// NameableSchedule refuses a name that another schedule has (Exists): people choose them by it. One that has it already may
// keep it, whatever was allowed before.
func (r *Roster) NameableSchedule(id, name string) error {
	if before, ok := r.Schedules[id]; ok && before.Name == name {
		return nil
	}
	for other, s := range r.Schedules {
		if other != id && strings.EqualFold(strings.TrimSpace(s.Name), strings.TrimSpace(name)) {
			f := fault.New(fault.Exists, "SCHEDULE_NAME_EXISTS", "another schedule has this name").With("schedule", other)
			f.Fields = []fault.Field{{Path: "schedule.name", Reason: f.Reason, Description: f.Msg}}
			return f
		}
	}
	return nil
}
