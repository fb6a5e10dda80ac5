package doctor_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/supportctl/doctor"
	"altis-dxp.com/support/pkg/testkit"
)

func TestCertificates(t *testing.T) {
	authority := testkit.CA(t)
	good, other := authority.Issue("ticket"), testkit.CA(t).Issue("ticket")
	stranger := authority.Issue("printer")
	empty := filepath.Join(t.TempDir(), "empty.pem")
	require.NoError(t, os.WriteFile(empty, []byte("hello"), 0o600))
	for _, c := range []struct {
		name, file, authority string
		later                 time.Duration
		want                  doctor.State
		says                  string
	}{
		{name: "all is well", file: good.Cert, want: doctor.OK, says: "ticket, good until"},
		{name: "it ends soon", file: good.Cert, later: 50 * time.Minute, want: doctor.Warn, says: "expires"},
		{name: "it has ended", file: good.Cert, later: 2 * time.Hour, want: doctor.Fail, says: "expired"},
		{name: "it has not begun", file: good.Cert, later: -time.Hour, want: doctor.Fail, says: "from"},
		{name: "another authority", file: good.Cert, authority: other.CA, want: doctor.Fail, says: "chain"},
		{name: "nobody's name", file: stranger.Cert, want: doctor.Fail, says: "printer"},
		{name: "a key", file: good.Key, want: doctor.Fail, says: "no certificate"},
		{name: "nothing", file: empty, want: doctor.Fail, says: "no certificate"},
		{name: "no file", file: empty + ".none", want: doctor.Fail, says: "no such file"},
		{name: "no URI", file: selfSigned(t, func(c *x509.Certificate) { c.URIs = nil }), authority: "self", want: doctor.Fail, says: "no URI"},
		{name: "not for servers", file: selfSigned(t, func(c *x509.Certificate) { c.ExtKeyUsage = c.ExtKeyUsage[:1] }), authority: "self", want: doctor.Fail, says: "servers"},
		{name: "not for clients", file: selfSigned(t, func(c *x509.Certificate) { c.ExtKeyUsage = c.ExtKeyUsage[1:] }), authority: "self", want: doctor.Fail, says: "clients"},
		{name: "no host", file: selfSigned(t, func(c *x509.Certificate) { c.DNSNames = nil }), authority: "self", want: doctor.Fail, says: "no name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			switch c.authority {
			case "":
				c.authority = good.CA
			case "self":
				c.authority = c.file
			}
			f := look(t, doctor.Config{
				Certificates: []string{c.file}, Authorities: c.authority, Now: func() time.Time { return time.Now().Add(c.later) },
			})["certificate "+c.file]
			require.Equal(t, c.want, f.State, "%+v", f)
			require.Contains(t, f.Text, c.says)
		})
	}
	found := look(t, doctor.Config{Certificates: []string{good.Cert}, Authorities: good.CA, Now: func() time.Time { return time.Now().Add(50 * time.Minute) }})
	require.Equal(t, doctor.Warn, found["certificate authority Altis Support test authority"].State, "authorities end as well")
	require.Equal(t, doctor.Fail, look(t, doctor.Config{Certificates: []string{good.Cert}, Authorities: empty})["certificate "+empty].State)
}

// selfSigned returns a certificate that is its own authority.
func selfSigned(t *testing.T, change func(*x509.Certificate)) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}, DNSNames: []string{"ticket"},
		URIs: []*url.URL{{Scheme: "spiffe", Host: "altis-support", Path: "/ticket"}},
	}
	change(cert)
	raw, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "self.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), 0o600))
	return file
}
