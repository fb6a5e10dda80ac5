package directory_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var instant = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

// forEachEngine runs the test on a fresh database of each engine, with a model that has read what identity holds.
func forEachEngine(t *testing.T, test func(t *testing.T, db *sqldb.DB, identity *fakeIdentity, model *directory.Model)) {
	testkit.Databases(t, "directory", func(t *testing.T, cfg sqldb.Config) {
		db := open(t, cfg)
		identity := &fakeIdentity{}
		test(t, db, identity, directory.New(db, identity, logger()))
	}, directory.Migrations())
}

func open(t *testing.T, cfg sqldb.Config) *sqldb.DB {
	db, err := sqldb.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context(), directory.Migrations()))
	return db
}

func apply(t *testing.T, db *sqldb.DB, changes ...*eventv1.DirectoryEvent) {
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		for _, change := range changes {
			if err := directory.Apply(ctx, tx, change); err != nil {
				return err
			}
		}
		return nil
	}))
}

func organization(version int64, o *eventv1.DirectoryOrganization) *eventv1.DirectoryEvent {
	return &eventv1.DirectoryEvent{Version: version, Entity: &eventv1.DirectoryEvent_Organization{Organization: o}}
}

func application(version int64, a *eventv1.DirectoryApplication) *eventv1.DirectoryEvent {
	return &eventv1.DirectoryEvent{Version: version, Entity: &eventv1.DirectoryEvent_Application{Application: a}}
}

func environment(version int64, e *eventv1.DirectoryEnvironment) *eventv1.DirectoryEvent {
	return &eventv1.DirectoryEvent{Version: version, Entity: &eventv1.DirectoryEvent_Environment{Environment: e}}
}

func person(version int64, p *eventv1.DirectoryPerson) *eventv1.DirectoryEvent {
	return &eventv1.DirectoryEvent{Version: version, Entity: &eventv1.DirectoryEvent_Person{Person: p}}
}

func key(version int64, k *eventv1.DirectoryKey) *eventv1.DirectoryEvent {
	return &eventv1.DirectoryEvent{Version: version, Entity: &eventv1.DirectoryEvent_Key{Key: k}}
}

func revocation(version int64, r *eventv1.DirectoryRevocation) *eventv1.DirectoryEvent {
	return &eventv1.DirectoryEvent{Version: version, Entity: &eventv1.DirectoryEvent_Revocation{Revocation: r}}
}

func removed(change *eventv1.DirectoryEvent) *eventv1.DirectoryEvent {
	change.Removed = true
	return change
}

// acme is a small organization.
func acme() []*eventv1.DirectoryEvent {
	return []*eventv1.DirectoryEvent{
		organization(1, &eventv1.DirectoryOrganization{Id: "acme", Name: "Acme", Plan: "premium", SeesAll: true}),
		application(2, &eventv1.DirectoryApplication{Id: "shop", Organization: "acme", Name: "Shop"}),
		application(3, &eventv1.DirectoryApplication{Id: "blog", Organization: "acme", Name: "Blog"}),
		environment(4, &eventv1.DirectoryEnvironment{Id: "shop-p", Application: "shop", Organization: "acme", Name: "production", Kind: "production"}),
		environment(5, &eventv1.DirectoryEnvironment{Id: "shop-s", Application: "shop", Organization: "acme", Name: "staging", Kind: "staging"}),
		application(6, &eventv1.DirectoryApplication{Id: "other", Organization: "globex", Name: "Other"}),
		person(7, &eventv1.DirectoryPerson{
			Id: "ada", Organization: "acme", Name: "Ada", Email: "Ada@Acme.example", Role: "developer",
			Applications: []string{"shop"}, TimeZone: "Europe/Berlin", Locale: "de",
		}),
		person(8, &eventv1.DirectoryPerson{Id: "zoe", Name: "Zoe", Email: "zoe@altis.example", Staff: true, Role: "engineer"}),
		person(9, &eventv1.DirectoryPerson{Id: "bob", Name: "Bob", Email: "bob@altis.example", Staff: true, Role: "agent", Disabled: true}),
	}
}

func TestLookups(t *testing.T) {
	forEachEngine(t, func(t *testing.T, db *sqldb.DB, _ *fakeIdentity, model *directory.Model) {
		apply(t, db, acme()...)
		ctx := t.Context()

		org, err := model.Organization(ctx, "acme")
		require.NoError(t, err)
		require.Equal(t, directory.Organization{ID: "acme", Name: "Acme", Plan: "premium", SeesAll: true}, org)
		_, err = model.Organization(ctx, "globex")
		require.ErrorIs(t, err, fault.NotFound)

		require.Equal(t, personRow{
			Organization: "acme", Name: "Ada", Email: "Ada@Acme.example", Role: "developer", Applications: `["shop"]`,
			Zone: "Europe/Berlin", Locale: "de",
		}, personOf(ctx, t, db, "ada"))
		require.Equal(t, personRow{
			Name: "Bob", Email: "bob@altis.example", Staff: true, Role: "agent", Applications: "[]", Disabled: true,
		}, personOf(ctx, t, db, "bob"))
	})
}

// personRow is a person as the statements of the services read the table.
type personRow struct {
	Organization, Name, Email, Role, Applications, Zone, Locale string

	Staff, OrganizationWide, Disabled, Removed bool
}

func personOf(ctx context.Context, t require.TestingT, db *sqldb.DB, id string) (p personRow) {
	require.NoError(t, db.Reader().QueryRowContext(ctx, `
SELECT organization, name, email, role, applications, zone, locale, staff, organization_wide, disabled, removed
FROM directory_people WHERE id = $1`, id).Scan(&p.Organization, &p.Name, &p.Email, &p.Role, &p.Applications, &p.Zone, &p.Locale,
		&p.Staff, &p.OrganizationWide, &p.Disabled, &p.Removed))
	return p
}

func TestScope(t *testing.T) {
	forEachEngine(t, func(t *testing.T, db *sqldb.DB, _ *fakeIdentity, model *directory.Model) {
		apply(t, db, acme()...)
		apply(t, db, removed(environment(20, &eventv1.DirectoryEnvironment{Id: "shop-s"})))

		resolved, unknown, err := model.Scope(t.Context(), "acme", []directory.Target{
			{Application: "shop", Environment: "shop-p"},
			{Application: "shop", Environment: "shop-s"}, // removed
			{Application: "blog"},
			{Application: "other"},                       // another organization's
			{Application: "blog", Environment: "shop-p"}, // another application's
		})
		require.NoError(t, err)
		require.Equal(t, []int{1, 3, 4}, unknown)
		require.Len(t, resolved, 5)
		require.Equal(t, directory.ScopeTarget{
			Target:          directory.Target{Application: "shop", Environment: "shop-p"},
			ApplicationName: "Shop", EnvironmentName: "production", EnvironmentKind: "production",
		}, resolved[0])
		require.Equal(t, directory.ScopeTarget{Target: directory.Target{Application: "blog"}, ApplicationName: "Blog"}, resolved[2])
		require.Empty(t, resolved[3].ApplicationName, "names of other organizations stay secret")
	})
}

func TestLookupInsideTransaction(t *testing.T) {
	forEachEngine(t, func(t *testing.T, db *sqldb.DB, _ *fakeIdentity, model *directory.Model) {
		require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			for _, change := range acme() {
				if err := directory.Apply(ctx, tx, change); err != nil {
					return err
				}
			}
			org, err := model.In(tx).Organization(ctx, "acme")
			if err == nil {
				require.Equal(t, "premium", org.Plan)
			}
			return err
		}))
	})
}

func TestTombstones(t *testing.T) {
	forEachEngine(t, func(t *testing.T, db *sqldb.DB, _ *fakeIdentity, _ *directory.Model) {
		apply(t, db, acme()...)
		apply(t, db, removed(person(12, &eventv1.DirectoryPerson{Id: "ada"})))
		apply(t, db, person(11, &eventv1.DirectoryPerson{Id: "ada", Name: "Ada", Email: "ada@acme.example"}))

		require.True(t, personOf(t.Context(), t, db, "ada").Removed)

		apply(t, db, person(13, &eventv1.DirectoryPerson{Id: "ada", Name: "Ada", Email: "ada@acme.example"}))
		require.False(t, personOf(t.Context(), t, db, "ada").Removed, "a newer version brings it back")
	})
}

func TestSource(t *testing.T) {
	forEachEngine(t, func(t *testing.T, db *sqldb.DB, _ *fakeIdentity, model *directory.Model) {
		public := make([]byte, 32)
		public[0], public[31] = 7, 9
		apply(t, db,
			key(1, &eventv1.DirectoryKey{Id: "k1", PublicKey: public, NotBefore: timestamppb.New(instant), NotAfter: timestamppb.New(instant.Add(time.Hour))}),
			key(2, &eventv1.DirectoryKey{Id: "k2", PublicKey: public}),
			removed(key(3, &eventv1.DirectoryKey{Id: "k2"})),
			revocation(4, &eventv1.DirectoryRevocation{Id: "r1", Person: "ada", IssuedBefore: timestamppb.New(instant)}),
			revocation(5, &eventv1.DirectoryRevocation{Id: "r2", Person: "ada", LoginSession: "s", IssuedBefore: timestamppb.New(instant.Add(-time.Hour))}),
			revocation(6, &eventv1.DirectoryRevocation{Id: "r3", Person: "bob", LoginSession: "x"}))

		keys, err := model.Keys(t.Context())
		require.NoError(t, err)
		require.Equal(t, []auth.Key{{ID: "k1", Public: public, NotBefore: instant, NotAfter: instant.Add(time.Hour)}}, keys)

		revocations, err := model.Revocations(t.Context(), instant)
		require.NoError(t, err)
		require.Equal(t, []auth.Revocation{
			{Subject: "ada", IssuedBefore: instant},
			{Subject: "bob", Session: "x"},
		}, revocations)
	})
}

func TestUnknownKindOfThing(t *testing.T) {
	forEachEngine(t, func(t *testing.T, db *sqldb.DB, _ *fakeIdentity, _ *directory.Model) {
		err := db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			return directory.Apply(ctx, tx, &eventv1.DirectoryEvent{Version: 1})
		})
		require.ErrorIs(t, err, directory.ErrUnknown)
	})
}
