package wire

import (
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// Incident returns the API's part of incidents; nil stays nil.
func Incident(d *domain.IncidentDetails) *ticketv1.IncidentDetails {
	if d == nil {
		return nil
	}
	return &ticketv1.IncidentDetails{SinceTime: Time(d.Since), Impact: d.Impact, CallbackNumber: d.Callback}
}

func problem(d *domain.ProblemDetails) *ticketv1.ProblemDetails {
	return &ticketv1.ProblemDetails{
		Kind: ticketv1.ProblemDetails_Kind(d.Kind), Expected: d.Expected, Actual: d.Actual, Steps: d.Steps,
		ReducedTestCase: d.ReducedTestCase, Environments: d.Environments,
		ReproducedOnFreshInstallation: ticketv1.Reproduced(d.ReproducedOnFreshInstall),
		ReproducedLocally:             ticketv1.Reproduced(d.ReproducedLocally),
		Traces:                        d.Traces, CheckedForUpdates: d.CheckedForUpdates, ReadWholeTrace: d.ReadTrace,
	}
}

func task(d *domain.TaskDetails) *ticketv1.TaskDetails {
	return &ticketv1.TaskDetails{
		Kind: ticketv1.TaskDetails_Kind(d.Kind), Requirements: d.Requirements,
		EarliestTime: Time(d.Earliest), LatestTime: Time(d.Latest), TimeZone: d.Zone,
	}
}

// FromDetails reads the type's own part of a ticket.
func FromDetails(t *ticketv1.Ticket) domain.Details {
	switch d := t.GetDetails().(type) {
	case *ticketv1.Ticket_Incident:
		i := d.Incident
		return domain.Details{Incident: &domain.IncidentDetails{
			Since: FromTime(i.GetSinceTime()), Impact: i.GetImpact(), Callback: i.GetCallbackNumber(),
		}}
	case *ticketv1.Ticket_Problem:
		p := d.Problem
		return domain.Details{Problem: &domain.ProblemDetails{
			Kind: int64(p.GetKind()), Expected: p.GetExpected(), Actual: p.GetActual(), Steps: p.GetSteps(),
			ReducedTestCase: p.GetReducedTestCase(), Environments: p.GetEnvironments(),
			ReproducedOnFreshInstall: int64(p.GetReproducedOnFreshInstallation()),
			ReproducedLocally:        int64(p.GetReproducedLocally()),
			Traces:                   p.GetTraces(), CheckedForUpdates: p.GetCheckedForUpdates(), ReadTrace: p.GetReadWholeTrace(),
		}}
	case *ticketv1.Ticket_Task:
		k := d.Task
		return domain.Details{Task: &domain.TaskDetails{
			Kind: int64(k.GetKind()), Requirements: k.GetRequirements(),
			Earliest: FromTime(k.GetEarliestTime()), Latest: FromTime(k.GetLatestTime()), Zone: k.GetTimeZone(),
		}}
	default:
		return domain.Details{}
	}
}
