package testkit

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDNS(t *testing.T) {
	d := NewDNS(t)
	r := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, d.Addr)
	}}
	long := strings.Repeat("0123456789", 60)
	d.Set("_dmarc.Shop.test", "v=DMARC1; p=reject")
	d.Set("s._domainkey.shop.test", long)
	texts, err := r.LookupTXT(t.Context(), "_dmarc.shop.test")
	require.NoError(t, err)
	require.Equal(t, []string{"v=DMARC1; p=reject"}, texts)
	texts, err = r.LookupTXT(t.Context(), "s._domainkey.shop.test")
	require.NoError(t, err)
	require.Equal(t, []string{long}, texts)
	_, err = r.LookupTXT(t.Context(), "_dmarc.other.test")
	var refused *net.DNSError
	require.ErrorAs(t, err, &refused)
	require.True(t, refused.IsNotFound)
}
