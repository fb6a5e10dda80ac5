package emergency_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/emergency"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	address = "sos@altis.test"
	secret  = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr"
)

// world is an emergency mailbox with a receiver of pages, and nothing else unless a test adds it.
type world struct {
	t        testing.TB
	cfg      emergency.Config
	clock    *testkit.Clock
	hook     *testkit.Hook
	upstream *rosterFake // notification; nil = there is none
	tickets  *ticketFake // ticket; nil = there is none
	deaf     atomic.Bool // DNS does not answer
	boom     atomic.Bool // it panics, as a parser might, for which it stands in
	metrics  *sdkmetric.ManualReader
	service  *emergency.Service
	db       *sqldb.DB
	smtp     string
	dns      map[string]string // TXT records
	logs     *testkit.Logs
	stop     func()
}

// setup returns a mailbox that is not started yet. Its only contact is a fallback at /fallback of the receiver.
func setup(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	return newWorld(t)
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, clock: testkit.NewClock(time.Now()), hook: testkit.Receiver(t), logs: &testkit.Logs{}}
	w.cfg = emergency.Config{
		Data: t.TempDir(), Address: []string{address}, Hostname: "mx.altis.test", AllowPrivateWebhooks: true, MailFrom: "support@desk.test",
		FallbackContact: []string{w.hook.URL + "/fallback#" + secret}, OutboxDir: t.TempDir(), MailsPerMinute: 1000,
	}
	return w
}

// start runs the mailbox on what is in its directory.
func (w *world) start() {
	w.t.Helper()
	logger := slog.New(slog.NewTextHandler(io.MultiWriter(w.t.Output(), w.logs), &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	w.db, err = sqldb.Open(w.t.Context(), sqldb.Config{DSN: "sqlite:" + filepath.Join(w.cfg.Data, "emergency.db"), Clock: w.clock.Now})
	require.NoError(w.t, err)
	require.NoError(w.t, w.db.Migrate(w.t.Context(), emergency.Migrations()...))
	receiving, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(w.t, err)
	acks, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(w.t, err)
	w.smtp = receiving.Addr().String()
	w.cfg.AckBaseURL = "http://" + acks.Addr().String()
	w.metrics = sdkmetric.NewManualReader()
	deps := emergency.Deps{
		DB: w.db, Logger: logger, Meter: sdkmetric.NewMeterProvider(sdkmetric.WithReader(w.metrics)).Meter("test"), Now: w.clock.Now, SMTPListener: receiving, AckListener: acks,
		LookupTXT: w.lookup,
	}
	if w.upstream != nil {
		s := rpc.NewServer(rpc.ServerOptions{Logger: logger})
		notificationv1.RegisterEmergencyServiceServer(s, w.upstream)
		require.NoError(w.t, s.Start())
		deps.Notification = s.InProcess("emergency")
	}
	if w.tickets != nil {
		s := rpc.NewServer(rpc.ServerOptions{Logger: logger})
		ticketv1.RegisterMailTicketServiceServer(s, w.tickets)
		require.NoError(w.t, s.Start())
		deps.Ticket = explosive{s.InProcess("emergency"), &atomic.Int64{}}
	}
	w.service, err = emergency.New(w.cfg, deps)
	require.NoError(w.t, err)
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan error, 1)
	go func() { done <- w.service.Run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(w.t, <-done)
		require.NoError(w.t, w.db.Close())
		require.NotContains(w.t, w.logs.String(), "@", "a log names nobody")
	})
	w.t.Cleanup(w.stop)
	c, err := smtp.Dial(w.smtp) // the greeting says that it is up
	require.NoError(w.t, err)
	require.NoError(w.t, c.Quit())
}

func (w *world) lookup(_ context.Context, name string) ([]string, error) {
	if w.boom.Load() {
		panic("unforeseen")
	}
	if w.deaf.Load() {
		return nil, &net.DNSError{Err: "no answer", Name: name, IsTemporary: true}
	}
	if text, ok := w.dns[name]; ok {
		return []string{text}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// send has a mail server deliver a mail from an address, and returns its answer: nil means 250.
func (w *world) send(from, mail string) error {
	w.t.Helper()
	return deliver(w.smtp, from, address, mail)
}

func deliver(server, from, to, mail string) error {
	c, err := smtp.Dial(server)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SendMail(from, []string{to}, strings.NewReader(strings.ReplaceAll(mail, "\n", "\r\n"))); err != nil {
		return err
	}
	return c.Quit()
}

// letter is a mail of its own, by its number.
func letter(from string, n int) string {
	return fmt.Sprintf("From: Mia Sol <%s>\nTo: %s\nMessage-ID: <%d@shop.test>\nSubject: shop is down %d\n\nNobody can pay.\n", from, address, n, n)
}

// notices returns what the receiver was told, by distinct delivery, in the order of arrival.
func (w *world) notices() (out []*notificationv1.PageNotice) {
	seen := map[string]bool{}
	for _, r := range w.hook.Requests() {
		var opened notificationv1.PageOpened
		require.NoError(w.t, protojson.Unmarshal(r.Body, &opened))
		if d := opened.GetData(); !seen[d.GetDelivery()] {
			seen[d.GetDelivery()] = true
			out = append(out, d)
		}
	}
	return out
}

// paged waits for a number of notices and returns them.
func (w *world) paged(n int) []*notificationv1.PageNotice {
	w.t.Helper()
	testkit.Eventually(w.t, func() bool { return len(w.notices()) >= n }, "fewer than %d pages", n)
	got := w.notices()
	require.Len(w.t, got, n)
	return got
}

// idle waits until nothing is due.
func (w *world) idle() {
	w.t.Helper()
	testkit.Eventually(w.t, func() bool {
		idle, err := w.service.Queue().Idle(w.t.Context())
		require.NoError(w.t, err)
		return idle
	}, "tasks do not end")
}

// breakDatabase has mails not recorded until repair.
func (w *world) breakDatabase() (repair func()) {
	w.t.Helper()
	rename := func(from, to string) {
		require.NoError(w.t, w.db.Do(w.t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `ALTER TABLE `+from+` RENAME TO `+to)
			return err
		}))
	}
	rename("emergency_mails", "away")
	return func() { rename("away", "emergency_mails") }
}

// verdicts returns what became of the mails, oldest first.
func (w *world) verdicts() (out []string) {
	w.t.Helper()
	rows, err := w.db.Reader().QueryContext(w.t.Context(), `SELECT verdict FROM emergency_mails ORDER BY id`)
	require.NoError(w.t, err)
	defer rows.Close()
	for rows.Next() {
		var v string
		require.NoError(w.t, rows.Scan(&v))
		out = append(out, v)
	}
	require.NoError(w.t, rows.Err())
	return out
}

func (w *world) pageState(id string) (state string) {
	w.t.Helper()
	require.NoError(w.t, w.db.Reader().QueryRowContext(w.t.Context(), `SELECT state FROM pages WHERE id = $1`, id).Scan(&state))
	return state
}

// gauge returns the value of a gauge.
func (w *world) gauge(name string) float64 {
	w.t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(w.t, w.metrics.Collect(w.t.Context(), &all))
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			if data, ok := m.Data.(metricdata.Gauge[float64]); ok && m.Name == name {
				return data.DataPoints[0].Value
			}
		}
	}
	w.t.Fatalf("there is no gauge %s", name)
	return 0
}

// press opens an acknowledgement link and presses its button. It returns what the link shows then.
func (w *world) press(url string) (shown string) {
	w.t.Helper()
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		req, err := http.NewRequestWithContext(w.t.Context(), method, url, nil)
		require.NoError(w.t, err)
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		res, err := client.Do(req)
		require.NoError(w.t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(w.t, err)
		require.NoError(w.t, res.Body.Close())
		require.Equal(w.t, http.StatusOK, res.StatusCode, string(body))
		shown = string(body)
	}
	return shown
}

// rosterFake is notification's side.
type rosterFake struct {
	notificationv1.UnimplementedEmergencyServiceServer
	mu     sync.Mutex
	roster *notificationv1.Roster
	down   bool
	asked  int

	unknown int // how often it does not know a page
	acks    []*notificationv1.ForwardAcknowledgementRequest
}

func (f *rosterFake) GetRoster(_ context.Context, req *notificationv1.GetRosterRequest) (*notificationv1.Roster, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	switch {
	case f.down:
		return nil, fault.New(fault.Unavailable, "DOWN", "down")
	case req.GetKnownVersion() == f.roster.GetVersion():
		return &notificationv1.Roster{Version: f.roster.GetVersion(), Unchanged: true}, nil
	}
	return f.roster, nil
}

func (f *rosterFake) set(change func(f *rosterFake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// engineer adds a person with a webhook at /id of the receiver.
func (w *world) engineer(r *notificationv1.Roster, id string) {
	r.People = append(r.People, &eventv1.DirectoryPerson{Id: id, Name: strings.ToUpper(id), Email: id + "@altis.test", Staff: true, Role: "engineer"})
	r.Contacts = append(r.Contacts, &notificationv1.Contact{
		Id: "contact-" + id, Person: id, Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: w.hook.URL + "/" + id, Position: 1, Secret: secret,
	})
}

func step(timeout time.Duration, targets ...string) *notificationv1.EscalationStep {
	return &notificationv1.EscalationStep{Targets: targets, Timeout: durationpb.New(timeout)}
}

// people returns whom notices went to.
func people(notices []*notificationv1.PageNotice) (ids []string) {
	for _, n := range notices {
		ids = append(ids, n.GetPerson().GetId())
	}
	return ids
}

var ackLink = regexp.MustCompile(`http://[0-9.:]+/a/[A-Za-z0-9_-]+`)
