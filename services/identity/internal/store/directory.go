package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/identity/internal/domain"
)

// reads implements domain.Reads on the pool of readers or in a transaction.
type reads struct{ q sqldb.Queryer }

type organizationRow struct {
	ID            string
	Name          string
	Plan          string
	MembersSeeAll int64
	CreatedAt     int64
}

func (r organizationRow) organization() domain.Organization {
	return domain.Organization{
		ID: r.ID, Name: r.Name, Plan: r.Plan, MembersSeeAll: r.MembersSeeAll == 1, CreatedAt: sqldb.Time(r.CreatedAt),
	}
}

const (
	selectOrganizations = "SELECT o.id, o.name, o.plan, o.members_see_all, o.created_at FROM organizations o "

	// seesOrganization: the viewer $1 is staff, or a member of o.
	seesOrganization = ` EXISTS (SELECT 1 FROM people v WHERE v.id = $1 AND v.disabled = 0
		AND (v.organization IS NULL OR v.organization = o.id)) `
	// seesApplication: the viewer $1 is staff, or a member of a's organization who is not limited to others.
	seesApplication = ` EXISTS (SELECT 1 FROM people v WHERE v.id = $1 AND v.disabled = 0 AND (v.organization IS NULL
		OR v.organization = a.organization AND (
			NOT EXISTS (SELECT 1 FROM person_applications l WHERE l.person = v.id)
			OR EXISTS (SELECT 1 FROM person_applications l WHERE l.person = v.id AND l.application = a.id)))) `
	// seesMember: the viewer $1 is staff, or a member of p's organization, and one of the two is not limited or both may
	// see the same application.
	seesMember = ` EXISTS (SELECT 1 FROM people v WHERE v.id = $1 AND v.disabled = 0 AND (v.organization IS NULL
		OR v.organization = p.organization AND (v.id = p.id
			OR NOT EXISTS (SELECT 1 FROM person_applications l WHERE l.person = v.id)
			OR NOT EXISTS (SELECT 1 FROM person_applications l WHERE l.person = p.id)
			OR EXISTS (SELECT 1 FROM person_applications l JOIN person_applications m ON m.application = l.application
				WHERE l.person = v.id AND m.person = p.id)))) `
)

func (r reads) Organization(ctx context.Context, id string) (domain.Organization, error) {
	var row organizationRow
	err := sqlscan.Get(ctx, r.q, &row, selectOrganizations+"WHERE o.id = $1", id)
	return row.organization(), orNotFound(err, "organization")
}

func (r reads) VisibleOrganization(ctx context.Context, viewer, id string) (domain.Organization, error) {
	var row organizationRow
	err := sqlscan.Get(ctx, r.q, &row, selectOrganizations+"WHERE o.id = $2 AND"+seesOrganization, viewer, id)
	return row.organization(), orNotFound(err, "organization")
}

func (r reads) Organizations(ctx context.Context, viewer string, after domain.Position, limit int) ([]domain.Organization, error) {
	var rows []organizationRow
	err := sqlscan.Select(ctx, r.q, &rows,
		selectOrganizations+"WHERE (o.name, o.id) > ($2, $3) AND"+seesOrganization+"ORDER BY o.name, o.id LIMIT $4",
		viewer, after.Name, after.ID, limit)
	return mapped(rows, organizationRow.organization), sqldb.Classify(err)
}

type applicationRow struct {
	ID           string
	Organization string
	Name         string
	// NULL for an application without environments.
	EnvironmentID, EnvironmentName, EnvironmentKind *string
}

func (r reads) Application(ctx context.Context, organization, id string) (domain.Application, error) {
	found, err := r.applications(ctx, "WHERE a.organization = $1 AND a.id = $2", organization, id)
	if err != nil {
		return domain.Application{}, err
	}
	if len(found) == 0 {
		return domain.Application{}, domain.NotFound("application")
	}
	return found[0], nil
}

func (r reads) Applications(ctx context.Context, viewer string, asked domain.ApplicationFilter, after domain.Position, limit int) ([]domain.Application, error) {
	args := []any{viewer, after.Name, after.ID, limit}
	param := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	begins := func(text, prefix string) string {
		prefix = strings.ToLower(prefix)
		return fmt.Sprintf("substr(%s, 1, %s) = %s ", text, param(utf8.RuneCountInString(prefix)), param(prefix))
	}
	where := "WHERE (a.name_key, a.id) > ($2, $3) AND" + seesApplication
	if asked.Organization != "" {
		where += "AND a.organization = " + param(asked.Organization) + " "
	}
	if asked.NamePrefix != "" {
		where += "AND " + begins("a.name_key", asked.NamePrefix)
	}
	if asked.EnvironmentPrefix != "" {
		where += "AND EXISTS (SELECT 1 FROM environments n WHERE n.application = a.id AND " + begins("lower(n.name)", asked.EnvironmentPrefix) + ") "
	}
	return r.applications(ctx, where+"ORDER BY a.name_key, a.id LIMIT $4", args...)
}

// applications reads those that which selects, each with its environments.
func (r reads) applications(ctx context.Context, which string, args ...any) ([]domain.Application, error) {
	var rows []applicationRow
	err := sqlscan.Select(ctx, r.q, &rows, `SELECT s.id, s.organization, s.name,
		e.id AS environment_id, e.name AS environment_name, e.kind AS environment_kind
		FROM (SELECT a.id, a.organization, a.name, a.name_key FROM applications a `+which+`) s
		LEFT JOIN environments e ON e.application = s.id ORDER BY s.name_key, s.id, e.position`, args...)
	if err != nil {
		return nil, sqldb.Classify(err)
	}
	var found []domain.Application
	for _, row := range rows {
		if n := len(found); n == 0 || found[n-1].ID != row.ID {
			found = append(found, domain.Application{ID: row.ID, Organization: row.Organization, Name: row.Name})
		}
		if row.EnvironmentID != nil {
			a := &found[len(found)-1]
			a.Environments = append(a.Environments, domain.Environment{ID: *row.EnvironmentID, Name: *row.EnvironmentName, Kind: *row.EnvironmentKind})
		}
	}
	return found, nil
}

type personRow struct {
	ID           string
	Organization string
	Name         string
	Email        string
	Role         string
	Applications string // joined by commas, which ids do not have
	Teams        string // one a line
	TimeZone     string
	Locale       string
	Disabled     int64
	TokensFrom   int64
}

func (r personRow) person() domain.Person {
	p := domain.Person{
		ID: r.ID, Organization: r.Organization, Name: r.Name, Email: r.Email, Role: domain.Role(r.Role),
		TimeZone: r.TimeZone, Locale: r.Locale, Disabled: r.Disabled == 1, TokensFrom: sqldb.Time(r.TokensFrom),
	}
	if r.Teams != "" {
		p.Teams = strings.Split(r.Teams, "\n")
	}
	if r.Applications != "" {
		p.Applications = strings.Split(r.Applications, ",")
		slices.Sort(p.Applications)
	}
	return p
}

const (
	personColumns = `p.id, COALESCE(p.organization, '') AS organization, p.name, p.email, p.role,
		COALESCE((SELECT string_agg(l.application, ',') FROM person_applications l WHERE l.person = p.id), '') AS applications,
		p.time_zone, p.locale, p.disabled, p.tokens_from, p.teams `
	selectPeople = "SELECT " + personColumns + "FROM people p "
)

func (r reads) Person(ctx context.Context, id string) (domain.Person, error) {
	var row personRow
	err := sqlscan.Get(ctx, r.q, &row, selectPeople+"WHERE p.id = $1", id)
	return row.person(), orNotFound(err, "person")
}

func (r reads) Members(ctx context.Context, viewer, organization string, after domain.Position, limit int) ([]domain.Person, error) {
	return r.people(ctx, "WHERE p.organization = $2 AND (p.name, p.id) > ($3, $4) AND"+seesMember+"ORDER BY p.name, p.id LIMIT $5",
		viewer, organization, after.Name, after.ID, limit)
}

func (r reads) Staff(ctx context.Context, after domain.Position, limit int) ([]domain.Person, error) {
	return r.people(ctx, "WHERE p.organization IS NULL AND (p.name, p.id) > ($1, $2) ORDER BY p.name, p.id LIMIT $3",
		after.Name, after.ID, limit)
}

func (r reads) LimitedTo(ctx context.Context, application string) ([]domain.Person, error) {
	return r.people(ctx, "WHERE p.id IN (SELECT l.person FROM person_applications l WHERE l.application = $1) ORDER BY p.id", application)
}

func (r reads) people(ctx context.Context, where string, args ...any) ([]domain.Person, error) {
	var rows []personRow
	err := sqlscan.Select(ctx, r.q, &rows, selectPeople+where, args...)
	return mapped(rows, personRow.person), sqldb.Classify(err)
}

func mapped[A, B any](rows []A, f func(A) B) []B {
	out := make([]B, len(rows))
	for n, row := range rows {
		out[n] = f(row)
	}
	return out
}
