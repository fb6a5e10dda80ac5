package sqldb

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
)

// Set is one package's migrations: goose files in the root of FS. "3_name.sql" is for both engines,
// "3_name.postgres.sql" and "3_name.sqlite.sql" are for one.
type Set struct {
	Name string // lower case; names the version table goose_<name>
	FS   fs.FS
}

//go:embed migrations/*.sql
var files embed.FS

// ownSet creates altis_now() on PostgreSQL. It has nothing for SQLite, where the driver knows that function.
func ownSet() Set {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return Set{Name: "sqldb", FS: sub}
}

// Migrate brings the database to the newest version of each set, in the order given. On PostgreSQL it first creates the
// schema and altis_now(), and an advisory lock lets concurrent processes do it one after another.
func (db *DB) Migrate(ctx context.Context, sets ...Set) (err error) {
	session, err := db.LockSession(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	hash := fnv.New64a()
	_, _ = hash.Write([]byte("altis-migrate:" + db.schema)) // a hash never fails
	if err := session.Lock(ctx, int64(hash.Sum64())); err != nil {
		return err
	}
	pool, err := db.backend.migrator()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	if err := db.createSchema(ctx, pool); err != nil {
		return err
	}
	for _, set := range append([]Set{ownSet()}, sets...) {
		provider, err := db.provider(pool, set)
		if errors.Is(err, goose.ErrNoMigrations) {
			continue // none for this engine
		}
		if err != nil {
			return err
		}
		if _, err := provider.Up(ctx); err != nil {
			return Classify(fmt.Errorf("sqldb: migrate %s: %w", set.Name, err))
		}
	}
	return nil
}

func (db *DB) createSchema(ctx context.Context, pool *sql.DB) error {
	if db.engine != Postgres || db.schema == "" {
		return nil
	}
	// CREATE SCHEMA IF NOT EXISTS asks for the right to create even where there is nothing to create.
	var exists bool
	if err := pool.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)", db.schema).Scan(&exists); err != nil {
		return Classify(fmt.Errorf("sqldb: look for the schema: %w", err))
	}
	if exists {
		return nil
	}
	if _, err := pool.ExecContext(ctx, "CREATE SCHEMA "+pgx.Identifier{db.schema}.Sanitize()); err != nil {
		return Classify(fmt.Errorf("sqldb: create schema %s: %w", db.schema, err))
	}
	return nil
}

// CheckSchema fails when a file of a set has not been applied. Others that have are accepted: binaries of the previous release
// run on the next release's schema. It needs no more than the right to read.
func (db *DB) CheckSchema(ctx context.Context, sets ...Set) error {
	var faults []error
	for _, set := range append([]Set{ownSet()}, sets...) {
		provider, err := db.provider(&sql.DB{}, set)
		if errors.Is(err, goose.ErrNoMigrations) {
			continue
		}
		if err != nil {
			return err
		}
		applied, err := db.appliedVersions(ctx, set)
		if err != nil {
			return err
		}
		var missing []string
		for _, source := range provider.ListSources() {
			if !applied[source.Version] {
				missing = append(missing, strconv.FormatInt(source.Version, 10))
			}
		}
		if len(missing) > 0 {
			faults = append(faults, fmt.Errorf("sqldb: %s misses the migrations %s: run the migrate command", set.Name, strings.Join(missing, ", ")))
		}
	}
	return errors.Join(faults...)
}

// appliedVersions returns none when nothing has been applied.
func (db *DB) appliedVersions(ctx context.Context, set Set) (map[int64]bool, error) {
	exists := "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1"
	if db.engine == Postgres {
		exists = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1"
	}
	var tables int
	if err := db.Reader().QueryRowContext(ctx, exists, versionTable(set)).Scan(&tables); err != nil || tables == 0 {
		return nil, Classify(err)
	}
	rows, err := db.Reader().QueryContext(ctx, "SELECT version_id FROM "+versionTable(set))
	if err != nil {
		return nil, Classify(err)
	}
	defer func() { _ = rows.Close() }() // Err tells
	applied := map[int64]bool{}
	for rows.Next() {
		var version int64
		if err := rows.Scan(&version); err != nil {
			return nil, Classify(err)
		}
		applied[version] = true
	}
	return applied, Classify(rows.Err())
}

func versionTable(set Set) string { return "goose_" + set.Name }

func (db *DB) provider(pool *sql.DB, set Set) (*goose.Provider, error) {
	dialect, other := goose.DialectSQLite3, Postgres
	if db.engine == Postgres {
		dialect, other = goose.DialectPostgres, SQLite
	}
	names, err := fs.Glob(set.FS, "*."+string(other)+".sql")
	if err != nil {
		return nil, fmt.Errorf("sqldb: migrations of %s: %w", set.Name, err)
	}
	excluded := make([]string, len(names))
	for i, name := range names {
		excluded[i] = path.Base(name)
	}
	if strings.ToLower(set.Name) != set.Name || strings.ContainsAny(set.Name, `"'; -.`) || set.Name == "" {
		return nil, fmt.Errorf("sqldb: %q cannot name a set of migrations", set.Name)
	}
	provider, err := goose.NewProvider(dialect, pool, set.FS,
		goose.WithTableName(versionTable(set)), goose.WithExcludeNames(excluded), goose.WithDisableGlobalRegistry(true), goose.WithSlog(db.logger))
	if err != nil {
		return nil, fmt.Errorf("sqldb: migrations of %s: %w", set.Name, err)
	}
	return provider, nil
}
