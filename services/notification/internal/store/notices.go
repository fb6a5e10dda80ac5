package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// newsFor is how long a notice is listed for whom it concerns.
const newsFor = 24 * time.Hour

// NoticePosition is where a list of notices, newest first, goes on.
type NoticePosition struct {
	CreatedAt int64  `json:"c"`
	ID        string `json:"i"`
}

// News returns the notices of the last day that concern a colleague and are not of their own doing, newest first: of some kinds,
// or of all if there are none. after is the last of the page before, nil for the first page.
func (s *Store) News(ctx context.Context, c domain.Colleague, kinds []string, after *NoticePosition, limit int) ([]domain.StaffNotice, error) {
	teams, err := manned(ctx, s.db.Reader())
	if err != nil {
		return nil, err
	}
	where := `created_at > altis_now() - $1 AND ` + s.concerns(2) + ` AND replace(authors, $5, '') = authors`
	args := []any{
		newsFor.Microseconds(), c.ID, sqldb.List(c.Teams), sqldb.List(slices.Collect(maps.Keys(teams))),
		strings.Trim(sqldb.List([]string{c.ID}), "[]"), limit,
	}
	if len(kinds) > 0 {
		args = append(args, sqldb.List(kinds))
		where += " AND kind " + s.db.In(len(args))
	}
	if after != nil {
		args = append(args, after.CreatedAt, after.ID)
		where += fmt.Sprintf(" AND (created_at, id) < ($%d, $%d)", len(args)-1, len(args))
	}
	var rows []noticeRow
	err = all(ctx, s.db.Reader(), &rows, `
SELECT `+noticeColumns+` FROM notices WHERE `+where+` ORDER BY created_at DESC, id DESC LIMIT $6`, args...)
	if err != nil {
		return nil, err
	}
	return notices(rows)
}
