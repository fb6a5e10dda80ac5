package sqldb

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Micros returns t as stored: microseconds since 1970 UTC, rounded down; 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is the reverse of Micros: the instant in UTC, or the zero time for 0.
func Time(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// List returns values as the JSON text that In expects as its parameter. nil is the empty list.
func List(values []string) string {
	if values == nil {
		return "[]"
	}
	text, err := json.Marshal(values)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(text)
}

// In returns the SQL condition "is one of the strings of parameter number param", whose value is made by List. It follows
// an operand, which no NOT may come between. Unlike IN ($1, $2, ...) the text does not depend on the number of values, so
// that statements stay cached. On PostgreSQL it is an array, not a subquery: only so does an OR of several use their indexes.
func (db *DB) In(param int) string {
	if db.engine == Postgres {
		return fmt.Sprintf("= ANY(ARRAY(SELECT jsonb_array_elements_text($%d::jsonb)))", param)
	}
	return fmt.Sprintf("IN (SELECT value FROM json_each($%d))", param)
}

// RowSource returns a FROM item named x over a JSON array of objects in parameter number param. Its columns are given as
// "name type" with the types text and bigint. A set of rows as one parameter keeps the text independent of their number.
func RowSource(engine Engine, param int, columns ...string) string {
	if engine == Postgres {
		return fmt.Sprintf("jsonb_to_recordset($%d::jsonb) AS x(%s)", param, strings.Join(columns, ", "))
	}
	fields := make([]string, len(columns))
	for i, c := range columns {
		name, _, _ := strings.Cut(c, " ")
		fields[i] = fmt.Sprintf("value->>'%s' AS %s", name, name)
	}
	return fmt.Sprintf("(SELECT %s FROM json_each($%d)) AS x", strings.Join(fields, ", "), param)
}
