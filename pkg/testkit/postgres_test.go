package testkit_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func TestPostgresDatabasesAreFreshAndDropped(t *testing.T) {
	var first string
	t.Run("first", func(t *testing.T) {
		first = testkit.Postgres(t)
		_, err := connect(t, first).Exec(t.Context(), "CREATE TABLE things (id BIGINT)")
		require.NoError(t, err)

		second := connect(t, testkit.Postgres(t))
		var exists bool
		require.NoError(t, second.QueryRow(t.Context(), "SELECT to_regclass('things') IS NOT NULL").Scan(&exists))
		require.False(t, exists)
	})
	_, err := pgx.Connect(t.Context(), first)
	require.ErrorContains(t, err, "does not exist")
}

func TestPostgresOutlivesGarbageCollection(t *testing.T) {
	dsn := testkit.Postgres(t)
	for range 3 {
		runtime.GC() // a finalizer may need more than one
	}
	conn := connect(t, dsn)
	for range 50 {
		require.NoError(t, conn.Ping(t.Context()))
	}
}

func TestPostgresServerRecoversWhatWasCommitted(t *testing.T) {
	server := testkit.PostgresServer(t)
	dsn := server.Database()
	conn := connect(t, dsn)
	_, err := conn.Exec(t.Context(), "CREATE TABLE things AS SELECT 7 AS id")
	require.NoError(t, err)

	server.Stop()
	_, err = pgx.Connect(t.Context(), dsn)
	require.Error(t, err)
	require.Error(t, conn.Ping(t.Context()))

	server.Start()
	var id int
	require.NoError(t, connect(t, dsn).QueryRow(t.Context(), "SELECT id FROM things").Scan(&id))
	require.Equal(t, 7, id)
}

func TestPostgresStandbyTakesOver(t *testing.T) {
	primary := testkit.PostgresServer(t)
	standby := primary.Standby()
	primary.Synchronous("remote_apply")
	dsn := primary.WithStandby(primary.Database(), standby)
	conn := connect(t, dsn)
	_, err := conn.Exec(t.Context(), "CREATE TABLE things AS SELECT 7 AS id")
	require.NoError(t, err)

	primary.Stop()
	_, err = pgx.Connect(t.Context(), dsn)
	require.Error(t, err, "a standby is not written to")
	standby.Promote()
	var id int
	require.NoError(t, connect(t, dsn).QueryRow(t.Context(), "SELECT id FROM things").Scan(&id))
	require.Equal(t, 7, id)
}
