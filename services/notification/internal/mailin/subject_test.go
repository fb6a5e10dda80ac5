package mailin

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBareSubject(t *testing.T) {
	for subject, want := range map[string]string{
		"Shop is down": "shop is down", "Re: Shop  is down": "shop is down", "AW: WG: shop is down": "shop is down", "FWD:RE[2]: shop is down": "shop is down",
		"SV: VS: Antwort: shop is down": "shop is down", "Re:": "", "": "", "Reboot: shop is down": "reboot: shop is down", "shop: re: down": "shop: re: down",
	} {
		require.Equal(t, want, BareSubject(subject), subject)
	}
}
