package sqldb_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
)

const insertThing = "INSERT INTO things (id, n) VALUES ($1, $2)"

func TestWhatIsPostedHappensInItsOrder(t *testing.T) {
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		db := open(t, cfg)
		require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			require.NoError(t, tx.Post(ctx, insertThing, "a", 1))
			require.NoError(t, tx.Expect(ctx, 1, errors.New("not one"), "UPDATE things SET n = n + 1 WHERE id = $1", "a"))
			var n int
			require.NoError(t, tx.QueryRowContext(ctx, "SELECT n FROM things WHERE id = $1", "a").Scan(&n))
			require.Equal(t, 2, n)
			require.NoError(t, tx.Post(ctx, insertThing, "b", 1))
			result, err := tx.ExecContext(ctx, "UPDATE things SET n = n + 1 WHERE id IN ('a', 'b')")
			require.NoError(t, err)
			changed, err := result.RowsAffected()
			require.NoError(t, err)
			require.EqualValues(t, 2, changed)
			return tx.Post(ctx, insertThing, "c", 3) // goes out with the commit
		}))
		require.Equal(t, 3, count(t, db, "_"))
		require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			return tx.Post(ctx, "DELETE FROM things WHERE id = $1", "c") // and so does all there is
		}))
		require.Equal(t, 2, count(t, db, "_"))
		require.NoError(t, db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			return tx.Post(ctx, insertThing, "d", 4)
		}))
		require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(context.Context, sqldb.Tx) error { return nil }))
		require.Equal(t, 3, count(t, db, "_"))
	})
}

// What was posted is undone with the rest, and its error, which may be told late, is the transaction's.
func TestWhatIsPostedFailsItsTransaction(t *testing.T) {
	own, few := errors.New("no"), fault.New(fault.Conflict, "TOO_FEW", "it is not there")
	missing := func(ctx context.Context, tx sqldb.Tx) error {
		return tx.Expect(ctx, 1, few, "UPDATE things SET n = 7 WHERE id = $1", "nobody")
	}
	twice := func(ctx context.Context, tx sqldb.Tx) error { return tx.Post(ctx, insertThing, "made for tests", 1) }
	cases := []struct {
		name string
		do   func(ctx context.Context, tx sqldb.Tx) error
		is   func(err error) bool
	}{
		{"the function fails", func(ctx context.Context, tx sqldb.Tx) error {
			return errors.Join(tx.Post(ctx, insertThing, "undone", 1), own)
		}, func(err error) bool { return errors.Is(err, own) }},
		{"at the commit", twice, sqldb.IsUnique},
		{"behind another", func(ctx context.Context, tx sqldb.Tx) error {
			return errors.Join(insert("undone")(ctx, tx), twice(ctx, tx))
		}, sqldb.IsUnique},
		{"nobody listens", func(ctx context.Context, tx sqldb.Tx) error {
			if err := twice(ctx, tx); err != nil {
				return err
			}
			_ = insert("undone")(ctx, tx)
			return nil
		}, sqldb.IsUnique},
		{"nothing was changed", func(ctx context.Context, tx sqldb.Tx) error {
			return errors.Join(tx.Post(ctx, insertThing, "undone", 1), missing(ctx, tx))
		}, func(err error) bool { return errors.Is(err, few) }},
		{"nothing was changed, and nobody listens", func(ctx context.Context, tx sqldb.Tx) error {
			if err := missing(ctx, tx); err != nil {
				return err
			}
			_ = insert("undone")(ctx, tx)
			return nil
		}, func(err error) bool { return errors.Is(err, few) }},
		{"nothing was changed, and the function fails", func(ctx context.Context, tx sqldb.Tx) error {
			if err := missing(ctx, tx); err != nil {
				return err
			}
			return own
		}, func(err error) bool { return errors.Is(err, few) }},
		{"nothing was changed, and it panics", func(ctx context.Context, tx sqldb.Tx) error {
			if err := missing(ctx, tx); err != nil {
				return err
			}
			panic("boom")
		}, func(err error) bool { return errors.Is(err, few) }},
	}
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		cfg.NormalConns = 1 // the next transaction has the same connection
		db := open(t, cfg)
		require.NoError(t, db.Update(t.Context(), sqldb.Op{}, insert("made for tests")))
		for _, c := range cases {
			err := db.Update(t.Context(), sqldb.Op{}, c.do)
			require.True(t, c.is(err), "%s: %v", c.name, err)
			require.Zero(t, count(t, db, "undone"), c.name)
			require.NoError(t, db.Update(t.Context(), sqldb.Op{}, insert("after "+c.name)), c.name)
		}
		require.Equal(t, len(cases), count(t, db, "after%"))
	})
}

// A query answers the same whether it shares its round trip or not.
func TestAnswersThatShareARoundTripAreTheSame(t *testing.T) {
	db := open(t, sqldb.Config{DSN: testkit.Postgres(t), Schema: "svc_test"})
	type answer struct {
		Small, Int, Big, Bool, Real, Text, Bytes, Null, Sum, JSON, At, Day any
	}
	read := func(ctx context.Context, q sqldb.Queryer) (a answer) {
		require.NoError(t, q.QueryRowContext(ctx, `
SELECT 1::smallint, 2, 3::bigint, true, 1.5::float8, 'text' || $1, '\x00ff'::bytea, NULL::text, SUM(n)::text, '{"a": 1}'::jsonb::text,
  timestamptz '2026-03-02 09:00+00', date '2026-03-02' FROM things`, "!").
			Scan(&a.Small, &a.Int, &a.Big, &a.Bool, &a.Real, &a.Text, &a.Bytes, &a.Null, &a.Sum, &a.JSON, &a.At, &a.Day))
		return a
	}
	var shared, alone answer
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		shared, alone = read(ctx, tx), read(ctx, tx) // the first brings BEGIN along
		var id string
		require.NoError(t, tx.Post(ctx, insertThing, "x", 1))
		require.ErrorContains(t, tx.QueryRowContext(ctx, "SELECT id FROM things WHERE id = 'nobody'").Scan(&id), "no rows")
		return nil
	}))
	require.Equal(t, alone, shared)
}

// Each statement that is waited for is a round trip, and nothing else: neither BEGIN nor COMMIT nor what is posted.
func TestRoundTripsOfATransaction(t *testing.T) {
	trips := testkit.CountRoundTrips(t, testkit.Postgres(t))
	db := open(t, sqldb.Config{DSN: trips.DSN, Schema: "svc_test", NormalConns: 1})
	change := func(ctx context.Context, tx sqldb.Tx) error {
		if err := tx.Post(ctx, "UPDATE things SET n = n + 1"); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM things").Scan(&n); err != nil {
			return err
		}
		return tx.Post(ctx, "UPDATE things SET n = n + 1")
	}
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, change)) // prepares them
	before := trips.Count()
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, change))
	require.Equal(t, 2, trips.Count()-before)
}
