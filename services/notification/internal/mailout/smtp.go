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
	MaxIdle            int    // connections kept; 0 = as many mails as are sent at once
	DialTimeout, Reply time.Duration
}

// idleLimit is how long a connection may wait for its next mail: less than servers wait.
const idleLimit = 30 * time.Second

// SMTP is a transport to a mail server. It keeps connections for the next mail.
type SMTP struct {
	config SMTPConfig
	host   string

	mu   sync.Mutex
	idle []*conversation // the one used last is at the end
}

// NewSMTP returns a transport; it connects when there is something to send.
func NewSMTP(c SMTPConfig) (*SMTP, error) {
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return nil, fmt.Errorf("mailout: address of the mail server: %w", err)
	}
	if c.MaxIdle == 0 {
		c.MaxIdle = 32
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
		c, reused, err := s.take(ctx)
		if err != nil {
			return "", err
		}
		answer, begun, err := s.transact(ctx, c, e, message)
		if err == nil {
			s.put(c)
			return answer, nil
		}
		if isSMTP(err) && !c.over && c.reset() == nil {
			s.put(c)
			return "", err
		}
		_ = c.conn.Close() // it is broken, or the server wants no more of it
		// A server may end an idle connection at any time; nothing of the message was sent on this one yet.
		if reused && !begun && (c.over || !isSMTP(err)) && ctx.Err() == nil {
			continue
		}
		return "", err
	}
}

// transact sends one message. begun is true once some of the message may have been sent.
func (s *SMTP) transact(ctx context.Context, c *conversation, e Envelope, message []byte) (answer string, begun bool, err error) {
	defer context.AfterFunc(ctx, func() { _ = c.conn.Close() })()
	international := !isASCII(e.To) || !isASCII(e.From)
	if international && !c.offers("SMTPUTF8") {
		return "", false, &Refused{Answer: "the mail server does not take international addresses"}
	}
	if hasControl(e.From) || hasControl(e.To) {
		return "", false, &Refused{Answer: errAddress.Error()}
	}
	sender, recipient, data := c.begin(e, len(message), international)
	switch {
	case sender != nil:
		return "", false, s.temporary(ctx, sender)
	case recipient != nil:
		err := s.verdict(ctx, recipient)
		if refused, ok := errors.AsType[*Refused](err); ok {
			refused.Gone = noSuchRecipient(recipient)
		}
		return "", false, err
	case data != nil:
		return "", false, s.verdict(ctx, data)
	}
	if answer, err = c.message(message); err != nil {
		return "", true, s.verdict(ctx, err)
	}
	return answer, true, nil
}

// verdict tells a final no from a temporary one.
func (s *SMTP) verdict(ctx context.Context, err error) error {
	if answer, ok := errors.AsType[*smtp.SMTPError](err); ok && answer.Code/100 == 5 {
		return &Refused{Answer: answerText(answer)}
	}
	return s.temporary(ctx, err)
}

// noSuchRecipient reports that a server's no is about the recipient's address itself: no such mailbox (5.1.1), no such domain
// (5.1.2), not an address (5.1.3), moved away (5.1.6), a domain that takes no mail (5.1.10). All else may be about us, our
// sender or this mail.
func noSuchRecipient(err error) bool {
	answer, ok := errors.AsType[*smtp.SMTPError](err)
	if !ok || answer.Code/100 != 5 || answer.EnhancedCode[0] != 5 || answer.EnhancedCode[1] != 1 {
		return false
	}
	switch answer.EnhancedCode[2] {
	case 1, 2, 3, 6, 10:
		return true
	}
	return false
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
func (s *SMTP) take(ctx context.Context) (c *conversation, reused bool, err error) {
	s.mu.Lock()
	for len(s.idle) > 0 {
		c := s.idle[len(s.idle)-1]
		s.idle = s.idle[:len(s.idle)-1]
		if time.Since(c.since) < idleLimit {
			s.mu.Unlock()
			return c, true, nil
		}
		_ = c.conn.Close()
	}
	s.mu.Unlock()
	c, err = s.dial(ctx)
	return c, false, err
}

// put keeps a connection for the next mail.
func (s *SMTP) put(c *conversation) {
	c.since = time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.idle) >= s.config.MaxIdle {
		_ = c.conn.Close()
		return
	}
	s.idle = append(s.idle, c)
}

// Close implements Transport.
func (s *SMTP) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.idle {
		_ = c.conn.Close()
	}
	s.idle = nil
}

// dial connects, protects the connection and logs in.
func (s *SMTP) dial(ctx context.Context) (*conversation, error) {
	dialer := net.Dialer{Timeout: s.config.DialTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", s.config.Addr)
	if err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	c := newConversation(conn, s.config.Reply)
	if err := s.open(ctx, c); err != nil {
		_ = c.conn.Close()
		return nil, s.temporary(ctx, err)
	}
	return c, nil
}

func (s *SMTP) open(ctx context.Context, c *conversation) error {
	if err := c.greet(s.config.Hello); err != nil {
		return err
	}
	if s.config.TLS == TLSRequired || s.config.TLS == TLSAuto && c.offers("STARTTLS") {
		if err := c.protect(ctx, s.tls(), s.config.Hello); err != nil {
			return err
		}
	}
	if s.config.User == "" {
		return nil
	}
	if !c.protected && !loopback(c.conn) {
		return errors.New("the mail server offers no encryption to send the password over")
	}
	return c.login(s.config.User, s.config.Password)
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
