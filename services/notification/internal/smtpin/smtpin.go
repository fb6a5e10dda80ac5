// Package smtpin receives mails by SMTP for a few addresses of our own. It relays nothing, knows no passwords, and bounds what
// one client, and all together, can take. A mail is accepted only once whoever keeps it says that it lasts.
package smtpin

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"altis-dxp.com/support/pkg/ratelimit"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/spool"
)

// Config bounds what clients can do.
type Config struct {
	Hostname        string                    // how we call ourselves
	Addresses       []string                  // whom mails are taken for
	Accept          func(address string) bool // and for whom else; nil = nobody
	TLS             *tls.Config
	MaxBytes        int64
	MaxRecipients   int
	MaxConns        int // at once
	MaxConnsPerHost int
	MailsPerMinute  int           // of one host
	Timeout         time.Duration // for a command, and for a mail as a whole
	Now             func() time.Time
	Logger          *slog.Logger
}

// Keep makes a mail last. nil means that it does; an error of spool.IsFull or sqldb.IsFull that there is no room.
type Keep func(ctx context.Context, e spool.Envelope, mail io.Reader) error

// Server receives mails.
type Server struct {
	config Config
	keep   Keep
	rate   *ratelimit.Limiter
	ours   map[string]bool
}

// New returns a server that hands mails to keep.
func New(c Config, keep Keep) (*Server, error) {
	rate, err := ratelimit.New(ratelimit.Limit{Per: time.Minute, Burst: c.MailsPerMinute}, nil)
	if err != nil {
		return nil, fmt.Errorf("smtpin: %w", err)
	}
	s := &Server{config: c, keep: keep, rate: rate, ours: map[string]bool{}}
	for _, address := range c.Addresses {
		s.ours[strings.ToLower(address)] = true
	}
	return s, nil
}

// maxLine is far above what is allowed: programs that write a whole mail in one line are no reason not to take it.
const maxLine = 1 << 20

// stopTimeout is how long conversations may go on at the end.
const stopTimeout = 5 * time.Second

// Serve receives until ctx ends. Then mails that are being received have five seconds.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	// What was received at the end of ctx is still to be kept.
	keeping := context.WithoutCancel(ctx)
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{server: s, ctx: keeping, conn: c}, nil
	}))
	server.Domain, server.TLSConfig = s.config.Hostname, s.config.TLS
	server.MaxMessageBytes, server.MaxRecipients = s.config.MaxBytes, s.config.MaxRecipients
	server.ReadTimeout, server.WriteTimeout = s.config.Timeout, s.config.Timeout
	server.EnableSMTPUTF8 = true
	server.MaxLineLength = maxLine
	server.ErrorLog = quiet{keeping, s.config.Logger}
	limited := newLimited(l, s.config.MaxConns, s.config.MaxConnsPerHost)
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		ctx, cancel := context.WithTimeout(keeping, stopTimeout)
		defer cancel()
		limited.drain()
		_ = limited.Close()      // Shutdown does not know it when it comes before Serve
		_ = server.Shutdown(ctx) // what it waits for is ended below
		limited.closeAll()
	})
	err := server.Serve(limited)
	if stop() {
		limited.closeAll()
		return fmt.Errorf("smtpin: %w", err)
	}
	<-stopped
	return nil
}

// quiet logs what the SMTP library says without the addresses that it may hold.
type quiet struct {
	ctx    context.Context // as of session
	logger *slog.Logger
}

// Printf implements smtp.Logger.
func (q quiet) Printf(string, ...any) { q.say() }

// Println implements smtp.Logger.
func (q quiet) Println(...any) { q.say() }

func (q quiet) say() {
	q.logger.DebugContext(q.ctx, "a conversation with a mail server broke off")
}

// session is a conversation.
type session struct {
	server *Server
	ctx    context.Context // the library hands over none
	conn   *smtp.Conn
	from   string
	to     string
}

// Reset implements smtp.Session.
func (s *session) Reset() { s.from, s.to = "", "" }

// Logout implements smtp.Session.
func (s *session) Logout() error { return nil }

// Mail implements smtp.Session.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if ok, _ := s.server.rate.Allow(s.ctx, network(hostOf(s.conn.Conn().RemoteAddr())).String()); !ok {
		return reply(450, smtp.EnhancedCode{4, 7, 1}, "Too many mails from you: try again in a minute")
	}
	s.from = from
	return nil
}

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if accept := s.server.config.Accept; !s.server.ours[strings.ToLower(to)] && (accept == nil || !accept(to)) {
		return reply(550, smtp.EnhancedCode{5, 7, 1}, "No such mailbox here, and nothing is relayed")
	}
	s.to = strings.ToLower(to)
	return nil
}

// Data implements smtp.Session.
func (s *session) Data(r io.Reader) error {
	_, encrypted := s.conn.TLSConnectionState()
	e := spool.Envelope{
		From: s.from, To: s.to, Remote: hostOf(s.conn.Conn().RemoteAddr()), Hello: s.conn.Hostname(), TLS: encrypted,
		ReceivedAt: s.server.config.Now().UTC().Truncate(time.Microsecond),
	}
	from := &source{reader: r}
	err := s.server.keep(s.ctx, e, from)
	refusal, ok := errors.AsType[*smtp.SMTPError](from.err)
	switch {
	case err == nil:
		return nil
	case ok: // it is too large
		return refusal
	case from.err != nil:
		return reply(451, smtp.EnhancedCode{4, 4, 2}, "The mail was broken off")
	case spool.IsFull(err), sqldb.IsFull(err):
		s.server.config.Logger.ErrorContext(s.ctx, "a mail was put off: the disk is full", slog.Any("error", err))
		return reply(452, smtp.EnhancedCode{4, 3, 1}, "No room for it just now: try again later")
	}
	s.server.config.Logger.ErrorContext(s.ctx, "a mail was put off: it cannot be kept", slog.Any("error", err))
	return reply(451, smtp.EnhancedCode{4, 3, 0}, "It cannot be kept just now: try again later")
}

// source notes what reading the mail failed with.
type source struct {
	reader io.Reader
	err    error
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

func reply(code int, enhanced smtp.EnhancedCode, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}
