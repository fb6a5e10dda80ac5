package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
)

// Database is that of one service.
type Database struct {
	Service string
	DSN     string
	Schema  string // of PostgreSQL; "" = the role's own
}

func databases(ctx context.Context, c Config) []Finding {
	found := make([][]Finding, len(c.Databases))
	var wg sync.WaitGroup
	for i, d := range c.Databases {
		wg.Go(func() { found[i] = d.look(ctx, c.Now) })
	}
	wg.Wait()
	var all []Finding
	for _, f := range found {
		all = append(all, f...)
	}
	return all
}

func (d Database) look(ctx context.Context, now func() time.Time) []Finding {
	f := Finding{Check: "database", Subject: d.Service}
	// Opening a file that is missing would make it.
	if path, ok := strings.CutPrefix(d.DSN, "sqlite:"); ok {
		if _, err := os.Stat(path); err != nil {
			f.State, f.Text, f.Do = Fail, "there is no such file", "name the file of the data directory, or run init first"
			return []Finding{f}
		}
	}
	db, err := sqldb.Open(ctx, sqldb.Config{DSN: d.DSN, Schema: d.Schema, NormalConns: 1, SoftConns: 1})
	if err != nil {
		f.State, f.Text, f.Do = Fail, reason(err), "check the DSN, the role's password and its right to log in, and the network between here and the server; a file belongs to one process at a time"
		return []Finding{f}
	}
	defer func() { _ = db.Close() }() // nothing was written
	f.State, f.Text = OK, "answers ("+string(db.Engine())+")"
	found := []Finding{f}
	if db.Engine() == sqldb.Postgres {
		found = append(found, postgres(ctx, d, db, now)...)
	}
	return append(found, schema(ctx, d, db))
}

// reason is an error without the names that only a program has for it.
func reason(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Err != nil {
		err = f.Err
	}
	return strings.ReplaceAll(err.Error(), "\n", " ")
}

// leastPostgres is the oldest release whose statements ours are tried with.
const leastPostgres = 150000

func postgres(ctx context.Context, d Database, db *sqldb.DB, now func() time.Time) []Finding {
	var version int
	var micros int64
	before := now()
	err := db.Reader().QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint`).Scan(&version, &micros)
	after := now()
	if err != nil {
		return []Finding{{Check: "clock", Subject: "database of " + d.Service, State: Fail, Text: reason(err), Do: "see the server's log"}}
	}
	found := []Finding{clock("database of "+d.Service, before, after, time.UnixMicro(micros))}
	if version < leastPostgres {
		found = append(found, Finding{
			Check: "database", Subject: d.Service, State: Fail,
			Text: fmt.Sprintf("PostgreSQL %d.%d is too old", version/10000, version%10000), Do: "upgrade the server to PostgreSQL 15 or newer",
		})
	}
	return found
}

// schema compares the newest migration that was applied with the one that this release needs.
func schema(ctx context.Context, d Database, db *sqldb.DB) Finding {
	f := Finding{Check: "schema", Subject: d.Service, State: OK}
	migrate := "run " + d.Service + "d migrate with the role that owns the schema"
	if err := db.CheckSchema(ctx, shared(d.Service)...); err != nil {
		f.State, f.Text, f.Do = Fail, reason(err), migrate
		return f
	}
	var applied int64
	if err := db.Reader().QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_"+d.Service).Scan(&applied); err != nil {
		f.State, f.Text, f.Do = Fail, "is not that of "+d.Service+": "+reason(sqldb.Classify(err)), migrate+", or name the right --"+d.Service+"-schema"
		return f
	}
	needed := newest[d.Service]
	switch {
	case applied < needed:
		f.State, f.Text, f.Do = Fail, fmt.Sprintf("is at migration %d, this release needs %d", applied, needed), migrate
	case applied > needed:
		f.Text = fmt.Sprintf("is at migration %d, newer than the %d of this supportctl, which goes on", applied, needed)
	default:
		f.Text = fmt.Sprintf("is at migration %d", applied)
	}
	return f
}
