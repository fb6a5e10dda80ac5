package compose

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCertificates makes them and lets each process meet each other, as servers and as clients.
func TestCertificates(t *testing.T) {
	folder := t.TempDir()
	out, err := runScript(t.Context(), folder)
	require.NoError(t, err, string(out))
	text, err := os.ReadFile(filepath.Join(folder, "ca.pem"))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(text))
	require.NoFileExists(t, filepath.Join(folder, "ca.key"))

	for name, program := range ours(load(t)) {
		if strings.HasSuffix(name, "-migrate") {
			continue
		}
		service := strings.TrimSuffix(program, "d")
		environment := load(t).Services[name].Environment
		setting := func(key string) string {
			return filepath.Join(folder, strings.TrimPrefix(*environment["ALTIS_"+strings.ToUpper(service)+"_TLS_"+key], "/certificates/"))
		}
		require.Equal(t, filepath.Join(folder, "ca.pem"), setting("CA"))
		pair, err := tls.LoadX509KeyPair(setting("CERT"), setting("KEY"))
		require.NoError(t, err)
		require.Len(t, pair.Leaf.URIs, 1)
		require.Equal(t, "spiffe://altis-support/"+service, pair.Leaf.URIs[0].String())
		for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
			_, err = pair.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name, KeyUsages: []x509.ExtKeyUsage{usage}})
			require.NoError(t, err)
		}
		info, err := os.Stat(setting("KEY"))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode())
	}

	// The next start of the containers leaves them alone.
	before, err := os.ReadFile(filepath.Join(folder, "ticket.pem"))
	require.NoError(t, err)
	out, err = runScript(t.Context(), folder)
	require.NoError(t, err, string(out))
	after, err := os.ReadFile(filepath.Join(folder, "ticket.pem"))
	require.NoError(t, err)
	require.Equal(t, before, after)
}
