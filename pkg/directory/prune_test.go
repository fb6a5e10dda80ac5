package directory_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

func TestRevocationsThatConcernNoTokenAnyMoreAreForgotten(t *testing.T) {
	forEachEngine(t, func(t *testing.T, db *sqldb.DB, _ *fakeIdentity, model *directory.Model) {
		at := func(version int64, id string, issued *timestamppb.Timestamp) *eventv1.DirectoryEvent {
			return revocation(version, &eventv1.DirectoryRevocation{Id: id, Person: "p", IssuedBefore: issued})
		}
		changes := []*eventv1.DirectoryEvent{
			at(1, "recent", timestamppb.New(instant.Add(-23*time.Hour))),
			at(2, "ahead", timestamppb.New(instant.Add(time.Hour))),
			at(3, "for ever", nil),
		}
		for i := range 1001 { // more than one statement deletes
			changes = append(changes, at(int64(4+i), fmt.Sprint("old ", i), timestamppb.New(instant.Add(-25*time.Hour))))
		}
		apply(t, db, changes...)
		run(t, model.WithClock(func() time.Time { return instant }))
		var left []string
		testkit.Eventually(t, func() bool {
			revocations, err := model.Revocations(t.Context(), time.Time{})
			require.NoError(t, err)
			left = left[:0]
			for _, r := range revocations {
				left = append(left, r.IssuedBefore.Sub(instant).String())
			}
			return len(left) == 3
		}, "three are left")
		require.ElementsMatch(t, []string{"-23h0m0s", "1h0m0s", time.Time{}.Sub(instant).String()}, left)
	})
}
