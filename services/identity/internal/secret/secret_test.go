package secret_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/identity/internal/secret"
)

func TestPasswords(t *testing.T) {
	p := secret.NewPasswords(secret.Cost{MemoryKiB: 8, Iterations: 1})
	hash, err := p.Hash(t.Context(), "correct horse")
	require.NoError(t, err)
	again, err := p.Hash(t.Context(), "correct horse")
	require.NoError(t, err)
	require.NotEqual(t, hash, again, "each has its own salt")
	dearer := secret.NewPasswords(secret.Cost{MemoryKiB: 16, Iterations: 2})
	for _, c := range []struct {
		name, password string
		want           bool
	}{
		{name: "right", password: "correct horse", want: true},
		{name: "wrong", password: "Correct horse"},
		{name: "empty", password: ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, p := range []*secret.Passwords{p, dearer} {
				ok, err := p.Matches(t.Context(), c.password, hash)
				require.NoError(t, err)
				require.Equal(t, c.want, ok)
			}
		})
	}
	_, err = p.Matches(t.Context(), "correct horse", "no hash")
	require.Error(t, err)
}

// TestPasswordsAreBounded floods the hasher: some get their turn, the rest are told to come back.
func TestPasswordsAreBounded(t *testing.T) {
	p := secret.NewPasswords(secret.Cost{MemoryKiB: 4 << 10, Iterations: 50})
	ctx, cancel := context.WithCancel(t.Context())
	const n = 100
	results := make(chan error, n)
	for range n {
		go func() {
			_, err := p.Hash(ctx, "correct horse")
			results <- err
		}()
	}
	var busy *fault.Error
	testkit.Eventually(t, func() bool {
		select {
		case err := <-results:
			results <- err
			return errors.As(err, &busy)
		default:
			return false
		}
	}, "those beyond the queue are refused at once")
	require.Equal(t, "PASSWORDS_BUSY", busy.Reason)
	require.Positive(t, busy.RetryAfter)
	cancel() // those in the queue leave it
	done := 0
	for range n {
		if err := <-results; err == nil {
			done++
		}
	}
	require.LessOrEqual(t, done, 34, "no more than run and wait")
}

func TestSealer(t *testing.T) {
	key := func(b byte) string { return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, 32)) }
	sealer := func(key string) *secret.Sealer {
		s, err := secret.NewSealer(key)
		require.NoError(t, err)
		return s
	}
	private := []byte("the private key")
	sealed, err := sealer(key(1)).Seal("id", private)
	require.NoError(t, err)
	require.NotContains(t, sealed, base64.StdEncoding.EncodeToString(private))
	plain, err := sealer("").Seal("id", private)
	require.NoError(t, err)
	for _, c := range []struct {
		name, key, id, text string
		want                string // part of the error; "" = opens
	}{
		{name: "same key", key: key(1), id: "id", text: sealed},
		{name: "stored before there was a key", key: key(1), id: "id", text: plain},
		{name: "never a key", id: "id", text: plain},
		{name: "another key", key: key(2), id: "id", text: sealed, want: "does not open"},
		{name: "text of another id", key: key(1), id: "other", text: sealed, want: "does not open"},
		{name: "key is missing", id: "id", text: sealed, want: "set the key encryption key"},
		{name: "damaged", key: key(1), id: "id", text: "aes-256-gcm:AAAA", want: "is damaged"},
		{name: "unknown form", key: key(1), id: "id", text: "rot13:x", want: "unknown form"},
	} {
		t.Run(c.name, func(t *testing.T) {
			opened, err := sealer(c.key).Open(c.id, c.text)
			if c.want != "" {
				require.ErrorContains(t, err, c.want)
				return
			}
			require.NoError(t, err)
			require.Equal(t, private, opened)
		})
	}
	for _, bad := range []string{"x", base64.StdEncoding.EncodeToString([]byte("short"))} {
		_, err := secret.NewSealer(bad)
		require.Error(t, err)
		require.NotContains(t, err.Error(), bad)
	}
}
