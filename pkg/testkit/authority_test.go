package testkit_test

import (
	"crypto/tls"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
)

func TestAuthorityIssuesForServerAndClient(t *testing.T) {
	authority := testkit.CA(t)
	serverConfig, err := authority.Issue("ticket").Server()
	require.NoError(t, err)
	clientConfig, err := authority.Issue("gateway").Client()
	require.NoError(t, err)
	clientConfig.ServerName = "ticket"

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	peer := make(chan tls.ConnectionState, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		server := tls.Server(conn, serverConfig)
		if server.Handshake() == nil {
			peer <- server.ConnectionState()
		}
		close(peer)
	}()
	client, err := (&tls.Dialer{Config: clientConfig, NetDialer: &net.Dialer{Timeout: 10 * time.Second}}).
		DialContext(t.Context(), "tcp", listener.Addr().String())
	require.NoError(t, err)
	defer client.Close()
	state := <-peer
	require.Len(t, state.VerifiedChains, 1)
	require.Equal(t, "spiffe://altis-support/gateway", state.PeerCertificates[0].URIs[0].String())
}

func TestAuthorityReplacesTheFilesOfAService(t *testing.T) {
	authority := testkit.CA(t)
	first := authority.Issue("ticket")
	before, err := os.ReadFile(first.Cert)
	require.NoError(t, err)
	require.Equal(t, first, authority.Issue("ticket"))
	after, err := os.ReadFile(first.Cert)
	require.NoError(t, err)
	require.NotEqual(t, before, after)
}
