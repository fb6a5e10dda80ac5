package acklink

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
)

func TestTokensCarryTheirClaimAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := domain.AckKey{ID: rapid.IntRange(1, 255).Draw(t, "key"), Secret: rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "secret")}
		claim := domain.AckClaim{
			Page: domain.PageID(rapid.Int64().Draw(t, "ticket"), 1), Person: rapid.StringN(1, 30, 64).Draw(t, "person"),
			Cycle: rapid.IntRange(1, 1000).Draw(t, "cycle"), Expires: time.Unix(rapid.Int64Range(0, 1<<32-1).Draw(t, "expires"), 0),
		}
		token := Sign(key, claim)
		require.Empty(t, strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
		id, err := keyOf(token)
		require.NoError(t, err)
		require.Equal(t, key.ID, id)
		got, err := verify(key, token)
		require.NoError(t, err)
		require.Equal(t, claim, got)

		// Any other token is refused, and so is the right one under another key.
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		forged := []byte(token)
		forged[at] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rapid.IntRange(0, 25).Draw(t, "by")]
		if string(forged) != token {
			_, err = verify(key, string(forged))
			require.ErrorIs(t, err, fault.NotFound)
		}
		_, err = verify(key, token[:at])
		require.ErrorIs(t, err, fault.NotFound)
		key.Secret[0] ^= 1
		_, err = verify(key, token)
		require.ErrorIs(t, err, fault.NotFound)
	})
}

func FuzzVerify(f *testing.F) {
	key := domain.AckKey{ID: 1, Secret: make([]byte, 32)}
	token := Sign(key, domain.AckClaim{Page: domain.PageID(1, 1), Person: "p", Cycle: 1, Expires: time.Unix(0, 0)})
	f.Add(token)
	f.Add(token[:9] + "\n" + token[9:])
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		claim, err := verify(key, token)
		if err == nil && Sign(key, claim) != token {
			t.Fatalf("%q verifies as %+v", token, claim)
		}
	})
}
