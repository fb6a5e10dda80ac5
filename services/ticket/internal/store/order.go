package store

import (
	"fmt"
	"math"
	"strings"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// Each order has an index of the same expressions, letter by letter: of all tickets, and of those of an organization.

// sortedBy is what a list is sorted by, before the number.
func (q *listQuery) sortedBy(o domain.Order) []string {
	switch o.By {
	case domain.ByDue:
		return []string{q.nextDue()}
	case domain.ByCreation:
		return []string{"t.create_time"}
	case domain.ByPriority:
		return []string{q.seenPriority(), "t.update_time"}
	default:
		return []string{"t.update_time"}
	}
}

// order keeps the index out with plus = " + 0".
func (q *listQuery) order(o domain.Order, plus string) string {
	direction := " DESC"
	if o.Ascending {
		direction = ""
	}
	by := q.sortedBy(o)
	by[0] += plus
	return strings.Join(append(by, "t.number"), direction+", ") + direction
}

// after is the condition that a ticket comes after a position of the list.
func (q *listQuery) after(o domain.Order, p domain.Position) string {
	compare := "<"
	if o.Ascending {
		compare = ">"
	}
	instant := sqldb.Micros(p.Instant)
	if o.By == domain.ByDue && p.Instant.IsZero() {
		instant = never
	}
	var values []string
	if o.By == domain.ByPriority {
		values = append(values, q.param(int64(p.Priority)))
	}
	values = append(values, q.param(instant), q.param(p.Number))
	return fmt.Sprintf("(%s, t.number) %s (%s)", strings.Join(q.sortedBy(o), ", "), compare, strings.Join(values, ", "))
}

// seenPriority is the priority, but for members none of other types than incidents: where such a ticket stands would tell it.
func (q *listQuery) seenPriority() string {
	if q.staff {
		return "t.priority"
	}
	return fmt.Sprintf("(CASE WHEN t.type = %d THEN t.priority ELSE 0 END)", domain.Incident)
}

// never stands for the instant of what is not owed, so that it comes last.
const never = math.MaxInt64

// nextDue is domain.Ticket.NextDue.
func (d dialect) nextDue() string {
	least := "MIN(%s, %s)"
	if d.postgres {
		least = "LEAST(%s, %s)"
	}
	owed := func(due, done string) string {
		return fmt.Sprintf("CASE WHEN t.status <= 4 AND t.%[1]s > 0 AND t.%[2]s = 0 THEN t.%[1]s ELSE %[3]d END", due, done, int64(never))
	}
	return fmt.Sprintf(least, owed("first_response_due", "first_response"), owed("resolution_due", "solve_time"))
}

// comparisons of what is owed next with an instant.
var comparisons = map[string]string{"<": "<", "<=": "<=", ">": ">", ">=": ">="}

// sla is the condition on what is owed next. Where nothing is owed no comparison holds.
func (q *listQuery) sla(v domain.Value) string {
	if v.Text == domain.IsBreached {
		return q.is(v.Text)
	}
	compare, ok := comparisons[v.Text]
	if !ok {
		return "1 = 0"
	}
	due := q.nextDue()
	return fmt.Sprintf("(%[1]s < %[2]d AND %[1]s %[3]s altis_now() + %[4]s)", due, int64(never), compare, q.param(v.Min*microsOfSecond))
}

const microsOfSecond = 1_000_000
