package sqldb

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"io"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresTx is the transaction of one connection. Its BEGIN goes out with the first statement that is waited for, and its
// COMMIT with the last ones that are not: each would be a round trip of its own, and a pager waits for all of them.
type postgresTx struct{ *sql.Conn }

// Post implements Tx.
func (t postgresTx) Post(_ context.Context, query string, args ...any) error {
	return t.post(posted{query: query, args: args})
}

// Expect implements Tx.
func (t postgresTx) Expect(_ context.Context, rows int64, otherwise error, query string, args ...any) error {
	return t.post(posted{query: query, args: args, rows: rows, otherwise: otherwise})
}

func (t postgresTx) post(p posted) error {
	return t.use(func(s *session) error {
		s.posted = append(s.posted, p)
		return s.failed
	})
}

// use calls fn with the transaction's connection.
func (t postgresTx) use(fn func(s *session) error) error {
	return t.Raw(func(conn any) error { return fn(conn.(*session)) })
}

// sessions connects as pgx does.
type sessions struct{ driver.Connector }

// Connect implements driver.Connector.
func (c sessions) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &session{Conn: conn.(*stdlib.Conn)}, nil
}

// session is a connection on which statements can wait for the next one, and then share its round trip.
type session struct {
	*stdlib.Conn
	posted []posted
	failed error // of what was posted in this transaction
}

// posted is a statement that waits.
type posted struct {
	query     string
	args      []any
	rows      int64 // that it must change
	otherwise error // nil = any number will do
}

// The statements around a transaction.
const (
	begin    = "BEGIN"
	commit   = "COMMIT"
	rollback = "ROLLBACK"
)

// begin begins a transaction with the next statement.
func (s *session) begin() error {
	s.posted, s.failed = []posted{{query: begin}}, nil
	return nil
}

// begun reports whether the server knows of the transaction.
func (s *session) begun() bool { return s.Conn.Conn().PgConn().TxStatus() != 'I' }

// commit reports whether an error may be the commit's. COMMIT shares its round trip with neither BEGIN nor what is expected
// to change rows: what was sent on a connection that the server has long closed is then known not to be committed, and so is
// what did not change them.
func (s *session) commit(ctx context.Context) (committing bool, err error) {
	if !s.begun() && len(s.posted) == 1 && s.failed == nil { // nothing was done
		return false, nil
	}
	if !s.begun() || s.expecting() {
		if err := s.flush(ctx); err != nil {
			return false, err
		}
	}
	return true, s.send(ctx, func(r pgx.BatchResults) error {
		tag, err := r.Exec()
		if err == nil && tag.String() == rollback { // a statement had failed, and nobody told
			err = pgx.ErrTxCommitRollback
		}
		return err
	}, commit)
}

// expecting reports whether something that is posted must change rows.
func (s *session) expecting() bool {
	return slices.ContainsFunc(s.posted, func(p posted) bool { return p.otherwise != nil })
}

// reason returns why a transaction fails whose function has failed: because of what was posted before, if that has failed
// or did not change what it should.
func (s *session) reason(ctx context.Context, failure error) error {
	if s.expecting() {
		_ = s.flush(ctx) // s.failed tells
	}
	return cmp.Or(s.failed, failure)
}

// rollback ends what is left of a transaction and returns failure. A connection on which that does not succeed is given up:
// the pool does not take back one with an open transaction.
func (s *session) rollback(ctx context.Context, failure error) error {
	s.posted, s.failed = nil, nil
	if conn := s.Conn.Conn(); failure != nil && s.begun() && !conn.IsClosed() {
		_, _ = conn.Exec(ctx, rollback)
	}
	return failure
}

// flush sends what is posted.
func (s *session) flush(ctx context.Context) error {
	if len(s.posted) == 0 {
		return s.failed
	}
	return s.send(ctx, nil)
}

// send sends what is posted, with a statement behind it if there is one, whose results read takes.
func (s *session) send(ctx context.Context, read func(pgx.BatchResults) error, last ...any) (err error) {
	if s.failed != nil {
		return s.failed
	}
	conn := s.Conn.Conn()
	if conn.IsClosed() {
		return driver.ErrBadConn
	}
	batch, waited := &pgx.Batch{}, s.posted
	s.posted = nil
	for _, p := range waited {
		batch.Queue(p.query, p.args...)
	}
	if len(last) > 0 {
		batch.Queue(last[0].(string), last[1:]...)
	}
	results := conn.SendBatch(ctx, batch)
	defer func() {
		if closing := results.Close(); err == nil {
			err = closing
		}
	}()
	for _, p := range waited {
		tag, err := results.Exec()
		if err == nil && p.otherwise != nil && tag.RowsAffected() != p.rows {
			err = p.otherwise
		}
		if err != nil {
			s.failed = err
			return err
		}
	}
	if read == nil {
		return nil
	}
	return read(results)
}

// ExecContext implements driver.ExecerContext.
func (s *session) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 { // there may be several commands in it, which cannot share their way with others
		if err := s.flush(ctx); err != nil {
			return nil, err
		}
	}
	if len(s.posted) == 0 && s.failed == nil {
		return s.Conn.ExecContext(ctx, query, args)
	}
	var changed int64
	err := s.send(ctx, func(r pgx.BatchResults) error {
		tag, err := r.Exec()
		changed = tag.RowsAffected()
		return err
	}, statement(query, args)...)
	return driver.RowsAffected(changed), err
}

// QueryContext implements driver.QueryerContext.
func (s *session) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if len(s.posted) == 0 && s.failed == nil {
		return s.Conn.QueryContext(ctx, query, args)
	}
	answer := &found{}
	err := s.send(ctx, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		return answer.read(s.Conn.Conn().TypeMap(), rows)
	}, statement(query, args)...)
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// ResetSession implements driver.SessionResetter.
func (s *session) ResetSession(ctx context.Context) error {
	s.posted, s.failed = nil, nil
	return s.Conn.ResetSession(ctx)
}

func statement(query string, args []driver.NamedValue) []any {
	all := make([]any, 0, len(args)+1)
	all = append(all, query)
	for _, a := range args {
		all = append(all, a.Value)
	}
	return all
}

// found are the rows of a query that shared its round trip. They are few: those that a transaction works on.
type found struct {
	columns []string
	rows    [][]driver.Value
}

func (f *found) read(types *pgtype.Map, rows pgx.Rows) error {
	defer rows.Close()
	for _, field := range rows.FieldDescriptions() {
		f.columns = append(f.columns, field.Name)
	}
	for rows.Next() {
		row := make([]driver.Value, len(f.columns))
		for i, raw := range rows.RawValues() {
			var err error
			if row[i], err = value(types, rows.FieldDescriptions()[i], raw); err != nil {
				return err
			}
		}
		f.rows = append(f.rows, row)
	}
	return rows.Err()
}

// value returns a value as one of the types of database/sql.
func value(types *pgtype.Map, field pgconn.FieldDescription, raw []byte) (driver.Value, error) {
	if raw == nil {
		return nil, nil
	}
	switch field.DataTypeOID {
	case pgtype.Int8OID, pgtype.Int4OID, pgtype.Int2OID:
		return scan[int64](types, field, raw)
	case pgtype.BoolOID:
		return scan[bool](types, field, raw)
	case pgtype.Float8OID, pgtype.Float4OID:
		return scan[float64](types, field, raw)
	case pgtype.ByteaOID:
		return scan[[]byte](types, field, raw)
	case pgtype.TimestamptzOID, pgtype.TimestampOID, pgtype.DateOID:
		return scan[time.Time](types, field, raw)
	}
	return scan[string](types, field, raw)
}

func scan[T any](types *pgtype.Map, field pgconn.FieldDescription, raw []byte) (driver.Value, error) {
	var v T
	err := types.Scan(field.DataTypeOID, field.Format, raw, &v)
	return v, err
}

// Columns implements driver.Rows.
func (f *found) Columns() []string { return f.columns }

// Close implements driver.Rows.
func (f *found) Close() error { return nil }

// Next implements driver.Rows.
func (f *found) Next(row []driver.Value) error {
	if len(f.rows) == 0 {
		return io.EOF
	}
	copy(row, f.rows[0])
	f.rows = f.rows[1:]
	return nil
}
