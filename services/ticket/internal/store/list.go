package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// defaultNearby is how many tickets a text search looks into, the first of its order, before
// it looks the words up instead.
const defaultNearby = 1000

// List returns a page of visible tickets, without details and descriptions.
//
// Pages are read along one index from where the page before ended. A search for
// words first looks into the next tickets of the list: common words fill the page
// from there. Only if they do not are the words looked up in their own index,
// whose hits then must be sorted: few, as the words are rare. Left to choose,
// PostgreSQL walks through all tickets for a rare word.
func (s *Store) List(ctx context.Context, l domain.List) ([]domain.Ticket, error) {
	q := s.listQuery(l)
	if !q.searches {
		return s.page(ctx, l, q.statement(l, "tickets t", q.always, ""))
	}
	page, err := s.page(ctx, l, q.statement(l, q.nearest(l, s.Nearby), q.near, ""))
	if err != nil || len(page) == l.Limit || q.named > 0 && q.named <= s.Nearby {
		return page, err // of tickets that are named none is further away
	}
	return s.page(ctx, l, q.statement(l, "tickets t", append(q.always, q.far...), " + 0"))
}

func (s *Store) page(ctx context.Context, l domain.List, q statement) ([]domain.Ticket, error) {
	return s.tickets(ctx, l.Viewer, l.Limit, q.text, q.args...)
}

type statement struct {
	text string
	args []any
}

// listQuery gathers the conditions of a list.
type listQuery struct {
	dialect
	staff     bool
	always    []string // conditions
	near, far []string // those of words that must be there, in their two forms
	searches  bool
	named     int // tickets by their numbers, 0 if it can be any
	args      []any
}

func (s *Store) listQuery(l domain.List) *listQuery {
	q := &listQuery{dialect: s.dialect, staff: l.Staff, args: []any{l.Viewer}}
	if l.Staff {
		q.always = append(q.always, isStaff, inList(l.Filter))
	} else {
		q.always = append(q.always, s.memberSees())
	}
	switch l.View {
	case domain.ViewMine:
		q.always = append(q.always, "t.requester = (SELECT id FROM viewer)")
	case domain.ViewCC:
		q.always = append(q.always, isCC)
	case domain.ViewAll:
	}
	for _, term := range l.Filter.Terms {
		q.term(term)
	}
	if l.After != nil {
		q.always = append(q.always, q.after(l.Order, *l.After))
	}
	return q
}

// inList is the condition on what staff see in lists: nothing hidden, unless the
// filter asks for it.
func inList(f domain.Filter) string {
	asked := func(what string) bool {
		return slices.ContainsFunc(f.Terms, func(t domain.Term) bool {
			return t.Key == domain.KeyIs && !t.Negated && slices.Contains(t.Values, domain.Value{Text: what})
		})
	}
	conditions := []string{"t.hidden = 0"}
	if asked(domain.IsSpam) {
		conditions = append(conditions, "t.hidden = 1")
	}
	if asked(domain.IsDeleted) {
		conditions = append(conditions, "t.hidden = 2 AND "+seesDeleted)
	}
	return oneOf(conditions)
}

// nearest is a FROM item: the next tickets of the list, whatever their words.
func (q *listQuery) nearest(l domain.List, nearby int) string {
	columns := columns(false) + ", t.public_sequence, t.public_author, t.newest_sequence, t.newest_author"
	if q.postgres {
		columns += ", t.words"
	}
	return fmt.Sprintf("(SELECT %s FROM tickets t%s WHERE %s ORDER BY %s LIMIT %d) t",
		columns, readMark, strings.Join(q.always, " AND "), q.order(l.Order, ""), nearby)
}

func (q *listQuery) statement(l domain.List, from string, where []string, plus string) statement {
	text := q.viewer() + "\nSELECT " + columns(false) + ", " + viewerColumns + " FROM " + from + readMark +
		"\nWHERE " + strings.Join(where, "\n  AND ") + "\nORDER BY " + q.order(l.Order, plus)
	return statement{text + fmt.Sprintf(" LIMIT $%d", len(q.args)+1), append(slices.Clip(q.args), l.Limit)}
}

// Counted is how many tickets a list has.
type Counted struct {
	Tickets, Unread int  // at most MaxCount are looked at
	More            bool // there are more than these
}

// MaxCount bounds what is counted: nobody needs to know how many more there are.
const MaxCount = 1000

// Count counts the tickets of a list, which may have changed the moment after.
func (s *Store) Count(ctx context.Context, l domain.List) (c Counted, err error) {
	q := s.listQuery(l)
	query := q.viewer() + `
SELECT COUNT(*), COALESCE(SUM(counted.unread), 0) FROM (
  SELECT CASE WHEN ` + isUnread(l.Staff) + ` THEN 1 ELSE 0 END AS unread FROM tickets t` + readMark + `
  WHERE ` + strings.Join(append(q.always, q.far...), " AND ") + fmt.Sprintf(" LIMIT $%d) counted", len(q.args)+1)
	err = s.DB.Reader().QueryRowContext(ctx, query, append(q.args, MaxCount+1)...).Scan(&c.Tickets, &c.Unread)
	if c.Tickets > MaxCount {
		c.Tickets, c.Unread, c.More = MaxCount, min(c.Unread, MaxCount), true
	}
	return c, sqldb.Classify(err)
}
