package testkit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/jackc/pgx/v5"

	"altis-dxp.com/support/pkg/sqldb"
)

// A test's database begins as a copy of one that was migrated before: parsing and running dozens of migrations for every
// test would take a quarter of the tests' time.

// templateName names what the sets make of an empty database: other migrations, another name.
func templateName(schema string, sets []sqldb.Set) (string, error) {
	hash := sha256.New()
	fmt.Fprintf(hash, "%s\n", schema)
	for _, set := range sets {
		fmt.Fprintf(hash, "set %s\n", set.Name)
		files, err := fs.Glob(set.FS, "*.sql")
		if err != nil {
			return "", err
		}
		for _, name := range files {
			content, err := fs.ReadFile(set.FS, name)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(hash, "%s %d\n%s", name, len(content), content)
		}
	}
	return "altis_template_" + hex.EncodeToString(hash.Sum(nil))[:32], nil
}

func migrated(ctx context.Context, cfg sqldb.Config, sets []sqldb.Set) (err error) {
	db, err := sqldb.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Migrate(ctx, sets...)
}

// files are SQLite's templates by name: func() ([]byte, error), which makes the file once.
var files sync.Map

func sqliteTemplate(schema string, sets []sqldb.Set) ([]byte, error) {
	name, err := templateName(schema, sets)
	if err != nil {
		return nil, err
	}
	made, _ := files.LoadOrStore(name, sync.OnceValues(func() (content []byte, err error) {
		dir, err := os.MkdirTemp("", "altis-template-")
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		file := filepath.Join(dir, "template.db")
		if err := migrated(context.Background(), sqldb.Config{DSN: "sqlite:" + file, Schema: schema}, sets); err != nil {
			return nil, err
		}
		return os.ReadFile(file)
	}))
	return made.(func() ([]byte, error))()
}

// postgresTemplate makes the database of that name unless the server has it. Other processes of tests may want the same one
// at the same moment; it stays on the server.
func postgresTemplate(server, name, schema string, sets []sqldb.Set) (err error) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", name); err != nil { // until the connection ends
		return err
	}
	var exists bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&exists); err != nil || exists {
		return err
	}
	dsn, unfinished, err := createDatabase(server, "template1")
	if err != nil {
		return err
	}
	if err := migrated(ctx, sqldb.Config{DSN: dsn, Schema: schema}, sets); err != nil {
		return errors.Join(err, administer(server, "DROP DATABASE "+unfinished+" WITH (FORCE)"))
	}
	return administer(server, "ALTER DATABASE "+unfinished+" RENAME TO "+name)
}

// templates are PostgreSQL's templates by name, which the server has: func() error.
var templates sync.Map

// templateOn returns the name of the template for the sets on the server.
func templateOn(server, schema string, sets []sqldb.Set) (string, error) {
	if len(sets) == 0 {
		return "template1", nil
	}
	name, err := templateName(schema, sets)
	if err != nil {
		return "", err
	}
	made, _ := templates.LoadOrStore(name, sync.OnceValue(func() error { return postgresTemplate(server, name, schema, sets) }))
	return name, made.(func() error)()
}
