package testkit

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"altis-dxp.com/support/pkg/rpc"
)

// Authority issues the certificates of services, valid for an hour.
type Authority struct {
	t    testing.TB
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// CA makes an authority whose files live as long as the test.
func CA(t testing.TB) *Authority {
	t.Helper()
	a := &Authority{t: t, dir: t.TempDir()}
	template := a.template("Altis Support test authority")
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign
	a.cert, a.key = a.sign(template, nil, nil)
	a.write("ca.pem", "CERTIFICATE", a.cert.Raw)
	return a
}

// Issue returns the files of a fresh certificate, with its key, for the service:
// as a peer it is spiffe://altis-support/<service>, as a server localhost,
// 127.0.0.1, ::1 and the service's name. Issuing again for the same service
// replaces its files.
func (a *Authority) Issue(service string) rpc.TLSFiles {
	a.t.Helper()
	template := a.template(service)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	template.DNSNames = []string{"localhost", service}
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	template.URIs = []*url.URL{{Scheme: "spiffe", Host: "altis-support", Path: "/" + service}}
	cert, key := a.sign(template, a.cert, a.key)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	must(a.t, err)
	return rpc.TLSFiles{
		Cert: a.write(service+".pem", "CERTIFICATE", cert.Raw),
		Key:  a.write(service+".key", "PRIVATE KEY", private),
		CA:   filepath.Join(a.dir, "ca.pem"),
	}
}

func (a *Authority) template(name string) *x509.Certificate {
	a.t.Helper()
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	must(a.t, err)
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-time.Minute),
		NotAfter:     now.Add(time.Hour),
	}
}

// sign makes a key and the certificate for it, signed by itself without parent.
func (a *Authority) sign(template, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(a.t, err)
	if parent == nil {
		parent, parentKey = template, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	must(a.t, err)
	cert, err := x509.ParseCertificate(raw)
	must(a.t, err)
	return cert, key
}

// write puts the file in place whole, since servers read it while it is replaced.
func (a *Authority) write(name, block string, raw []byte) string {
	a.t.Helper()
	path := filepath.Join(a.dir, name)
	must(a.t, os.WriteFile(path+".new", pem.EncodeToMemory(&pem.Block{Type: block, Bytes: raw}), 0o600))
	must(a.t, os.Rename(path+".new", path))
	return path
}
