package doctor_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/supportctl/doctor"
	"altis-dxp.com/support/pkg/testkit"
)

// secured is a mail server with a certificate for localhost and a login.
type secured struct{ smtp.Session }

func (secured) AuthMechanisms() []string { return []string{sasl.Plain} }

func (secured) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "desk" || password != "right" {
			return errors.New("no")
		}
		return nil
	}), nil
}

func (secured) Reset()        {}
func (secured) Logout() error { return nil }

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

func securedServer(t *testing.T) (addr string, roots *x509.CertPool) {
	t.Helper()
	files := testkit.CA(t).Issue("mail")
	pair, err := tls.LoadX509KeyPair(files.Cert, files.Key)
	require.NoError(t, err)
	authority, err := os.ReadFile(files.CA)
	require.NoError(t, err)
	roots = x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(authority))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return secured{}, nil }))
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	server.ErrorLog = silent{}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.NoError(t, <-done)
	})
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return net.JoinHostPort("localhost", port), roots
}

func TestMailServerWithoutEncryption(t *testing.T) {
	sink := testkit.SMTPSink(t)
	smtp := func(mode, user string) doctor.Finding {
		return look(t, doctor.Config{SMTP: doctor.SMTP{Addr: sink.Addr, TLS: mode, User: user, Password: "right"}})["smtp "+sink.Addr]
	}
	require.Equal(t, doctor.OK, smtp("none", "").State)
	require.Equal(t, doctor.Warn, smtp("auto", "").State)
	require.Equal(t, doctor.Fail, smtp("required", "").State)
	refused := smtp("none", "desk")
	require.Equal(t, doctor.Fail, refused.State, "it takes no login")
	require.NotContains(t, refused.Text, "right")
	require.Empty(t, sink.Messages(), "looking sends nothing")
	sink.Down()
	require.Equal(t, doctor.Fail, smtp("auto", "").State)
	require.Equal(t, doctor.Fail, look(t, doctor.Config{SMTP: doctor.SMTP{Addr: "mail"}})["smtp mail"].State)
}

func TestMailServerWithACertificate(t *testing.T) {
	addr, roots := securedServer(t)
	at := func(c doctor.SMTP, now time.Duration) map[string]doctor.Finding {
		c.Addr = addr
		return look(t, doctor.Config{SMTP: c, Now: func() time.Time { return time.Now().Add(now) }})
	}
	for _, c := range []struct {
		name              string
		config            doctor.SMTP
		later             time.Duration
		server, encrypted doctor.State
	}{
		{"all is well", doctor.SMTP{TLS: "required", User: "desk", Password: "right", Roots: roots}, 0, doctor.OK, doctor.OK},
		{"no login", doctor.SMTP{TLS: "auto", Roots: roots}, 0, doctor.OK, doctor.OK},
		{"the password is wrong", doctor.SMTP{TLS: "required", User: "desk", Password: "wrong", Roots: roots}, 0, doctor.Fail, doctor.OK},
		{"it ends soon", doctor.SMTP{TLS: "required", Roots: roots}, 50 * time.Minute, doctor.OK, doctor.Warn},
		{"it has ended", doctor.SMTP{TLS: "required", Roots: roots}, 2 * time.Hour, doctor.OK, doctor.Fail},
		{"an authority that nobody knows", doctor.SMTP{TLS: "required", Roots: x509.NewCertPool()}, 0, doctor.OK, doctor.Fail},
		{"nobody checks it", doctor.SMTP{TLS: "auto", Roots: x509.NewCertPool()}, 0, doctor.OK, doctor.Warn},
		{"no password to a stranger", doctor.SMTP{TLS: "auto", User: "desk", Password: "right", Roots: x509.NewCertPool()}, 0, doctor.Fail, doctor.Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := at(c.config, c.later)
			require.Equal(t, c.server, found["smtp "+addr].State, "%+v", found)
			require.Equal(t, c.encrypted, found["certificate of "+addr].State, "%+v", found)
		})
	}
}
