package store

import (
	"context"
	"fmt"
	"strings"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// writes gathers the rows of one change. SQLite, where a statement is a function
// call, gets one statement per row; PostgreSQL gets all rows in one data-modifying
// statement, as each statement is a round trip there.
type writes struct {
	postgres   bool
	gated      bool // the first write is the request's; the others follow only if it wrote
	statements []string
	args       [][]any // of each statement; PostgreSQL: all in the first
}

// param adds an argument to the statement that is being written and returns its placeholder.
func (w *writes) param(v any) string {
	i := 0
	if !w.postgres {
		i = len(w.statements)
	}
	for len(w.args) <= i {
		w.args = append(w.args, nil)
	}
	w.args[i] = append(w.args[i], v)
	n := len(w.args[i])
	switch _, number := v.(int64); {
	case !w.postgres:
		return fmt.Sprintf("$%d", n)
	case number:
		return fmt.Sprintf("$%d::bigint", n)
	default:
		return fmt.Sprintf("$%d::text", n)
	}
}

func (w *writes) params(values []any) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = w.param(v)
	}
	return strings.Join(list, ", ")
}

// notIn returns the condition that a column has none of the values.
func (w *writes) notIn(values []string) string {
	if w.postgres {
		return "<> ALL(ARRAY(SELECT jsonb_array_elements_text(" + w.param(sqldb.List(values)) + "::jsonb)))"
	}
	return "NOT IN (SELECT value FROM json_each(" + w.param(sqldb.List(values)) + "))"
}

// gate ends a write that must not happen when the request was used before.
func (w *writes) gate() string {
	if w.postgres && w.gated {
		return " WHERE EXISTS (SELECT 1 FROM w0)"
	}
	return ""
}

func (w *writes) add(statement string) { w.statements = append(w.statements, statement) }

func (w *writes) insert(table, columns string, values []any) {
	w.add("INSERT INTO " + table + " (" + columns + ") SELECT " + w.params(values) + w.gate())
}

// request comes first: nothing else is written for a request that was used in the last 24 hours.
func (w *writes) request(r domain.Request, c domain.Change) {
	w.gated = true
	w.add("INSERT INTO requests (principal, method, id, hash, number, sequence, create_time) VALUES (" +
		w.params([]any{r.Principal, r.Method, r.ID, r.Hash, c.After.Number, c.After.Sequence}) + ", altis_now())" +
		" ON CONFLICT (principal, method, id) DO UPDATE SET hash = excluded.hash, number = excluded.number," +
		" sequence = excluded.sequence, create_time = excluded.create_time" +
		" WHERE requests.create_time < altis_now() - " + w.param(requestLife.Microseconds()) + " RETURNING 1 AS one")
}

// mail comes first, as request does: nothing else is written for a mail that was saved already.
func (w *writes) mail(m domain.Mail, c domain.Change) {
	w.gated = true
	w.add("INSERT INTO mail_tickets (mail, number) VALUES (" + w.params([]any{m.ID, c.After.Number}) +
		") ON CONFLICT (mail) DO NOTHING RETURNING 1 AS one")
}

// ticket inserts a new ticket, or updates the columns that differ from those stored.
func (w *writes) ticket(c domain.Change, stored []any) {
	after := ticketValues(c.After)
	if c.IsNew() {
		w.insert("tickets", strings.Join(ticketColumns, ", "), after)
		return
	}
	var set []string
	for i := mutable; i < len(after); i++ {
		if stored[i] != after[i] {
			set = append(set, ticketColumns[i]+" = "+w.param(after[i]))
		}
	}
	if len(set) > 0 {
		where := " WHERE number = " + w.param(c.After.Number)
		if gate := w.gate(); gate != "" {
			where += " AND" + strings.TrimPrefix(gate, " WHERE")
		}
		w.add("UPDATE tickets SET " + strings.Join(set, ", ") + where)
	}
}

// ccs keeps the index of CCs. A new ticket's are all new.
func (w *writes) ccs(c domain.Change) {
	added := c.AddedCCs
	if c.IsNew() {
		added = c.After.CCs
	}
	for _, p := range added {
		w.insert("ticket_ccs", "number, email, person", []any{c.After.Number, strings.ToLower(p.Email), p.ID})
	}
	for _, p := range c.RemovedCCs {
		w.add("DELETE FROM ticket_ccs WHERE number = " + w.param(c.After.Number) + " AND email = " + w.param(strings.ToLower(p.Email)))
	}
}

// redact replaces the body, the attachments and what is quoted of a message, and forgets the hash of
// the request that made it: from the rest of the request what is gone could be guessed.
// A file that nothing names any more goes with the next sweep.
func (w *writes) redact(m domain.Message) {
	w.add("UPDATE messages SET body = " + w.param(m.Body) + ", attachments = " + w.param(list(m.Attachments)) +
		", quoted = " + w.param(m.Quoted) + ", redact_time = " + w.param(sqldb.Micros(m.RedactTime)) +
		" WHERE number = " + w.param(m.Number) + " AND sequence = " + w.param(m.Sequence))
	kept := make([]string, len(m.Attachments))
	for i, a := range m.Attachments {
		kept[i] = a.ID
	}
	w.add("DELETE FROM attachments WHERE number = " + w.param(m.Number) + " AND sequence = " + w.param(m.Sequence) +
		" AND id " + w.notIn(kept))
	w.add("UPDATE requests SET hash = '' WHERE number = " + w.param(m.Number) + " AND sequence = " + w.param(m.Sequence))
}

// redactField forgets what the history says of a field, and the hashes of the requests
// that gave it its values.
func (w *writes) redactField(number int64, f domain.RedactedField) {
	forget := func(sequence int64) {
		w.add("UPDATE requests SET hash = '' WHERE number = " + w.param(number) + " AND sequence = " + w.param(sequence))
	}
	forget(1)
	for _, e := range f.History {
		w.add("UPDATE ticket_events SET changes = " + w.param(list(e.Changes)) +
			" WHERE number = " + w.param(number) + " AND sequence = " + w.param(e.Sequence))
		if e.Sequence > 1 {
			forget(e.Sequence)
		}
	}
}

// unquote has the mails of a ticket that came after a message quote nothing.
func (w *writes) unquote(m domain.Message) {
	w.add("UPDATE messages SET quoted = '' WHERE quoted <> '' AND number = " + w.param(m.Number) + " AND sequence > " + w.param(m.Sequence))
}

// change gathers everything but tasks. stored are the values of an old ticket.
func (d dialect) change(c domain.Change, stored []any) *writes {
	w := &writes{postgres: d.postgres}
	if c.Request != nil {
		w.request(*c.Request, c)
	}
	if c.Mail != nil {
		w.mail(*c.Mail, c)
	}
	w.ticket(c, stored)
	w.ccs(c)
	if c.Message != nil {
		w.insert("messages", messageColumns, messageValues(*c.Message))
	}
	if c.MailReply != "" {
		w.insert("mail_replies", "mail, number, sequence", []any{c.MailReply, c.After.Number, c.After.Sequence})
	}
	if m := c.Redacted; m != nil {
		w.redact(*m)
		if c.Unquote {
			w.unquote(*m)
		}
	}
	if c.Field != nil {
		w.redactField(c.After.Number, *c.Field)
		w.unquote(domain.Message{Number: c.After.Number, Sequence: 1}) // mails have quoted the field, too
	}
	if !c.IsNew() && c.Before.Organization != c.After.Organization {
		w.add("UPDATE ticket_events SET organization = " + w.param(c.After.Organization) + " WHERE number = " + w.param(c.After.Number))
	}
	if c.Event.Kind != 0 {
		w.insert("ticket_events", eventColumns+", organization", append(eventValues(c.Event), c.After.Organization))
	}
	return w
}

// run writes everything. ErrRequestUsed: nothing was written.
func (w *writes) run(ctx context.Context, tx sqldb.Tx) error {
	if w.postgres {
		return w.runAtOnce(ctx, tx)
	}
	for i, statement := range w.statements {
		args := w.args[i]
		if w.gated && i == 0 {
			if written, err := count(ctx, tx, statement, args); err != nil || written == 0 {
				return usedUnless(err)
			}
			continue
		}
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
	}
	return nil
}

func (w *writes) runAtOnce(ctx context.Context, tx sqldb.Tx) error {
	if len(w.statements) == 0 {
		return nil
	}
	var b strings.Builder
	for i, statement := range w.statements {
		separator := ", "
		if i == 0 {
			separator = "WITH "
		}
		fmt.Fprintf(&b, "%sw%d AS (%s)", separator, i, statement)
	}
	if !w.gated {
		return tx.Post(ctx, b.String()+" SELECT 1", w.args[0]...)
	}
	if written, err := count(ctx, tx, b.String()+" SELECT one FROM w0", w.args[0]); err != nil || written == 0 {
		return usedUnless(err)
	}
	return nil
}

func usedUnless(err error) error {
	if err == nil {
		return domain.ErrRequestUsed
	}
	return err
}

// count runs a statement and returns the number of rows it returned.
func count(ctx context.Context, tx sqldb.Tx, statement string, args []any) (n int, err error) {
	rows, err := tx.QueryContext(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}
