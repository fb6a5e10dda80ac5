package directory

import (
	"context"

	"altis-dxp.com/support/pkg/sqldb"
)

// Target is an application, or one environment of it, that something is about.
type Target struct {
	Application string
	Environment string // "": every environment of the application
}

// ScopeTarget is a target with what the directory knows of it.
type ScopeTarget struct {
	Target
	ApplicationName string
	EnvironmentName string // "" without an environment
	EnvironmentKind string // "" without an environment
}

// Scope checks that the targets belong to the organization, by one query. resolved has one entry per target, in their
// order; unknown are the indexes of those targets that are not the organization's, whose names stay empty.
func (l Lookup) Scope(ctx context.Context, organization string, targets []Target) (resolved []ScopeTarget, unknown []int, err error) {
	if len(targets) == 0 {
		return nil, nil, nil
	}
	known, err := l.targets(ctx, organization, targets)
	if err != nil {
		return nil, nil, err
	}
	resolved = make([]ScopeTarget, len(targets))
	for i, target := range targets {
		var ok bool
		if resolved[i], ok = known[target]; !ok {
			resolved[i].Target = target
			unknown = append(unknown, i)
		}
	}
	return resolved, unknown, nil
}

// targets returns every target that the named applications offer.
func (l Lookup) targets(ctx context.Context, organization string, targets []Target) (map[Target]ScopeTarget, error) {
	applications := make([]string, len(targets))
	for i, target := range targets {
		applications[i] = target.Application
	}
	var rows []struct{ Application, ApplicationName, Environment, EnvironmentName, Kind string }
	err := l.all(ctx, &rows, `
SELECT a.id AS application, a.name AS application_name, COALESCE(e.id, '') AS environment,
  COALESCE(e.name, '') AS environment_name, COALESCE(e.kind, '') AS kind
FROM directory_applications a LEFT JOIN directory_environments e ON e.application = a.id AND e.removed = 0
WHERE a.organization = $1 AND a.removed = 0 AND a.id `+l.in(2), organization, sqldb.List(applications))
	if err != nil {
		return nil, err
	}
	known := make(map[Target]ScopeTarget, 2*len(rows))
	for _, row := range rows {
		whole := Target{Application: row.Application}
		known[whole] = ScopeTarget{Target: whole, ApplicationName: row.ApplicationName}
		if row.Environment != "" {
			one := Target{Application: row.Application, Environment: row.Environment}
			known[one] = ScopeTarget{Target: one, ApplicationName: row.ApplicationName, EnvironmentName: row.EnvironmentName, EnvironmentKind: row.Kind}
		}
	}
	return known, nil
}
