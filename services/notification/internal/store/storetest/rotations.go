package storetest

import (
	"context"
	"io/fs"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
	"altis-dxp.com/support/services/notification/internal/store"
)

// Rotations proves that a rotation stored before there were layers is the only layer afterwards. The database of cfg is
// empty.
func Rotations(t *testing.T, cfg sqldb.Config) {
	db, err := sqldb.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	now, earlier := store.Migrations(), fstest.MapFS{}
	files, err := fs.ReadDir(now.FS, ".")
	require.NoError(t, err)
	for _, f := range files {
		number, _, _ := strings.Cut(f.Name(), "_")
		if n, err := strconv.Atoi(number); err != nil || n >= 5 {
			continue
		}
		text, err := fs.ReadFile(now.FS, f.Name())
		require.NoError(t, err)
		earlier[f.Name()] = &fstest.MapFile{Data: text}
	}
	require.NoError(t, db.Migrate(t.Context(), durable.Migrations(), directory.Migrations(), sqldb.Set{Name: now.Name, FS: earlier}))
	start := time.Date(2026, 7, 6, 7, 0, 0, 0, time.UTC) // nine in Berlin
	for _, statement := range []string{
		`INSERT INTO schedules (id, name, zone, start_at, shift_days, people) VALUES ('p', 'P', 'Europe/Berlin', $1, 7, '["ada","eve"]')`,
		`INSERT INTO overrides (id, schedule, person, start_at, end_at, created_by, created_at) VALUES ('o', 'p', 'eve', $1, $1, 'ada', $1)`,
	} {
		require.NoError(t, execute(t, db, statement, sqldb.Micros(start)))
	}
	require.NoError(t, db.Migrate(t.Context(), now))
	roster, _, err := open(t, db).Roster(t.Context())
	require.NoError(t, err)
	s := roster.Schedules["p"]
	require.Equal(t, []oncall.Layer{
		{Unit: oncall.Day, Length: 7, Start: time.Date(2026, 7, 6, 9, 0, 0, 0, time.UTC), People: []string{"ada", "eve"}},
	}, s.Layers)
	require.Len(t, s.Overrides, 1)
	require.Equal(t, oncall.ReplaceAll, s.Overrides[0].Kind)
	require.Equal(t, "eve", s.Overrides[0].Person)
}

func execute(t *testing.T, db *sqldb.DB, statement string, args ...any) error {
	return db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	})
}
