package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func (q *listQuery) param(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

// listParam adds a list and returns the number of its parameter.
func (q *listQuery) listParam(values []string) int {
	q.args = append(q.args, sqldb.List(values))
	return len(q.args)
}

// term adds the condition of a term.
func (q *listQuery) term(t domain.Term) {
	if near, far, ok := q.words(t); ok {
		if t.Negated {
			q.always = append(q.always, "NOT "+near)
		} else {
			q.near, q.far, q.searches = append(q.near, near), append(q.far, far), true
		}
		return
	}
	condition := q.condition(t)
	if t.Key == domain.KeyNumber && !t.Negated {
		q.named = len(t.Values)
	}
	if t.Negated {
		condition = "NOT " + condition
	}
	q.always = append(q.always, condition)
}

// words returns both forms of a search for text, and whether t is one.
func (q *listQuery) words(t domain.Term) (near, far string, ok bool) {
	if t.Key != domain.KeyText && t.Key != domain.KeySubject && t.Key != domain.KeyBody {
		return "", "", false
	}
	public := " AND m.note = 0"
	if q.staff {
		public = ""
	}
	var nears, fars []string
	for _, v := range t.Values {
		q.args = append(q.args, q.phrase(v.Text))
		n := len(q.args)
		if t.Key != domain.KeyBody {
			nears, fars = append(nears, q.subjectNear(n)), append(fars, q.subjectFar(n))
		}
		if t.Key != domain.KeySubject {
			nears, fars = append(nears, q.bodyNear(n, public)), append(fars, q.bodyFar(n, public))
		}
	}
	// One IN: the planner starts from its hits, which it cannot with several and OR.
	return oneOf(nears), "t.number IN (" + strings.Join(fars, " UNION ALL ") + ")", true
}

// oneOf is the condition that one of several holds.
func oneOf(conditions []string) string { return "(" + strings.Join(conditions, " OR ") + ")" }

func (q *listQuery) condition(t domain.Term) string {
	each := func(one func(v domain.Value) string) string {
		list := make([]string, len(t.Values))
		for i, v := range t.Values {
			list[i] = one(v)
		}
		return oneOf(list)
	}
	texts := make([]string, len(t.Values))
	for i, v := range t.Values {
		texts[i] = v.Text
	}
	switch t.Key {
	case domain.KeyIs:
		return each(func(v domain.Value) string { return q.is(v.Text) })
	case domain.KeyType:
		return each(func(v domain.Value) string { return "t.type = " + q.param(int64(domain.ParseType(v.Text))) })
	case domain.KeyPriority:
		return q.priority(each(func(v domain.Value) string {
			return "t.priority BETWEEN " + q.param(v.Min) + " AND " + q.param(v.Max)
		}))
	case domain.KeyNumber:
		numbers := make([]string, len(t.Values))
		for i, v := range t.Values {
			numbers[i] = q.param(v.Min)
		}
		return "t.number IN (" + strings.Join(numbers, ", ") + ")"
	case domain.KeyApp:
		return q.scope("application", texts)
	case domain.KeyEnv:
		return q.scope("environment", texts)
	case domain.KeyAssignee:
		return each(func(v domain.Value) string { return q.person("t.assignee", v.Text) })
	case domain.KeyRequester:
		return each(func(v domain.Value) string { return q.requester(v.Text) })
	case domain.KeyCC:
		return each(func(v domain.Value) string { return q.cc(v.Text) })
	case domain.KeyOrg:
		p := q.listParam(texts)
		organizations := fmt.Sprintf("SELECT o.id FROM directory_organizations o WHERE o.id %s OR lower(o.name) %s", q.in(p), q.in(p))
		if slices.Contains(texts, domain.Unassigned) {
			organizations += " UNION ALL SELECT '" + domain.Unassigned + "'" // is in no directory
		}
		return "t.organization " + q.inSelect(organizations)
	case domain.KeyTeam:
		for i, text := range texts {
			if text == domain.None {
				texts[i] = ""
			}
		}
		return "lower(t.team) " + q.in(q.listParam(texts))
	case domain.KeyTag:
		return q.hasString("t.tags", q.listParam(texts))
	case domain.KeyCreated:
		return each(func(v domain.Value) string { return q.between("t.create_time", v) })
	case domain.KeyUpdated:
		return each(func(v domain.Value) string { return q.between("t.update_time", v) })
	case domain.KeySLA:
		return each(q.sla)
	default:
		return "1 = 0"
	}
}

// priority hides from members what only staff see of other types.
func (q *listQuery) priority(condition string) string {
	if q.staff {
		return condition
	}
	return "(t.type = " + q.param(int64(domain.Incident)) + " AND " + condition + ")"
}

func (q *listQuery) is(what string) string {
	switch what {
	case domain.IsOpen:
		return "t.status <= 4" // literally, for the partial index of active tickets
	case domain.IsClosed:
		return "t.status > 4"
	case domain.IsUnassigned:
		return "t.assignee = ''"
	case domain.IsSpam:
		return "t.hidden = 1"
	case domain.IsDeleted:
		return "t.hidden = 2"
	case domain.IsUnread:
		return isUnread(q.staff)
	case domain.IsBreached: // late now, or was late when it happened
		return `(t.first_response_due > 0 AND t.first_response_due < CASE WHEN t.first_response > 0 THEN t.first_response ELSE altis_now() END
  OR t.resolution_due > 0 AND t.resolution_due < CASE WHEN t.solve_time > 0 THEN t.solve_time ELSE altis_now() END)`
	case domain.IsUrgentPage:
		return fmt.Sprintf("t.page_state > %d", domain.PageNone)
	default:
		return "t.status = " + q.param(int64(domain.ParseStatus(what)))
	}
}

// scope matches ids and names of the targets.
func (q *listQuery) scope(what string, texts []string) string {
	p := q.listParam(texts)
	return fmt.Sprintf("EXISTS (SELECT 1 FROM %s WHERE lower(s.value->>'%s') %s OR lower(s.value->>'%s_name') %s)",
		q.elements("t.scope", "s"), what, q.in(p), what, q.in(p))
}

// requester matches by id or address. Staff find by its address, too, what came by mail of somebody without an account, which
// no customer sees.
func (q *listQuery) requester(who string) string {
	if !q.staff || who == domain.Me || !strings.Contains(who, "@") {
		return q.person("t.requester", who)
	}
	// With OR, PostgreSQL would look at all tickets. Of those without a person there are few: they wait to be given one.
	return fmt.Sprintf("t.number IN (SELECT r.number FROM tickets r WHERE %s UNION ALL SELECT r.number FROM tickets r WHERE r.requester = '' AND lower(r.requester_email) = %s)",
		q.person("r.requester", who), q.param(who))
}

// person matches a column with a person's id by id or address. Members do not learn the addresses of staff.
func (q *listQuery) person(column, who string) string {
	switch who {
	case domain.Me:
		return column + " = (SELECT id FROM viewer)"
	case domain.None:
		return column + " = ''"
	default:
		p, known := q.param(who), ""
		if !q.staff {
			known = " AND p.staff = 0"
		}
		return fmt.Sprintf("%s IN (SELECT p.id FROM directory_people p WHERE p.id = %s OR p.email_lower = %s%s)", column, p, p, known)
	}
}

func (q *listQuery) cc(who string) string {
	if who == domain.Me {
		return isCC
	}
	p := q.param(who)
	return fmt.Sprintf("t.number IN (SELECT c.number FROM ticket_ccs c WHERE c.email = %s OR c.person <> '' AND lower(c.person) = %s)", p, p)
}

func (q *listQuery) between(column string, v domain.Value) string {
	condition := "1 = 1"
	if !v.From.IsZero() {
		condition = column + " >= " + q.param(sqldb.Micros(v.From))
	}
	if !v.To.IsZero() {
		condition += " AND " + column + " < " + q.param(sqldb.Micros(v.To))
	}
	return "(" + condition + ")"
}
