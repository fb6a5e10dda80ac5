package imapin_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification/internal/imapin"
	"altis-dxp.com/support/services/notification/internal/imapin/imaptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// mailbox is a server, and the state that replicas share.
type mailbox struct {
	*imaptest.Server
	t    *testing.T
	logs testkit.Logs

	mu       sync.Mutex
	holder   string
	until    time.Time
	position imapin.Position
	kept     []string
	failing  error
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	m := &mailbox{t: t, Server: imaptest.New(t)}
	m.Serve("127.0.0.1:0", true, false)
	return m
}

func (m *mailbox) HoldMailbox(_ context.Context, holder string, d time.Duration) (bool, imapin.Position, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holder != holder && time.Now().Before(m.until) {
		return false, imapin.Position{}, nil
	}
	m.holder, m.until = holder, time.Now().Add(d)
	return true, m.position, nil
}

func (m *mailbox) SaveMailbox(_ context.Context, holder string, p imapin.Position) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holder == holder {
		m.position = p
	}
	return nil
}

func (m *mailbox) ReleaseMailbox(_ context.Context, holder string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holder == holder {
		m.until = time.Time{}
	}
	return nil
}

func (m *mailbox) keep(_ context.Context, mail io.Reader) error {
	text, err := io.ReadAll(mail)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failing != nil {
		return m.failing
	}
	m.kept = append(m.kept, string(text))
	return nil
}

func (m *mailbox) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failing = err
}

func (m *mailbox) taken() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.kept)
}

// poll runs a poller until stop, or the end of the test.
func (m *mailbox) poll(holder string, change func(*imapin.Poller)) (stop func()) {
	m.t.Helper()
	p := &imapin.Poller{
		Config: imapin.Config{Addr: m.Addr, TLS: imapin.TLSImplicit, Roots: m.Roots, User: imaptest.User, Password: imaptest.Password, Folder: "INBOX", MaxBytes: 1 << 20},
		Holder: holder, State: m, Keep: m.keep, Logger: slog.New(slog.NewTextHandler(io.MultiWriter(m.t.Output(), &m.logs), nil)),
		Lease: time.Minute, Every: time.Hour, Pause: 10 * time.Millisecond,
	}
	if change != nil {
		change(p)
	}
	ctx, cancel := context.WithCancel(m.t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(m.t, <-done)
	})
	m.t.Cleanup(stop)
	return stop
}

func (m *mailbox) await(mails ...string) {
	m.t.Helper()
	testkit.Eventually(m.t, func() bool { return len(m.taken()) >= len(mails) }, "fewer than %d mails are fetched", len(mails))
	require.Equal(m.t, mails, m.taken())
}

func mail(n int) string { return fmt.Sprintf("Subject: %d\r\n\r\ntext\r\n", n) }

func TestNewMailsAreFetchedOnce(t *testing.T) {
	m := newMailbox(t)
	m.Put("INBOX", mail(0), imap.FlagSeen) // of before
	m.Put("INBOX", mail(1))
	stop := m.poll("a", nil)
	m.await(mail(1))
	testkit.Eventually(t, func() bool { unseen, all := m.Count("INBOX"); return unseen == 0 && all == 2 }, "it is not marked as seen")
	m.Put("INBOX", mail(2)) // told by IDLE: it looks by itself in an hour only
	m.await(mail(1), mail(2))
	testkit.Eventually(t, func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		unseen, _ := m.Count("INBOX")
		return unseen == 0 && m.position.Last == 3
	}, "nor is the second")
	stop()
	m.Put("INBOX", mail(3), imap.FlagSeen) // somebody has looked at it meanwhile
	m.poll("b", nil)
	m.await(mail(1), mail(2), mail(3))
	require.NotContains(t, m.logs.String(), "secret")
}

// awaitLast waits until the mailbox was met, and fetched so far.
func (m *mailbox) awaitLast(last uint32) {
	m.t.Helper()
	testkit.Eventually(m.t, func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.position.Validity != 0 && m.position.Last == last
	}, "how far it has come is not kept")
}

func TestOfAMailboxThatWasMetAllMailsAreFetchedThatCome(t *testing.T) {
	m := newMailbox(t)
	stop := m.poll("a", nil)
	m.awaitLast(0)
	stop()
	m.Put("INBOX", mail(1), imap.FlagSeen) // somebody is quicker
	m.poll("b", nil)
	m.await(mail(1))
}

func TestOfMailsOfBeforeThoseAreFetchedThatNobodyHasSeen(t *testing.T) {
	m := newMailbox(t)
	m.Put("INBOX", mail(1))
	m.Put("INBOX", mail(2), imap.FlagSeen)
	m.fail(errors.New("no room"))
	m.poll("a", nil)
	testkit.Eventually(t, func() bool { return strings.Contains(m.logs.String(), "no room") }, "the cause is not told")
	m.Put("INBOX", mail(3), imap.FlagSeen) // it was met before
	m.fail(nil)
	m.await(mail(1), mail(3))
	m.awaitLast(3)
	require.Equal(t, []string{mail(1), mail(3)}, m.taken())
}

func TestAMailIsMarkedOnceItIsKept(t *testing.T) {
	m := newMailbox(t)
	m.fail(errors.New("no room"))
	m.Put("INBOX", mail(1))
	m.poll("a", nil)
	testkit.Eventually(t, func() bool { return strings.Contains(m.logs.String(), "no room") }, "the cause is not told")
	unseen, _ := m.Count("INBOX")
	require.EqualValues(t, 1, unseen)
	m.fail(nil)
	m.await(mail(1))
	testkit.Eventually(t, func() bool { unseen, _ := m.Count("INBOX"); return unseen == 0 }, "it is not marked as seen")
}

func TestFetchedMailsAreMoved(t *testing.T) {
	m := newMailbox(t)
	m.Put("INBOX", mail(1))
	m.Put("INBOX", mail(2))
	m.poll("a", func(p *imapin.Poller) { p.Config.MoveTo = "Done" })
	m.await(mail(1), mail(2))
	testkit.Eventually(t, func() bool {
		_, left := m.Count("INBOX")
		_, moved := m.Count("Done")
		return left == 0 && moved == 2
	}, "they are not moved")
}

func TestAMailThatTheServerRefusesKeepsUpNoOther(t *testing.T) {
	m := newMailbox(t)
	m.Put("INBOX", mail(1))
	m.Put("INBOX", mail(2))
	m.poll("a", func(p *imapin.Poller) { p.Config.MoveTo = "Nowhere" })
	testkit.Eventually(t, func() bool { return strings.Count(m.logs.String(), "is not fetched again") == 2 }, "it does not go on")
	got := slices.Compact(m.taken())
	require.Equal(t, []string{mail(1), mail(2)}, got, "both are kept, before they are moved")
	require.Contains(t, m.logs.String(), "TRYCREATE")
}

func TestAServerThatGoesAwayIsConnectedAgain(t *testing.T) {
	m := newMailbox(t)
	m.Put("INBOX", mail(1))
	m.poll("a", nil)
	m.await(mail(1))
	// A mail that was kept and is not yet marked comes again: that is not what this is about.
	testkit.Eventually(t, func() bool {
		unseen, _ := m.Count("INBOX")
		return unseen == 0
	}, "it is not marked")
	m.Stop()
	m.Put("INBOX", mail(2))
	testkit.Eventually(t, func() bool { return strings.Contains(m.logs.String(), "tried again") }, "it does not notice")
	m.Serve(m.Addr, true, false)
	m.await(mail(1), mail(2))
}

func TestAMailboxThatWasMadeAnewIsFetchedFromItsBeginning(t *testing.T) {
	m := newMailbox(t)
	for n := range 3 {
		m.Put("INBOX", mail(n))
	}
	stop := m.poll("a", nil)
	m.await(mail(0), mail(1), mail(2))
	m.awaitLast(3)
	stop()
	require.NoError(t, m.User.Delete("INBOX"))
	require.NoError(t, m.User.Create("INBOX", nil))
	m.Put("INBOX", mail(3)) // its number was another mail's
	m.Put("INBOX", mail(0), imap.FlagSeen)
	m.poll("a", nil)
	m.await(mail(0), mail(1), mail(2), mail(3))
	m.awaitLast(2)
	require.Len(t, m.taken(), 4, "what somebody has seen before it was met stays")
}

func TestOneReplicaFetches(t *testing.T) {
	m := newMailbox(t)
	m.Put("INBOX", mail(1))
	lease := func(p *imapin.Poller) { p.Lease = 300 * time.Millisecond }
	stop := m.poll("a", lease)
	m.await(mail(1))
	m.poll("b", lease)
	m.Put("INBOX", mail(2))
	m.await(mail(1), mail(2))
	require.EqualValues(t, 1, m.Conns.Load(), "the other one waits")
	stop()
	m.Put("INBOX", mail(3))
	m.await(mail(1), mail(2), mail(3))
	m.mu.Lock()
	defer m.mu.Unlock()
	require.Equal(t, "b", m.holder)
}

func TestWhoLostTheMailboxStops(t *testing.T) {
	m := newMailbox(t)
	m.poll("a", func(p *imapin.Poller) { p.Lease = 300 * time.Millisecond })
	testkit.Eventually(t, func() bool { return m.Conns.Load() == 1 }, "it does not connect")
	m.mu.Lock()
	m.holder, m.until = "another", time.Now().Add(time.Hour)
	m.mu.Unlock()
	testkit.Eventually(t, func() bool { return strings.Contains(m.logs.String(), "another process fetches") }, "it goes on")
	m.Put("INBOX", mail(1))
	m.mu.Lock()
	m.until = time.Time{}
	m.mu.Unlock()
	m.await(mail(1))
}

func TestOfALargeMailTheBeginningIsFetched(t *testing.T) {
	m := newMailbox(t)
	m.Put("INBOX", mail(1)+strings.Repeat("x", 2000))
	m.poll("a", func(p *imapin.Poller) { p.Config.MaxBytes = 1000 })
	m.await((mail(1) + strings.Repeat("x", 2000))[:1000])
}

func TestSTARTTLSAndWrongPasswords(t *testing.T) {
	m := newMailbox(t)
	m.Stop()
	m.Serve("127.0.0.1:0", false, false)
	m.Put("INBOX", mail(1))
	stop := m.poll("a", func(p *imapin.Poller) { p.Config.TLS, p.Config.Password = imapin.TLSStart, "wrong" })
	testkit.Eventually(t, func() bool { return strings.Contains(m.logs.String(), "AUTHENTICATIONFAILED") }, "the cause is not told")
	stop()
	unknown := m.poll("a", func(p *imapin.Poller) { p.Config.TLS, p.Config.Roots = imapin.TLSStart, x509.NewCertPool() })
	before := m.Conns.Load()
	testkit.Eventually(t, func() bool { return m.Conns.Load() > before+1 }, "it is not tried again")
	unknown()
	require.Empty(t, m.taken(), "whose certificate nobody vouches for gets no password")
	m.poll("a", func(p *imapin.Poller) { p.Config.TLS = imapin.TLSStart })
	m.await(mail(1))
	require.NotContains(t, m.logs.String(), "wrong")
}
