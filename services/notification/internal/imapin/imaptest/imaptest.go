// Package imaptest is an IMAP server for tests, with the mailbox of one user.
package imaptest

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
)

// The user, whose folders are INBOX and Done.
const (
	User     = "help"
	Password = "secret"
)

// Server holds the mailbox, whether it serves or not.
type Server struct {
	Addr   string         // host:port
	Roots  *x509.CertPool // that vouch for it
	User   *imapmemserver.User
	Conns  atomic.Int64 // that it has had
	t      *testing.T
	mem    *imapmemserver.Server
	secure *tls.Config
	stop   func()
}

// New returns a server that does not serve yet.
func New(t *testing.T) *Server {
	t.Helper()
	files := testkit.CA(t).Issue("imap")
	cert, err := tls.LoadX509KeyPair(files.Cert, files.Key)
	require.NoError(t, err)
	ca, err := os.ReadFile(files.CA)
	require.NoError(t, err)
	s := &Server{
		t: t, User: imapmemserver.NewUser(User, Password), mem: imapmemserver.New(), Roots: x509.NewCertPool(),
		secure: &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}, stop: func() {},
	}
	require.True(t, s.Roots.AppendCertsFromPEM(ca))
	require.NoError(t, s.User.Create("INBOX", nil))
	require.NoError(t, s.User.Create("Done", nil))
	s.mem.AddUser(s.User)
	t.Cleanup(func() { s.stop() })
	return s
}

// Serve serves at an address, by TLS from the beginning or by STARTTLS, without which it takes passwords only if plain.
func (s *Server) Serve(addr string, implicit, plain bool) {
	s.t.Helper()
	l, err := (&net.ListenConfig{}).Listen(s.t.Context(), "tcp", addr)
	require.NoError(s.t, err)
	s.Addr = l.Addr().String()
	options := &imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			s.Conns.Add(1)
			return session{s.mem.NewSession().(imapserver.SessionMove)}, nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapMove: {}, imap.CapUIDPlus: {}}, Logger: quiet{}, InsecureAuth: plain,
	}
	if implicit {
		l = tls.NewListener(l, s.secure)
	} else {
		options.TLSConfig = s.secure
	}
	server := imapserver.New(options)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // ends by Close
	}()
	s.stop = sync.OnceFunc(func() {
		_ = server.Close()
		<-done
	})
}

// Stop ends the server and its connections; the mailbox stays.
func (s *Server) Stop() { s.stop() }

// Put has a mail come to a folder.
func (s *Server) Put(folder, mail string, flags ...imap.Flag) {
	s.t.Helper()
	_, err := s.User.Append(folder, literal{strings.NewReader(mail), int64(len(mail))}, &imap.AppendOptions{Flags: flags})
	require.NoError(s.t, err)
}

// Count returns how many mails of a folder nobody has seen, and how many there are.
func (s *Server) Count(folder string) (unseen, all uint32) {
	s.t.Helper()
	status, err := s.User.Status(folder, &imap.StatusOptions{NumMessages: true, NumUnseen: true})
	require.NoError(s.t, err)
	return *status.NumUnseen, *status.NumMessages
}

type literal struct {
	io.Reader
	size int64
}

func (l literal) Size() int64 { return l.size }

// quiet is a log, which would tell when connections end.
type quiet struct{}

func (quiet) Printf(string, ...any) {}

// session tells while it idles also what came just before, as servers have to.
type session struct{ imapserver.SessionMove }

func (s session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return nil
		case <-ticker.C:
			if err := s.Poll(w, true); err != nil {
				return err
			}
		}
	}
}
