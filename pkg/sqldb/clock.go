package sqldb

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// This file moves PostgreSQL's altis_now(), for tests and for filling a demonstration with a past. Nothing in production
// calls it. On SQLite the same is done by Config.Clock.

var errClock = errors.New("sqldb: on SQLite the clock is moved by Config.Clock")

// EnableTestClock replaces the schema's altis_now() by one that adds an offset, 0 at first. Call it after Migrate.
func EnableTestClock(ctx context.Context, db *DB) error {
	if db.engine != Postgres {
		return errClock
	}
	// One row, kept by the primary key and the check.
	for _, statement := range []string{
		`CREATE TABLE IF NOT EXISTS altis_clock (id BIGINT PRIMARY KEY CHECK (id = 1), offset_micros BIGINT NOT NULL)`,
		`INSERT INTO altis_clock (id, offset_micros) VALUES (1, 0) ON CONFLICT (id) DO NOTHING`,
		`CREATE OR REPLACE FUNCTION altis_now() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
		 AS 'SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint + (SELECT offset_micros FROM altis_clock)'`,
	} {
		err := db.Do(ctx, Op{}, func(ctx context.Context, tx Tx) error {
			_, err := tx.ExecContext(ctx, statement)
			return err
		})
		if err != nil {
			return fmt.Errorf("sqldb: enable the test clock: %w", err)
		}
	}
	return nil
}

// SetClockOffset makes altis_now() run d ahead of the server's clock (behind it if negative) after EnableTestClock.
func SetClockOffset(ctx context.Context, db *DB, d time.Duration) error {
	if db.engine != Postgres {
		return errClock
	}
	err := db.Do(ctx, Op{}, func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE altis_clock SET offset_micros = $1", d.Microseconds())
		return err
	})
	if err != nil {
		return fmt.Errorf("sqldb: move the clock: %w", err)
	}
	return nil
}
