package domain

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
)

func TestCodesAreOfAContactAndARound(t *testing.T) {
	key := AckKey{Secret: []byte("secret")}
	seen := map[string]bool{}
	for _, code := range []string{Code(key, "a", 1), Code(key, "a", 2), Code(key, "b", 1), Code(AckKey{Secret: []byte("other")}, "a", 1)} {
		require.Regexp(t, "^[0-9]{6}$", code)
		seen[code] = true
	}
	require.Len(t, seen, 4)
	require.True(t, seen[Code(key, "a", 1)], "it is the same each time")
}

func TestACodeIsEnteredInTimeAndNotGuessed(t *testing.T) {
	key, now := AckKey{Secret: []byte("secret")}, time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	reason := func(p Proof, code string, at time.Time) (Proof, string) {
		p, err := p.Enter(code, key, at)
		return p, fault.ReasonOf(err)
	}
	fresh := Proof{Contact: "c"}
	_, none := reason(fresh, "000000", now)
	require.Equal(t, "CODE_EXPIRED", none, "none was sent")
	p, err := fresh.Another(now)
	require.NoError(t, err)
	right := Code(key, "c", 1)
	wrong := "000000"
	if right == wrong {
		wrong = "000001"
	}

	done, ok := reason(p, right, now.Add(10*time.Minute-1))
	require.Empty(t, ok)
	require.Equal(t, now.Add(10*time.Minute-1), done.VerifiedAt)
	_, ok = reason(done, wrong, now.Add(time.Hour))
	require.Empty(t, ok, "it is verified")
	_, err = done.Another(now.Add(time.Hour))
	require.Equal(t, "CONTACT_VERIFIED", fault.ReasonOf(err))
	_, late := reason(p, right, now.Add(10*time.Minute))
	require.Equal(t, "CODE_EXPIRED", late)

	tried := p
	for range 5 {
		var why string
		tried, why = reason(tried, wrong, now)
		require.Equal(t, fault.ReasonInvalidField, why)
		require.True(t, tried.VerifiedAt.IsZero())
	}
	_, guessed := reason(tried, right, now)
	require.Equal(t, "CODE_EXPIRED", guessed, "after five tries the right one is void, too")

	_, err = tried.Another(now.Add(30*time.Second - 1))
	require.ErrorIs(t, err, fault.Exhausted)
	again, err := tried.Another(now.Add(30 * time.Second))
	require.NoError(t, err)
	_, old := reason(again, right, now.Add(30*time.Second))
	require.Equal(t, fault.ReasonInvalidField, old, "the code of before is void")
	_, ok = reason(again, Code(key, "c", 2), now.Add(30*time.Second))
	require.Empty(t, ok)
}
