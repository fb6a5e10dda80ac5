package domain

import (
	"fmt"
	"slices"
)

// scope checks what a ticket is about against the directory and returns it with
// the names of today. unverified says that a target is unknown and was accepted,
// because it may have been made while identity is out of reach: a real outage
// must not wait for the directory.
func (f *faults) scope(d *Desk, facts Facts, actor Actor, t Ticket) (scope Scope, unverified bool) {
	limited := !actor.Staff && !actor.OrganizationWide && actor.Service == ""
	if t.Scope.All {
		if len(t.Scope.Targets) > 0 {
			f.add("ticket.scope", "SCOPE_AMBIGUOUS", "either all is true or targets lists at least one application")
		}
		if limited {
			f.add("ticket.scope.all", "APPLICATION_DENIED", "name one or more of your applications")
		}
		return Scope{All: true}, false
	}
	if len(t.Scope.Targets) == 0 {
		f.add("ticket.scope", "REQUIRED", "either all is true or targets lists at least one application")
	}
	if len(t.Scope.Targets) > maxTargets {
		f.add("ticket.scope.targets", "TOO_MANY", fmt.Sprintf("at most %d", maxTargets))
		return Scope{}, false
	}
	acceptUnknown := t.Type == Incident && d.Directory.IdentityAway()
	for i, target := range t.Scope.Targets {
		path := fmt.Sprintf("ticket.scope.targets[%d]", i)
		target.ApplicationName, target.EnvironmentName = "", ""
		if slices.ContainsFunc(scope.Targets, func(t Target) bool {
			return t.Application == target.Application && t.Environment == target.Environment
		}) {
			continue
		}
		f.text(path+".application", target.Application, 1, maxID, true)
		f.text(path+".environment", target.Environment, 0, maxID, true)
		application, known := facts.Applications[target.Application]
		switch {
		case limited && !slices.Contains(actor.Applications, target.Application):
			f.add(path+".application", "APPLICATION_DENIED", "is not one of your applications")
			continue
		case known && application.Organization == t.Organization:
			target.ApplicationName = application.Name
		case !known && acceptUnknown:
			unverified = true
		default: // one of another organization is as unknown as none at all
			f.add(path+".application", "UNKNOWN_APPLICATION", "is not an application of the organization")
			continue
		}
		if target.Environment != "" {
			environment, known := facts.Environments[target.Environment]
			switch {
			case known && environment.Application == target.Application:
				target.EnvironmentName = environment.Name
			case !known && acceptUnknown:
				unverified = true
			default:
				f.add(path+".environment", "UNKNOWN_ENVIRONMENT", "is not an environment of the application")
				continue
			}
		}
		scope.Targets = append(scope.Targets, target)
	}
	return scope, unverified
}

// askScope adds what scope needs to know.
func (a *Ask) askScope(s Scope) {
	for _, t := range s.Targets {
		a.Applications = append(a.Applications, t.Application)
		if t.Environment != "" {
			a.Environments = append(a.Environments, t.Environment)
		}
	}
}
