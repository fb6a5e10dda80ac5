package doctor_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/supportctl/doctor"
)

// zone answers as DNS does.
type zone struct {
	txt   map[string][]string
	mx    map[string][]string
	hosts map[string]bool
	down  bool
}

func (z zone) fault(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: !z.down, IsTemporary: z.down}
}

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	if found, ok := z.txt[name]; ok && !z.down {
		return found, nil
	}
	return nil, z.fault(name)
}

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	var found []*net.MX
	for _, host := range z.mx[name] {
		found = append(found, &net.MX{Host: host + ".", Pref: 10})
	}
	if len(found) == 0 || z.down {
		return nil, z.fault(name)
	}
	return found, nil
}

func (z zone) LookupHost(_ context.Context, name string) ([]string, error) {
	if z.hosts[name] {
		return []string{"192.0.2.1"}, nil
	}
	return nil, z.fault(name)
}

func TestSPFAndDMARC(t *testing.T) {
	const domain = "support.example.com"
	for _, c := range []struct {
		name       string
		txt        map[string][]string
		spf, dmarc doctor.State
	}{
		{"all is well", map[string][]string{domain: {"other", "v=spf1 include:mail.example -all"}, "_dmarc." + domain: {"v=DMARC1; p=reject"}}, doctor.OK, doctor.OK},
		{"by the domain above", map[string][]string{domain: {"v=spf1 redirect=_spf.mail.example"}, "_dmarc.example.com": {"v=DMARC1; p=reject"}}, doctor.OK, doctor.OK},
		{"the domain above has another policy for those below", map[string][]string{domain: {"v=spf1 mx ~all"}, "_dmarc.example.com": {"v=DMARC1; p=reject; sp=none"}}, doctor.OK, doctor.Warn},
		{"only watched", map[string][]string{domain: {"v=spf1 mx ?all"}, "_dmarc." + domain: {"v=DMARC1; p=none"}}, doctor.Warn, doctor.Warn},
		{"no end", map[string][]string{domain: {"v=spf1 mx"}, "_dmarc." + domain: {"v=DMARC1"}}, doctor.Warn, doctor.Fail},
		{"everybody", map[string][]string{domain: {"v=spf1 +all"}}, doctor.Fail, doctor.Fail},
		{"two", map[string][]string{domain: {"v=spf1 -all", "v=spf1 mx -all"}, "_dmarc." + domain: {"v=DMARC1; p=reject", "v=DMARC1; p=none"}}, doctor.Fail, doctor.Fail},
		{"none", nil, doctor.Fail, doctor.Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := look(t, doctor.Config{Mail: doctor.Mail{From: "desk@Support.example.com"}, Resolver: zone{txt: c.txt}})
			require.Equal(t, c.spf, found["spf "+domain].State, "%+v", found)
			require.Equal(t, c.dmarc, found["dmarc "+domain].State, "%+v", found)
			require.Equal(t, doctor.Warn, found["dkim "+domain].State, "who names no key may have forgotten it")
		})
	}
	for check, f := range look(t, doctor.Config{
		Mail: doctor.Mail{From: "desk@example.com", ReplyDomain: "reply.example.com", DKIMKeys: []doctor.DKIMKey{{Selector: "s1"}}}, Resolver: zone{down: true},
	}) {
		require.Equal(t, doctor.Fail, f.State, "%s: no answer is not well", check)
	}
}

func TestDKIM(t *testing.T) {
	dir := t.TempDir()
	keep := func(name, kind string, raw []byte) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}), 0o600))
		return file
	}
	signer, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	own := keep("rsa.pem", "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(signer))
	encoded, err := x509.MarshalPKIXPublicKey(signer.Public())
	require.NoError(t, err)
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	short := keep("ed25519.pem", "PRIVATE KEY", raw)
	p := base64.StdEncoding.EncodeToString
	for _, c := range []struct {
		name, record, file string
		want               doctor.State
	}{
		{"RSA", "v=DKIM1; k=rsa; p=" + p(encoded), own, doctor.OK},
		{"RSA in the older form", "v=DKIM1; p=" + p(x509.MarshalPKCS1PublicKey(&signer.PublicKey)), own, doctor.OK},
		{"Ed25519", "v=DKIM1; k=ed25519; p=" + p(public), short, doctor.OK},
		{"no file", "v=DKIM1; k=ed25519; p=" + p(public), "", doctor.OK},
		{"another key", "v=DKIM1; k=ed25519; p=" + p(public), own, doctor.Fail},
		{"withdrawn", "v=DKIM1; p=", own, doctor.Fail},
		{"no key", "hello", own, doctor.Fail},
		{"no record", "", own, doctor.Fail},
		{"no such file", "v=DKIM1; p=" + p(encoded), filepath.Join(dir, "none"), doctor.Fail},
		{"not a key", "v=DKIM1; p=" + p(encoded), keep("public.pem", "PUBLIC KEY", encoded), doctor.Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			z := zone{txt: map[string][]string{}}
			const name = "s1._domainkey.example.com"
			if c.record != "" {
				z.txt[name] = []string{c.record}
			}
			found := look(t, doctor.Config{Resolver: z, Mail: doctor.Mail{
				From: "desk@support.example.com", DKIMDomain: "example.com", DKIMKeys: []doctor.DKIMKey{{Selector: "s1", File: c.file}},
			}})
			require.Equal(t, c.want, found["dkim "+name].State, "%+v", found["dkim "+name])
		})
	}
}

func TestMX(t *testing.T) {
	z := zone{
		mx: map[string][]string{
			"reply.example.com": {"in.example.com"}, "help.example.com": {"in.example.com", "gone.example.com"}, "sos.example.com": {"gone.example.com"},
		},
		hosts: map[string]bool{"in.example.com": true},
	}
	taking := func(m doctor.Mail) map[string]doctor.Finding { return look(t, doctor.Config{Mail: m, Resolver: z}) }
	found := taking(doctor.Mail{ReplyDomain: "Reply.example.com", SupportAddress: "a@help.example.com", EmergencyAddress: "a@sos.example.com"})
	require.Equal(t, doctor.OK, found["mx reply.example.com"].State)
	require.Equal(t, doctor.Warn, found["mx help.example.com"].State)
	require.Equal(t, doctor.Fail, found["mx sos.example.com"].State)
	require.Equal(t, doctor.Fail, found["spf reply.example.com"].State, "mails that come back are asked about as well")
	require.Equal(t, doctor.Fail, taking(doctor.Mail{SupportAddress: "a@none.example.com"})["mx none.example.com"].State)
	require.Len(t, taking(doctor.Mail{SupportAddress: "a@help.example.com", EmergencyAddress: "b@help.example.com"}), 1, "each domain once")
}
