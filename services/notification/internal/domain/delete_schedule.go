package domain

import "altis-dxp.com/support/pkg/fault"

// DeletableSchedule refuses to delete a schedule that does not exist (NotFound), or that the policy names (Precondition): its
// steps would reach fewer people than they say. Policies that open pages keep may name it: their step is skipped then.
func (r *Roster) DeletableSchedule(id string) error {
	if _, ok := r.Schedules[id]; !ok {
		return fault.New(fault.NotFound, "SCHEDULE_UNKNOWN", "no such schedule")
	}
	if r.Policy != nil && r.Policy.Names(id) {
		return fault.New(fault.Precondition, "SCHEDULE_IN_USE", "the escalation policy "+PolicyID+" names the schedule").With("policies", PolicyID)
	}
	return nil
}
