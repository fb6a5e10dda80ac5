package notification_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification"
)

// skewed are three replicas of one database, of which one's clock is five minutes ahead and one's five minutes behind.
type skewed struct {
	*world
	replicas []*world
	ahead    time.Duration // the database's clock from the machine's
}

// There is no replica beside a process that has its database in a file: whose clock is off then is off as a whole.
func withSkewedReplicas(t *testing.T, test func(t *testing.T, s *skewed)) {
	t.Helper()
	t.Parallel()
	db := testkit.Database(t, sqldb.Postgres, "notification", notification.Migrations()...)
	s := &skewed{world: setup(t, db, notification.Config{})}
	s.replicas = []*world{s.world}
	for _, off := range []time.Duration{5 * time.Minute, -5 * time.Minute} {
		s.replicas = append(s.replicas, s.replica(db, notification.Config{}, off))
	}
	require.NoError(t, sqldb.EnableTestClock(t.Context(), s.db))
	test(t, s)
}

// pass moves the database's clock when nothing is left to be done by its present one, and waits until nothing is again.
func (s *skewed) pass(d time.Duration) {
	s.t.Helper()
	s.idle()
	s.ahead += d
	require.NoError(s.t, sqldb.SetClockOffset(s.t.Context(), s.db, s.ahead))
	s.idle()
}

func (s *skewed) now() time.Time { return time.Now().Add(s.ahead) }

// at returns a link as another replica serves it.
func (s *skewed) at(replica int, link string) string {
	s.t.Helper()
	u, err := url.Parse(link)
	require.NoError(s.t, err)
	other, err := url.Parse(s.replicas[replica].ackURL)
	require.NoError(s.t, err)
	u.Host = other.Host
	return u.String()
}

// TestReplicasWithSkewedClocksPageAsOne: whatever the clock of a process says, steps, timeouts and snoozes are due by that of
// the database: none early, none late, none twice.
func TestReplicasWithSkewedClocksPageAsOne(t *testing.T) {
	withSkewedReplicas(t, func(t *testing.T, s *skewed) {
		const each, wait, margin = 3, 4 * time.Minute, 10 * time.Second
		adas, bens := testkit.Receiver(t), testkit.Receiver(t)
		contact := s.contact(ada, adas.URL)
		s.contact(ben, bens.URL)
		s.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(wait, person(ada)), step(time.Hour, person(ben))}, Loops: 1, Fallback: []string{eve.GetId()},
			AcknowledgeTimeout: durationpb.New(wait),
		})
		var all []int64
		for n, r := range s.replicas {
			for i := range int64(each) {
				all = append(all, int64(10*n)+i+1)
				r.urgent(all[len(all)-1], 1)
			}
		}
		once := func(hook *testkit.Hook, what string) (links map[int64]string) {
			t.Helper()
			s.idle()
			links = map[int64]string{}
			for _, r := range hook.Requests() {
				n := notice(t, r)
				require.Empty(t, links[n.GetTicket()], "%s: twice about %d", what, n.GetTicket())
				links[n.GetTicket()] = n.GetAcknowledgeUrl()
			}
			require.Len(t, links, len(all), what)
			return links
		}
		once(adas, "the first step")
		verifier, err := standardwebhooks.NewWebhook(contact.GetSecret())
		require.NoError(t, err)
		for _, r := range adas.Requests() {
			require.NoError(t, verifier.Verify(r.Body, r.Header), "whoever sends it, its time is what the receiver takes it for")
			signed, err := strconv.ParseInt(r.Header.Get("Webhook-Timestamp"), 10, 64)
			require.NoError(t, err)
			require.WithinDuration(t, s.now(), time.Unix(signed, 0), time.Minute)
		}

		s.pass(wait - margin)
		require.Empty(t, bens.Requests(), "the next step is not due, though one of the clocks has passed it")
		s.pass(2 * margin)
		links := once(bens, "the second step")
		require.Len(t, adas.Requests(), len(all))

		// Acknowledged at a replica each, which has not sent the page.
		for n, ticket := range all {
			status, _ := s.request(http.MethodPost, s.at((n+1)%len(s.replicas), links[ticket]))
			require.Equal(t, http.StatusOK, status)
			p := s.onlyPage(ticket)
			require.Equal(t, acknowledged, p.GetState())
			require.WithinDuration(t, s.now(), p.GetAcknowledgeTime().AsTime(), time.Minute)
		}
		s.pass(wait - margin)
		require.Len(t, bens.Requests(), len(all), "no acknowledgement is forgotten yet")
		s.pass(2 * margin)
		require.Len(t, bens.Requests(), 2*len(all), "paged again, once each")
		require.Len(t, adas.Requests(), len(all))

		// A snooze is as long as somebody wanted, at whichever replica.
		for n, ticket := range all {
			id := s.onlyPage(ticket).GetId()
			r := s.replicas[n%len(s.replicas)]
			_, err := r.pages.AcknowledgePage(r.as(ben), &notificationv1.AcknowledgePageRequest{Page: id})
			require.NoError(t, err)
			_, err = r.pages.SnoozePage(r.as(ben), &notificationv1.SnoozePageRequest{Page: id, Duration: durationpb.New(10 * time.Minute)})
			require.NoError(t, err)
		}
		s.pass(10*time.Minute - margin)
		require.Len(t, bens.Requests(), 2*len(all))
		s.pass(2 * margin)
		require.Len(t, bens.Requests(), 3*len(all))
	})
}

// TestALinkEndsByTheClockOfTheDatabase: at the same instant at every replica.
func TestALinkEndsByTheClockOfTheDatabase(t *testing.T) {
	withSkewedReplicas(t, func(t *testing.T, s *skewed) {
		hook := withLinks(t, s.world)
		ends := 7 * 24 * time.Hour
		var links []string
		for ticket := range int64(len(s.replicas)) {
			link, _ := paged(t, s.world, hook, ticket+1)
			links = append(links, link)
		}
		s.pass(ends - time.Minute)
		for n := range s.replicas {
			_, body := s.request(http.MethodGet, s.at(n, links[0]))
			require.Contains(t, body, "Acknowledge as Ada Park", "it ends in a minute, at each of them")
		}
		status, _ := s.request(http.MethodPost, s.at(1, links[0]))
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, acknowledged, s.onlyPage(1).GetState())
		s.pass(2 * time.Minute)
		for n := range s.replicas {
			status, body := s.request(http.MethodPost, s.at(n, links[1]))
			require.Equal(t, http.StatusConflict, status, "it has ended a minute ago, at each of them")
			require.Contains(t, body, "has expired")
		}
	})
}

// TestATokenIsJudgedByTheClockOfTheProcess: identity signs it by the clock of its own, and no database stands between them. Who
// is off by more than half a minute takes no token, rather than one that is over; it pages, and its links work.
func TestATokenIsJudgedByTheClockOfTheProcess(t *testing.T) {
	withSkewedReplicas(t, func(t *testing.T, s *skewed) {
		hook := withLinks(t, s.world)
		link, _ := paged(t, s.world, hook, 1)
		id := s.onlyPage(1).GetId()
		for n, r := range s.replicas[1:] {
			_, err := r.pages.AcknowledgePage(s.as(ada), &notificationv1.AcknowledgePageRequest{Page: id})
			require.ErrorIs(t, err, fault.Unauthenticated)
			status, _ := s.request(http.MethodGet, s.at(n+1, link))
			require.Equal(t, http.StatusOK, status)
		}
		status, _ := s.request(http.MethodPost, s.at(2, link))
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, acknowledged, s.onlyPage(1).GetState())
	})
}
