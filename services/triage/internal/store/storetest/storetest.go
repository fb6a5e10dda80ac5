// Package storetest holds the behaviour that the store must have on every engine.
package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/triage/internal/domain"
	"altis-dxp.com/support/services/triage/internal/store"
)

var created = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

func ticket(number int64) domain.Ticket {
	return domain.Ticket{
		Number: number, Sequence: 3, Organization: "acme", Plan: "premium", Type: domain.Problem,
		Priority: domain.High, PriorityReason: "High: the text mentions security.", Created: created,
		Due:     domain.PolicyOf("premium").Due(domain.High, created),
		Answers: 1,
	}
}

// Run runs the suite. open returns a fresh, migrated database that it closes after the test.
func Run(t *testing.T, open func(t *testing.T) *sqldb.DB) {
	for name, test := range map[string]func(*testing.T, *sqldb.DB){
		"what is saved is read":               savedIsRead,
		"an unknown ticket is not found":      unknown,
		"a save of an old version is refused": conflict,
		"a ticket is made once":               madeOnce,
		"tickets of a changed plan are found": moved,
		"tickets that are late are counted":   late,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func save(t *testing.T, db *sqldb.DB, ticket domain.Ticket) error {
	return db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		return store.In(tx).Save(ctx, ticket)
	})
}

func savedIsRead(t *testing.T, db *sqldb.DB) {
	want := ticket(7)
	require.NoError(t, save(t, db, want))
	got, err := store.New(db).Ticket(t.Context(), 7)
	require.NoError(t, err)
	require.EqualValues(t, 1, got.Version)
	want.Version = 1
	require.Equal(t, want, got)

	want.Sequence, want.Priority, want.PrioritySequence, want.PriorityReason = 9, domain.Low, 9, ""
	want.Plan, want.Type, want.Organization = "standard", domain.Task, "globex"
	want.FirstResponse, want.Solved = created.Add(time.Minute), created.Add(time.Hour)
	want.Due, want.Answers = domain.PolicyOf("standard").Due(domain.Low, created), 2
	require.NoError(t, save(t, db, want))
	got, err = store.New(db).Ticket(t.Context(), 7)
	require.NoError(t, err)
	want.Version = 2
	require.Equal(t, want, got)
}

func unknown(t *testing.T, db *sqldb.DB) {
	_, err := store.New(db).Ticket(t.Context(), 7)
	require.ErrorIs(t, err, fault.NotFound)
	require.Equal(t, "TICKET_UNKNOWN", fault.ReasonOf(err))
}

func conflict(t *testing.T, db *sqldb.DB) {
	require.NoError(t, save(t, db, ticket(7)))
	mine, err := store.New(db).Ticket(t.Context(), 7)
	require.NoError(t, err)
	require.NoError(t, save(t, db, mine))
	err = save(t, db, mine)
	require.ErrorIs(t, err, fault.Conflict)
	require.Equal(t, "TICKET_CHANGED", fault.ReasonOf(err))
}

func madeOnce(t *testing.T, db *sqldb.DB) {
	require.NoError(t, save(t, db, ticket(7)))
	require.ErrorIs(t, save(t, db, ticket(7)), fault.Conflict)
}

func moved(t *testing.T, db *sqldb.DB) {
	solved := ticket(5)
	solved.Solved = created.Add(time.Hour)
	elsewhere := ticket(6)
	elsewhere.Organization = "unheard-of"
	for _, ticket := range []domain.Ticket{ticket(1), ticket(2), ticket(3), solved, elsewhere} {
		require.NoError(t, save(t, db, ticket))
	}
	read := func(after int64, limit int) []store.Moved {
		list, err := store.New(db).Moved(t.Context(), after, limit)
		require.NoError(t, err)
		return list
	}
	require.Empty(t, read(0, 10), "organizations that the directory does not know keep their plan")
	setPlan(t, db, 1, "premium")
	require.Empty(t, read(0, 10))
	setPlan(t, db, 2, "standard")
	require.Equal(t, []store.Moved{{Number: 1, Plan: "standard"}, {Number: 2, Plan: "standard"}}, read(0, 2))
	require.Equal(t, []store.Moved{{Number: 3, Plan: "standard"}}, read(2, 2), "neither solved ones nor those of others")
}

func setPlan(t *testing.T, db *sqldb.DB, version int64, plan string) {
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		return directory.Apply(ctx, tx, &eventv1.DirectoryEvent{Version: version, Entity: &eventv1.DirectoryEvent_Organization{
			Organization: &eventv1.DirectoryOrganization{Id: "acme", Plan: plan},
		}})
	}))
}

func late(t *testing.T, db *sqldb.DB) {
	var micros int64
	require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT altis_now()").Scan(&micros))
	now := sqldb.Time(micros)
	number := int64(0)
	keep := func(age, response, resolution time.Duration, change func(*domain.Ticket)) {
		number++
		made := ticket(number)
		made.Created = now.Add(-age)
		made.Due.FirstResponse, made.Due.Resolution = made.Created.Add(response), made.Created.Add(resolution)
		if change != nil {
			change(&made)
		}
		require.NoError(t, save(t, db, made))
	}
	answered := func(t *domain.Ticket) { t.FirstResponse = t.Created.Add(time.Minute) }
	keep(time.Hour, 8*time.Hour, 80*time.Hour, nil)                                          // in time
	keep(7*time.Hour, 8*time.Hour, 80*time.Hour, nil)                                        // the first answer is near
	keep(7*time.Hour, 8*time.Hour, 80*time.Hour, answered)                                   // it was given
	keep(9*time.Hour, 8*time.Hour, 80*time.Hour, nil)                                        // it is overdue
	keep(70*time.Hour, 8*time.Hour, 80*time.Hour, answered)                                  // the solution is near
	keep(90*time.Hour, 8*time.Hour, 80*time.Hour, answered)                                  // it is overdue
	keep(90*time.Hour, 8*time.Hour, 80*time.Hour, nil)                                       // both are
	keep(90*time.Hour, 8*time.Hour, 80*time.Hour, func(t *domain.Ticket) { t.Solved = now }) // it is solved
	got, err := store.New(db).Late(t.Context())
	require.NoError(t, err)
	require.Equal(t, store.Late{ResponseAtRisk: 1, ResponseOverdue: 2, ResolutionAtRisk: 1, ResolutionOverdue: 2}, got)
}
