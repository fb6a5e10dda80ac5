package directory_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
)

// fakeIdentity answers ListChanges from memory, a few at a time.
type fakeIdentity struct {
	identityv1.DirectoryServiceClient
	mu      sync.Mutex
	changes []*eventv1.DirectoryEvent
	away    bool
	calls   int
	asked   []int64 // after_version of each call
}

func (f *fakeIdentity) set(changes ...*eventv1.DirectoryEvent) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changes = changes
}

func (f *fakeIdentity) setAway(away bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away = away
}

func (f *fakeIdentity) state() (calls int, asked []int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls, slices.Clone(f.asked)
}

func (f *fakeIdentity) ListChanges(_ context.Context, req *identityv1.ListChangesRequest, _ ...grpc.CallOption) (*identityv1.ListChangesResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if f.away {
		return nil, errors.New("away")
	}
	f.asked = append(f.asked, req.GetAfterVersion())
	const page = 4
	response := &identityv1.ListChangesResponse{}
	for _, change := range f.changes {
		if change.GetVersion() > req.GetAfterVersion() {
			if len(response.Changes) == page {
				response.More = true
				break
			}
			response.Changes = append(response.Changes, change)
		}
	}
	return response, nil
}

// run runs the model until the test or the returned function ends it.
func run(t *testing.T, model *directory.Model) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { require.NoError(t, model.Run(ctx)) })
	stop = func() { cancel(); wg.Wait() }
	t.Cleanup(stop)
	return stop
}

func TestRunCatchesUpFromCursor(t *testing.T) {
	forEachEngine(t, func(t *testing.T, db *sqldb.DB, identity *fakeIdentity, model *directory.Model) {
		model.WithClock(func() time.Time { return instant })
		require.True(t, model.IdentityReachedAt().IsZero())
		identity.set(append(acme(), &eventv1.DirectoryEvent{Version: 10})...) // the last one of a kind still to come
		stop := run(t, model)
		ctx := t.Context()
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			var cursor int64
			require.NoError(t, db.Reader().QueryRowContext(ctx, `SELECT version FROM directory_cursor`).Scan(&cursor))
			require.EqualValues(t, 10, cursor)
		}, "everything is read")
		require.Equal(t, "Zoe", personOf(ctx, t, db, "zoe").Name)
		require.Equal(t, instant, model.IdentityReachedAt())
		stop()

		_, asked := identity.state()
		require.Equal(t, []int64{0, 4, 8}, asked[:3], "page after page")
		before, _ := identity.state()
		run(t, directory.New(db, identity, logger()))
		testkit.Eventually(t, func() bool { calls, _ := identity.state(); return calls > before }, "the next process asks")
		_, asked = identity.state()
		require.EqualValues(t, 10, asked[before], "it goes on at the cursor")
	})
}

func TestRunSurvivesIdentityAway(t *testing.T) {
	forEachEngine(t, func(t *testing.T, db *sqldb.DB, identity *fakeIdentity, model *directory.Model) {
		apply(t, db, acme()...)
		identity.setAway(true)
		run(t, model)
		testkit.Eventually(t, func() bool { calls, _ := identity.state(); return calls > 0 }, "identity is asked")
		require.True(t, model.IdentityReachedAt().IsZero())
		_, err := model.Organization(t.Context(), "acme")
		require.NoError(t, err, "the copy answers as it is")

		identity.set(organization(30, &eventv1.DirectoryOrganization{Id: "acme", Plan: "enterprise"}))
		identity.setAway(false)
		ctx := t.Context()
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			org, err := model.Organization(ctx, "acme")
			require.NoError(t, err)
			require.Equal(t, "enterprise", org.Plan)
		}, "it catches up")
		require.False(t, model.IdentityReachedAt().IsZero())
	})
}
