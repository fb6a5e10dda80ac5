package mailauth

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// zone is a DNS of TXT records.
type zone map[string]string

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	switch text, ok := z[name]; {
	case !ok:
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	case text == "away":
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	default:
		return []string{text}, nil
	}
}

func (zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) { return nil, notFound(name) }

// LookupIPAddr knows one host.
func (zone) LookupIPAddr(_ context.Context, host string) ([]net.IPAddr, error) {
	if host == "mx.shop.test" {
		return []net.IPAddr{{IP: net.ParseIP("192.0.2.7")}}, nil
	}
	return nil, notFound(host)
}

func (zone) LookupAddr(_ context.Context, addr string) ([]string, error) { return nil, notFound(addr) }

func notFound(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// TestSent: the server that brings a mail speaks for its author when their domain, or an aligned one, lets it.
func TestSent(t *testing.T) {
	const policy, record = "v=DMARC1; p=reject", "v=spf1 ip4:192.0.2.0/28 -all"
	tests := []struct {
		name, remote, from string
		dns                zone
		spf                string
		sent, err          bool
	}{
		{"by a server of the domain", "192.0.2.1", "mia@shop.test", zone{"shop.test": record, "_dmarc.shop.test": policy}, "pass", true, false},
		{"by a host that it names", "192.0.2.7", "mia@shop.test", zone{"shop.test": "v=spf1 a:mx.shop.test -all", "_dmarc.shop.test": policy}, "pass", true, false},
		{"by IPv6", "2001:db8::1", "mia@shop.test", zone{"shop.test": "v=spf1 ip6:2001:db8::/32 -all", "_dmarc.shop.test": policy}, "pass", true, false},
		{"by another server", "198.51.100.1", "mia@shop.test", zone{"shop.test": record, "_dmarc.shop.test": policy}, "fail", false, false},
		{"by a server that it does not vouch for", "198.51.100.1", "mia@shop.test", zone{"shop.test": "v=spf1 ~all", "_dmarc.shop.test": policy}, "softfail", false, false},
		{"it does not say", "192.0.2.1", "mia@shop.test", zone{"_dmarc.shop.test": policy}, "none", false, false},
		{"it asks itself for ever", "192.0.2.1", "mia@shop.test", zone{"shop.test": "v=spf1 include:shop.test -all", "_dmarc.shop.test": policy}, "permerror", false, false},
		{"for another domain", "192.0.2.1", "eve@evil.test", zone{"evil.test": record, "_dmarc.shop.test": policy}, "pass", false, false},
		{"for a domain of the organization", "192.0.2.1", "b@news.shop.test", zone{"news.shop.test": record, "_dmarc.shop.test": policy}, "pass", true, false},
		{"for a domain of the organization, strict", "192.0.2.1", "b@news.shop.test", zone{"news.shop.test": record, "_dmarc.shop.test": policy + "; aspf=s"}, "pass", false, false},
		{"no policy", "192.0.2.1", "mia@shop.test", zone{"shop.test": record}, "pass", false, false},
		{"no sender", "192.0.2.1", "", zone{"shop.test": record, "_dmarc.shop.test": policy}, "", false, false},
		{"from a mailbox", "", "mia@shop.test", zone{"shop.test": record, "_dmarc.shop.test": policy}, "", false, false},
		{"DNS is away", "192.0.2.1", "mia@shop.test", zone{"shop.test": "away", "_dmarc.shop.test": policy}, "temperror", false, true},
		{"DNS is away, and nothing hangs on it", "192.0.2.1", "mia@shop.test", zone{"shop.test": "away"}, "temperror", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := Check(t.Context(), []byte("From: mia@shop.test\r\n\r\nhelp\r\n"), "mia@shop.test", Route{tt.remote, tt.from}, tt.dns)
			require.Equal(t, tt.err, err != nil, "%v", err)
			require.Equal(t, tt.spf, v.SPF)
			require.Equal(t, tt.sent, v.Sent)
			require.False(t, v.Signed)
		})
	}
}

func TestStrict(t *testing.T) {
	for _, tt := range []struct {
		name string
		dns  zone
		want bool
	}{
		{"reject", zone{"_dmarc.shop.test": "v=DMARC1; p=reject"}, true},
		{"quarantine", zone{"_dmarc.shop.test": "v=DMARC1; p=quarantine"}, true},
		{"quarantine some", zone{"_dmarc.shop.test": "v=DMARC1; p=quarantine; pct=1"}, true},
		{"on trial", zone{"_dmarc.shop.test": "v=DMARC1; p=reject; pct=0"}, false},
		{"watch only", zone{"_dmarc.shop.test": "v=DMARC1; p=none"}, false},
		{"no policy", zone{}, false},
		{"no DMARC record", zone{"_dmarc.shop.test": "v=spf1 -all"}, false},
		{"malformed", zone{"_dmarc.shop.test": "v=DMARC1; p=whatever"}, false},
		{"what is for subdomains is for those only", zone{"_dmarc.shop.test": "v=DMARC1; p=reject; sp=none"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, err := Check(t.Context(), []byte("From: mia@shop.test\r\n\r\nhelp\r\n"), "mia@shop.test", Route{}, tt.dns)
			require.NoError(t, err)
			require.Equal(t, Verdict{Strict: tt.want}, v)
		})
	}
	for record, want := range map[string]bool{
		"v=DMARC1; p=reject": true, "v=DMARC1; p=reject; sp=none": false, "v=DMARC1; p=none; sp=quarantine": true, "v=DMARC1; p=none": false,
	} {
		v, err := Check(t.Context(), []byte("From: mia@eu.shop.test\r\n\r\nhelp\r\n"), "mia@eu.shop.test", Route{}, zone{"_dmarc.shop.test": record})
		require.NoError(t, err)
		require.Equal(t, want, v.Strict, record)
	}
}

func TestVerified(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	key := "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	const mail = "From: mia@shop.test\r\nSubject: down\r\n\r\nhelp\r\n"
	sign := func(domain string) string {
		var out bytes.Buffer
		require.NoError(t, dkim.Sign(&out, strings.NewReader(mail), &dkim.SignOptions{Domain: domain, Selector: "s", Signer: private}))
		return out.String()
	}
	policy := "v=DMARC1; p=reject"
	tests := []struct {
		name string
		mail string
		from string
		dns  zone
		want bool
		err  bool
	}{
		{"signed by the author's domain", sign("shop.test"), "mia@shop.test", zone{"s._domainkey.shop.test": key, "_dmarc.shop.test": policy}, true, false},
		{"not signed", mail, "mia@shop.test", zone{"_dmarc.shop.test": policy}, false, false},
		{"changed", sign("shop.test") + "more\r\n", "mia@shop.test", zone{"s._domainkey.shop.test": key, "_dmarc.shop.test": policy}, false, false},
		{"signed by another domain", sign("evil.test"), "mia@shop.test", zone{"s._domainkey.evil.test": key, "_dmarc.shop.test": policy}, false, false},
		{"no policy", sign("shop.test"), "mia@shop.test", zone{"s._domainkey.shop.test": key}, false, false},
		{"no key", sign("shop.test"), "mia@shop.test", zone{"_dmarc.shop.test": policy}, false, false},
		{"a subdomain, relaxed", sign("mail.shop.test"), "mia@shop.test", zone{"s._domainkey.mail.shop.test": key, "_dmarc.shop.test": policy}, true, false},
		{"a subdomain, strict", sign("mail.shop.test"), "mia@shop.test", zone{"s._domainkey.mail.shop.test": key, "_dmarc.shop.test": policy + "; adkim=s"}, false, false},
		{"the policy of the organization", sign("shop.test"), "mia@eu.shop.test", zone{"s._domainkey.shop.test": key, "_dmarc.shop.test": policy}, true, false},
		{"a public suffix is nobody's", sign("co.uk"), "mia@shop.co.uk", zone{"s._domainkey.co.uk": key, "_dmarc.shop.co.uk": policy}, false, false},
		{"DNS is away for the policy", sign("shop.test"), "mia@shop.test", zone{"_dmarc.shop.test": "away"}, false, true},
		{"DNS is away for the key", sign("shop.test"), "mia@shop.test", zone{"s._domainkey.shop.test": "away", "_dmarc.shop.test": policy}, false, true},
		{"no address", sign("shop.test"), "", zone{}, false, false},
		{"no mail", "", "mia@shop.test", zone{"_dmarc.shop.test": policy}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Verified(t.Context(), []byte(tt.mail), tt.from, tt.dns.LookupTXT)
			require.Equal(t, tt.err, err != nil, "%v", err)
			require.Equal(t, tt.want, got)
		})
	}
}
