// Package storetest is what every engine's store must do.
package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/identity/internal/domain"
)

// Store is what is tested.
type Store interface {
	domain.Store
	auth.Source
	Changes(ctx context.Context, after int64, limit int) (changes []*eventv1.DirectoryEvent, more bool, err error)
}

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// Run tests the stores that open returns, each empty.
func Run(t *testing.T, open func(t *testing.T) Store) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, s Store)
	}{
		{name: "changes are versions in commit order", test: changesInOrder},
		{name: "changes are the newest state", test: changesAreNewest},
		{name: "a failed change leaves nothing", test: failedChange},
		{name: "concurrent changes are never missed", test: concurrentChanges},
		{name: "unique names and addresses", test: unique},
		{name: "an application in use stays", test: applicationInUse},
		{name: "a removed person leaves nothing", test: removedPerson},
		{name: "visibility", test: visibility},
		{name: "pages", test: pages},
		{name: "applications by their beginnings", test: beginnings},
		{name: "pages of people, applications and credentials", test: morePages},
		{name: "credentials", test: credentials},
		{name: "pruning", test: pruning},
		{name: "keys and revocations", test: keysAndRevocations},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func do(t *testing.T, s Store, fn func(ctx context.Context, tx domain.Tx) error) {
	t.Helper()
	require.NoError(t, s.Change(t.Context(), fn))
}

// people of two organizations: acme with the applications shop and blog, other with none.
type people struct{ admin, user, shopOnly, blogOnly, both, stranger, agent domain.Person }

func person(id, organization string, role domain.Role, applications ...string) domain.Person {
	return domain.Person{
		ID: id, Organization: organization, Name: "name of " + id, Email: id + "@example.com", Role: role, Applications: applications,
		TimeZone: "UTC", Locale: "en",
	}
}

func populate(t *testing.T, s Store) people {
	t.Helper()
	ps := people{
		admin:    person("admin", "acme", domain.RoleAdmin),
		user:     person("user", "acme", domain.RoleUser),
		shopOnly: person("shop-only", "acme", domain.RoleDeveloper, "shop"),
		blogOnly: person("blog-only", "acme", domain.RoleDeveloper, "blog"),
		both:     person("both", "acme", domain.RoleDeveloper, "blog", "shop"),
		stranger: person("stranger", "other", domain.RoleAdmin),
		agent:    person("agent", "", domain.RoleAgent),
	}
	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		for _, id := range []string{"acme", "other"} {
			o := domain.Organization{ID: id, Name: "name of " + id, Plan: "premium", MembersSeeAll: true, CreatedAt: start}
			if err := tx.PutOrganization(ctx, o); err != nil {
				return err
			}
		}
		for _, id := range []string{"shop", "blog"} {
			a := domain.Application{ID: id, Organization: "acme", Name: "Name of " + id, Environments: []domain.Environment{
				{ID: id + "-production", Name: "production", Kind: "production"}, {ID: id + "-dev", Name: "a dev", Kind: "development"},
			}}
			if err := tx.InsertApplication(ctx, a); err != nil {
				return err
			}
		}
		for _, p := range []domain.Person{ps.admin, ps.user, ps.shopOnly, ps.blogOnly, ps.both, ps.stranger, ps.agent} {
			if err := tx.InsertPerson(ctx, p, "hash of "+p.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return ps
}

func changesInOrder(t *testing.T, s Store) {
	populate(t, s)
	all, more, err := s.Changes(t.Context(), 0, 100)
	require.NoError(t, err)
	require.False(t, more)
	require.Len(t, all, 2+2*3+7)
	for n, e := range all {
		require.EqualValues(t, n+1, e.GetVersion())
	}

	first, more, err := s.Changes(t.Context(), 0, 4)
	require.NoError(t, err)
	require.True(t, more)
	require.Len(t, first, 4)
	rest, more, err := s.Changes(t.Context(), 4, len(all)-4)
	require.NoError(t, err)
	require.False(t, more, "exactly the rest")
	require.Len(t, rest, len(all)-4)
	none, more, err := s.Changes(t.Context(), int64(len(all)), 10)
	require.NoError(t, err)
	require.False(t, more)
	require.Empty(t, none)
}

func changesAreNewest(t *testing.T, s Store) {
	ps := populate(t, s)
	before, _, err := s.Changes(t.Context(), 0, 100)
	require.NoError(t, err)
	reached := before[len(before)-1].GetVersion()

	ps.user.Name, ps.user.Role, ps.user.Applications = "new name", domain.RoleDeveloper, []string{"blog"}
	do(t, s, func(ctx context.Context, tx domain.Tx) error { return tx.UpdatePerson(ctx, ps.user) })
	ps.user.Disabled = true
	do(t, s, func(ctx context.Context, tx domain.Tx) error { return tx.UpdatePerson(ctx, ps.user) })
	do(t, s, func(ctx context.Context, tx domain.Tx) error { return tx.RemovePerson(ctx, ps.stranger) })

	changes, _, err := s.Changes(t.Context(), reached, 100)
	require.NoError(t, err)
	require.Len(t, changes, 2, "one per person, however often it changed")
	p := changes[0].GetPerson()
	require.Equal(t, reached+2, changes[0].GetVersion())
	require.Equal(t, "new name", p.GetName())
	require.Equal(t, "developer", p.GetRole())
	require.Equal(t, []string{"blog"}, p.GetApplications())
	require.False(t, p.GetOrganizationWide())
	require.True(t, p.GetDisabled())
	require.True(t, changes[1].GetRemoved())
	require.Equal(t, "stranger", changes[1].GetPerson().GetId())
	require.Empty(t, changes[1].GetPerson().GetEmail(), "what is gone leaves no personal data")

	stored, err := s.Person(t.Context(), "user")
	require.NoError(t, err)
	require.Equal(t, ps.user, stored)
}

func failedChange(t *testing.T, s Store) {
	populate(t, s)
	before, _, err := s.Changes(t.Context(), 0, 100)
	require.NoError(t, err)
	boom := fault.New(fault.Precondition, "BOOM", "boom")
	err = s.Change(t.Context(), func(ctx context.Context, tx domain.Tx) error {
		if err := tx.PutOrganization(ctx, domain.Organization{ID: "new", Name: "new", Plan: "standard", CreatedAt: start}); err != nil {
			return err
		}
		return boom
	})
	require.ErrorIs(t, err, boom)
	_, err = s.Organization(t.Context(), "new")
	require.ErrorIs(t, err, fault.NotFound)
	after, _, err := s.Changes(t.Context(), 0, 100)
	require.NoError(t, err)
	require.Len(t, after, len(before))

	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		return tx.PutOrganization(ctx, domain.Organization{ID: "next", Name: "next", Plan: "standard", CreatedAt: start})
	})
	after, _, err = s.Changes(t.Context(), int64(len(before)), 100)
	require.NoError(t, err)
	require.Len(t, after, 1)
	require.EqualValues(t, len(before)+1, after[0].GetVersion(), "no version is lost")
}

func concurrentChanges(t *testing.T, s Store) {
	const writers, each = 4, 10
	failed := make(chan error, writers)
	for w := range writers {
		go func() {
			for n := range each {
				o := domain.Organization{ID: fmt.Sprintf("%d-%d", w, n), Name: "n", Plan: "standard", CreatedAt: start}
				if err := s.Change(t.Context(), func(ctx context.Context, tx domain.Tx) error { return tx.PutOrganization(ctx, o) }); err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}()
	}
	// A reader that goes on from what it has seen, as other services do, gets each change.
	var reached int64
	seen := map[string]bool{}
	read := func() {
		changes, _, err := s.Changes(t.Context(), reached, 7)
		require.NoError(t, err)
		for _, e := range changes {
			seen[e.GetOrganization().GetId()] = true
			reached = e.GetVersion()
		}
	}
	for done := 0; done < writers; {
		select {
		case err := <-failed:
			require.NoError(t, err)
			done++
		default:
			read()
		}
	}
	for range writers * each {
		read()
	}
	require.Len(t, seen, writers*each)
}
