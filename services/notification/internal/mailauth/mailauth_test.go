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

func (z zone) lookup(_ context.Context, name string) ([]string, error) {
	switch text, ok := z[name]; {
	case !ok:
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	case text == "away":
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	default:
		return []string{text}, nil
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
			v, err := Check(t.Context(), []byte("From: mia@shop.test\r\n\r\nhelp\r\n"), "mia@shop.test", tt.dns.lookup)
			require.NoError(t, err)
			require.Equal(t, Verdict{Strict: tt.want}, v)
		})
	}
	for record, want := range map[string]bool{
		"v=DMARC1; p=reject": true, "v=DMARC1; p=reject; sp=none": false, "v=DMARC1; p=none; sp=quarantine": true, "v=DMARC1; p=none": false,
	} {
		v, err := Check(t.Context(), []byte("From: mia@eu.shop.test\r\n\r\nhelp\r\n"), "mia@eu.shop.test", zone{"_dmarc.shop.test": record}.lookup)
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
			got, err := Verified(t.Context(), []byte(tt.mail), tt.from, tt.dns.lookup)
			require.Equal(t, tt.err, err != nil, "%v", err)
			require.Equal(t, tt.want, got)
		})
	}
}
