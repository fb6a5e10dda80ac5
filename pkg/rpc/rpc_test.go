package rpc

import (
	"crypto/x509"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
)

func TestServiceOf(t *testing.T) {
	for _, c := range []struct {
		name string
		uris []string
		want string
	}{
		{name: "a service", uris: []string{"spiffe://altis-support/ticket"}, want: "ticket"},
		{name: "no name at all"},
		{name: "empty", uris: []string{"spiffe://altis-support/"}},
		{name: "nothing", uris: []string{"spiffe://altis-support"}},
		{name: "another trust domain", uris: []string{"spiffe://other/ticket"}},
		{name: "another scheme", uris: []string{"https://altis-support/ticket"}},
		{name: "deeper", uris: []string{"spiffe://altis-support/ticket/admin"}},
		{name: "two names", uris: []string{"spiffe://altis-support/ticket", "spiffe://altis-support/triage"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cert := &x509.Certificate{}
			for _, text := range c.uris {
				u, err := url.Parse(text)
				require.NoError(t, err)
				cert.URIs = append(cert.URIs, u)
			}
			require.Equal(t, c.want, serviceOf(cert))
		})
	}
}

func TestIdempotentByName(t *testing.T) {
	methods := idempotentByName()
	for _, m := range []string{identityv1.AuthService_ExchangeToken_FullMethodName, identityv1.AuthService_Jwks_FullMethodName} {
		require.Contains(t, methods, m)
	}
	require.NotContains(t, methods, identityv1.AuthService_Login_FullMethodName)
}
