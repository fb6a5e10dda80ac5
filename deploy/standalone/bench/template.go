package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
)

// template holds the rows that the suite wrote for one ticket: the floor writes the same ones.
type template struct {
	request, ticket, message, event record
	tasks                           []record // delivery to notification, delivery to triage
}

// record is one row.
type record struct {
	table   string
	columns []string
	values  []any
}

// templateOf creates a ticket and reads its rows. The receivers of its events stand still meanwhile, so that the tasks are
// still there.
func templateOf(ctx context.Context, s *system, d draft) (t template, err error) {
	for _, service := range []string{harness.Notification, harness.Triage} {
		p := s.suite.Processes[service]
		p.Pause()
		defer p.Resume()
	}
	number, err := s.grpc.create(ctx, d)
	if err != nil {
		return t, err
	}
	tables := s.tables.(*postgresTables)
	tables.mu.Lock()
	defer tables.mu.Unlock()
	conn := tables.conns[harness.Ticket]
	for _, part := range []struct {
		into      *record
		table     string
		generated []string
	}{
		{&t.request, "requests", nil},
		{&t.ticket, "tickets", []string{"words"}},
		{&t.message, "messages", []string{"words"}},
		{&t.event, "ticket_events", []string{"position", "xid"}},
	} {
		found, err := readRecords(ctx, conn, part.table, "number = $1", number)
		if err != nil {
			return t, err
		}
		if len(found) != 1 {
			return t, fmt.Errorf("bench: a new ticket has %d rows in %s", len(found), part.table)
		}
		*part.into = found[0].without(part.generated)
	}
	t.tasks, err = readRecords(ctx, conn, "tasks", "kind LIKE 'deliver.%' ORDER BY kind")
	if err == nil && len(t.tasks) != 2 {
		err = fmt.Errorf("bench: a new ticket has %d tasks", len(t.tasks))
	}
	return t, err
}

func readRecords(ctx context.Context, conn *pgx.Conn, table, where string, args ...any) (found []record, err error) {
	rows, err := conn.Query(ctx, "SELECT "+table+".* FROM "+table+" WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r := record{table: table}
		for _, field := range rows.FieldDescriptions() {
			r.columns = append(r.columns, field.Name)
		}
		if r.values, err = rows.Values(); err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, rows.Err()
}

func (r record) without(columns []string) record {
	kept := record{table: r.table}
	for i, name := range r.columns {
		if !slices.Contains(columns, name) {
			kept.columns, kept.values = append(kept.columns, name), append(kept.values, r.values[i])
		}
	}
	return kept
}

// value returns that of a column.
func (r record) value(column string) any { return r.values[slices.Index(r.columns, column)] }

// with returns a copy with other values of some columns: name, value, name, value...
func (r record) with(changes ...any) record {
	values := slices.Clone(r.values)
	for i := 0; i < len(changes); i += 2 {
		values[slices.Index(r.columns, changes[i].(string))] = changes[i+1]
	}
	return record{r.table, r.columns, values}
}

// insert returns the statement with its placeholders numbered from first.
func (r record) insert(first int) string {
	places := make([]string, len(r.columns))
	for i := range places {
		places[i] = fmt.Sprintf("$%d", first+i)
	}
	return "INSERT INTO " + r.table + " (" + strings.Join(r.columns, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
}

// creation returns the rows of a new ticket.
func (t template) creation(number int64, d draft) []record {
	now := time.Now().UnixMicro()
	id := newID()
	rows := []record{
		t.request.with("id", requestID(d), "number", number, "create_time", now),
		t.ticket.with("number", number, "subject", d.subject, "create_time", now, "update_time", now),
		t.message.with("number", number, "id", id, "body", description, "create_time", now),
		t.event.with("number", number, "message", id, "create_time", now),
	}
	for _, task := range t.tasks {
		rows = append(rows, task.with("id", newID(), "run_at", now+5_000_000, "created_at", now))
	}
	return rows
}

// answer returns the rows of a reply, which has the given sequence in its ticket.
func (t template) answer(number, sequence int64) []record {
	now := time.Now().UnixMicro()
	id := newID()
	rows := []record{
		t.message.with("number", number, "sequence", sequence, "id", id, "body", replyBody, "create_time", now),
		t.event.with("number", number, "sequence", sequence, "message", id, "create_time", now),
	}
	for _, task := range t.tasks {
		rows = append(rows, task.with("id", newID(), "run_at", now+5_000_000, "created_at", now))
	}
	return rows
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// The floor's other statements, the same on both engines. %s are the columns of tickets.
const (
	floorTouch  = "UPDATE tickets SET update_time = $2, sequence = $3, public_sequence = $3, newest_sequence = $3, status = 2 WHERE number = $1"
	floorGet    = "SELECT m.body, %s FROM tickets t JOIN messages m ON m.number = t.number AND m.sequence = 1 WHERE t.number = $1"
	floorList   = "SELECT %s FROM tickets t WHERE t.organization = $1 ORDER BY t.update_time DESC, t.number DESC LIMIT 51"
	floorSearch = "SELECT %s FROM tickets t WHERE t.number IN (SELECT n.number FROM (SELECT number FROM tickets WHERE organization = $1" +
		" ORDER BY update_time DESC, number DESC LIMIT 1000) n) AND %s ORDER BY t.update_time DESC, t.number DESC LIMIT 51"
	floorEmpty = "SELECT t.subject FROM tickets t WHERE t.number = $1"
)

func (t template) columns() string { return "t." + strings.Join(t.ticket.columns, ", t.") }

func (t template) organization() string {
	return t.ticket.values[slices.Index(t.ticket.columns, "organization")].(string)
}
