package mailout

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// TLSMode says how connections to the mail server are protected.
type TLSMode string

// The modes.
const (
	TLSAuto     TLSMode = "auto"     // STARTTLS when offered; with a login only with a valid certificate
	TLSRequired TLSMode = "required" // STARTTLS with a valid certificate, or no mail
	TLSNone     TLSMode = "none"
)

// SMTPConfig says where the mail server is.
type SMTPConfig struct {
	Addr               string // host:port
	User, Password     string // "" = no authentication
	TLS                TLSMode
	Hello              string // our name in EHLO
	MaxIdle            int    // connections kept; 0 = 8
	DialTimeout, Reply time.Duration
}

// idleLimit is how long a connection may wait for its next mail: less than servers wait.
const idleLimit = 30 * time.Second

// SMTP is a transport to a mail server. It keeps connections for the next mail.
type SMTP struct {
	config SMTPConfig
	host   string

	mu   sync.Mutex
	idle []connection // the one used last is at the end
}

type connection struct {
	client *smtp.Client
	conn   net.Conn
	since  time.Time // idle since
	reused bool
}

// NewSMTP returns a transport; it connects when there is something to send.
func NewSMTP(c SMTPConfig) (*SMTP, error) {
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return nil, fmt.Errorf("mailout: address of the mail server: %w", err)
	}
	if c.MaxIdle == 0 {
		c.MaxIdle = 8
	}
	if c.DialTimeout == 0 {
		c.DialTimeout = 10 * time.Second
	}
	if c.Reply == 0 {
		c.Reply = time.Minute
	}
	return &SMTP{config: c, host: host}, nil
}

// Send implements Transport. A final no counts only when it is about the recipient or the message: a server that refuses
// our login or our sender may be repaired, and the mail must not be lost by that.
func (s *SMTP) Send(ctx context.Context, e Envelope, message []byte) (string, error) {
	for {
		c, err := s.take(ctx)
		if err != nil {
			return "", err
		}
		answer, begun, err := s.transact(ctx, c, e, message)
		switch {
		case err == nil:
			s.put(c)
			return answer, nil
		case isSMTP(err):
			s.put(c)
		default:
			_ = c.client.Close() // it is broken
			// A server may close an idle connection at any time; nothing was said on this one yet.
			if c.reused && !begun && ctx.Err() == nil {
				continue
			}
		}
		return "", err
	}
}

// transact sends one message. begun is true once the server has taken a command.
func (s *SMTP) transact(ctx context.Context, c connection, e Envelope, message []byte) (answer string, begun bool, err error) {
	defer context.AfterFunc(ctx, func() { _ = c.conn.Close() })()
	options := &smtp.MailOptions{Size: int64(len(message))}
	if !isASCII(e.To) || !isASCII(e.From) {
		if ok, _ := c.client.Extension("SMTPUTF8"); !ok {
			return "", true, &Refused{"the mail server does not take international addresses"}
		}
		options.UTF8 = true
	}
	if err := c.client.Mail(e.From, options); err != nil {
		return "", false, s.temporary(ctx, err)
	}
	if err := c.client.Rcpt(e.To, nil); err != nil {
		return "", true, s.verdict(ctx, err)
	}
	data, err := c.client.Data()
	if err != nil {
		return "", true, s.verdict(ctx, err)
	}
	if _, err := data.Write(message); err != nil {
		return "", true, s.temporary(ctx, err)
	}
	response, err := data.CloseWithResponse()
	if err != nil {
		return "", true, s.verdict(ctx, err)
	}
	return oneLine("250 " + response.StatusText), true, nil
}

// verdict tells a final no from a temporary one.
func (s *SMTP) verdict(ctx context.Context, err error) error {
	if answer, ok := errors.AsType[*smtp.SMTPError](err); ok && answer.Code/100 == 5 {
		return &Refused{answerText(answer)}
	}
	return s.temporary(ctx, err)
}

func (s *SMTP) temporary(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s does not answer in time: %w", s.config.Addr, ctx.Err())
	}
	if answer, ok := errors.AsType[*smtp.SMTPError](err); ok {
		return &temporary{answerText(answer), err}
	}
	return err
}

// temporary is a server's no that may be a yes later.
type temporary struct {
	answer string
	err    error
}

func (t *temporary) Error() string { return t.answer }
func (t *temporary) Unwrap() error { return t.err }

// isSMTP reports that the server answered, so that its connection is still of use.
func isSMTP(err error) bool {
	_, refused := errors.AsType[*Refused](err)
	_, later := errors.AsType[*smtp.SMTPError](err)
	return refused || later
}

func answerText(e *smtp.SMTPError) string {
	text := fmt.Sprintf("%d ", e.Code)
	if e.EnhancedCode != (smtp.EnhancedCode{}) && e.EnhancedCode[0] > 0 {
		text += fmt.Sprintf("%d.%d.%d ", e.EnhancedCode[0], e.EnhancedCode[1], e.EnhancedCode[2])
	}
	return oneLine(text + e.Message)
}

// take returns an idle connection, or a new one.
func (s *SMTP) take(ctx context.Context) (connection, error) {
	s.mu.Lock()
	for len(s.idle) > 0 {
		c := s.idle[len(s.idle)-1]
		s.idle = s.idle[:len(s.idle)-1]
		if time.Since(c.since) < idleLimit {
			s.mu.Unlock()
			c.reused = true
			return c, nil
		}
		_ = c.client.Close()
	}
	s.mu.Unlock()
	return s.dial(ctx)
}

// put keeps a connection for the next mail.
func (s *SMTP) put(c connection) {
	if c.client.Reset() != nil {
		_ = c.client.Close()
		return
	}
	c.since = time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.idle) >= s.config.MaxIdle {
		_ = c.client.Close()
		return
	}
	s.idle = append(s.idle, c)
}

// Close implements Transport.
func (s *SMTP) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.idle {
		_ = c.client.Close()
	}
	s.idle = nil
}

// dial connects, protects the connection and logs in.
func (s *SMTP) dial(ctx context.Context) (connection, error) {
	c, err := s.connect(ctx, s.config.TLS == TLSRequired)
	if err != nil {
		return c, err
	}
	if s.config.TLS == TLSAuto {
		// The client can only begin with STARTTLS: once it is known to be offered, begin again.
		if offered, _ := c.client.Extension("STARTTLS"); offered {
			_ = c.client.Close()
			if c, err = s.connect(ctx, true); err != nil {
				return c, err
			}
		}
	}
	if s.config.User == "" {
		return c, nil
	}
	if _, protected := c.client.TLSConnectionState(); !protected && !loopback(c.conn) {
		_ = c.client.Close()
		return c, errors.New("the mail server offers no encryption to send the password over")
	}
	if err := c.client.Auth(sasl.NewPlainClient("", s.config.User, s.config.Password)); err != nil {
		_ = c.client.Close()
		return c, s.temporary(ctx, err)
	}
	return c, nil
}

func (s *SMTP) connect(ctx context.Context, protect bool) (connection, error) {
	dialer := net.Dialer{Timeout: s.config.DialTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", s.config.Addr)
	if err != nil {
		return connection{}, err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	c := connection{conn: conn}
	if protect {
		c.client, err = smtp.NewClientStartTLS(conn, s.tls())
		if err != nil {
			_ = conn.Close()
			return c, s.temporary(ctx, err)
		}
	} else {
		c.client = smtp.NewClient(conn)
	}
	c.client.CommandTimeout, c.client.SubmissionTimeout = s.config.Reply, s.config.Reply
	if !protect {
		if err := c.client.Hello(s.config.Hello); err != nil {
			_ = c.client.Close()
			return c, s.temporary(ctx, err)
		}
	}
	return c, nil
}

// tls returns how a connection is protected. Without a login "auto" would as well have sent in clear: there a certificate
// that nobody can check is no reason not to encrypt. A password is only shown to the server that it is for.
func (s *SMTP) tls() *tls.Config {
	return &tls.Config{
		ServerName: s.host, MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: s.config.TLS == TLSAuto && s.config.User == "", //nolint:gosec // see above
	}
}

func loopback(conn net.Conn) bool {
	host, _, err := net.SplitHostPort(conn.RemoteAddr().String())
	return err == nil && net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}
