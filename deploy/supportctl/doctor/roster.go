package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// ahead is how far the roster is looked at: as far as the service does when it tells people of gaps.
const ahead = 7 * 24 * time.Hour

// roster looks for times in which a schedule that pages go by has nobody, though somebody should be on call.
func roster(ctx context.Context, c Config) []Finding {
	client := notificationv1.NewOnCallServiceClient(c.Roster)
	policy, err := client.GetEscalationPolicy(ctx, &notificationv1.GetEscalationPolicyRequest{EscalationPolicy: "default"})
	f := Finding{Check: "roster", Subject: "escalation policy"}
	switch {
	case errors.Is(err, fault.NotFound):
		f.State, f.Text, f.Do = Warn, "there is none: every engineer and supervisor is paged at once", "make the policy default: PATCH /v1/escalationPolicies/default?allow_missing=true"
		return []Finding{f}
	case err != nil:
		f.State, f.Text, f.Do = Fail, reason(err), "check --address, --plaintext and that the token is of the staff (SCOPE_ON_CALL_READ)"
		return []Finding{f}
	case len(policy.GetFallback()) == 0:
		f.State, f.Text, f.Do = Fail, "its fallback list is empty: whoever is left when nobody answers", "name at least one person"
	default:
		f.State, f.Text = OK, fmt.Sprintf("%d steps, %d people at its end", len(policy.GetSteps()), len(policy.GetFallback()))
	}
	found := []Finding{f}
	for _, schedule := range named(policy) {
		found = append(found, gaps(ctx, client, schedule, c.Now()))
	}
	return found
}

// named returns the schedules that a policy names, each once.
func named(policy *notificationv1.EscalationPolicy) []string {
	var schedules []string
	for _, step := range policy.GetSteps() {
		for _, target := range step.GetTargets() {
			if id, ok := strings.CutPrefix(target, "schedule:"); ok && !slices.Contains(schedules, id) {
				schedules = append(schedules, id)
			}
		}
	}
	return schedules
}

func gaps(ctx context.Context, client notificationv1.OnCallServiceClient, schedule string, now time.Time) Finding {
	f := Finding{Check: "roster", Subject: "schedule " + schedule}
	res, err := client.ListShifts(ctx, &notificationv1.ListShiftsRequest{
		Schedule: schedule, StartTime: timestamppb.New(now), EndTime: timestamppb.New(now.Add(ahead)), PageSize: 1000,
	})
	if err != nil {
		f.State, f.Text, f.Do = Fail, reason(err), "make the schedule, or take it out of the policy"
		return f
	}
	f.State, f.Text = OK, "somebody is on call for seven days"
	for _, shift := range res.GetShifts() {
		if len(shift.GetDuties()) > 0 || shift.GetDeliberate() {
			continue
		}
		from, until := shift.GetStartTime().AsTime(), shift.GetEndTime().AsTime()
		f.State, f.Text = Warn, fmt.Sprintf("nobody is on call from %s to %s", moment(from), moment(until))
		f.Do = "put somebody on call: supportctl oncall override --help"
		if !from.After(now) {
			f.State, f.Text = Fail, "nobody is on call now, until "+moment(until)
		}
		break // the first is the most urgent
	}
	return f
}

func moment(t time.Time) string { return t.UTC().Format("Mon 2006-01-02 15:04 MST") }
