package durable

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/georgysavva/scany/v2/sqlscan"
	"github.com/google/uuid"

	"altis-dxp.com/support/pkg/sqldb"
)

// Row holds the column values of a task to be inserted, in the order of RowColumns.
type Row struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Lane    int64  `json:"lane"`
	Key     string `json:"key"`
	Payload string `json:"payload"`
	Trace   string `json:"trace"`
	Lease   int64  `json:"lease"` // microseconds: run_at is altis_now() plus this. The lease of a task born leased, else its delay
	Attempt int64  `json:"attempt"`
	Fence   int64  `json:"fence"`
	Owner   string `json:"owner"` // created_at, the last column, is altis_now()
}

// RowColumns returns the columns that an insert of Rows fills.
func RowColumns() string {
	return "id, kind, lane, key, payload, trace, run_at, attempt, fence, owner, created_at"
}

// RowSelect returns a SELECT of RowColumns over parameter number param, which is Batch.JSON. It ends after its FROM item, so
// that a WHERE may follow: a create in one statement inserts its tasks only if it inserted the rest.
func RowSelect(engine sqldb.Engine, param int) string {
	return "SELECT x.id, x.kind, x.lane, x.key, x.payload, x.trace, altis_now() + x.lease, x.attempt, x.fence, x.owner, altis_now() FROM " +
		sqldb.RowSource(engine, param, "id text", "kind text", "lane bigint", "key text", "payload text", "trace text",
			"lease bigint", "attempt bigint", "fence bigint", "owner text")
}

// Batch is a number of tasks on their way into the database. Those due at once have a local slot reserved while one is free,
// and are then born leased. Exactly one of Committed and Discard must follow, whatever happens.
type Batch struct {
	queue *Queue
	tasks []*held
	rows  []Row
}

// Prepare makes ids, reserves slots and returns the rows to insert. Call it as close before the insert as possible: the
// leases count from here.
func (q *Queue) Prepare(specs ...Spec) *Batch {
	b := &Batch{queue: q}
	now := q.now()
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, spec := range specs {
		h := &held{
			task: Task{ID: newID(), Spec: spec, Attempt: 1, CreatedAt: now.Round(0).UTC()}, lane: q.lane(spec.Lane),
			fence: 1, owner: q.owner, deadline: now.Add(q.lease), since: now,
		}
		row := Row{
			ID: h.task.ID, Kind: spec.Kind, Lane: int64(spec.Lane), Key: spec.Key, Payload: string(spec.Payload), Trace: spec.Trace,
			Lease: spec.Delay.Microseconds(),
		}
		if spec.Delay <= 0 && q.reserve(h) {
			row.Lease, row.Attempt, row.Fence, row.Owner = q.lease.Microseconds(), 1, h.fence, h.owner
		}
		b.tasks = append(b.tasks, h)
		b.rows = append(b.rows, row)
	}
	return b
}

// newID returns a UUIDv7: ids made later sort later, which keeps the primary key's index compact.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// reserve takes a slot for a task that is to be born leased, if this process may run it now.
func (q *Queue) reserve(h *held) bool {
	handler, known := q.handlers[h.task.Kind]
	if !known || q.owner == "" || q.draining {
		return false
	}
	h.destination = destination(handler, h.task)
	h.slot = h.lane.reserve(h.destination)
	if !h.slot {
		q.stats.Overflowed++
	}
	return h.slot
}

// JSON returns the rows as the parameter of RowSelect.
func (b *Batch) JSON() string { return jsonText(b.rows) }

// Committed starts the tasks that were born leased and has the others looked for.
func (b *Batch) Committed() {
	q := b.queue
	q.probe("committed")
	q.mu.Lock()
	defer q.mu.Unlock()
	ring := false
	for _, h := range b.tasks {
		switch {
		case h.slot:
			q.stats.Born++
			q.accept(h)
		case h.task.Delay <= 0:
			h.lane.signal()
			ring = true // this process has no slot or does not run such tasks
		default:
			h.lane.signalIn(h.task.Delay)
		}
	}
	b.tasks = nil
	if ring {
		q.ring()
	}
}

// Discard gives the slots back: the rows were not committed, or nobody knows. In the latter case their leases lapse.
func (b *Batch) Discard() {
	b.queue.mu.Lock()
	defer b.queue.mu.Unlock()
	for _, h := range b.tasks {
		h.releaseSlot()
	}
	b.tasks = nil
}

// Tx is a transaction in which tasks can be made and cancelled.
type Tx struct {
	sqldb.Tx
	queue *Queue
	specs []Spec // of tasks to be inserted
	batch *Batch // those that were
}

// Enqueue makes tasks. They are inserted by one statement at the end of the transaction, together with its commit, and begin
// after that.
func (tx *Tx) Enqueue(ctx context.Context, specs ...Spec) error {
	for i := range specs {
		if err := specs[i].validate(); err != nil {
			return err
		}
	}
	tx.specs = append(tx.specs, withTrace(ctx, specs)...)
	return nil
}

// insert writes the tasks.
func (tx *Tx) insert(ctx context.Context) error {
	if len(tx.specs) == 0 {
		return nil
	}
	tx.batch = tx.queue.Prepare(tx.specs...)
	if err := tx.Post(ctx, tx.queue.sql.insert, tx.batch.JSON()); err != nil {
		return fmt.Errorf("durable: insert tasks: %w", err)
	}
	tx.queue.probe("inserted")
	return nil
}

func (s Spec) validate() error {
	if s.Kind == "" || s.Lane < 0 || s.Lane >= lanes || strings.ContainsRune(string(s.Payload), 0) {
		return fmt.Errorf("durable: a task needs a kind, a known lane and a payload that is text (kind %q, lane %d)", s.Kind, s.Lane)
	}
	return nil
}

// Cancel deletes the tasks of this kind and key, running ones and those made by this transaction included, and returns
// their number. A task that is running, or waiting for a worker of some replica, may still run once more to its end. An
// empty key matches nothing.
func (tx *Tx) Cancel(ctx context.Context, kind, key string) (int64, error) {
	if key == "" {
		return 0, nil
	}
	result, err := tx.ExecContext(ctx, tx.queue.sql.cancel, kind, key)
	if err != nil {
		return 0, fmt.Errorf("durable: cancel tasks: %w", err)
	}
	deleted, err := result.RowsAffected()
	made := len(tx.specs)
	tx.specs = slices.DeleteFunc(tx.specs, func(s Spec) bool { return s.Kind == kind && s.Key == key })
	return deleted + int64(made-len(tx.specs)), err
}

// Rewrite changes the payloads of the tasks of this kind and key, those made by this transaction included, by a function
// that returns what is to stay as it is, and returns their number. A task that is running, or waiting for a worker of some
// replica, runs with what it had; when it is tried again, with the new payload.
func (tx *Tx) Rewrite(ctx context.Context, kind, key string, change func(payload []byte) []byte) (int, error) {
	var rows []struct{ ID, Payload string }
	if err := sqlscan.Select(ctx, tx, &rows, `SELECT id, payload FROM tasks WHERE kind = $1 AND key = $2`, kind, key); err != nil {
		return 0, fmt.Errorf("durable: rewrite tasks: %w", err)
	}
	rewritten := 0
	for _, row := range rows {
		payload := string(change([]byte(row.Payload)))
		if payload == row.Payload {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE tasks SET payload = $2 WHERE id = $1`, row.ID, payload); err != nil {
			return rewritten, fmt.Errorf("durable: rewrite tasks: %w", err)
		}
		rewritten++
	}
	for i, s := range tx.specs {
		if s.Kind == kind && s.Key == key {
			tx.specs[i].Payload = change(s.Payload)
		}
	}
	return rewritten, nil
}

// discard forgets what an earlier run of the function made.
func (tx *Tx) discard() {
	if tx.batch != nil {
		tx.batch.Discard()
	}
	tx.specs, tx.batch = nil, nil
}

// Update is sqldb.DB.Update with tasks: fn's rows and the tasks it makes are committed together or not at all, and after the
// commit the tasks begin at once in this process, where it has free slots.
func (q *Queue) Update(ctx context.Context, op sqldb.Op, fn func(ctx context.Context, tx *Tx) error) error {
	tx := &Tx{queue: q}
	defer tx.discard() // nothing is left of it after a commit
	err := q.db.Update(ctx, op, func(ctx context.Context, inner sqldb.Tx) error {
		tx.discard()
		tx.Tx = inner
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return tx.insert(ctx)
	})
	if err != nil {
		return err
	}
	if tx.batch != nil {
		tx.batch.Committed()
	}
	return nil
}
