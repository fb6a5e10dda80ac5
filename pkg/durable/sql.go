package durable

import (
	"encoding/json"
	"fmt"

	"altis-dxp.com/support/pkg/sqldb"
)

// never is the run_at of a parked task: beyond every clock.
const never int64 = 1 << 62

// statements are the texts for one engine. Sets of rows travel as one JSON parameter, so that a text does not depend on
// their number and stays prepared.
type statements struct {
	insert, claim, renew, complete, settle string
	cancel, release, oldest                string
}

func newStatements(db *sqldb.DB) statements {
	engine := db.Engine()
	// A lease is tested as (id, fence, owner). On PostgreSQL the test must be on the row itself, which is looked at again
	// when another transaction changed it meanwhile, and the ids go in as an array besides: from the join alone a plan made
	// while the table was small would read all of it. SQLite has one writer, but would not use its index for such forms.
	ids := "id = ANY(ARRAY(SELECT x.task FROM " + sqldb.RowSource(engine, 1, "task text") + ")) AND "
	leases := sqldb.RowSource(engine, 1, "task text", "fence bigint", "holder text")
	held := ids + "(id, fence, owner) IN (SELECT x.task, x.fence, x.holder FROM " + leases + ")"
	chosen := "id = ANY(ARRAY(%s FOR UPDATE SKIP LOCKED))" // IN might run the subquery again and pass the limit
	if engine == sqldb.SQLite {
		ids = ""
		held = "id IN (SELECT t.id FROM " + leases + " CROSS JOIN tasks t WHERE t.id = x.task AND t.fence = x.fence AND t.owner = x.holder)"
		chosen = "id IN (%s)"
	}
	due := "SELECT id FROM tasks WHERE lane = $2 AND run_at <= altis_now() AND kind " + db.In(4) + " ORDER BY run_at LIMIT $3"
	outcomes := sqldb.RowSource(engine, 1, "task text", "fence bigint", "holder text", "delay bigint", "back bigint", "error text", "park bigint")
	return statements{
		insert: "INSERT INTO tasks (" + RowColumns() + ") " + RowSelect(engine, 1),
		claim: "UPDATE tasks SET run_at = altis_now() + $5, fence = fence + 1, attempt = attempt + 1, owner = $1 WHERE " +
			fmt.Sprintf(chosen, due) + " RETURNING id, kind, lane, key, payload, trace, attempt, fence, created_at, altis_now() - created_at AS age",
		renew:    "UPDATE tasks SET run_at = altis_now() + $2 WHERE " + held + " RETURNING id",
		complete: "DELETE FROM tasks WHERE " + held + " RETURNING id",
		settle: fmt.Sprintf("UPDATE tasks AS t SET run_at = CASE WHEN x.park = 1 THEN %d ELSE altis_now() + x.delay END, owner = '', attempt = t.attempt - x.back,"+
			" last_error = CASE WHEN x.error = '' THEN t.last_error ELSE x.error END, parked_at = CASE WHEN x.park = 1 THEN altis_now() ELSE 0 END"+
			" FROM %s WHERE %st.id = x.task AND t.fence = x.fence AND t.owner = x.holder RETURNING id", never, outcomes, ids),
		cancel:  "DELETE FROM tasks WHERE kind = $1 AND key = $2 AND key <> ''",
		release: "UPDATE tasks SET run_at = altis_now(), owner = '' WHERE owner = $1",
		oldest:  "SELECT COALESCE(altis_now() - MIN(run_at), 0) FROM tasks WHERE lane = $1",
	}
}

// leaseRow is one row of the leases in renew and complete.
type leaseRow struct {
	Task   string `json:"task"`
	Fence  int64  `json:"fence"`
	Holder string `json:"holder"`
}

// outcomeRow is one row of settle.
type outcomeRow struct {
	leaseRow
	Delay int64  `json:"delay"` // microseconds
	Back  int64  `json:"back"`  // 1 = this attempt does not count
	Error string `json:"error"` // "" keeps the last one
	Park  int64  `json:"park"`
}

func jsonText(rows any) string {
	text, err := json.Marshal(rows)
	if err != nil {
		panic(err) // strings and integers always marshal
	}
	return string(text)
}
