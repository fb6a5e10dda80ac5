package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket"
)

// sqliteFloor writes through pkg/sqldb, as SQLite has one writer and a commit per ticket would be no floor: commits are
// shared by up to 64 writers, as they are in the suite.
type sqliteFloor struct {
	counters
	template template
	db       *sqldb.DB
}

func (b *bench) sqliteFloor(t template) *sqliteFloor {
	db, err := sqldb.Open(b.ctx, sqldb.Config{DSN: "sqlite:" + filepath.Join(b.TempDir(), "floor.db")})
	b.must(err)
	b.Cleanup(func() { _ = db.Close() })
	b.must(db.Migrate(b.ctx, ticket.Migrations()...))
	return &sqliteFloor{template: t, db: db}
}

func (f *sqliteFloor) write(ctx context.Context, rows []record, first func(ctx context.Context, tx sqldb.Tx) error) error {
	return f.db.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		if err := first(ctx, tx); err != nil {
			return err
		}
		for _, r := range rows {
			if _, err := tx.ExecContext(ctx, r.insert(1), r.values...); err != nil {
				return err
			}
		}
		return nil
	})
}

// create implements floor.
func (f *sqliteFloor) create(ctx context.Context, _ int, d draft) (int64, error) {
	number := f.tickets.Add(1)
	return number, f.write(ctx, f.template.creation(number, d), func(context.Context, sqldb.Tx) error { return nil })
}

// reply implements floor.
func (f *sqliteFloor) reply(ctx context.Context, _ int, number int64) error {
	sequence := f.sequence()
	rows := f.template.answer(number, sequence)
	at := rows[0].value("create_time")
	return f.write(ctx, rows, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, floorTouch, number, at, sequence)
		return err
	})
}

// read fetches rows and does not decode them.
func (f *sqliteFloor) read(ctx context.Context, query string, args ...any) (n int, err error) {
	rows, err := f.db.Reader().QueryContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(sql.RawBytes)
	}
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}

// get implements floor.
func (f *sqliteFloor) get(ctx context.Context, _ int, number int64) error {
	_, err := f.read(ctx, fmt.Sprintf(floorGet, f.template.columns()), number)
	return err
}

// list implements floor.
func (f *sqliteFloor) list(ctx context.Context, _ int) error {
	n, err := f.read(ctx, fmt.Sprintf(floorList, f.template.columns()), f.template.organization())
	if err == nil {
		err = wholePage(n)
	}
	return err
}

// search implements floor.
func (f *sqliteFloor) search(ctx context.Context, _ int) error {
	match := "(EXISTS (SELECT 1 FROM messages m WHERE m.number = t.number AND m.position IN" +
		" (SELECT w.rowid FROM messages_words w WHERE w.messages_words MATCH $2))" +
		" OR t.number IN (SELECT w.rowid FROM tickets_words w WHERE w.tickets_words MATCH $2))"
	n, err := f.read(ctx, fmt.Sprintf(floorSearch, f.template.columns(), match), f.template.organization(), words[0])
	if err == nil {
		err = wholePage(n)
	}
	return err
}

// empty implements floor.
func (f *sqliteFloor) empty(ctx context.Context, _ int, number int64) error {
	_, err := f.read(ctx, floorEmpty, number)
	return err
}
