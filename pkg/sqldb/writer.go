package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// maxGroup bounds the operations of one commit, and so how long the first of them waits for the last.
const maxGroup = 64

// writer owns SQLite's one writing connection. Its goroutine runs whatever operations are waiting as one group: a
// savepoint each, one commit for all. Operations of the page lane go first and in groups of their own.
type writer struct {
	db          *sql.DB
	conn        *sql.Conn
	statements  *statements
	page        chan *operation // unbuffered: an operation is either still its caller's or being executed
	normal      chan *operation
	closing     chan struct{}
	closed      sync.Once
	done        chan struct{}
	synchronous string // the connection's present setting
}

type operation struct {
	ctx    context.Context
	soft   bool
	fn     txFunc
	err    error
	result chan error // buffered: answering never blocks
}

func newWriter(ctx context.Context, connector liteConnector) (*writer, error) {
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	w := &writer{
		db: db, conn: conn, statements: newStatements(conn),
		page: make(chan *operation), normal: make(chan *operation),
		closing: make(chan struct{}), done: make(chan struct{}),
		synchronous: "FULL",
	}
	go w.run()
	return w, nil
}

// submit waits for its turn, which ctx may end, and then for the group's commit, which ctx may not.
func (w *writer) submit(ctx context.Context, op Op, fn txFunc) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	queue := w.normal
	if op.Page {
		queue = w.page
	}
	o := &operation{ctx: ctx, soft: op.Soft, fn: fn, result: make(chan error, 1)}
	select {
	case queue <- o:
		return <-o.result
	case <-ctx.Done():
		return ctx.Err()
	case <-w.closing:
		return ErrClosed
	}
}

func (w *writer) close() error {
	w.closed.Do(func() { close(w.closing) })
	<-w.done
	return errors.Join(w.conn.Close(), w.db.Close())
}

func (w *writer) run() {
	stopped := false
	defer func() {
		if stopped {
			close(w.done)
		} else { // an operation ended the goroutine (runtime.Goexit, as a test's FailNow does)
			go w.run()
		}
	}()
	for {
		group, ok := w.next()
		if !ok {
			stopped = true
			return
		}
		w.execute(group)
	}
}

// next waits for an operation and returns it with those of its lane that are waiting behind it.
func (w *writer) next() (group []*operation, ok bool) {
	var first *operation
	queue := w.page
	select {
	case first = <-w.page:
	default:
		select {
		case first = <-w.page:
		case first = <-w.normal:
			queue = w.normal
		case <-w.closing:
			return nil, false
		}
	}
	group = []*operation{first}
	for len(group) < maxGroup {
		select {
		case o := <-queue:
			group = append(group, o)
		default:
			return group, true
		}
	}
	return group, true
}

// execute runs a group and answers every member. A member's error undoes that member only; a failed commit fails all.
func (w *writer) execute(group []*operation) {
	finished := false
	defer func() {
		if !finished {
			w.rollback()
			answer(group, errors.New("sqldb: an operation of the group ended its goroutine"))
		}
	}()
	err := w.begin(group)
	if err == nil {
		err = w.members(group)
	}
	if err == nil {
		err = w.exec("COMMIT")
	}
	if err != nil {
		w.rollback()
	}
	finished = true
	answer(group, err)
}

// answer gives each member its own error or, if there is one, the whole group's.
func answer(group []*operation, err error) {
	for _, o := range group {
		if err != nil {
			o.result <- err
		} else {
			o.result <- o.err
		}
	}
}

// begin sets how the commit is to reach the disk and opens the transaction. Only a group without any durable member may
// skip the sync: in WAL mode a later synced commit makes the earlier unsynced ones durable too.
func (w *writer) begin(group []*operation) error {
	synchronous := "NORMAL"
	for _, o := range group {
		if !o.soft {
			synchronous = "FULL"
		}
	}
	if synchronous != w.synchronous {
		if err := w.exec("PRAGMA synchronous=" + synchronous); err != nil {
			return err
		}
		w.synchronous = synchronous
	}
	return w.exec("BEGIN IMMEDIATE")
}

// members runs each operation under its savepoint. An error here is the group's: the transaction cannot go on.
func (w *writer) members(group []*operation) error {
	if len(group) == 1 { // the transaction is its savepoint
		w.call(group[0])
		return group[0].err
	}
	for _, o := range group {
		if err := w.exec("SAVEPOINT member"); err != nil {
			return err
		}
		if w.call(o); o.err != nil {
			if err := w.exec("ROLLBACK TO member"); err != nil {
				return fmt.Errorf("%w (undoing an operation that failed: %w)", err, o.err)
			}
		}
		if err := w.exec("RELEASE member"); err != nil {
			return err
		}
	}
	return nil
}

// call runs one operation, unless its caller has given up.
func (w *writer) call(o *operation) {
	if o.err = o.ctx.Err(); o.err != nil {
		return
	}
	// SQLite answers an interrupted write by rolling back the whole transaction, other members' work included: statements
	// here must not be cancelled.
	tx := &writerTx{w: w}
	defer tx.closeRows()
	o.err = o.fn(context.WithoutCancel(o.ctx), waiting{tx})
}

func (w *writer) exec(text string) error {
	ctx := context.Background() // an interrupted COMMIT would leave nobody knowing; locks are bounded by busy_timeout
	if s := w.statements.get(ctx, text); s != nil {
		_, err := s.ExecContext(ctx)
		return err
	}
	_, err := w.conn.ExecContext(ctx, text)
	return err
}

// rollback may fail only because SQLite has rolled back by itself.
func (w *writer) rollback() { _ = w.exec("ROLLBACK") }

// writerTx is what the Tx of one operation is made of.
type writerTx struct {
	w    *writer
	rows []*sql.Rows
}

// closeRows closes what the operation left open, which would keep the savepoint from being released.
func (t *writerTx) closeRows() {
	for _, rows := range t.rows {
		_ = rows.Close()
	}
}

func (t *writerTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s := t.w.statements.get(ctx, query); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return t.w.conn.ExecContext(ctx, query, args...)
}

func (t *writerTx) QueryContext(ctx context.Context, query string, args ...any) (rows *sql.Rows, err error) {
	if s := t.w.statements.get(ctx, query); s != nil {
		rows, err = s.QueryContext(ctx, args...)
	} else {
		rows, err = t.w.conn.QueryContext(ctx, query, args...)
	}
	if err == nil {
		t.rows = append(t.rows, rows)
	}
	return rows, err
}

func (t *writerTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s := t.w.statements.get(ctx, query); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return t.w.conn.QueryRowContext(ctx, query, args...)
}
