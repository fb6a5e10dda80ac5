package store

import (
	"context"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

type feedRow struct {
	ID, Person, Schedule string
	CreatedAt, ReadAt    int64
}

func (r feedRow) feed() domain.CalendarFeed {
	return domain.CalendarFeed{ID: r.ID, Person: r.Person, Schedule: r.Schedule, CreatedAt: sqldb.Time(r.CreatedAt), ReadAt: sqldb.Time(r.ReadAt)}
}

const feedColumns = `f.id, f.person, f.schedule, f.created_at, f.read_at`

// PutCalendarFeed adds a feed in place of an earlier one of the same person and schedule, and returns it.
func (tx *Tx) PutCalendarFeed(ctx context.Context, f domain.CalendarFeed, tokenHash string) (domain.CalendarFeed, error) {
	var row feedRow
	err := one(ctx, tx.q, &row, "CALENDAR_FEED_UNKNOWN", `
INSERT INTO calendar_feeds (id, person, schedule, token_hash, created_at) VALUES ($1, $2, $3, $4, altis_now())
ON CONFLICT (person, schedule) DO UPDATE SET id = excluded.id, token_hash = excluded.token_hash, created_at = excluded.created_at,
  read_at = 0
RETURNING id, person, schedule, created_at, read_at`, f.ID, f.Person, f.Schedule, tokenHash)
	return row.feed(), err
}

// DeleteCalendarFeed deletes a feed of an owner, "" = whoever that is. NotFound.
func (tx *Tx) DeleteCalendarFeed(ctx context.Context, id, owner string) error {
	result, err := tx.q.ExecContext(ctx, `DELETE FROM calendar_feeds WHERE id = $1 AND ($2 = '' OR person = $2)`, id, owner)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "CALENDAR_FEED_UNKNOWN", "no such feed")
	}
	return err
}

// FeedPosition is the place of a feed among those of a person; that of their own duties is the first and has no schedule.
type FeedPosition struct {
	Any      bool   `json:"a"` // false: before all
	Schedule string `json:"s"`
}

// CalendarFeeds returns at most limit feeds of a person behind a place, by their schedules.
func (s *Store) CalendarFeeds(ctx context.Context, person string, after FeedPosition, limit int) ([]domain.CalendarFeed, error) {
	var rows []feedRow
	err := all(ctx, s.db.Reader(), &rows, `
SELECT `+feedColumns+` FROM calendar_feeds f WHERE f.person = $1 AND (CAST($2 AS INTEGER) = 0 OR f.schedule > $3) ORDER BY f.schedule LIMIT $4`,
		person, flag(after.Any), after.Schedule, limit)
	feeds := make([]domain.CalendarFeed, len(rows))
	for i, row := range rows {
		feeds[i] = row.feed()
	}
	return feeds, err
}

// CalendarFeed returns the feed of a token, if its owner is staff and may act. NotFound.
func (s *Store) CalendarFeed(ctx context.Context, tokenHash string) (domain.CalendarFeed, error) {
	var row feedRow
	err := one(ctx, s.db.Reader(), &row, "CALENDAR_FEED_UNKNOWN", `
SELECT `+feedColumns+` FROM calendar_feeds f JOIN directory_people p ON p.id = f.person
WHERE f.token_hash = $1 AND p.staff = 1 AND p.removed = 0 AND p.disabled = 0`, tokenHash)
	return row.feed(), err
}

// CalendarFeedRead notes that a feed was read now, unless that was noted less than domain.FeedReadEvery ago, by whatever replica.
func (s *Store) CalendarFeedRead(ctx context.Context, id string) error {
	return s.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *Tx) error {
		_, err := tx.q.ExecContext(ctx, `UPDATE calendar_feeds SET read_at = altis_now() WHERE id = $1 AND read_at <= altis_now() - $2`,
			id, domain.FeedReadEvery.Microseconds())
		return err
	})
}
