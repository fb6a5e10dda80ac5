package store

import (
	"context"
	"fmt"

	"altis-dxp.com/support/pkg/sqldb"
)

// dialect is what the engines do not say in the same words.
type dialect struct {
	postgres bool
	in       func(param int) string
}

func dialectOf(db *sqldb.DB) dialect {
	return dialect{postgres: db.Engine() == sqldb.Postgres, in: db.In}
}

// inSelect is the condition "is one of what the query returns", which depends on no
// row. As an array, PostgreSQL has it before it looks at a row, and uses an index
// even when the condition is one side of an OR.
func (d dialect) inSelect(query string) string {
	if d.postgres {
		return "= ANY(ARRAY(" + query + "))"
	}
	return "IN (" + query + ")"
}

// lock ends a SELECT of tickets t for changing. SQLite has one writer anyway.
func (d dialect) lock() string { return d.lockOf("t") }

// lockOf is lock for rows by another name.
func (d dialect) lockOf(name string) string {
	if d.postgres {
		return " FOR UPDATE OF " + name
	}
	return ""
}

// elements is a FROM item: the elements of a JSON list, as alias.value.
func (d dialect) elements(list, alias string) string {
	if d.postgres {
		return fmt.Sprintf("jsonb_array_elements(%s::jsonb) AS %s(value)", list, alias)
	}
	return fmt.Sprintf("json_each(%s) AS %s", list, alias)
}

// subset is the condition that all strings of JSON list a are in JSON list b.
func (d dialect) subset(a, b string) string {
	if d.postgres {
		return fmt.Sprintf("%s::jsonb <@ %s::jsonb", a, b)
	}
	return fmt.Sprintf("NOT EXISTS (SELECT 1 FROM json_each(%s) AS a WHERE a.value NOT IN (SELECT b.value FROM json_each(%s) AS b))", a, b)
}

// hasString is the condition that a JSON list holds one of the strings of a parameter (sqldb.List).
func (d dialect) hasString(list string, param int) string {
	if d.postgres {
		return fmt.Sprintf("EXISTS (SELECT 1 FROM jsonb_array_elements_text(%s::jsonb) AS a(value) WHERE a.value %s)", list, d.in(param))
	}
	return fmt.Sprintf("EXISTS (SELECT 1 FROM json_each(%s) AS a WHERE a.value %s)", list, d.in(param))
}

// settled is the condition that no transaction before an event's can still commit.
func (d dialect) settled() string {
	if d.postgres {
		return "e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
	}
	return "1 = 1"
}

// nextBlock is the statement that takes a block of numbers.
func (d dialect) nextBlock() string {
	if d.postgres {
		return "SELECT nextval('ticket_number_blocks')"
	}
	return "UPDATE ticket_number_blocks SET value = value + 1 RETURNING value"
}

// Full text has two forms. near is a condition on ticket t and looks into one
// ticket after another; far looks up the numbers of all tickets that match. See
// Store.List for which is used when.

func (d dialect) subjectNear(param int) string {
	if d.postgres {
		return fmt.Sprintf("t.words @@ phraseto_tsquery('simple', $%d)", param)
	}
	return fmt.Sprintf("t.number IN (SELECT w.rowid FROM tickets_words w WHERE w.tickets_words MATCH $%d)", param)
}

func (d dialect) subjectFar(param int) string {
	if d.postgres {
		return fmt.Sprintf("SELECT w.number FROM tickets w WHERE w.words @@ phraseto_tsquery('simple', $%d)", param)
	}
	return fmt.Sprintf("SELECT w.rowid FROM tickets_words w WHERE w.tickets_words MATCH $%d", param)
}

// and narrows messages m, such as " AND m.note = 0". OFFSET keeps PostgreSQL from
// looking all messages up beforehand instead. SQLite does that, but for no more
// than their positions: to match one message after another begins the search anew
// for each, which takes a hundred times as long.
func (d dialect) bodyNear(param int, and string) string {
	if d.postgres {
		return fmt.Sprintf("EXISTS (SELECT 1 FROM messages m WHERE m.number = t.number AND m.words @@ phraseto_tsquery('simple', $%d)%s OFFSET 0)", param, and)
	}
	return fmt.Sprintf("EXISTS (SELECT 1 FROM messages m WHERE m.number = t.number AND m.position IN"+
		" (SELECT w.rowid FROM messages_words w WHERE w.messages_words MATCH $%d)%s)", param, and)
}

// CROSS JOIN keeps SQLite to this order.
func (d dialect) bodyFar(param int, and string) string {
	if d.postgres {
		return fmt.Sprintf("SELECT m.number FROM messages m WHERE m.words @@ phraseto_tsquery('simple', $%d)%s", param, and)
	}
	return fmt.Sprintf("SELECT m.number FROM messages_words w CROSS JOIN messages m WHERE m.position = w.rowid AND w.messages_words MATCH $%d%s", param, and)
}

// phrase is the parameter of these for words without punctuation.
func (d dialect) phrase(words string) string {
	if d.postgres {
		return words
	}
	return `"` + words + `"`
}

// numberList is a FROM item: the numbers of a parameter that is a JSON list, as n.value.
func (d dialect) numberList(param int) string {
	if d.postgres {
		return fmt.Sprintf("jsonb_array_elements_text($%d::jsonb) AS n(value)", param)
	}
	return fmt.Sprintf("json_each($%d) AS n", param)
}

// lockContents is lock for contents c.
func (d dialect) lockContents() string {
	if d.postgres {
		return " FOR UPDATE OF c"
	}
	return ""
}

// attachmentLocks keeps the locks of lockPerson apart from others'.
const attachmentLocks = 5

// lockPerson lets one transaction at a time count what a person has.
func (d dialect) lockPerson(ctx context.Context, tx sqldb.Tx, person string) error {
	if !d.postgres {
		return nil
	}
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, $2))", person, attachmentLocks)
	return err
}
