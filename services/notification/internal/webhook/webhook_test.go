package webhook

import (
	"net"
	"net/http"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification/internal/domain"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func sender(t *testing.T, allowPrivate bool) *Sender {
	s := NewSender(allowPrivate, time.Now)
	t.Cleanup(s.Close)
	return s
}

func TestSendSignsAndReadsTheAnswer(t *testing.T) {
	tests := []struct {
		name     string
		response testkit.Response
		failed   bool
		want     Answer
	}{
		{"accepted", testkit.Response{Status: 202, Body: "queued"}, false, Answer{What: said("202 Accepted queued"), Status: 202}},
		{"gone", testkit.Response{Status: 410}, true, Answer{What: said("410 Gone"), Status: 410, Final: true}},
		{"not found", testkit.Response{Status: 404}, true, Answer{What: said("404 Not Found"), Status: 404, Final: true}},
		{"error", testkit.Response{Status: 500}, true, Answer{What: said("500 Internal Server Error"), Status: 500}},
		{
			"limited",
			testkit.Response{Status: 429, Header: http.Header{"Retry-After": {"3600"}}},
			true,
			Answer{What: said("429 Too Many Requests"), Status: 429, RetryAfter: time.Hour},
		},
		{
			"redirected",
			testkit.Response{Status: 307, Header: http.Header{"Location": {"http://127.0.0.1:1/"}}},
			true,
			Answer{What: said("307 Temporary Redirect"), Status: 307},
		},
	}
	s, secret := sender(t, true), NewSecret()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hook := testkit.Receiver(t)
			hook.Respond(func(int, testkit.Request) testkit.Response { return tt.response })
			got, err := s.Send(t.Context(), Message{ID: "d1", URL: hook.URL, Secret: secret, Body: `{"type":"x"}`, At: time.Now()})
			require.Equal(t, tt.failed, err != nil)
			require.Equal(t, tt.want, got)
			require.Len(t, hook.Requests(), 1)
			r := hook.Requests()[0]
			require.Equal(t, "d1", r.Header.Get("Webhook-Id"))
			verifier, err := standardwebhooks.NewWebhook(secret)
			require.NoError(t, err)
			require.NoError(t, verifier.Verify(r.Body, r.Header))
			require.Error(t, verifier.Verify([]byte(`{"type":"y"}`), r.Header))
			s.Close()
		})
	}
}

func TestSendRefusesPrivateAddressesEvenBehindAName(t *testing.T) {
	hook := testkit.Receiver(t)
	_, port, err := net.SplitHostPort(hook.URL[len("http://"):])
	require.NoError(t, err)
	for _, host := range []string{"127.0.0.1", "localhost"} {
		got, err := sender(t, false).Send(t.Context(), Message{ID: "d1", URL: "http://" + host + ":" + port, Secret: NewSecret()})
		require.Error(t, err)
		require.Equal(t, Answer{What: domain.Answer{Kind: domain.AnswerForbidden}, Final: true}, got)
	}
	require.Empty(t, hook.Requests())
}

func TestAllowed(t *testing.T) {
	tests := []struct {
		ip              string
		public, private bool // allowed without and with private ones
	}{
		{"93.184.216.34", true, true},
		{"2606:2800:220:1:248:1893:25c8:1946", true, true},
		{"127.0.0.1", false, true},
		{"::1", false, true},
		{"10.1.2.3", false, true},
		{"192.168.0.1", false, true},
		{"fd00::1", false, true},
		{"100.64.0.1", false, true},
		{"169.254.169.254", false, false},
		{"::ffff:169.254.169.254", false, false},
		{"fe80::1", false, false},
		{"0.0.0.0", false, false},
		{"::", false, false},
		{"224.0.0.1", false, false},
		{"255.255.255.255", false, false},
	}
	for _, tt := range tests {
		require.Equal(t, tt.public, allowed(net.ParseIP(tt.ip), false), tt.ip)
		require.Equal(t, tt.private, allowed(net.ParseIP(tt.ip), true), tt.ip)
	}
}

func TestCheckURL(t *testing.T) {
	require.NoError(t, CheckURL("f", "https://pager.test/x?token=1", false))
	require.NoError(t, CheckURL("f", "http://127.0.0.1:9000/", true))
	for _, bad := range []string{"", "pager.test", "file:///etc/passwd", "https://", "https://u:p@pager.test", "http://127.0.0.1/", "http://[fe80::1]/", "http://\x00/"} {
		require.ErrorIs(t, CheckURL("f", bad, false), fault.Invalid, bad)
	}
}

func TestSecrets(t *testing.T) {
	require.NoError(t, CheckSecret(NewSecret()))
	for _, bad := range []string{"", "secret", "whsec_!", "whsec_c2hvcnQ="} {
		require.Error(t, CheckSecret(bad), bad)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	require.Equal(t, 5*time.Second, retryAfter("5", now))
	require.Equal(t, time.Minute, retryAfter("Tue, 24 Nov 2026 12:01:00 GMT", now))
	require.Zero(t, retryAfter("", now))
	require.Zero(t, retryAfter("-1", now))
	require.Zero(t, retryAfter("soon", now))
}

func TestRenderCarriesTheWholeNotice(t *testing.T) {
	at := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	n := domain.Notice{
		Delivery: "d", Page: &domain.Page{ID: "p", Ticket: 7, OpenedAt: at, Incident: domain.Incident{Subject: "down", Urgent: true}},
		Position: domain.Position{Cycle: 1, Loop: 2, Step: 3}, Person: domain.Person{ID: "ada", Name: "Ada"}, Why: domain.Why{Kind: domain.WhySchedule, Schedule: "Primary"},
		Others: []domain.Person{{ID: "ben", Name: "Ben"}}, SentAt: at, AckURL: "https://ack.test/a/x", TicketURL: "https://desk.test/tickets/7",
	}
	body, err := Render(n)
	require.NoError(t, err)
	got, err := Parse(body)
	require.NoError(t, err)
	require.Equal(t, "[Urgent] down", got.GetTitle())
	require.EqualValues(t, 3, got.GetStep())
	require.Equal(t, "Ben", got.GetAlsoPaged()[0].GetName())
	require.Nil(t, got.GetNextStepTime(), "nobody else follows")
	require.Nil(t, got.GetRequester())
	_, err = Parse("{")
	require.Error(t, err)
}
