package notification_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

func (w *world) notice(as *eventv1.DirectoryPerson) *notificationv1.OnCallNotice {
	w.t.Helper()
	notice, err := w.onCall.GetOnCallNotice(w.as(as), &notificationv1.GetOnCallNoticeRequest{})
	require.NoError(w.t, err)
	return notice
}

func TestTheNoticeNamesWhomAnUrgentTicketPages(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ticket := int64(0)
		check := func(source notificationv1.OnCallNotice_Source, names ...string) {
			t.Helper()
			got := w.notice(mia)
			require.Equal(t, source, got.GetSource())
			require.Equal(t, names, got.GetNames())
			require.EqualValues(t, len(names), got.GetCount())

			ticket++
			w.urgent(ticket, 1)
			var paged []string
			for _, d := range w.onlyPage(ticket).GetDeliveries() {
				paged = append(paged, d.GetPerson().GetName())
			}
			require.ElementsMatch(t, names, paged)
		}
		// Until there is a policy: everybody who responds, by the mail of the directory.
		check(notificationv1.OnCallNotice_SOURCE_EVERYBODY, "Ada Park", "Ben Ito", "Eve Lund")

		for _, p := range []*eventv1.DirectoryPerson{ada, ben, eve} {
			w.mailContact(p)
		}
		_, err := w.onCall.UpdateSchedule(w.as(eve), &notificationv1.UpdateScheduleRequest{AllowMissing: true, Schedule: &notificationv1.Schedule{
			Id: "primary", Name: "Primary", TimeZone: "UTC", Layers: weekly("2026-03-01T09:00", ben.GetId()),
		}})
		require.NoError(t, err)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, "schedule:primary", person(ada)), step(time.Hour, person(eve))},
			Loops: 1, Fallback: []string{eve.GetId()},
		})
		check(notificationv1.OnCallNotice_SOURCE_ON_CALL, "Ben Ito", "Ada Park")

		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, "schedule:primary")}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.leave(ben)
		check(notificationv1.OnCallNotice_SOURCE_FALLBACK, "Eve Lund")
	})
}

// leave disables the first of the staff, and waits until notification knows.
func (w *world) leave(p *eventv1.DirectoryPerson) {
	w.t.Helper()
	w.identity.person(&eventv1.DirectoryPerson{Id: p.GetId(), Name: p.GetName(), Email: p.GetEmail(), Staff: true, Role: p.GetRole(), Disabled: true})
	testkit.Eventually(w.t, func() bool {
		return w.count(`SELECT COUNT(*) FROM directory_people WHERE disabled = 1`) == 1
	}, "the directory is not read")
}

func TestANoticeTellsCustomersNamesOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		nameless := &eventv1.DirectoryPerson{Id: "00000000-0000-7000-8000-0000000000f0", Email: "nameless@altis.test", Staff: true, Role: "engineer"}
		w.identity.person(nameless)
		for n := range 12 {
			w.identity.person(&eventv1.DirectoryPerson{
				Id: fmt.Sprintf("00000000-0000-7000-8000-0000000001%02d", n), Name: fmt.Sprint("Engineer ", n), Email: fmt.Sprintf("e%d@altis.test", n), Staff: true, Role: "engineer",
			})
		}
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COUNT(*) FROM directory_people WHERE staff = 1`) == 4+13
		}, "the directory is not read")
		notice := w.notice(mia)
		require.EqualValues(t, 3+13, notice.GetCount())
		require.Len(t, notice.GetNames(), 10, "a form has room for few")
		text, err := protojson.Marshal(notice)
		require.NoError(t, err)
		require.NotContains(t, string(text), "@")
		require.NotContains(t, string(text), "00000000-")
	})
}
