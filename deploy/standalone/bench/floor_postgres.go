package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/ticket"
)

const floorSchema = "floor"

// postgresFloor has one connection per client, on the PostgreSQL that the suite uses, and tables of the same migrations.
// Every operation is one statement.
type postgresFloor struct {
	counters
	template template
	conns    []*pgx.Conn
}

func (b *bench) postgresFloor(t template, clients int) *postgresFloor {
	dsn := testkit.Postgres(b.runner)
	db, err := sqldb.Open(b.ctx, sqldb.Config{DSN: dsn, Schema: floorSchema, NormalConns: 1, SoftConns: 1})
	b.must(err)
	b.must(db.Migrate(b.ctx, ticket.Migrations()...))
	b.must(db.Close())
	config, err := pgx.ParseConfig(dsn)
	b.must(err)
	config.RuntimeParams["search_path"] = floorSchema
	f := &postgresFloor{template: t}
	for range clients {
		conn, err := pgx.ConnectConfig(b.ctx, config)
		b.must(err)
		b.Cleanup(func() { _ = conn.Close(context.WithoutCancel(b.ctx)) })
		f.conns = append(f.conns, conn)
	}
	return f
}

// write makes one statement of all rows and what is to precede them.
func (f *postgresFloor) write(ctx context.Context, client int, first string, args []any, rows []record) error {
	var parts []string
	if first != "" {
		parts = append(parts, first)
	}
	for _, r := range rows[:len(rows)-1] {
		parts = append(parts, r.insert(len(args)+1))
		args = append(args, r.values...)
	}
	last := rows[len(rows)-1]
	var b strings.Builder
	b.WriteString("WITH ")
	for i, part := range parts {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "w%d AS (%s)", i, part)
	}
	b.WriteString(" " + last.insert(len(args)+1))
	_, err := f.conns[client].Exec(ctx, b.String(), append(args, last.values...)...)
	return err
}

// create implements floor.
func (f *postgresFloor) create(ctx context.Context, client int, d draft) (int64, error) {
	number := f.tickets.Add(1)
	return number, f.write(ctx, client, "", nil, f.template.creation(number, d))
}

// reply implements floor.
func (f *postgresFloor) reply(ctx context.Context, client int, number int64) error {
	sequence := f.sequence()
	rows := f.template.answer(number, sequence)
	at := rows[0].value("create_time")
	return f.write(ctx, client, floorTouch, []any{number, at, sequence}, rows)
}

// read fetches rows and does not decode them.
func (f *postgresFloor) read(ctx context.Context, client int, query string, args ...any) (n int, err error) {
	rows, err := f.conns[client].Query(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		_ = rows.RawValues()
		n++
	}
	return n, rows.Err()
}

// get implements floor.
func (f *postgresFloor) get(ctx context.Context, client int, number int64) error {
	_, err := f.read(ctx, client, fmt.Sprintf(floorGet, f.template.columns()), number)
	return err
}

// list implements floor.
func (f *postgresFloor) list(ctx context.Context, client int) error {
	n, err := f.read(ctx, client, fmt.Sprintf(floorList, f.template.columns()), f.template.organization())
	if err == nil {
		err = wholePage(n)
	}
	return err
}

// search implements floor.
func (f *postgresFloor) search(ctx context.Context, client int) error {
	match := "EXISTS (SELECT 1 FROM messages m WHERE m.number = t.number AND m.words @@ phraseto_tsquery('simple', $2) OFFSET 0)" +
		" OR t.words @@ phraseto_tsquery('simple', $2)"
	n, err := f.read(ctx, client, fmt.Sprintf(floorSearch, f.template.columns(), "("+match+")"), f.template.organization(), words[0])
	if err == nil {
		err = wholePage(n)
	}
	return err
}

// empty implements floor.
func (f *postgresFloor) empty(ctx context.Context, client int, number int64) error {
	_, err := f.read(ctx, client, floorEmpty, number)
	return err
}
