package smtpin

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification/internal/spool"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// box keeps what the server hands over.
type box struct {
	mu    sync.Mutex
	mails []string
	from  []spool.Envelope
	err   error // what to answer instead
}

func (b *box) keep(_ context.Context, e spool.Envelope, mail io.Reader) error {
	raw, err := io.ReadAll(mail)
	b.mu.Lock()
	defer b.mu.Unlock()
	if err = errors.Join(err, b.err); err != nil {
		return err
	}
	b.mails, b.from = append(b.mails, string(raw)), append(b.from, e)
	return nil
}

func (b *box) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.mails)
}

// start runs a server; change adjusts its limits.
func start(t *testing.T, b *box, change func(*Config)) (addr string, stop func()) {
	t.Helper()
	c := Config{
		Hostname: "mx.altis.test", Addresses: []string{"SOS@altis.test"}, MaxBytes: 1000, MaxRecipients: 2, MaxConns: 10, MaxConnsPerHost: 5,
		MailsPerMinute: 100, Timeout: time.Minute, Now: time.Now, Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	change(&c)
	s, err := New(c, b.keep)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-done)
	})
	t.Cleanup(stop)
	return l.Addr().String(), stop
}

// client is one end of a conversation.
type client struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func dial(t *testing.T, addr string) *client {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() }) // the test may have closed it
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	return &client{t: t, conn: conn, in: bufio.NewReader(conn)}
}

// says returns the next answer, its last line.
func (c *client) says() string {
	c.t.Helper()
	for {
		line, err := c.in.ReadString('\n')
		require.NoError(c.t, err)
		if line[3] == ' ' {
			return strings.TrimSpace(line)
		}
	}
}

func (c *client) send(text string) {
	c.t.Helper()
	_, err := fmt.Fprint(c.conn, strings.ReplaceAll(text, "\n", "\r\n")+"\r\n")
	require.NoError(c.t, err)
}

// talk sends lines and returns the answer to the last one.
func (c *client) talk(lines ...string) (answer string) {
	c.t.Helper()
	for _, line := range lines {
		c.send(line)
		answer = c.says()
	}
	return answer
}

const (
	hello = "EHLO mx.shop.test"
	from  = "MAIL FROM:<mia@shop.test>"
	to    = "RCPT TO:<sos@altis.test>"
)

func TestAMailIsTaken(t *testing.T) {
	b := &box{}
	addr, _ := start(t, b, func(*Config) {})
	c := dial(t, addr)
	require.Contains(t, c.says(), "220 mx.altis.test")
	require.Contains(t, c.talk(hello, from, to, "DATA"), "354")
	require.Contains(t, c.talk("Subject: down\n\n..help\n."), "250")
	require.Contains(t, c.talk("MAIL FROM:<>", "RCPT TO:<Sos@Altis.test>", "DATA"), "354")
	require.Contains(t, c.talk("bounce\n."), "250")
	require.Contains(t, c.talk("QUIT"), "221")
	require.Equal(t, []string{"Subject: down\r\n\r\n.help\r\n", "bounce\r\n"}, b.mails)
	require.Equal(t, "mia@shop.test", b.from[0].From)
	require.Equal(t, "sos@altis.test", b.from[0].To)
	require.Equal(t, "mx.shop.test", b.from[0].Hello)
	require.Equal(t, netip.MustParseAddr("127.0.0.1"), b.from[0].Remote)
	require.False(t, b.from[0].TLS)
	require.Empty(t, b.from[1].From)
}

func TestWhatIsNotForUsIsRefused(t *testing.T) {
	b := &box{}
	addr, _ := start(t, b, func(*Config) {})
	c := dial(t, addr)
	c.says()
	for _, other := range []string{"other@altis.test", "sos@shop.test", "sos@altis.test@shop.test", `"sos@altis.test"@shop.test`} {
		require.Regexp(t, "^5", c.talk(hello, from, "RCPT TO:<"+other+">"), other)
		require.Regexp(t, "^5", c.talk("DATA"))
	}
	require.Contains(t, c.talk("RSET", from, to, to), "250")
	require.Regexp(t, "^452", c.talk(to), "too many recipients")
	require.Regexp(t, "^5", c.talk("AUTH PLAIN AHgAeQ=="))
	require.Regexp(t, "^252", c.talk("VRFY sos"), "it tells nobody who is here")
	require.Zero(t, b.count())
}

func TestLimits(t *testing.T) {
	t.Run("size announced", func(t *testing.T) {
		b := &box{}
		addr, _ := start(t, b, func(*Config) {})
		c := dial(t, addr)
		c.says()
		require.Regexp(t, "^552", c.talk(hello, from+" SIZE=1001"))
	})
	t.Run("size", func(t *testing.T) {
		b := &box{}
		addr, _ := start(t, b, func(*Config) {})
		c := dial(t, addr)
		c.says()
		require.Regexp(t, "^552", c.talk(hello, from, to, "DATA", strings.Repeat("x", 500)+"\n"+strings.Repeat("x", 500)+"\n."))
		require.Regexp(t, "^250", c.talk(from, to), "the next one may be smaller")
		require.Zero(t, b.count())
	})
	t.Run("a mail in one line is taken", func(t *testing.T) {
		b := &box{}
		addr, _ := start(t, b, func(c *Config) { c.MaxBytes = 1 << 20 })
		c := dial(t, addr)
		c.says()
		require.Regexp(t, "^250", c.talk(hello, from, to, "DATA", strings.Repeat("x", 500_000)+"\n."))
		require.Equal(t, 1, b.count())
	})
	t.Run("rate", func(t *testing.T) {
		addr, _ := start(t, &box{}, func(c *Config) { c.MailsPerMinute = 2 })
		c := dial(t, addr)
		c.says()
		c.talk(hello, from, "RSET", from, "RSET")
		require.Regexp(t, "^450", c.talk(from))
	})
	t.Run("connections of a host", func(t *testing.T) {
		addr, _ := start(t, &box{}, func(c *Config) { c.MaxConnsPerHost = 2 })
		one := dial(t, addr)
		one.says()
		dial(t, addr).says()
		require.Regexp(t, "^421", dial(t, addr).says())
		require.Regexp(t, "^221", one.talk("QUIT"))
		testkit.Eventually(t, func() bool { return strings.HasPrefix(dial(t, addr).says(), "220") }, "the place is not free again")
	})
	t.Run("connections", func(t *testing.T) {
		addr, _ := start(t, &box{}, func(c *Config) { c.MaxConns = 1 })
		dial(t, addr).says()
		require.Regexp(t, "^421", dial(t, addr).says())
	})
	t.Run("time", func(t *testing.T) {
		b := &box{}
		addr, _ := start(t, b, func(c *Config) { c.Timeout = 100 * time.Millisecond })
		c := dial(t, addr)
		c.says()
		require.Regexp(t, "^354", c.talk(hello, from, to, "DATA"))
		c.send("Subject: it never ends")
		require.Regexp(t, "^4", c.says())
		require.Zero(t, b.count())
	})
}

func TestWhatCannotBeKeptIsPutOff(t *testing.T) {
	b := &box{err: fmt.Errorf("disk: %w", spool.ErrFull)}
	addr, _ := start(t, b, func(*Config) {})
	c := dial(t, addr)
	c.says()
	require.Regexp(t, "^452", c.talk(hello, from, to, "DATA", "help\n."))
	b.err = errors.New("the database is away")
	require.Regexp(t, "^451", c.talk(from, to, "DATA", "help\n."))
	b.err = nil
	require.Regexp(t, "^250", c.talk(from, to, "DATA", "help\n."))
}

func TestABrokenOffMailIsNotTaken(t *testing.T) {
	b := &box{}
	addr, stop := start(t, b, func(*Config) {})
	c := dial(t, addr)
	c.says()
	require.Regexp(t, "^354", c.talk(hello, from, to, "DATA"))
	c.send("Subject: down")
	require.NoError(t, c.conn.Close())
	stop()
	require.Zero(t, b.count())
}

func TestSTARTTLS(t *testing.T) {
	b := &box{}
	authority := testkit.CA(t)
	files := authority.Issue("mx")
	server, err := LoadTLS(files.Cert, files.Key)
	require.NoError(t, err)
	addr, _ := start(t, b, func(c *Config) { c.TLS = server })
	c := dial(t, addr)
	c.says()
	c.send(hello)
	lines := ""
	for !strings.Contains(lines, "250 ") {
		line, err := c.in.ReadString('\n')
		require.NoError(t, err)
		lines += line
	}
	require.Contains(t, lines, "STARTTLS")
	require.Regexp(t, "^220", c.talk("STARTTLS"))
	secure := encrypted(t, c.conn, files.CA)
	authority.Issue("mx") // renewed: the next connection has the new one
	require.Regexp(t, "^250", secure.talk(hello, from, to))
	require.Regexp(t, "^250", secure.talk("DATA", "help\n."))
	require.True(t, b.from[0].TLS)
	_, err = LoadTLS(files.Cert, files.CA)
	require.Error(t, err)
	none, err := LoadTLS("", "")
	require.NoError(t, err)
	require.Nil(t, none)
}

// encrypted goes on with a conversation by TLS.
func encrypted(t *testing.T, conn net.Conn, authority string) *client {
	t.Helper()
	text, err := os.ReadFile(authority)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(text))
	secure := tls.Client(conn, &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS12})
	require.NoError(t, secure.HandshakeContext(t.Context()))
	return &client{t: t, conn: secure, in: bufio.NewReader(secure)}
}
