package directory_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

func logger() *slog.Logger { return slog.New(slog.DiscardHandler) }

var tables = []string{"organizations", "applications", "environments", "people", "keys", "revocations"}

// change draws a change of one of a few things, each kind equally likely.
func change(version int64) *rapid.Generator[*eventv1.DirectoryEvent] {
	return rapid.Custom(func(t *rapid.T) *eventv1.DirectoryEvent {
		id := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "id")
		text := rapid.SampledFrom([]string{"x", "y", "Zed"}).Draw(t, "text")
		yes := rapid.Bool().Draw(t, "flag")
		at := timestamppb.New(instant.AddDate(0, 0, rapid.IntRange(0, 9).Draw(t, "day")))
		var ev *eventv1.DirectoryEvent
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			ev = organization(version, &eventv1.DirectoryOrganization{Id: id, Name: text, Plan: text, SeesAll: yes})
		case 1:
			ev = application(version, &eventv1.DirectoryApplication{Id: id, Organization: text, Name: text})
		case 2:
			ev = environment(version, &eventv1.DirectoryEnvironment{Id: id, Application: text, Organization: text, Name: text, Kind: text})
		case 3:
			ev = person(version, &eventv1.DirectoryPerson{
				Id: id, Organization: text, Name: text, Email: text, Staff: yes, Role: text, OrganizationWide: yes,
				Applications: []string{text}, TimeZone: text, Locale: text, Disabled: yes,
			})
		case 4:
			ev = key(version, &eventv1.DirectoryKey{Id: id, PublicKey: []byte(text), NotBefore: at, NotAfter: at})
		default:
			ev = revocation(version, &eventv1.DirectoryRevocation{Id: id, Person: text, LoginSession: text, IssuedBefore: at})
		}
		ev.Removed = rapid.IntRange(0, 3).Draw(t, "removed") == 0
		return ev
	})
}

// TestOrderDoesNotMatter compares the tables after the changes in their order with those after the same changes in any
// order, some of them twice.
func TestOrderDoesNotMatter(t *testing.T) {
	forEachEngine(t, func(t *testing.T, db *sqldb.DB, _ *fakeIdentity, _ *directory.Model) {
		rapid.Check(t, func(r *rapid.T) {
			n := rapid.IntRange(1, 12).Draw(r, "n")
			inOrder := make([]*eventv1.DirectoryEvent, n)
			for i := range inOrder {
				inOrder[i] = change(int64(i+1)).Draw(r, "change")
			}
			again := rapid.SliceOfN(rapid.SampledFrom(inOrder), 0, 4).Draw(r, "again")
			shuffled := rapid.Permutation(append(again, inOrder...)).Draw(r, "shuffled")
			require.Equal(r, dump(t.Context(), r, db, inOrder), dump(t.Context(), r, db, shuffled))
		})
	})
}

// dump returns all rows of the tables after the changes were applied to empty ones.
func dump(ctx context.Context, t require.TestingT, db *sqldb.DB, changes []*eventv1.DirectoryEvent) (rows []string) {
	require.NoError(t, db.Update(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
		rows = nil
		for _, table := range tables {
			if _, err := tx.ExecContext(ctx, "DELETE FROM directory_"+table); err != nil {
				return err
			}
		}
		for _, change := range changes {
			if err := directory.Apply(ctx, tx, change); err != nil {
				return err
			}
		}
		for _, table := range tables {
			more, err := dumpTable(ctx, tx, table)
			if err != nil {
				return err
			}
			rows = append(rows, more...)
		}
		return nil
	}))
	return rows
}

func dumpTable(ctx context.Context, tx sqldb.Tx, table string) (lines []string, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT * FROM directory_"+table+" ORDER BY id") //nolint:unqueryvet // every column, those of later migrations too
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return nil, err
		}
		line := table
		for i, column := range columns {
			line += fmt.Sprintf(" %s=%v", column, *values[i].(*any))
		}
		lines = append(lines, line)
	}
	return lines, rows.Err()
}
