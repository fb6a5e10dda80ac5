package emergency_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// rotation returns a roster of ada and ben, who take turns by day beginning now.
func (w *world) rotation() *notificationv1.Roster {
	r := &notificationv1.Roster{
		Version: "1",
		Schedules: []*notificationv1.Schedule{{
			Id: "primary", Name: "Primary", TimeZone: "UTC", Layers: []*notificationv1.Layer{{
				Unit: notificationv1.Layer_UNIT_DAY, Length: 1, Start: w.clock.Now().Add(-time.Hour).UTC().Format("2006-01-02T15:04:05.999999"), People: []string{"ada", "ben"},
			}},
		}},
		Policy: &notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(2*time.Minute, "schedule:primary"), step(time.Hour, "person:eve")}, Loops: 1, Fallback: []string{"eve"},
		},
	}
	for _, id := range []string{"ada", "ben", "eve"} {
		w.engineer(r, id)
	}
	return r
}

// fetched waits until the mailbox has the newest roster.
func (w *world) fetched() {
	w.t.Helper()
	testkit.Eventually(w.t, func() bool {
		raw, err := os.ReadFile(filepath.Join(w.cfg.Data, "roster.pb"))
		return err == nil && len(raw) > 0 && w.service.Checks()[2].Note() != "there is no roster: the fallback contacts"
	}, "the roster is not fetched")
}

func TestTheRosterDecidesAtTheInstantOfEachStep(t *testing.T) {
	w := setup(t)
	w.upstream = &rosterFake{}
	w.upstream.roster = w.rotation()
	w.start()
	w.fetched()
	w.upstream.set(func(f *rosterFake) { f.down = true })
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	require.Equal(t, []string{"ada"}, people(w.paged(1)))
	w.clock.Advance(2 * time.Minute)
	require.ElementsMatch(t, []string{"ada", "eve"}, people(w.paged(3))[1:], "who was called is called again")
	w.clock.Advance(5 * time.Minute)
	require.ElementsMatch(t, []string{"ada", "eve", "fallback-1"}, people(w.paged(6))[3:])
	w.clock.Advance(23 * time.Hour) // the hand-over
	require.ElementsMatch(t, []string{"ben", "eve", "fallback-1"}, people(w.paged(9))[6:])
	w.press(w.notices()[8].GetAcknowledgeUrl())
	require.Contains(t, w.service.Checks()[2].Note(), "the roster is old: 23h")
}

func TestAnOldRosterIsKeptOverARestart(t *testing.T) {
	w := setup(t)
	w.upstream = &rosterFake{}
	w.upstream.roster = w.rotation()
	w.start()
	w.fetched()
	w.stop()
	w.upstream = nil
	w.cfg.FallbackContact = nil
	w.clock.Advance(time.Hour)
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	require.Equal(t, []string{"ada"}, people(w.paged(1)))
	require.Contains(t, w.logs.String(), `roster="the roster is old: 1h`)
	for _, c := range w.service.Checks() {
		require.NoError(t, c.Do(t.Context()), c.Name)
	}
	w.clock.Advance(2 * time.Minute)
	w.clock.Advance(5 * time.Minute)
	testkit.Eventually(t, func() bool { return len(w.notices()) > 1 }, "not repeated")
	require.NotContains(t, people(w.notices()), "fallback-1", "it was taken out of the configuration")
}

func TestANewRosterReplacesTheOld(t *testing.T) {
	w := setup(t)
	w.cfg.RosterEvery = 20 * time.Millisecond
	w.upstream = &rosterFake{}
	w.upstream.roster = w.rotation()
	w.start()
	w.fetched()
	next := &notificationv1.Roster{Version: "2"}
	w.engineer(next, "cem")
	w.upstream.set(func(f *rosterFake) { f.roster = next })
	testkit.Eventually(t, func() bool {
		var n int
		require.NoError(t, w.db.Reader().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM directory_people`).Scan(&n))
		return n == 2
	}, "the new roster does not come")
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	require.Equal(t, []string{"cem"}, people(w.paged(1)), "without a policy all engineers")
	asked := func() (n int) {
		w.upstream.set(func(f *rosterFake) { n = f.asked })
		return n
	}
	before := asked()
	testkit.Eventually(t, func() bool { return asked() > before+1 }, "not asked again")
}

func TestWithoutAnybodyToPageItIsNotReady(t *testing.T) {
	w := setup(t)
	w.cfg.FallbackContact = nil
	w.cfg.RosterEvery = 20 * time.Millisecond
	w.upstream = &rosterFake{down: true}
	w.upstream.roster = w.rotation()
	w.start()
	require.Error(t, w.service.Checks()[2].Do(t.Context()))
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)), "it is kept all the same")
	w.idle()
	require.Empty(t, w.notices())
	w.upstream.set(func(f *rosterFake) { f.down = false })
	testkit.Eventually(t, func() bool { return w.service.Checks()[2].Do(t.Context()) == nil }, "not ready")
	w.clock.Advance(5 * time.Minute)
	require.ElementsMatch(t, []string{"ada", "ben", "eve"}, people(w.paged(3)), "all engineers, as soon as they are known")
}

func TestABrokenFileOfTheRosterIsFetchedAgain(t *testing.T) {
	w := setup(t)
	require.NoError(t, os.WriteFile(filepath.Join(w.cfg.Data, "roster.pb"), []byte("\xff\xff"), 0o600))
	w.upstream = &rosterFake{}
	w.upstream.roster = w.rotation()
	w.start()
	testkit.Eventually(t, func() bool { return w.service.Checks()[2].Do(t.Context()) == nil }, "not fetched")
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	require.Equal(t, []string{"ada"}, people(w.paged(1)))
}

func TestAFileOfBeforeThereWereLayersIsFetchedAgain(t *testing.T) {
	w := setup(t)
	old := w.rotation()
	old.Schedules[0].Layers = nil // its rotation is in fields that are no more
	raw, err := proto.Marshal(old)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(w.cfg.Data, "roster.pb"), raw, 0o600))
	w.upstream = &rosterFake{}
	w.upstream.roster = w.rotation() // of the same version
	w.start()
	testkit.Eventually(t, func() bool { return w.service.Checks()[2].Do(t.Context()) == nil }, "not fetched")
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	require.Equal(t, []string{"ada"}, people(w.paged(1)))
}

func TestSomebodyWhoseContactsAllRefuseIsNotCalledWithoutEnd(t *testing.T) {
	w := setup(t)
	w.hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Status: 410} })
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	w.paged(1)
	w.idle()
	require.Len(t, w.hook.Requests(), 1, "it was refused for good")
	w.clock.Advance(5 * time.Minute)
	w.paged(2)
}
