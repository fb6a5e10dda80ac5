package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// identityAwayAfter is how long identity is out of reach before what the
// directory does not know may exist nevertheless.
const identityAwayAfter = 30 * time.Second

// IdentityAway implements domain.Directory.
func (s *Store) IdentityAway() bool {
	return s.Now().Sub(s.IdentityReachedAt()) > identityAwayAfter
}

// Facts implements domain.Directory by one statement: it stands before every change.
func (s *Store) Facts(ctx context.Context, ask domain.Ask) (domain.Facts, error) {
	f := domain.Facts{
		Organizations: map[string]domain.Organization{},
		Applications:  map[string]domain.Application{},
		Environments:  map[string]domain.Environment{},
	}
	query, args := s.facts(ask)
	reader := s.DB.Reader()
	if ask.Urgent {
		reader = s.DB.PageReader()
	}
	rows, err := reader.QueryContext(ctx, query, args...)
	if err != nil {
		return f, sqldb.Classify(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := addFact(&f, rows.Scan); err != nil {
			return f, sqldb.Classify(err)
		}
	}
	return f, sqldb.Classify(rows.Err())
}

func (d dialect) facts(ask domain.Ask) (query string, args []any) {
	people := fmt.Sprintf("(p.id %s OR p.email_lower %s)", d.in(1), d.in(2))
	query = `
SELECT 1, p.id, p.organization, p.name, p.email, p.staff,
  CASE WHEN p.role = 'admin' THEN 1 ELSE p.organization_wide END, p.applications, p.removed + p.disabled,
  CASE WHEN p.staff = 1 AND p.role IN ('supervisor', 'admin') THEN 1 ELSE 0 END
FROM directory_people p WHERE ` + people + `
UNION ALL
SELECT 2, o.id, o.plan, o.name, '', 0, 0, '', 0, 0 FROM directory_organizations o
WHERE o.removed = 0 AND (o.id ` + d.in(3) + ` OR o.id ` + d.inSelect("SELECT p.organization FROM directory_people p WHERE p.id "+d.in(1)) + `)`
	args = []any{sqldb.List(ask.People), sqldb.List(ask.Emails), sqldb.List(ask.Organizations)}
	if len(ask.Applications) > 0 {
		query += `
UNION ALL
SELECT 3, a.id, a.organization, a.name, '', 0, 0, '', 0, 0 FROM directory_applications a WHERE a.removed = 0 AND a.id ` + d.in(4) + `
UNION ALL
SELECT 4, e.id, e.application, e.name, '', 0, 0, '', 0, 0 FROM directory_environments e WHERE e.removed = 0 AND e.id ` + d.in(5)
		args = append(args, sqldb.List(ask.Applications), sqldb.List(ask.Environments))
	}
	return query, args
}

func addFact(f *domain.Facts, scan func(...any) error) error {
	var (
		kind, gone                           int64
		id, owner, name, email, applications string
		staff, wide, supervisor              bool
	)
	if err := scan(&kind, &id, &owner, &name, &email, &staff, &wide, &applications, &gone, &supervisor); err != nil {
		return err
	}
	switch kind {
	case 1:
		m := domain.Member{
			Person:       domain.Person{ID: id, Name: name, Email: email, Staff: staff},
			Organization: owner, OrganizationWide: wide, Gone: gone > 0, Supervisor: supervisor,
		}
		if err := json.Unmarshal([]byte(applications), &m.Applications); err != nil {
			return fmt.Errorf("store: applications of person %s: %w", id, err)
		}
		f.People = append(f.People, m)
	case 2:
		f.Organizations[id] = domain.Organization{ID: id, Name: name, Plan: owner}
	case 3:
		f.Applications[id] = domain.Application{ID: id, Organization: owner, Name: name}
	case 4:
		f.Environments[id] = domain.Environment{ID: id, Application: owner, Name: name}
	}
	return nil
}
