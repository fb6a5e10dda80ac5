package store

import (
	"context"

	"altis-dxp.com/support/pkg/sqldb"
)

// FeedPosition is a place in the feed of all changes. Changes are read in the
// order of transaction and position: on PostgreSQL positions alone do not commit
// in their order, so a change is only read once no transaction with a lower id
// is running. Nothing can then appear before it.
type FeedPosition struct {
	Transaction int64 `json:"x"`
	Position    int64 `json:"p"`
}

// FeedEntry is one change.
type FeedEntry struct {
	At           FeedPosition
	Number       int64
	Organization string
	Internal     bool
}

// FeedFilter narrows a feed to what may concern a viewer.
type FeedFilter struct {
	Organization string // "" = all
	Internal     bool   // with what only staff see
}

// Passes reports whether the filter lets an entry through.
func (f FeedFilter) Passes(e FeedEntry) bool {
	return (f.Organization == "" || f.Organization == e.Organization) && (f.Internal || !e.Internal)
}

// Less reports whether p is before q.
func (p FeedPosition) Less(q FeedPosition) bool {
	return p.Transaction < q.Transaction || p.Transaction == q.Transaction && p.Position < q.Position
}

// FeedEpoch returns which feed this is. Positions of another one mean nothing here.
func (s *Store) FeedEpoch(ctx context.Context) (epoch string, err error) {
	err = s.DB.Reader().QueryRowContext(ctx, "SELECT epoch FROM ticket_feed").Scan(&epoch)
	return epoch, sqldb.Classify(err)
}

// FeedEnd returns the position of the newest change that Feed would return.
func (s *Store) FeedEnd(ctx context.Context) (FeedPosition, error) {
	var p FeedPosition
	err := s.DB.Reader().QueryRowContext(ctx, `
SELECT COALESCE(MAX(last.xid), 0), COALESCE(MAX(last.position), 0) FROM (
  SELECT e.xid, e.position FROM ticket_events e WHERE `+s.settled()+` ORDER BY e.xid DESC, e.position DESC LIMIT 1) last`,
	).Scan(&p.Transaction, &p.Position)
	return p, sqldb.Classify(err)
}

// Feed returns up to limit changes after a position that pass the filter, in order.
func (s *Store) Feed(ctx context.Context, after FeedPosition, only FeedFilter, limit int) ([]FeedEntry, error) {
	rows, err := s.DB.Reader().QueryContext(ctx, `
SELECT e.xid, e.position, e.number, e.organization, e.internal FROM ticket_events e
WHERE (e.xid, e.position) > ($1, $2) AND `+s.settled()+`
  AND (e.organization = $3 OR $3 = '') AND e.internal <= $4
ORDER BY e.xid, e.position LIMIT $5`,
		after.Transaction, after.Position, only.Organization, flag(only.Internal), limit)
	if err != nil {
		return nil, sqldb.Classify(err)
	}
	defer rows.Close()
	var entries []FeedEntry
	for rows.Next() {
		var e FeedEntry
		if err := rows.Scan(&e.At.Transaction, &e.At.Position, &e.Number, &e.Organization, &e.Internal); err != nil {
			return nil, sqldb.Classify(err)
		}
		entries = append(entries, e)
	}
	return entries, sqldb.Classify(rows.Err())
}
