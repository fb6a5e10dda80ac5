package store_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/store"
)

// TestOrdersByIndex shows that a page of a list is read along an index of its order, wherever it begins: all tickets would have to
// be sorted else.
func TestOrdersByIndex(t *testing.T) {
	for _, engine := range []sqldb.Engine{sqldb.SQLite, sqldb.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			db := open(t, engine)
			require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
				for _, statement := range append(fillTickets[:3:3],
					`UPDATE tickets SET priority = 1 + number % 4, type = 1 + number % 3, status = 1 + number % 6,
  organization = CASE WHEN number % 2 = 0 THEN 'acme' ELSE 'o' || number % 41 END,
  first_response_due = update_time + 3600000000, first_response = CASE WHEN number % 5 = 0 THEN update_time ELSE 0 END`,
					`ANALYZE tickets`) {
					if _, err := tx.ExecContext(ctx, statement); err != nil {
						return err
					}
				}
				return nil
			}))
			s := store.New(store.Options{DB: db})
			at := domain.Position{Priority: domain.Normal, Instant: time.UnixMicro(1700000000005000), Number: 5000}
			for _, test := range []struct {
				sort       domain.Sort
				all, ofOne string
			}{
				{domain.SortUpdatedDesc, "tickets_updated", "tickets_organization_updated"},
				{domain.SortUpdatedAsc, "tickets_updated", "tickets_organization_updated"},
				{domain.SortCreatedDesc, "tickets_created", "tickets_organization_created"},
				{domain.SortCreatedAsc, "tickets_created", "tickets_organization_created"},
				{domain.SortPriorityDesc, "tickets_priority", "tickets_organization_priority"},
				{domain.SortDue, "tickets_due", "tickets_organization_due"},
			} {
				for _, after := range []*domain.Position{nil, &at} {
					l := domain.List{Viewer: "sam", Staff: true, Order: test.sort.Or(domain.Order{}), After: after, Limit: 51}
					requireByIndex(t, db, s, l, test.all)
					l.Viewer, l.Staff = "ann", false
					requireByIndex(t, db, s, l, test.ofOne)
				}
			}
		})
	}
}

func requireByIndex(t *testing.T, db *sqldb.DB, s *store.Store, l domain.List, index string) {
	t.Helper()
	explain := "EXPLAIN "
	if db.Engine() == sqldb.SQLite {
		explain += "QUERY PLAN "
	}
	query, args := s.ListQuery(l)
	rows, err := db.Reader().QueryContext(t.Context(), explain+query, args...)
	require.NoError(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(t, err)
	var plan []string
	for rows.Next() {
		into := make([]any, len(columns))
		for i := range into {
			into[i] = new(sql.RawBytes)
		}
		var line string
		into[len(into)-1] = &line
		require.NoError(t, rows.Scan(into...))
		plan = append(plan, line)
	}
	require.NoError(t, rows.Err())
	text := strings.Join(plan, "\n")
	require.Regexp(t, `(?i)using (index )?`+index+`\b`, text)
	require.NotRegexp(t, `Sort Key|FOR ORDER BY`, text)
}
