package identity_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	"altis-dxp.com/support/services/identity"
)

func TestLogin(t *testing.T) {
	f := setup(t)
	acme := f.organization("Acme")
	f.member(acme.GetId(), "ada@example.com", identityv1.MemberRole_MEMBER_ROLE_USER)
	gone := f.member(acme.GetId(), "gone@example.com", identityv1.MemberRole_MEMBER_ROLE_USER)
	gone.Disabled = true
	_, err := f.directory.UpdateMember(f.root, &identityv1.UpdateMemberRequest{Member: gone, UpdateMask: mask("disabled")})
	require.NoError(t, err)

	for _, c := range []struct {
		name, email, password string
		reason                string
	}{
		{name: "right", email: "ada@example.com", password: password},
		{name: "address in another case", email: "ADA@Example.COM", password: password},
		{name: "wrong password", email: "ada@example.com", password: "wrong horse battery", reason: "CREDENTIALS_INVALID"},
		{name: "unknown address", email: "eve@example.com", password: password, reason: "CREDENTIALS_INVALID"},
		{name: "disabled", email: "gone@example.com", password: password, reason: "CREDENTIALS_INVALID"},
		{name: "no password", email: "ada@example.com", reason: fault.ReasonInvalidField},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, err := f.auth.Login(t.Context(), &identityv1.LoginRequest{Email: c.email, Password: c.password})
			require.Equal(t, c.reason, fault.ReasonOf(err))
			if c.reason != "" {
				return
			}
			require.NoError(t, err)
			self, err := f.account.GetSelf(f.exchange(resp.GetSessionToken()), &identityv1.GetSelfRequest{})
			require.NoError(t, err)
			require.Equal(t, "ada@example.com", self.GetMember().GetEmail())
			require.Equal(t, resp.GetPerson(), self.GetMember().GetId())
			require.Equal(t, "Acme", self.GetOrganization().GetName())
		})
	}
}

func TestLoginLimit(t *testing.T) {
	f := setup(t, func(c *identity.Config) { c.LoginTries = 3 })
	try := func(email string) error {
		_, err := f.auth.Login(t.Context(), &identityv1.LoginRequest{Email: email, Password: "wrong horse battery"})
		return err
	}
	for range 3 {
		require.Equal(t, "CREDENTIALS_INVALID", fault.ReasonOf(try("eve@example.com")))
	}
	err := try("EVE@example.com")
	require.ErrorIs(t, err, fault.Exhausted, "the case of an address gives no more tries")
	require.Equal(t, "LOGIN_LIMIT", fault.ReasonOf(err))
	require.Positive(t, retryAfter(err))
	require.Equal(t, "CREDENTIALS_INVALID", fault.ReasonOf(try("other@example.com")), "each address has its own")
}

func TestSessionsEnd(t *testing.T) {
	f := setup(t)
	secret := f.session("root@example.com")
	exchange := func() error {
		_, err := f.auth.ExchangeToken(t.Context(), &identityv1.ExchangeTokenRequest{Token: secret})
		return err
	}
	f.clock.Advance(11 * time.Hour)
	require.NoError(t, exchange())
	f.clock.Advance(11 * time.Hour)
	require.NoError(t, exchange(), "use prolongs a session")
	f.clock.Advance(12 * time.Hour)
	require.Equal(t, "CREDENTIAL_INVALID", fault.ReasonOf(exchange()), "idle for twelve hours")

	secret = f.session("root@example.com")
	for range 30 * 24 / 10 {
		require.NoError(t, exchange())
		f.clock.Advance(10 * time.Hour)
	}
	require.Equal(t, "CREDENTIAL_INVALID", fault.ReasonOf(exchange()), "thirty days after the login, however used")
}

func TestAccessTokenEndsWithItsSession(t *testing.T) {
	f := setup(t)
	resp, err := f.account.CreateApiToken(f.root, &identityv1.CreateApiTokenRequest{Name: "short", Lifetime: durationpb.New(4 * time.Minute)})
	require.NoError(t, err)
	token, err := f.auth.ExchangeToken(t.Context(), &identityv1.ExchangeTokenRequest{Token: resp.GetSecret()})
	require.NoError(t, err)
	require.Equal(t, 4*time.Minute, token.GetLifetime().AsDuration())

	token, err = f.auth.ExchangeToken(t.Context(), &identityv1.ExchangeTokenRequest{Token: f.session("root@example.com")})
	require.NoError(t, err)
	require.Equal(t, 10*time.Minute, token.GetLifetime().AsDuration())
	ctx := rpc.WithToken(t.Context(), token.GetAccessToken())
	f.clock.Advance(10*time.Minute - time.Second)
	_, err = f.account.GetSelf(ctx, &identityv1.GetSelfRequest{})
	require.NoError(t, err)
	f.clock.Advance(time.Second)
	_, err = f.account.GetSelf(ctx, &identityv1.GetSelfRequest{})
	require.Equal(t, "TOKEN_EXPIRED", fault.ReasonOf(err))
}

func TestBadTokens(t *testing.T) {
	f := setup(t)
	good := f.tokenOf(f.root)
	other := setup(t)
	parts := strings.Split(good, ".")
	for _, c := range []struct {
		name, token, reason string
	}{
		{name: "none", reason: "TOKEN_REQUIRED"},
		{name: "noise", token: "noise", reason: "TOKEN_INVALID"},
		{name: "signature of another token", token: parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2])), reason: "TOKEN_INVALID"},
		{name: "no algorithm", token: "eyJhbGciOiJub25lIn0." + parts[1] + ".", reason: "TOKEN_INVALID"},
		{name: "of another installation", token: other.tokenOf(other.root), reason: "TOKEN_INVALID"},
		{name: "session secret", token: f.session("root@example.com"), reason: "TOKEN_INVALID"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := t.Context()
			if c.token != "" {
				ctx = rpc.WithToken(ctx, c.token)
			}
			_, err := f.account.GetSelf(ctx, &identityv1.GetSelfRequest{})
			require.ErrorIs(t, err, fault.Unauthenticated)
			require.Equal(t, c.reason, fault.ReasonOf(err))
		})
	}
	for _, c := range []struct {
		name, token string
	}{
		{name: "noise", token: "noise"},
		{name: "unknown session", token: "session_" + strings.Repeat("a", 52)},
		{name: "unknown API token", token: "altis_" + strings.Repeat("a", 52)},
		{name: "access token", token: good[:200]},
	} {
		t.Run("exchange of "+c.name, func(t *testing.T) {
			_, err := f.auth.ExchangeToken(t.Context(), &identityv1.ExchangeTokenRequest{Token: c.token})
			require.Equal(t, "CREDENTIAL_INVALID", fault.ReasonOf(err))
		})
	}
	_, err := f.account.GetSelf(f.root, &identityv1.GetSelfRequest{})
	require.NoError(t, err)
}

func TestSecretsAreNotStored(t *testing.T) {
	f := setup(t)
	secret := f.session("root@example.com")
	for _, table := range []string{"login_sessions WHERE secret_hash", "people WHERE password_hash"} {
		var n int
		require.NoError(t, f.db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table+" IN ($1, $2)", secret, password).Scan(&n))
		require.Zero(t, n)
	}
}

func TestBootstrapOnlyOnce(t *testing.T) {
	f := setup(t)
	_, err := f.service.Bootstrap(t.Context(), "Eve", "eve@example.com", password)
	require.Equal(t, "STAFF_EXISTS", fault.ReasonOf(err))
}

func (f *fixture) tokenOf(ctx context.Context) string {
	f.t.Helper()
	md, _ := metadata.FromOutgoingContext(ctx)
	return strings.TrimPrefix(md.Get("authorization")[0], "Bearer ")
}

func ptr(s string) *string { return proto.String(s) }
