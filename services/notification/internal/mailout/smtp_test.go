package mailout

import (
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync/atomic"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
)

// server is a mail server with STARTTLS and a login.
type server struct {
	addr        string
	connections atomic.Int32
	encrypted   atomic.Int32 // mails taken over TLS
	clear       atomic.Int32
	logins      atomic.Int32 // passwords seen
}

func serveMail(t *testing.T, withTLS bool) *server {
	s := &server{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.addr = listener.Addr().String()
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.connections.Add(1)
		return &session{s: s, c: c}, nil
	}))
	srv.Domain, srv.AllowInsecureAuth, srv.ErrorLog = "mail.test", true, slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	if withTLS {
		files := testkit.CA(t).Issue("mail")
		certificate, err := tls.LoadX509KeyPair(files.Cert, files.Key)
		require.NoError(t, err)
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(listener) }()
	t.Cleanup(func() { _ = srv.Close(); _ = listener.Close(); <-done })
	return s
}

type session struct {
	s *server
	c *smtp.Conn
}

func (x *session) Reset()                               {}
func (x *session) Logout() error                        { return nil }
func (x *session) Mail(string, *smtp.MailOptions) error { return nil }
func (x *session) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (x *session) AuthMechanisms() []string             { return []string{sasl.Plain} }

func (x *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		x.s.logins.Add(1)
		if user != "desk" || password != "right" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (x *session) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	if _, ok := x.c.TLSConnectionState(); ok {
		x.s.encrypted.Add(1)
	} else {
		x.s.clear.Add(1)
	}
	return nil
}

func transport(t *testing.T, c SMTPConfig) *SMTP {
	s, err := NewSMTP(c)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func send(t *testing.T, s *SMTP) error {
	data, err := message().Bytes()
	require.NoError(t, err)
	_, err = s.Send(t.Context(), Envelope{ID: "d", From: "support@desk.test", To: "mia@shop.test"}, data)
	return err
}

func TestSTARTTLS(t *testing.T) {
	tests := []struct {
		name    string
		offered bool
		mode    TLSMode
		user    string
		fails   bool
		sealed  bool
	}{
		{name: "used when offered", offered: true, mode: TLSAuto, sealed: true},
		{name: "not needed when not offered", mode: TLSAuto},
		{name: "not wanted", offered: true, mode: TLSNone},
		{name: "no login at a server that nobody vouches for", offered: true, mode: TLSAuto, user: "desk", fails: true},
		{name: "required and not offered", mode: TLSRequired, fails: true},
		{name: "required with a certificate nobody knows", offered: true, mode: TLSRequired, fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv := serveMail(t, tt.offered)
			err := send(t, transport(t, SMTPConfig{
				Addr: srv.addr, TLS: tt.mode, Hello: "desk.test", User: tt.user, Password: "right",
			}))
			if tt.fails {
				require.Error(t, err)
				_, refused := errors.AsType[*Refused](err)
				require.False(t, refused, "the recipient has nothing to do with it")
				require.Zero(t, srv.encrypted.Load()+srv.clear.Load()+srv.logins.Load())
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.sealed, srv.encrypted.Load() == 1)
			require.Equal(t, !tt.sealed, srv.clear.Load() == 1)
		})
	}
}

func TestConnectionsAreUsedAgainAndALoginThatFailsIsTemporary(t *testing.T) {
	srv := serveMail(t, false)
	s := transport(t, SMTPConfig{Addr: srv.addr, TLS: TLSAuto, Hello: "desk.test", User: "desk", Password: "right"})
	for range 5 {
		require.NoError(t, send(t, s))
	}
	require.EqualValues(t, 1, srv.connections.Load())

	err := send(t, transport(t, SMTPConfig{Addr: srv.addr, TLS: TLSAuto, Hello: "desk.test", User: "desk", Password: "wrong"}))
	require.ErrorContains(t, err, "535")
	_, refused := errors.AsType[*Refused](err)
	require.False(t, refused)
}
