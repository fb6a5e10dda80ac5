package identity_test

import (
	"crypto/rand"
	"encoding/base64"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	"altis-dxp.com/support/services/identity"
)

// kid returns the key that signed a new access token.
func (f *fixture) kid() string {
	f.t.Helper()
	token, err := jose.ParseSignedCompact(f.tokenOf(f.login("root@example.com")), []jose.SignatureAlgorithm{jose.EdDSA})
	require.NoError(f.t, err)
	return token.Signatures[0].Header.KeyID
}

func (f *fixture) published() (kids []string) {
	f.t.Helper()
	set, err := f.auth.Jwks(f.t.Context(), &identityv1.JwksRequest{})
	require.NoError(f.t, err)
	for _, k := range set.GetKeys() {
		require.Equal(f.t, "OKP Ed25519 EdDSA sig", k.GetKty()+" "+k.GetCrv()+" "+k.GetAlg()+" "+k.GetUse())
		x, err := base64.RawURLEncoding.DecodeString(k.GetX())
		require.NoError(f.t, err)
		require.Len(f.t, x, 32)
		kids = append(kids, k.GetKid())
	}
	return kids
}

// TestKeyRotation lets the hourly task do it: the clock of the database moves, too.
func TestKeyRotation(t *testing.T) {
	f := setup(t)
	first := f.kid()
	require.Equal(t, []string{first}, f.published())
	old := f.login("root@example.com")

	f.clock.Advance(29*24*time.Hour - time.Minute)
	require.Equal(t, first, f.kid())
	f.clock.Advance(62 * time.Minute) // the task may have run a minute before that instant, and comes again within the hour
	testkit.Eventually(t, func() bool { return len(f.published()) == 2 }, "the next key is published a day before it is used")
	second := f.published()[1]
	require.Equal(t, first, f.kid(), "not used yet")
	testkit.EventuallyPasses(t, func(et require.TestingT) {
		keys, err := f.peer.model.Keys(t.Context())
		require.NoError(et, err)
		require.Len(et, keys, 2)
	}, "other services have it")

	f.clock.Advance(24*time.Hour - 2*time.Minute)
	beforeSwitch := f.tokenOf(f.login("root@example.com"))
	f.clock.Advance(3 * time.Minute)
	require.Equal(t, second, f.kid())
	for _, token := range []string{beforeSwitch, f.tokenOf(f.login("root@example.com"))} {
		_, err := f.account.GetSelf(rpc.WithToken(t.Context(), token), &identityv1.GetSelfRequest{})
		require.NoError(t, err, "tokens of both keys count")
		_, err = f.peer.verifier.Verify(t.Context(), token, false)
		require.NoError(t, err)
	}
	_, err := f.account.GetSelf(old, &identityv1.GetSelfRequest{})
	require.Error(t, err)

	f.clock.Advance(26 * time.Hour)
	testkit.Eventually(t, func() bool { keys := f.published(); return len(keys) == 1 && keys[0] == second }, "the first key is removed")
	testkit.EventuallyPasses(t, func(et require.TestingT) {
		keys, err := f.peer.model.Keys(t.Context())
		require.NoError(et, err)
		require.Len(et, keys, 1)
	}, "everywhere")
}

func TestPrivateKeysAreEncrypted(t *testing.T) {
	secret := make([]byte, 32)
	_, err := rand.Read(secret)
	require.NoError(t, err)
	f := setup(t, func(c *identity.Config) { c.KeyEncryptionKey = base64.StdEncoding.EncodeToString(secret) })
	f.kid()
	var stored string
	require.NoError(t, f.db.Reader().QueryRowContext(t.Context(), "SELECT private_key FROM signing_keys").Scan(&stored))
	require.Regexp(t, "^aes-256-gcm:", stored)
}

// TestRestart uses what an earlier process has left.
func TestRestart(t *testing.T) {
	clock := testkit.NewClock(time.Now().Truncate(time.Microsecond))
	cfg := sqldb.Config{DSN: "sqlite:" + filepath.Join(t.TempDir(), "identity.db"), Clock: clock.Now}
	var kid string
	var session string
	t.Run("first", func(t *testing.T) {
		f := start(t, cfg, clock)
		kid, session = f.kid(), f.session("root@example.com")
	})
	db := open(t, cfg, identity.Migrations()...)
	var keys, tasks int
	require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM signing_keys WHERE id = $1", kid).Scan(&keys))
	require.Equal(t, 1, keys)
	require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM tasks WHERE kind = 'housekeep'").Scan(&tasks))
	require.Equal(t, 1, tasks)
	var sessions int
	require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM login_sessions WHERE secret_hash <> $1", session).Scan(&sessions))
	require.Equal(t, 3, sessions)
}
