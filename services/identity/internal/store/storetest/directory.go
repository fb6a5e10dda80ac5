package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

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
			applications, err := s.Applications(t.Context(), c.viewer, "acme")
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
	staff, err := s.Staff(t.Context())
	require.NoError(t, err)
	require.Equal(t, []domain.Person{ps.agent}, staff)
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
	var found []string
	for after, last := (domain.Position{}), false; !last; {
		organizations, err := s.Organizations(t.Context(), "agent", after, 2)
		require.NoError(t, err)
		for _, o := range organizations {
			found = append(found, o.ID)
			after = domain.Position{Name: o.Name, ID: o.ID}
		}
		last = len(organizations) < 2
	}
	require.Equal(t, strings.Fields("acme other same-0 same-1 same-2 same-3 same-4 same-5 same-6"), found)
}
