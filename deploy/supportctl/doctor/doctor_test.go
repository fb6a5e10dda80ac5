package doctor_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/deploy/supportctl/doctor"
	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// look runs the checks and returns what they found by check and subject.
func look(t *testing.T, c doctor.Config) map[string]doctor.Finding {
	t.Helper()
	if c.Now == nil {
		c.Now = time.Now
	}
	found := map[string]doctor.Finding{}
	for _, f := range doctor.Run(t.Context(), c).Findings {
		require.NotContains(t, found, f.Check+" "+f.Subject, "found twice")
		require.NotEmpty(t, f.Text)
		require.Equal(t, f.State == doctor.OK, f.Do == "", "%+v: who is told of something is told what to do", f)
		found[f.Check+" "+f.Subject] = f
	}
	return found
}

func folder(service string) string {
	return filepath.Join("..", "..", "..", "services", service, "internal", "store", "migrations")
}

// sets are the tables of a service as its own program makes them.
func sets(service string) []sqldb.Set {
	shared := []sqldb.Set{durable.Migrations()}
	if service != "identity" {
		shared = append(shared, events.Migrations(), directory.Migrations())
	}
	return append(shared, sqldb.Set{Name: service, FS: os.DirFS(folder(service))})
}

func TestDatabases(t *testing.T) {
	for _, service := range doctor.Services() {
		testkit.Databases(t, service, func(t *testing.T, cfg sqldb.Config) {
			db, err := sqldb.Open(t.Context(), cfg)
			require.NoError(t, err)
			require.NoError(t, db.Migrate(t.Context(), sets(service)...))
			require.NoError(t, db.Close())
			asked := doctor.Config{Databases: []doctor.Database{{Service: service, DSN: cfg.DSN, Schema: cfg.Schema}}}

			found := look(t, asked)
			require.Equal(t, doctor.OK, found["database "+service].State, "%+v", found)
			require.Equal(t, doctor.OK, found["schema "+service].State, "%+v: the number in schemas.go is that of the newest file in %s", found, folder(service))
			require.NotContains(t, found["schema "+service].Text, "newer", "the number in schemas.go is that of the newest file in %s", folder(service))
			if !strings.HasPrefix(cfg.DSN, "sqlite:") {
				require.Equal(t, doctor.OK, found["clock database of "+service].State, "%+v", found)
			}

			change(t, cfg, "DELETE FROM goose_"+service+" WHERE version_id = (SELECT MAX(version_id) FROM goose_"+service+")")
			behind := look(t, asked)["schema "+service]
			require.Equal(t, doctor.Fail, behind.State)
			require.Contains(t, behind.Do, service+"d migrate")
			change(t, cfg, "INSERT INTO goose_"+service+" (version_id, is_applied) VALUES (9999, "+truth(cfg)+")")
			ahead := look(t, asked)["schema "+service]
			require.Equal(t, doctor.OK, ahead.State, "the previous release runs on the new schema")
			require.Contains(t, ahead.Text, "9999")
			change(t, cfg, "DELETE FROM goose_durable")
			require.Equal(t, doctor.Fail, look(t, asked)["schema "+service].State)
			require.Contains(t, look(t, asked)["schema "+service].Text, "durable")
		})
	}
}

func truth(cfg sqldb.Config) string {
	if strings.HasPrefix(cfg.DSN, "sqlite:") {
		return "1"
	}
	return "true"
}

func change(t *testing.T, cfg sqldb.Config, statement string) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), cfg)
	require.NoError(t, err)
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, statement)
		return err
	}))
	require.NoError(t, db.Close())
}

func TestTheNewestMigrationsAreKnown(t *testing.T) {
	for _, service := range doctor.Services() {
		entries, err := os.ReadDir(folder(service))
		require.NoError(t, err)
		newest := int64(0)
		for _, entry := range entries {
			number, _, _ := strings.Cut(entry.Name(), "_")
			n, err := strconv.ParseInt(number, 10, 64)
			require.NoError(t, err)
			newest = max(newest, n)
		}
		require.Equal(t, newest, doctor.Newest(service), "schemas.go, of %s", service)
	}
}

func TestDatabasesThatDoNotAnswer(t *testing.T) {
	empty := testkit.Postgres(t)
	server := testkit.PostgresServer(t)
	gone := server.Database()
	server.Stop()
	missing := filepath.Join(t.TempDir(), "ticket.db")
	found := look(t, doctor.Config{Databases: []doctor.Database{
		{Service: "identity", DSN: "mysql://ada:hunter2@db/ticket"},
		{Service: "ticket", DSN: "sqlite:" + missing},
		{Service: "triage", DSN: gone},
		{Service: "notification", DSN: empty},
	}})
	for _, subject := range []string{"database identity", "database ticket", "database triage", "schema notification"} {
		require.Equal(t, doctor.Fail, found[subject].State, "%s: %+v", subject, found)
		require.NotContains(t, found[subject].Text, "hunter2")
	}
	require.NoFileExists(t, missing, "looking makes nothing")
	require.Equal(t, doctor.OK, found["database notification"].State)
	require.Contains(t, found["schema notification"].Do, "notificationd migrate")
}

func TestRedisAndClocks(t *testing.T) {
	redis, dsn := testkit.RedisServer(t), testkit.Postgres(t)
	for _, c := range []struct {
		off  time.Duration
		want doctor.State
		says string
	}{
		{want: doctor.OK, says: "within"},
		{off: 5 * time.Second, want: doctor.Warn, says: "behind"},
		{off: -5 * time.Second, want: doctor.Warn, says: "ahead of"},
		{off: time.Minute, want: doctor.Fail, says: "behind"},
	} {
		found := look(t, doctor.Config{
			Redis: redis.URL, Databases: []doctor.Database{{Service: "ticket", DSN: dsn}}, Now: func() time.Time { return time.Now().Add(c.off) },
		})
		require.Equal(t, doctor.OK, found["redis redis"].State)
		for _, subject := range []string{"clock redis", "clock database of ticket"} {
			require.Equal(t, c.want, found[subject].State, "%s by %s: %+v", subject, c.off, found[subject])
			require.Contains(t, found[subject].Text, c.says)
		}
	}
	redis.Stop()
	require.Equal(t, doctor.Fail, look(t, doctor.Config{Redis: redis.URL})["redis redis"].State)
	malformed := look(t, doctor.Config{Redis: "redis://:hunter2@%zz"})["redis redis"]
	require.Equal(t, doctor.Fail, malformed.State)
	require.NotContains(t, malformed.Text, "hunter2")
}

func TestWhatIsNotNamedIsSaid(t *testing.T) {
	report := doctor.Run(t.Context(), doctor.Config{Now: time.Now})
	require.Empty(t, report.Findings)
	require.Len(t, report.NotAsked, 6)
	require.Zero(t, report.Failed())
}
