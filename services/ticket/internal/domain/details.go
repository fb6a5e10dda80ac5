package domain

import (
	"strconv"
	"time"
)

// Details is the part that only one type has. At most one is set, and it matches
// the ticket's type; questions have none.
type Details struct {
	Incident *IncidentDetails `json:"incident,omitempty"`
	Problem  *ProblemDetails  `json:"problem,omitempty"`
	Task     *TaskDetails     `json:"task,omitempty"`
}

// IncidentDetails is the part of incidents.
type IncidentDetails struct {
	Since    time.Time `json:"since,omitzero"`
	Impact   string    `json:"impact,omitempty"`
	Callback string    `json:"callback,omitempty"` // phone number
}

// The last numbers of the API's enums: bug or risk; yes, no or not tried; new
// environment, PHP upgrade or other.
const (
	lastProblemKind = 2
	lastReproduced  = 3
	lastTaskKind    = 3
)

// ProblemDetails is the part of problems. The numbers are those of the API's enums.
type ProblemDetails struct {
	Kind                     int64  `json:"kind,omitempty"`
	Expected                 string `json:"expected,omitempty"`
	Actual                   string `json:"actual,omitempty"`
	Steps                    string `json:"steps,omitempty"`
	ReducedTestCase          string `json:"reduced_test_case,omitempty"`
	Environments             string `json:"environments,omitempty"`
	ReproducedOnFreshInstall int64  `json:"reproduced_on_fresh_install,omitempty"`
	ReproducedLocally        int64  `json:"reproduced_locally,omitempty"`
	Traces                   string `json:"traces,omitempty"`
	CheckedForUpdates        bool   `json:"checked_for_updates,omitempty"`
	ReadTrace                bool   `json:"read_trace,omitempty"`
}

// TaskDetails is the part of tasks.
type TaskDetails struct {
	Kind         int64     `json:"kind,omitempty"` // number of the API's enum
	Requirements string    `json:"requirements,omitempty"`
	Earliest     time.Time `json:"earliest,omitzero"`
	Latest       time.Time `json:"latest,omitzero"`
	Zone         string    `json:"zone,omitempty"` // IANA
}

const maxImpact = 2000

// matches reports whether no other type's part is set.
func (d Details) matches(t Type) bool {
	return (d.Incident == nil || t == Incident) && (d.Problem == nil || t == Problem) && (d.Task == nil || t == Task)
}

// detailField is one field as text, for limits and for the history. limit is the
// number of characters it may have; 0 for what is no text.
type detailField struct {
	name, value string
	limit       int
	oneLine     bool
}

// fields lists every field of every type, in order, so that two Details compare
// place by place.
func (d Details) fields() []detailField {
	var i IncidentDetails
	if d.Incident != nil {
		i = *d.Incident
	}
	var p ProblemDetails
	if d.Problem != nil {
		p = *d.Problem
	}
	var t TaskDetails
	if d.Task != nil {
		t = *d.Task
	}
	return []detailField{
		{name: "incident.since_time", value: instant(i.Since)},
		{name: "incident.impact", value: i.Impact, limit: maxImpact},
		{name: "incident.callback_number", value: i.Callback, limit: 40, oneLine: true},
		{name: "problem.kind", value: number(p.Kind)},
		{name: "problem.expected", value: p.Expected, limit: 8000},
		{name: "problem.actual", value: p.Actual, limit: 8000},
		{name: "problem.steps", value: p.Steps, limit: 8000},
		{name: "problem.reduced_test_case", value: p.ReducedTestCase, limit: 16000},
		{name: "problem.environments", value: p.Environments, limit: 2000},
		{name: "problem.reproduced_on_fresh_installation", value: number(p.ReproducedOnFreshInstall)},
		{name: "problem.reproduced_locally", value: number(p.ReproducedLocally)},
		{name: "problem.traces", value: p.Traces, limit: 65536},
		{name: "problem.checked_for_updates", value: yes(p.CheckedForUpdates)},
		{name: "problem.read_whole_trace", value: yes(p.ReadTrace)},
		{name: "task.kind", value: number(t.Kind)},
		{name: "task.requirements", value: t.Requirements, limit: 16000},
		{name: "task.earliest_time", value: instant(t.Earliest)},
		{name: "task.latest_time", value: instant(t.Latest)},
		{name: "task.time_zone", value: t.Zone, limit: 64, oneLine: true},
	}
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}
