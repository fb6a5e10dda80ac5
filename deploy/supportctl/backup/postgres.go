package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
)

// postgres is the schema of a service and a connection to it.
type postgres struct {
	service  string
	dsn      string
	schema   string
	database string // tells databases of all servers apart
	conn     *pgx.Conn
}

// open connects to the databases of the services.
func (c Config) open(ctx context.Context) (all []postgres, closeAll func(), err error) {
	closeAll = func() {
		for _, p := range all {
			_ = p.conn.Close(ctx) // it wrote nothing
		}
	}
	for _, s := range c.Services {
		switch {
		case s.DSN == "":
			continue
		case strings.HasPrefix(s.DSN, "sqlite:"):
			err = errors.New("a SQLite file is copied with the directory that it is in (--data)")
		default:
			var p postgres
			if p, err = connect(ctx, s); err == nil {
				all = append(all, p)
			}
		}
		if err != nil {
			closeAll()
			return nil, nil, fmt.Errorf("database of %s: %w", s.Name, err)
		}
	}
	return all, closeAll, nil
}

func connect(ctx context.Context, s Service) (postgres, error) {
	config, err := pgx.ParseConfig(s.DSN)
	if err != nil {
		return postgres{}, err // pgx keeps the password out of it
	}
	if s.Schema != "" {
		config.RuntimeParams["search_path"] = pgx.Identifier{s.Schema}.Sanitize()
	}
	p := postgres{service: s.Name, dsn: s.DSN, schema: s.Schema}
	if p.conn, err = pgx.ConnectConfig(ctx, config); err != nil {
		return postgres{}, err
	}
	err = p.conn.QueryRow(ctx, `SELECT current_schema(), (SELECT oid FROM pg_database WHERE datname = current_database()) || ' ' ||
		pg_postmaster_start_time() || ' ' || current_setting('port')`).Scan(&p.schema, &p.database)
	if err != nil {
		_ = p.conn.Close(ctx) // the query's error says more
		return postgres{}, err
	}
	return p, nil
}

// dump has pg_dump write the schema of each service. Those of one database show one instant.
func (c Config) dump(ctx context.Context) error {
	all, closeAll, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer closeAll()
	snapshots := map[string]string{}
	for _, p := range all {
		if snapshots[p.database] != "" {
			continue
		}
		// It lasts as long as its transaction.
		if _, err := p.conn.Exec(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); err != nil {
			return fmt.Errorf("database of %s: %w", p.service, err)
		}
		var snapshot string
		if err := p.conn.QueryRow(ctx, "SELECT pg_export_snapshot()").Scan(&snapshot); err != nil {
			return fmt.Errorf("database of %s: %w", p.service, err)
		}
		snapshots[p.database] = snapshot
	}
	if len(snapshots) > 1 {
		c.say("%d databases: what is in one may be some seconds ahead of another", len(snapshots))
	}
	for _, p := range all {
		file := c.archive(p.service)
		err := c.run(ctx, p, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--schema="+pgx.Identifier{p.schema}.Sanitize(),
			"--snapshot="+snapshots[p.database], "--file="+file)
		if err != nil {
			return err
		}
		if err := os.Chmod(file, 0o600); err != nil {
			return err
		}
		c.say("%s: schema %s", filepath.Base(file), p.schema)
	}
	return nil
}

func (c Config) archive(service string) string { return filepath.Join(c.Folder, service+".dump") }

// emptySchemas fails when a schema has tables, or an archive is missing.
func (c Config) emptySchemas(ctx context.Context) error {
	all, closeAll, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer closeAll()
	var faults []error
	for _, p := range all {
		var tables int
		err := p.conn.QueryRow(ctx, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema()").Scan(&tables)
		if err == nil && tables > 0 {
			err = fmt.Errorf("schema %s is not empty", p.schema)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("database of %s: %w", p.service, err))
		}
		if _, err := os.Stat(c.archive(p.service)); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// restore has pg_restore fill the schemas, which exist, as the roles of the services: theirs is what it makes.
func (c Config) restore(ctx context.Context) error {
	all, closeAll, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer closeAll()
	for _, p := range all {
		list, err := exec.CommandContext(ctx, filepath.Join(c.Programs, "pg_restore"), "--list", c.archive(p.service)).Output() //nolint:gosec // the operator names the folder
		if err != nil {
			return fmt.Errorf("pg_restore --list %s: %w", c.archive(p.service), err)
		}
		if err := c.restoreFrom(ctx, p, list); err != nil {
			return err
		}
		if p.service == ticketService {
			if err := c.renew(ctx, p); err != nil {
				return err
			}
		}
		c.say("%s.dump: schema %s", p.service, p.schema)
	}
	return nil
}

func (c Config) restoreFrom(ctx context.Context, p postgres, list []byte) (err error) {
	file, err := os.CreateTemp("", "altis-restore-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(file.Name())) }()
	for line := range bytes.Lines(list) {
		if bytes.Contains(line, []byte(" SCHEMA - ")) { // it is there, and who made it may have been somebody else
			continue
		}
		if _, err := file.Write(line); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	if err := file.Close(); err != nil {
		return err
	}
	return c.run(ctx, p, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--use-list="+file.Name(), c.archive(p.service))
}

// run runs a program of PostgreSQL. The password does not stand among its arguments, which everybody on the machine can read.
func (c Config) run(ctx context.Context, p postgres, program string, args ...string) error {
	target, err := url.Parse(p.dsn)
	if err != nil {
		return fmt.Errorf("database of %s: the DSN is malformed", p.service) // url's own error has the password
	}
	var failure bytes.Buffer
	cmd := exec.CommandContext(ctx, filepath.Join(c.Programs, program)) //nolint:gosec // the operator names the folder
	cmd.Env = os.Environ()
	if password, ok := target.User.Password(); ok {
		target.User = url.User(target.User.Username())
		cmd.Env = append(cmd.Env, "PGPASSWORD="+password)
	}
	cmd.Args = append(append(cmd.Args, "--dbname="+target.String()), args...)
	cmd.Stderr = &failure
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s of %s: %w\n%s", program, p.service, err, failure.String())
	}
	return nil
}
