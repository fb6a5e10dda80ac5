package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/identity/internal/domain"
)

func unique(t *testing.T, s Store) {
	populate(t, s)
	for _, c := range []struct {
		name   string
		change func(ctx context.Context, tx domain.Tx) error
		reason string
	}{
		{
			name: "address in another case and organization",
			change: func(ctx context.Context, tx domain.Tx) error {
				p := person("second", "other", domain.RoleUser)
				p.Email = "USER@Example.com"
				return tx.InsertPerson(ctx, p, "hash")
			},
			reason: "EMAIL_EXISTS",
		},
		{
			name: "application in another case",
			change: func(ctx context.Context, tx domain.Tx) error {
				return tx.InsertApplication(ctx, domain.Application{ID: "second", Organization: "acme", Name: "NAME OF SHOP"})
			},
			reason: "APPLICATION_EXISTS",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := s.Change(t.Context(), c.change)
			require.ErrorIs(t, err, fault.Exists)
			require.Equal(t, c.reason, fault.ReasonOf(err))
		})
	}
	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		return tx.InsertApplication(ctx, domain.Application{ID: "theirs", Organization: "other", Name: "Name of shop"})
	})
	a, err := s.Application(t.Context(), "other", "theirs")
	require.NoError(t, err)
	require.Empty(t, a.Environments)
}

func applicationInUse(t *testing.T, s Store) {
	ps := populate(t, s)
	shop, err := s.Application(t.Context(), "acme", "shop")
	require.NoError(t, err)
	require.Equal(t, []string{"production", "a dev"}, []string{shop.Environments[0].Name, shop.Environments[1].Name}, "in the order given")
	require.Error(t, s.Change(t.Context(), func(ctx context.Context, tx domain.Tx) error { return tx.RemoveApplication(ctx, shop) }))

	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		limited, err := tx.LimitedTo(ctx, "shop")
		if err != nil {
			return err
		}
		require.Equal(t, []domain.Person{ps.both, ps.shopOnly}, limited)
		ps.both.Applications, ps.shopOnly.Applications = []string{"blog"}, []string{"blog"}
		for _, p := range []domain.Person{ps.both, ps.shopOnly} {
			if err := tx.UpdatePerson(ctx, p); err != nil {
				return err
			}
		}
		return tx.RemoveApplication(ctx, shop)
	})
	_, err = s.Application(t.Context(), "acme", "shop")
	require.Equal(t, "APPLICATION_NOT_FOUND", fault.ReasonOf(err))
	changes, _, err := s.Changes(t.Context(), 0, 100)
	require.NoError(t, err)
	var gone []string
	for _, e := range changes {
		if e.GetRemoved() {
			gone = append(gone, e.GetApplication().GetId()+e.GetEnvironment().GetId())
		}
	}
	require.Equal(t, []string{"shop-production", "shop-dev", "shop"}, gone)
}

func removedPerson(t *testing.T, s Store) {
	ps := populate(t, s)
	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		if err := tx.InsertSession(ctx, domain.Session{ID: "s", Person: "both", CreatedAt: start, LastUsedAt: start}, "session"); err != nil {
			return err
		}
		return tx.InsertAPIToken(ctx, domain.APIToken{ID: "t", Person: "both", Name: "n", CreatedAt: start, ExpiresAt: start}, "token")
	})
	do(t, s, func(ctx context.Context, tx domain.Tx) error { return tx.RemovePerson(ctx, ps.both) })
	_, err := s.Person(t.Context(), "both")
	require.Equal(t, "PERSON_NOT_FOUND", fault.ReasonOf(err))
	_, _, err = s.Session(t.Context(), "session")
	require.ErrorIs(t, err, fault.NotFound)
	_, _, err = s.APIToken(t.Context(), "token")
	require.ErrorIs(t, err, fault.NotFound)
	_, _, err = s.Password(t.Context(), "both@example.com")
	require.ErrorIs(t, err, fault.NotFound)
	do(t, s, func(ctx context.Context, tx domain.Tx) error { return tx.InsertPerson(ctx, ps.both, "again") })
}

func visibility(t *testing.T, s Store) {
	ps := populate(t, s)
	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		gone := person("gone", "acme", domain.RoleUser)
		gone.Disabled = true
		return tx.InsertPerson(ctx, gone, "hash")
	})
	for _, c := range []struct {
		viewer        string
		organizations string
		applications  string // of acme
		members       string // of acme
	}{
		{viewer: "agent", organizations: "acme other", applications: "blog shop", members: "admin blog-only both gone shop-only user"},
		{viewer: "admin", organizations: "acme", applications: "blog shop", members: "admin blog-only both gone shop-only user"},
		{viewer: "user", organizations: "acme", applications: "blog shop", members: "admin blog-only both gone shop-only user"},
		{viewer: "shop-only", organizations: "acme", applications: "shop", members: "admin both gone shop-only user"},
		{viewer: "blog-only", organizations: "acme", applications: "blog", members: "admin blog-only both gone user"},
		{viewer: "both", organizations: "acme", applications: "blog shop", members: "admin blog-only both gone shop-only user"},
		{viewer: "stranger", organizations: "other"},
		{viewer: "gone"},
		{viewer: "nobody"},
	} {
		t.Run(c.viewer, func(t *testing.T) {
			organizations, err := s.Organizations(t.Context(), c.viewer, domain.Position{}, 10)
			require.NoError(t, err)
			require.Equal(t, c.organizations, ids(organizations, func(o domain.Organization) string { return o.ID }))
			applications, err := s.Applications(t.Context(), c.viewer, domain.ApplicationFilter{Organization: "acme"}, domain.Position{}, 10)
			require.NoError(t, err)
			require.Equal(t, c.applications, ids(applications, func(a domain.Application) string { return a.ID }))
			members, err := s.Members(t.Context(), c.viewer, "acme", domain.Position{}, 10)
			require.NoError(t, err)
			require.Equal(t, c.members, ids(members, func(p domain.Person) string { return p.ID }))

			_, err = s.VisibleOrganization(t.Context(), c.viewer, "acme")
			if strings.Contains(c.organizations, "acme") {
				require.NoError(t, err)
			} else {
				require.Equal(t, "ORGANIZATION_NOT_FOUND", fault.ReasonOf(err))
			}
		})
	}
	staff, err := s.Staff(t.Context(), domain.Position{}, 10)
	require.NoError(t, err)
	require.Equal(t, []domain.Person{ps.agent}, staff)
}

func beginnings(t *testing.T, s Store) {
	populate(t, s)
	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		return errors.Join(
			tx.InsertApplication(ctx, domain.Application{
				ID: "wide", Organization: "other", Name: "Namibia 100%_",
				Environments: []domain.Environment{{ID: "w", Name: "Staging", Kind: "staging"}},
			}),
			tx.InsertApplication(ctx, domain.Application{ID: "umlaut", Organization: "other", Name: "Ökonomie"}),
		)
	})
	for _, c := range []struct {
		name   string
		viewer string
		asked  domain.ApplicationFilter
		want   string
	}{
		{name: "all of all", viewer: "agent", want: "blog shop wide umlaut"},
		{name: "all of all that a member sees", viewer: "shop-only", want: "shop"},
		{name: "of another organization", viewer: "stranger", want: "wide umlaut"},
		{name: "by name", viewer: "agent", asked: domain.ApplicationFilter{NamePrefix: "nAm"}, want: "blog shop wide"},
		{name: "by a whole name", viewer: "agent", asked: domain.ApplicationFilter{NamePrefix: "Name of shop"}, want: "shop"},
		{name: "by more than a name", viewer: "agent", asked: domain.ApplicationFilter{NamePrefix: "Name of shops"}},
		{name: "by what stands within", viewer: "agent", asked: domain.ApplicationFilter{NamePrefix: "of"}},
		{name: "signs stand for themselves", viewer: "agent", asked: domain.ApplicationFilter{NamePrefix: "Name_of%"}},
		{name: "letters of several bytes", viewer: "agent", asked: domain.ApplicationFilter{NamePrefix: "ÖK"}, want: "umlaut"},
		{name: "of one organization", viewer: "agent", asked: domain.ApplicationFilter{Organization: "acme", NamePrefix: "name"}, want: "blog shop"},
		{name: "by environment", viewer: "agent", asked: domain.ApplicationFilter{EnvironmentPrefix: "sTag"}, want: "wide"},
		{name: "by both", viewer: "agent", asked: domain.ApplicationFilter{NamePrefix: "name", EnvironmentPrefix: "prod"}, want: "blog shop"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := s.Applications(t.Context(), c.viewer, c.asked, domain.Position{}, 10)
			require.NoError(t, err)
			require.Equal(t, c.want, ids(found, func(a domain.Application) string { return a.ID }))
		})
	}
}

func ids[T any](values []T, id func(T) string) string {
	var all []string
	for _, v := range values {
		all = append(all, id(v))
	}
	return strings.Join(all, " ")
}

func pages(t *testing.T, s Store) {
	populate(t, s)
	// Same names: the id decides.
	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		for n := range 7 {
			o := domain.Organization{ID: fmt.Sprintf("same-%d", n), Name: "same", Plan: "standard", CreatedAt: start}
			if err := tx.PutOrganization(ctx, o); err != nil {
				return err
			}
		}
		return nil
	})
	require.Equal(t, "acme other same-0 same-1 same-2 same-3 same-4 same-5 same-6",
		walk(t, domain.Organization.Position, func(o domain.Organization) string { return o.ID }, func(after domain.Position) ([]domain.Organization, error) {
			return s.Organizations(t.Context(), "agent", after, 2)
		}))
}

func morePages(t *testing.T, s Store) {
	populate(t, s)
	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		var faults []error
		for n := range 5 {
			id, at := fmt.Sprintf("%d", n), start.Add(time.Duration(n/2)*time.Hour) // some at the same instant
			p := person("agent-"+id, "", domain.RoleAgent)
			p.Name = "same" // the id decides
			faults = append(faults, tx.InsertPerson(ctx, p, "hash"))
			// In another order by case than without it, the environments of one within another's page.
			faults = append(faults, tx.InsertApplication(ctx, domain.Application{
				ID: "app-" + id, Organization: "acme", Name: strings.Split("B a C d E", " ")[n],
				Environments: []domain.Environment{{ID: "p" + id, Name: "production", Kind: "production"}, {ID: "s" + id, Name: "staging", Kind: "staging"}},
			}))
			faults = append(faults, tx.InsertSession(ctx, domain.Session{ID: "s" + id, Person: "user", CreatedAt: at, LastUsedAt: at}, "s"+id))
			faults = append(faults, tx.InsertAPIToken(ctx, domain.APIToken{ID: "t" + id, Person: "user", Name: "n", CreatedAt: at, ExpiresAt: at}, "t"+id))
		}
		// Of somebody else: never in a page.
		faults = append(faults, tx.InsertSession(ctx, domain.Session{ID: "x", Person: "admin", CreatedAt: start, LastUsedAt: start}, "x"))
		return errors.Join(faults...)
	})
	require.Equal(t, "agent agent-0 agent-1 agent-2 agent-3 agent-4",
		walk(t, domain.Person.Position, func(p domain.Person) string { return p.ID }, func(after domain.Position) ([]domain.Person, error) {
			return s.Staff(t.Context(), after, 2)
		}))
	require.Equal(t, "app-1 app-0 app-2 app-3 app-4 blog shop",
		walk(t, domain.Application.Position, func(a domain.Application) string {
			require.Len(t, a.Environments, 2)
			return a.ID
		}, func(after domain.Position) ([]domain.Application, error) {
			return s.Applications(t.Context(), "agent", domain.ApplicationFilter{Organization: "acme"}, after, 2)
		}))
	require.Equal(t, "s4 s3 s2 s1 s0",
		walk(t, domain.Session.Position, func(s domain.Session) string { return s.ID }, func(after domain.Moment) ([]domain.Session, error) {
			return s.Sessions(t.Context(), "user", after, 2)
		}))
	require.Equal(t, "t4 t3 t2 t1 t0",
		walk(t, domain.APIToken.Position, func(a domain.APIToken) string { return a.ID }, func(after domain.Moment) ([]domain.APIToken, error) {
			return s.APITokens(t.Context(), "user", after, 2)
		}))
}

// walk reads a list in pages of two and returns the ids.
func walk[P, T any](t *testing.T, position func(T) P, id func(T) string, page func(after P) ([]T, error)) string {
	t.Helper()
	var found []string
	for after, last := *new(P), false; !last; {
		items, err := page(after)
		require.NoError(t, err)
		for _, item := range items {
			found = append(found, id(item))
			after = position(item)
		}
		last = len(items) < 2
	}
	return strings.Join(found, " ")
}
