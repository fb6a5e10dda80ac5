package rpc_test

import (
	"context"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/peer"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
)

// mount is a folder of certificates as Kubernetes mounts it: files are links through ..data, itself a link that is
// moved to another folder when something changes, after which the old one goes away.
type mount struct {
	dir      string
	versions int
}

var mountedNames = []string{"tls.crt", "tls.key", "ca.crt"}

func newMount(t *testing.T, files rpc.TLSFiles, authorities ...*authority) *mount {
	t.Helper()
	m := &mount{dir: t.TempDir()}
	m.put(t, files, authorities...)
	for _, name := range mountedNames {
		require.NoError(t, os.Symlink(filepath.Join("..data", name), filepath.Join(m.dir, name)))
	}
	return m
}

func (m *mount) files() rpc.TLSFiles {
	return rpc.TLSFiles{Cert: filepath.Join(m.dir, "tls.crt"), Key: filepath.Join(m.dir, "tls.key"), CA: filepath.Join(m.dir, "ca.crt")}
}

// put replaces all files at once.
func (m *mount) put(t *testing.T, files rpc.TLSFiles, authorities ...*authority) {
	t.Helper()
	data := filepath.Join(m.dir, "..data")
	old, _ := os.Readlink(data)
	m.versions++
	fresh := "..version_" + strconv.Itoa(m.versions)
	require.NoError(t, os.Mkdir(filepath.Join(m.dir, fresh), 0o755))
	cert, err := os.ReadFile(files.Cert)
	require.NoError(t, err)
	key, err := os.ReadFile(files.Key)
	require.NoError(t, err)
	var trusted []byte
	for _, a := range authorities {
		text, err := os.ReadFile(a.path("ca.pem"))
		require.NoError(t, err)
		trusted = append(trusted, text...)
	}
	for name, text := range map[string][]byte{"tls.crt": cert, "tls.key": key, "ca.crt": trusted} {
		require.NoError(t, os.WriteFile(filepath.Join(m.dir, fresh, name), text, 0o600))
	}
	require.NoError(t, os.Symlink(fresh, data+"_tmp"))
	require.NoError(t, os.Rename(data+"_tmp", data))
	if old != "" {
		require.NoError(t, os.RemoveAll(filepath.Join(m.dir, old)))
	}
}

// serial is the number of the certificate that the server of a connection has shown.
func serial(t *testing.T, conn grpc.ClientConnInterface) *big.Int {
	t.Helper()
	var p peer.Peer
	_, err := healthv1.NewHealthClient(conn).Check(t.Context(), &healthv1.HealthCheckRequest{}, grpc.Peer(&p))
	require.NoError(t, err)
	return p.AuthInfo.(credentials.TLSInfo).State.PeerCertificates[0].SerialNumber
}

// TestAuthoritiesAreRotatedUnderCalls goes the way that operators go: first everybody trusts both authorities, then
// certificates are those of the new one, then the old one is trusted no more. No call fails.
func TestAuthoritiesAreRotatedUnderCalls(t *testing.T) {
	before, after := newAuthority(t), newAuthority(t)
	server := newMount(t, before.issue(t, "ticket"), before)
	client := newMount(t, before.issue(t, "triage"), before)
	serverTLS, err := server.files().Server()
	require.NoError(t, err)
	clientTLS, err := client.files().Client()
	require.NoError(t, err)
	addr := setup(t, rpc.ServerOptions{TLS: serverTLS}).serve(t)
	lasting := dial(t, addr, rpc.DialOptions{TLS: clientTLS})
	first := serial(t, lasting)

	// Calls over connections of their own, all the while; each step waits for some that began after it.
	var calls atomic.Int64
	failed := make(chan error, 1)
	goUntilDone(t, func(ctx context.Context) error {
		for ctx.Err() == nil {
			conn, err := rpc.Dial(addr, rpc.DialOptions{TLS: clientTLS})
			if err != nil {
				return err
			}
			_, err = healthv1.NewHealthClient(conn).Check(ctx, &healthv1.HealthCheckRequest{})
			_ = conn.Close()
			if err != nil && ctx.Err() == nil {
				select {
				case failed <- err:
				default:
				}
			}
			calls.Add(1)
		}
		return nil
	})
	more := func() {
		t.Helper()
		until := calls.Load() + 3
		require.Eventually(t, func() bool { return calls.Load() >= until }, time.Minute, time.Millisecond)
		select {
		case err := <-failed:
			require.NoError(t, err)
		default:
		}
		require.NoError(t, check(t, lasting))
	}

	more()
	server.put(t, before.issue(t, "ticket"), before)
	more()
	second := serial(t, dial(t, addr, rpc.DialOptions{TLS: clientTLS}))
	require.NotEqual(t, first, second, "a renewed certificate")

	oldServer, oldClient := before.issue(t, "ticket"), before.issue(t, "triage")
	server.put(t, oldServer, before, after)
	more()
	client.put(t, oldClient, before, after)
	more()
	server.put(t, after.issue(t, "ticket"), before, after)
	more()
	client.put(t, after.issue(t, "triage"), before, after)
	more()
	server.put(t, after.issue(t, "ticket"), after)
	more()
	client.put(t, after.issue(t, "triage"), after)
	more()

	require.Equal(t, first, serial(t, lasting), "a connection keeps what it began with")
	left := oldClient
	left.CA = after.path("ca.pem")
	leftTLS, err := left.Client()
	require.NoError(t, err)
	require.ErrorIs(t, check(t, dial(t, addr, rpc.DialOptions{TLS: leftTLS})), fault.Unavailable, "a certificate of the old authority")
	stale := oldClient
	stale.Cert, stale.Key = "", ""
	staleTLS, err := stale.Client()
	require.NoError(t, err)
	require.ErrorIs(t, check(t, dial(t, addr, rpc.DialOptions{TLS: staleTLS})), fault.Unavailable, "a client that trusts the old one only")
}
