// Package wire translates between the messages of the API and the domain, for both entry points: calls and events.
package wire

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/directory"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/triage/internal/domain"
)

// Type returns a ticket's type; ok is false for one that triage does not know.
func Type(t ticketv1.TicketType) (_ domain.Type, ok bool) {
	switch t {
	case ticketv1.TicketType_TICKET_TYPE_INCIDENT:
		return domain.Incident, true
	case ticketv1.TicketType_TICKET_TYPE_PROBLEM:
		return domain.Problem, true
	case ticketv1.TicketType_TICKET_TYPE_TASK:
		return domain.Task, true
	case ticketv1.TicketType_TICKET_TYPE_QUESTION:
		return domain.Question, true
	default:
		return "", false
	}
}

// ProtoType is the reverse of Type: unspecified for the type of nothing.
func ProtoType(t domain.Type) ticketv1.TicketType {
	switch t {
	case domain.Incident:
		return ticketv1.TicketType_TICKET_TYPE_INCIDENT
	case domain.Problem:
		return ticketv1.TicketType_TICKET_TYPE_PROBLEM
	case domain.Task:
		return ticketv1.TicketType_TICKET_TYPE_TASK
	case domain.Question:
		return ticketv1.TicketType_TICKET_TYPE_QUESTION
	}
	return ticketv1.TicketType_TICKET_TYPE_UNSPECIFIED
}

// Targets returns the targets of a scope, none when it is about everything.
func Targets(scope *ticketv1.Scope) []directory.Target {
	targets := make([]directory.Target, len(scope.GetTargets()))
	for i, target := range scope.GetTargets() {
		targets[i] = directory.Target{Application: target.GetApplication(), Environment: target.GetEnvironment()}
	}
	return targets
}

// Production reports whether the targets may concern a production environment. They do unless all of them are environments
// known to be for something else: ignorance must not lower a priority.
func Production(targets []directory.ScopeTarget) bool {
	for _, target := range targets {
		if target.EnvironmentKind != "staging" && target.EnvironmentKind != "development" {
			return true
		}
	}
	return len(targets) == 0
}

// Time returns an instant as precisely as it is stored, the zero time for none.
func Time(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime().Truncate(time.Microsecond)
}
