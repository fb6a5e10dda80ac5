package durable

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
)

// A plan that reads the whole table makes every claim and every outcome as slow as the backlog is long.
func TestStatementsFindTheirRowsByIndex(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		q := f.queue(Options{Handlers: map[string]Handler{"k": counting(&tally{})}})
		lease := leaseRow{Task: "a", Fence: 1, Holder: "b"}
		for name, tc := range map[string]struct {
			statement string
			args      []any
		}{
			"claim":    {q.sql.claim, []any{"me", int64(1), 10, q.kinds, int64(1)}},
			"renew":    {q.sql.renew, []any{jsonText([]leaseRow{lease}), int64(1)}},
			"complete": {q.sql.complete, []any{jsonText([]leaseRow{lease})}},
			"settle":   {q.sql.settle, []any{jsonText([]outcomeRow{{leaseRow: lease}})}},
			"cancel":   {q.sql.cancel, []any{"k", "key"}},
			"oldest":   {q.sql.oldest, []any{int64(1)}},
		} {
			explain, scan, search := "EXPLAIN ", "Seq Scan on tasks", "Index Cond: "
			if f.db.Engine() == sqldb.SQLite {
				explain, scan, search = "EXPLAIN QUERY PLAN ", "SCAN t", "SEARCH t"
			}
			var plan strings.Builder
			require.NoError(t, f.db.Update(t.Context(), sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
				rows, err := tx.QueryContext(ctx, explain+tc.statement, tc.args...)
				if err != nil {
					return err
				}
				defer func() { _ = rows.Close() }()
				columns, err := rows.Columns()
				if err != nil {
					return err
				}
				for rows.Next() {
					var line string
					values := make([]any, len(columns))
					for i := range values {
						values[i] = new(any)
					}
					values[len(values)-1] = &line
					if err := rows.Scan(values...); err != nil {
						return err
					}
					plan.WriteString(line + "\n")
				}
				return rows.Err()
			}), name)
			require.NotContains(t, plan.String(), scan, name)
			require.Contains(t, plan.String(), search, name)
		}
	})
}
