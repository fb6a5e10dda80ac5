package rpc_test

import (
	"crypto/tls"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
)

func check(t *testing.T, conn grpc.ClientConnInterface) error {
	t.Helper()
	_, err := healthv1.NewHealthClient(conn).Check(t.Context(), &healthv1.HealthCheckRequest{})
	return err
}

func TestWhoGetsIn(t *testing.T) {
	ca, stranger := newAuthority(t), newAuthority(t)
	serverFiles := ca.issue(t, "ticket")
	serverTLS, err := serverFiles.Server()
	require.NoError(t, err)
	f := setup(t, rpc.ServerOptions{TLS: serverTLS})
	addr := f.serve(t)
	foreign := stranger.issue(t, "triage")
	foreign.CA = serverFiles.CA
	for _, c := range []struct {
		name  string
		files rpc.TLSFiles
		ok    bool
	}{
		{name: "a service", files: ca.issue(t, "triage"), ok: true},
		{name: "tooling without a certificate", files: rpc.TLSFiles{CA: serverFiles.CA}, ok: true},
		{name: "plaintext"},
		{name: "a certificate of another authority", files: foreign},
		{name: "a client that trusts another authority", files: rpc.TLSFiles{CA: foreign.Cert}},
	} {
		t.Run(c.name, func(t *testing.T) {
			clientTLS, err := c.files.Client()
			require.NoError(t, err)
			err = check(t, dial(t, addr, rpc.DialOptions{TLS: clientTLS}))
			if c.ok {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, fault.Unavailable)
		})
	}
	t.Run("another name", func(t *testing.T) {
		clientTLS, err := ca.issue(t, "triage").Client()
		require.NoError(t, err)
		clientTLS.ServerName = "ticket.example"
		require.ErrorIs(t, check(t, dial(t, addr, rpc.DialOptions{TLS: clientTLS})), fault.Unavailable)
	})
}

func TestServersAreVerifiedByTheHostOfTheTarget(t *testing.T) {
	for _, c := range []struct {
		name       string
		hosts      []string // of the server's certificate
		host       string   // of the target
		serverName string
		ok         bool
	}{
		{name: "address", hosts: []string{"127.0.0.1"}, host: "127.0.0.1", ok: true},
		{name: "name", hosts: []string{"localhost"}, host: "localhost", ok: true},
		{name: "server name", hosts: []string{"other.example"}, host: "127.0.0.1", serverName: "other.example", ok: true},
		{name: "address of another", hosts: []string{"other.example", "127.0.0.2"}, host: "127.0.0.1"},
		{name: "name of another", hosts: []string{"other.example", "127.0.0.1"}, host: "localhost"},
		{name: "address as a server name", hosts: []string{"127.0.0.1"}, host: "127.0.0.1", serverName: "127.0.0.2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ca := newAuthority(t)
			serverTLS, err := ca.issue(t, "ticket", c.hosts...).Server()
			require.NoError(t, err)
			clientTLS, err := ca.issue(t, "triage").Client()
			require.NoError(t, err)
			clientTLS.ServerName = c.serverName
			_, port, err := net.SplitHostPort(setup(t, rpc.ServerOptions{TLS: serverTLS}).serve(t))
			require.NoError(t, err)
			err = check(t, dial(t, net.JoinHostPort(c.host, port), rpc.DialOptions{TLS: clientTLS}))
			if c.ok {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, fault.Unavailable)
			require.ErrorContains(t, err, "certificate is")
		})
	}
	clientTLS, err := newAuthority(t).issue(t, "triage").Client()
	require.NoError(t, err)
	require.ErrorContains(t, clientTLS.VerifyConnection(tls.ConnectionState{}), "name is not known")
}

func TestFilesAreReadAgain(t *testing.T) {
	ca := newAuthority(t)
	server, client := ca.issue(t, "ticket"), ca.issue(t, "triage")
	serverTLS, err := server.Server()
	require.NoError(t, err)
	clientTLS, err := client.Client()
	require.NoError(t, err)
	f := setup(t, rpc.ServerOptions{TLS: serverTLS})
	addr := f.serve(t)
	require.NoError(t, check(t, dial(t, addr, rpc.DialOptions{TLS: clientTLS})))

	// Everything is replaced, by an authority that nobody knew.
	next := newAuthority(t)
	for service, files := range map[string]rpc.TLSFiles{"ticket": server, "triage": client} {
		fresh := next.issue(t, service)
		for from, to := range map[string]string{fresh.Cert: files.Cert, fresh.Key: files.Key, fresh.CA: files.CA} {
			replace(t, from, to)
		}
	}
	require.NoError(t, check(t, dial(t, addr, rpc.DialOptions{TLS: clientTLS})))

	// Half replaced: what was good goes on.
	require.NoError(t, os.WriteFile(server.Key, []byte("half"), 0o600))
	require.NoError(t, os.Remove(client.Cert))
	require.NoError(t, check(t, dial(t, addr, rpc.DialOptions{TLS: clientTLS})))
}

// replace puts a file in the place of another, with a time that differs even on coarse clocks.
func replace(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, text, 0o600))
	later := time.Now().Add(time.Minute)
	require.NoError(t, os.Chtimes(to, later, later))
}

func TestTLSFilesFaults(t *testing.T) {
	ca := newAuthority(t)
	good := ca.issue(t, "ticket")
	for _, c := range []struct {
		name  string
		files rpc.TLSFiles
	}{
		{name: "missing file", files: rpc.TLSFiles{Cert: "/does/not/exist.pem", Key: good.Key}},
		{name: "no key", files: rpc.TLSFiles{Cert: good.Cert}},
		{name: "key of another", files: rpc.TLSFiles{Cert: good.Cert, Key: ca.path("ca.key")}},
		{name: "authority that is none", files: rpc.TLSFiles{Cert: good.Cert, Key: good.Key, CA: good.Key}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.files.Server()
			require.Error(t, err)
			_, err = c.files.Client()
			require.Error(t, err)
		})
	}
	_, err := rpc.TLSFiles{CA: good.CA}.Server()
	require.ErrorContains(t, err, "certificate")

	for _, config := range []func() (*tls.Config, error){rpc.TLSFiles{}.Server, rpc.TLSFiles{}.Client} {
		c, err := config()
		require.NoError(t, err)
		require.Nil(t, c, "plaintext")
	}
}
