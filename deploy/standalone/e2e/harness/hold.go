package harness

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
)

// holdKey is the advisory lock that held changes wait for.
const holdKey = 471101

// Hold has changes of a service's table wait until Release: those of which a condition on OLD and NEW holds.
type Hold struct {
	t     testing.TB
	suite *Suite
	table string
	conn  *pgx.Conn
}

// Hold begins to hold.
func (s *Suite) Hold(t testing.TB, table, condition string) *Hold {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, s.DSN)
	must(t, err)
	h := &Hold{t: t, suite: s, table: table, conn: conn}
	_, err = conn.Exec(ctx, fmt.Sprintf("SELECT pg_advisory_lock(%d)", holdKey))
	must(t, err)
	s.sql(t, fmt.Sprintf(`CREATE OR REPLACE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN PERFORM pg_advisory_xact_lock(%d); RETURN NEW; END'`, holdKey))
	s.sql(t, "CREATE TRIGGER hold BEFORE UPDATE ON "+table+" FOR EACH ROW WHEN ("+condition+") EXECUTE FUNCTION public.hold()")
	t.Cleanup(h.Release)
	return h
}

// Waiting reports whether a change waits.
func (h *Hold) Waiting() bool {
	h.t.Helper()
	ctx := context.WithoutCancel(h.t.Context())
	var n int
	must(h.t, h.conn.QueryRow(ctx, "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = $1", holdKey).Scan(&n))
	return n > 0
}

// Lock takes the whole table, so that nobody even reads it, until Release.
func (h *Hold) Lock(table string) {
	h.t.Helper()
	ctx := context.WithoutCancel(h.t.Context())
	_, err := h.conn.Exec(ctx, "BEGIN; LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE")
	must(h.t, err)
}

// LetChange lets the changes go on that wait, and all that follow; what Lock has taken stays so.
func (h *Hold) LetChange() {
	h.t.Helper()
	_, err := h.conn.Exec(context.WithoutCancel(h.t.Context()), fmt.Sprintf("SELECT pg_advisory_unlock(%d)", holdKey))
	must(h.t, err)
}

// Blocked reports whether a statement waits for a table that Lock has taken.
func (h *Hold) Blocked() bool {
	h.t.Helper()
	var n int
	must(h.t, h.conn.QueryRow(context.WithoutCancel(h.t.Context()), "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'relation' AND NOT granted").Scan(&n))
	return n > 0
}

// Release lets everything go on.
func (h *Hold) Release() {
	h.t.Helper()
	if h.conn == nil {
		return
	}
	ctx := context.WithoutCancel(h.t.Context())
	must(h.t, h.conn.Close(ctx)) // with its locks
	h.conn = nil
	h.suite.sql(h.t, "DROP TRIGGER IF EXISTS hold ON "+h.table)
}
