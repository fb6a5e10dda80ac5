package harness

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/testkit"
)

// EmergencyAddress is the one that a Mailbox takes mails for.
const EmergencyAddress = "sos@desk.example"

// pagerSecret signs the webhooks of a Mailbox's fallback contact.
const pagerSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr"

// Mailbox is the process of the emergency mailbox.
type Mailbox struct {
	*Process
	SMTP   string // host:port
	AckURL string
	Pager  *testkit.Hook // takes the pages of the fallback contact
}

// Mailbox starts the emergency mailbox of the suite; of a nil suite it is alone in the world. args are more flags.
func (s *Suite) Mailbox(t testing.TB, args ...string) *Mailbox {
	t.Helper()
	return s.mailboxBy(t, nil, args...)
}

// mailboxBy is Mailbox for a process that another command starts, in its own place.
func (s *Suite) mailboxBy(t testing.TB, starter []string, args ...string) *Mailbox {
	t.Helper()
	binary, err := Binary(Emergency + "d")
	must(t, err)
	free := FreeAddresses(t, 5)
	m := &Mailbox{SMTP: free[0], AckURL: "http://" + free[1], Pager: testkit.Receiver(t)}
	client, upstream, secrets := newHTTPClient(t), []string{"--notification=" + free[3], "--outbox-dir=" + t.TempDir()}, newSecrets()
	if s != nil {
		upstream, secrets = append(slices.Clone(s.ofMailbox), "--smtp-addr="+s.SMTP.Addr, "--smtp-tls=none", "--mail-from="+mailFrom), s.secrets
		free[4] = cmp.Or(s.mailbox, free[4])
	}
	argv := append([]string{
		binary, "--data=" + filepath.Join(t.TempDir(), "emergency"), "--address=" + EmergencyAddress, "--smtp=" + m.SMTP, "--ack-listen=" + free[1],
		"--ack-base-url=" + m.AckURL, "--grpc=" + free[4], "--admin=" + free[2], "--allow-private-webhooks", "--roster-every=200ms", "--mails-per-minute=100000", "--resolver=127.0.0.1:1",
		"--log-level=" + logLevel.String(),
	}, append(upstream, args...)...)
	env := []string{"ALTIS_EMERGENCY_FALLBACK_CONTACT=" + m.Pager.URL + "/fallback#" + pagerSecret}
	if s != nil {
		env = append(env, s.environment...)
	}
	secrets.add("the secret of the fallback contact", pagerSecret)
	m.Process = newProcess(t, Emergency, t.TempDir(), free[2], client, env, append(starter, argv...)...)
	t.Cleanup(func() {
		if err := m.stop(); err != nil {
			t.Error(err)
		}
		secrets.check(t, Emergency, m.log)
		if t.Failed() {
			t.Logf("---- end of the log of the mailbox\n%s", m.tail())
		}
	})
	m.Start()
	m.Ready()
	return m
}

// ToMailbox is a connection to the emergency mailbox that proves to be of a service.
func (s *Suite) ToMailbox(t testing.TB, caller string) grpc.ClientConnInterface {
	return s.toMailbox(t, caller)
}

// LockOut takes its database from a service until letIn.
func (s *Suite) LockOut(t testing.TB, service string) (letIn func()) {
	t.Helper()
	s.sql(t, "ALTER ROLE "+s.roles[service]+" NOLOGIN")
	s.sql(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"+s.roles[service]+"'")
	return func() { t.Helper(); s.sql(t, "ALTER ROLE "+s.roles[service]+" LOGIN") }
}

func (s *Suite) sql(t testing.TB, statement string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, s.DSN)
	must(t, err)
	_, err = conn.Exec(ctx, statement)
	must(t, err)
	must(t, conn.Close(ctx))
}

// Mail has a mail server deliver a mail. nil means that it was accepted.
func (m *Mailbox) Mail(from, mail string) error {
	c, err := m.dial()
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SendMail(from, []string{EmergencyAddress}, strings.NewReader(strings.ReplaceAll(mail, "\n", "\r\n"))); err != nil {
		return err
	}
	_ = c.Quit() // it has been accepted
	return nil
}

func (m *Mailbox) dial() (*smtp.Client, error) { return smtp.Dial(m.SMTP) }
