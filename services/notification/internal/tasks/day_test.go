package tasks

import (
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// TestASimulatedDay: 24 hours of incidents with rotations, hand-offs, overrides, steps that reach nobody, personal rules,
// acknowledgements that are forgotten, snoozed and taken back, tickets that are merged, minutes of storm, receivers that fail
// in many ways, or are away for an hour, and a process that is killed again and again. Every attempt comes at the instant at
// which the oracle has it, by the id that it has there, and there is no other; in a storm every incident is told once. With
// ALTIS_SOAK set it is 10,000 incidents.
func TestASimulatedDay(t *testing.T) {
	incidents := 16
	if os.Getenv("ALTIS_SOAK") != "" {
		incidents = 10_000
	}
	testkit.Databases(t, "notification", func(t *testing.T, cfg sqldb.Config) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		random := rand.New(rand.NewPCG(seed, 0))
		simulateDay(t, cfg, writeDay(random, incidents), writeStorms(random, incidents > 1000))
	}, durable.Migrations(), directory.Migrations(), store.Migrations())
}

// compare holds what came against what has to come.
func (d *day) compare(script []incident) {
	d.mu.Lock()
	defer d.mu.Unlock()
	rows, err := d.db.Reader().QueryContext(d.t.Context(), `SELECT key, payload FROM tasks WHERE kind = 'event' ORDER BY id`)
	require.NoError(d.t, err)
	news := map[string][]domain.EventKind{}
	for rows.Next() {
		var page, kind string
		require.NoError(d.t, rows.Scan(&page, &kind))
		n, err := strconv.Atoi(kind)
		require.NoError(d.t, err)
		news[page] = append(news[page], domain.EventKind(n))
	}
	require.NoError(d.t, errors.Join(rows.Err(), rows.Close()))

	attempts, repeats, exhausted, again, merged, incidents := 0, 0, 0, 0, 0, 0
	known := map[string]bool{}
	hold := func(i incident, want outcome) {
		incidents++
		require.Equal(d.t, want.news, news[i.page()], "what ticket hears of %+v", i)
		for id, at := range want.calls {
			require.Equal(d.t, at, d.calls[id], "attempts of delivery %s of %+v", id, i)
			known[id] = true
			attempts += len(at)
			if d.took[id] > 1 { // it broke the connection: the repetition has the same id, by which it is known
				repeats++
			}
			require.LessOrEqual(d.t, d.took[id], 2, "delivery %s was taken again", id)
		}
		if slices.Contains(want.news, domain.EventExhausted) {
			exhausted++
		}
		if slices.Contains(want.news, domain.EventReopened) {
			again++
		}
		if slices.Contains(want.news, domain.EventMerged) {
			merged++
		}
	}
	for _, i := range script {
		own, other := expect(i)
		if hold(i, own); i.into != nil {
			hold(*i.into, other)
		}
	}
	for id := range d.calls {
		require.True(d.t, known[id], "a call of no incident's: %s", id)
	}
	if incidents > 100 { // of a few there may be none by chance
		require.Positive(d.t, exhausted)
		require.Positive(d.t, merged)
		require.Positive(d.t, again)
	}
	d.t.Logf("%d incidents, %d deliveries, %d attempts, %d taken twice by the same id; %d exhausted, %d paged again, %d went on as another ticket's",
		incidents, len(known), attempts, repeats, exhausted, again, merged)
	for _, s := range d.storms {
		s.compare(d, news)
	}
}
