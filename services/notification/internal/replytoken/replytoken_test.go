package replytoken

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func secret(fill byte) string {
	return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{fill}, minSecret))
}

func keys(t require.TestingT, texts ...string) Keys {
	k, err := ParseKeys(texts)
	require.NoError(t, err)
	return k
}

func claims(t *rapid.T) Claim {
	return Claim{
		Purpose: rapid.SampledFrom([]Purpose{FromCustomer, FromStaff, Bounce}).Draw(t, "purpose"),
		Subject: OnTicket(rapid.Int64Min(1).Draw(t, "ticket"), rapid.String().Draw(t, "address")),
		Expires: time.Unix(int64(rapid.Uint16Min(1).Draw(t, "day"))*86400, 0).UTC(),
	}
}

func TestATokenSaysItsClaimAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := claims(t)
		k := keys(t, "7:"+secret(1))
		token := k.Sign(c)
		before := c.Expires.Add(-time.Nanosecond)
		require.LessOrEqual(t, len("ticket+"+token), 64)
		require.Empty(t, strings.Trim(token, "abcdefghijklmnopqrstuvwxyz234567"))

		for _, written := range []string{token, strings.ToUpper(token), strings.ToUpper(token[:20]) + token[20:]} {
			got, err := k.Verify(written, c.Purpose, before)
			require.NoError(t, err)
			require.Equal(t, c, got)
		}
		got, err := k.Verify(token, c.Purpose, c.Expires)
		require.ErrorIs(t, err, ErrExpired)
		require.Equal(t, c, got)

		for _, other := range []Purpose{0, FromCustomer, FromStaff, Bounce, Bounce + 1} {
			if other != c.Purpose {
				_, err = k.Verify(token, other, before)
				require.ErrorIs(t, err, ErrInvalid)
			}
		}
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		forged := []byte(token)
		forged[at] = "abcdefghijklmnopqrstuvwxyz234567"[rapid.IntRange(0, 31).Draw(t, "by")]
		if string(forged) != token {
			_, err = k.Verify(string(forged), c.Purpose, before)
			require.ErrorIs(t, err, ErrInvalid)
		}
		for _, bad := range []string{token[:at], token + "a", token[:at] + "\n" + token[at+1:], ""} {
			_, err = k.Verify(bad, c.Purpose, before)
			require.ErrorIs(t, err, ErrInvalid)
		}
		_, err = keys(t, "7:"+secret(2)).Verify(token, c.Purpose, before)
		require.ErrorIs(t, err, ErrInvalid, "another secret under the same id")
	})
}

func TestKeysAreChangedWithoutLosingTokens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := claims(t)
		before := c.Expires.Add(-time.Hour)
		old, both, changed := keys(t, "1:"+secret(1)), keys(t, "2:"+secret(2), "1:"+secret(1)), keys(t, "2:"+secret(2))
		for _, valid := range []struct {
			token string
			by    Keys
		}{{old.Sign(c), old}, {old.Sign(c), both}, {both.Sign(c), both}, {both.Sign(c), changed}} {
			got, err := valid.by.Verify(valid.token, c.Purpose, before)
			require.NoError(t, err)
			require.Equal(t, c, got)
		}
		_, err := changed.Verify(old.Sign(c), c.Purpose, before)
		require.ErrorIs(t, err, ErrInvalid)
		_, err = old.Verify(both.Sign(c), c.Purpose, before)
		require.ErrorIs(t, err, ErrInvalid)
	})
}

func TestSubjects(t *testing.T) {
	s := OnTicket(1042, "Mia@Shop.test")
	require.EqualValues(t, 1042, s.Ticket())
	require.True(t, s.IsFor(" mia@shop.TEST"))
	require.False(t, s.IsFor("noa@shop.test"))
	require.NotEqual(t, s, OnTicket(1043, "mia@shop.test"))

	id := strings.Repeat("0f", 16)
	s, err := OfDelivery(id)
	require.NoError(t, err)
	require.Equal(t, id, s.Delivery())
	for _, bad := range []string{"", "0f", strings.Repeat("0F", 16), strings.Repeat("0f", 17), strings.Repeat("zz", 16)} {
		_, err = OfDelivery(bad)
		require.Error(t, err, bad)
	}
}

func TestKeysThatCannotBeUsedAreRefused(t *testing.T) {
	short := base64.StdEncoding.EncodeToString(make([]byte, minSecret-1))
	for text, says := range map[string]string{
		secret(1): "from 1 to 255", "0:" + secret(1): "from 1 to 255", "256:" + secret(1): "from 1 to 255", "x:" + secret(1): "from 1 to 255",
		"1:": "at least 32 bytes", "1:" + short: "at least 32 bytes", "1:!": "at least 32 bytes",
	} {
		_, err := ParseKeys([]string{text})
		require.ErrorContains(t, err, says, text)
		require.NotContains(t, err.Error(), secret(1))
	}
	_, err := ParseKeys([]string{"1:" + secret(1), "1:" + secret(2)})
	require.ErrorContains(t, err, "twice")
	_, err = Keys{}.Verify(keys(t, "1:"+secret(1)).Sign(Claim{Purpose: Bounce, Expires: time.Unix(86400, 0)}), Bounce, time.Unix(0, 0))
	require.ErrorIs(t, err, ErrInvalid)
}

// Whatever verifies is what we would have signed.
func FuzzVerify(f *testing.F) {
	k := keys(f, "1:"+secret(1))
	token := k.Sign(Claim{Purpose: Bounce, Subject: OnTicket(1, "mia@shop.test"), Expires: time.Unix(86400, 0)})
	for _, example := range []string{token, token[:9] + "\n" + token[10:], strings.ToUpper(token), "", "ſ" + token[2:], fmt.Sprint(token, "=")} {
		f.Add(example)
	}
	f.Fuzz(func(t *testing.T, token string) {
		for _, purpose := range []Purpose{FromCustomer, FromStaff, Bounce} {
			c, err := k.Verify(token, purpose, time.Unix(0, 0))
			if err == nil && !strings.EqualFold(k.Sign(c), token) {
				t.Fatalf("%q verifies as %+v", token, c)
			}
		}
	})
}
