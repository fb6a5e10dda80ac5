package testkit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
)

func TestAdvanceDatabaseMovesTheClockOfEachEngine(t *testing.T) {
	testkit.Databases(t, "ticket", func(t *testing.T, cfg sqldb.Config) {
		clock := testkit.NewClock(time.Now())
		cfg.Clock = clock.Now
		db, err := sqldb.Open(t.Context(), cfg)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		require.NoError(t, db.Migrate(t.Context()))
		now := func() time.Time {
			var micros int64
			require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT altis_now()").Scan(&micros))
			return sqldb.Time(micros)
		}

		clock.AdvanceDatabase(t, db, time.Hour)
		require.WithinDuration(t, time.Now().Add(time.Hour), clock.Now(), time.Minute)
		require.WithinDuration(t, clock.Now(), now(), time.Minute)

		clock.Advance(-2 * time.Hour)
		clock.AdvanceDatabase(t, db, 30*time.Minute)
		require.WithinDuration(t, time.Now().Add(-30*time.Minute), now(), time.Minute)
	})
}
