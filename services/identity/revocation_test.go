package identity_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	policyv1 "altis-dxp.com/support/proto/gen/go/altis/support/policy/v1"
)

// TestRevocation ends access tokens in each way there is, at identity and at a service that is only told of it.
func TestRevocation(t *testing.T) {
	f := setup(t)
	acme := f.organization("Acme")
	f.member(acme.GetId(), "boss@example.com", identityv1.MemberRole_MEMBER_ROLE_ADMIN)
	for _, c := range []struct {
		name string
		end  func(ctx context.Context, m *identityv1.Member, session string) error
		ends bool // whether the login session can go on
	}{
		{
			name: "logout", ends: true,
			end: func(_ context.Context, _ *identityv1.Member, session string) error {
				_, err := f.auth.Logout(t.Context(), &identityv1.LogoutRequest{SessionToken: session})
				return err
			},
		},
		{
			name: "session deleted", ends: true,
			end: func(ctx context.Context, _ *identityv1.Member, _ string) error {
				list, err := f.account.ListLoginSessions(ctx, &identityv1.ListLoginSessionsRequest{})
				if err != nil {
					return err
				}
				require.Len(t, list.GetLoginSessions(), 1)
				require.True(t, list.GetLoginSessions()[0].GetCurrent())
				_, err = f.account.DeleteLoginSession(ctx, &identityv1.DeleteLoginSessionRequest{LoginSession: list.GetLoginSessions()[0].GetId()})
				return err
			},
		},
		{
			name: "password changed elsewhere", ends: true,
			end: func(_ context.Context, m *identityv1.Member, _ string) error {
				_, err := f.account.UpdateSelf(f.login(m.GetEmail()), &identityv1.UpdateSelfRequest{OldPassword: password, NewPassword: ptr("another horse battery")})
				return err
			},
		},
		{
			name: "role changed",
			end: func(_ context.Context, m *identityv1.Member, _ string) error {
				m.Role = identityv1.MemberRole_MEMBER_ROLE_DEVELOPER
				_, err := f.directory.UpdateMember(f.login("boss@example.com"), &identityv1.UpdateMemberRequest{Member: m, UpdateMask: mask("role")})
				return err
			},
		},
		{
			name: "disabled", ends: true,
			end: func(_ context.Context, m *identityv1.Member, _ string) error {
				m.Disabled = true
				_, err := f.directory.UpdateMember(f.root, &identityv1.UpdateMemberRequest{Member: m, UpdateMask: mask("disabled")})
				return err
			},
		},
		{
			name: "removed", ends: true,
			end: func(_ context.Context, m *identityv1.Member, _ string) error {
				_, err := f.directory.DeleteMember(f.login("boss@example.com"), &identityv1.DeleteMemberRequest{Organization: acme.GetId(), Member: m.GetId()})
				return err
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := f.member(acme.GetId(), "m"+hash(c.name)+"@example.com", identityv1.MemberRole_MEMBER_ROLE_USER)
			session := f.session(m.GetEmail())
			ctx := f.exchange(session)
			_, err := f.account.GetSelf(ctx, &identityv1.GetSelfRequest{})
			require.NoError(t, err)
			testkit.EventuallyPasses(t, func(et require.TestingT) { // the peer may not know the first key yet
				_, err := f.peer.verifier.Verify(t.Context(), f.tokenOf(ctx), false)
				require.NoError(et, err)
			}, "another service accepts the token")

			require.NoError(t, c.end(ctx, m, session))
			ended := time.Now()
			require.Eventually(t, func() bool {
				_, err := f.account.GetSelf(ctx, &identityv1.GetSelfRequest{})
				return fault.ReasonOf(err) == "TOKEN_REVOKED"
			}, 2*time.Second, 10*time.Millisecond, "identity")
			require.Eventually(t, func() bool {
				_, err := f.peer.verifier.Verify(t.Context(), f.tokenOf(ctx), false)
				return fault.ReasonOf(err) == "TOKEN_REVOKED"
			}, 2*time.Second-time.Since(ended), 10*time.Millisecond, "another service")

			resp, err := f.auth.ExchangeToken(t.Context(), &identityv1.ExchangeTokenRequest{Token: session})
			if c.ends {
				require.Equal(t, "CREDENTIAL_INVALID", fault.ReasonOf(err))
				return
			}
			require.NoError(t, err, "the session goes on")
			u, err := f.service.Verifier().Verify(t.Context(), resp.GetAccessToken(), false)
			require.NoError(t, err, "a token made after the revocation counts at once")
			require.EqualValues(t, "developer", u.Role)
		})
	}
}

func TestPasswordChangeKeepsTheCallersSession(t *testing.T) {
	f := setup(t)
	mine := f.session("root@example.com")
	_, err := f.account.UpdateSelf(f.exchange(mine), &identityv1.UpdateSelfRequest{OldPassword: "wrong horse battery", NewPassword: ptr("another horse battery")})
	require.Equal(t, "old_password", fieldOf(t, err))
	_, err = f.account.UpdateSelf(f.exchange(mine), &identityv1.UpdateSelfRequest{OldPassword: password, NewPassword: ptr("another horse battery")})
	require.NoError(t, err)

	list, err := f.account.ListLoginSessions(f.exchange(mine), &identityv1.ListLoginSessionsRequest{})
	require.NoError(t, err)
	require.Len(t, list.GetLoginSessions(), 1, "the others have ended")
	_, err = f.auth.Login(t.Context(), &identityv1.LoginRequest{Email: "root@example.com", Password: password})
	require.ErrorIs(t, err, fault.Unauthenticated)
	_, err = f.auth.Login(t.Context(), &identityv1.LoginRequest{Email: "root@example.com", Password: "another horse battery"})
	require.NoError(t, err)
}

func TestApiTokens(t *testing.T) {
	f := setup(t)
	created, err := f.account.CreateApiToken(f.root, &identityv1.CreateApiTokenRequest{Name: "script"})
	require.NoError(t, err)
	require.Regexp(t, "^altis_[a-z2-7]{52}$", created.GetSecret())
	require.Equal(t, 90*24*time.Hour, created.GetApiToken().GetExpireTime().AsTime().Sub(created.GetApiToken().GetCreateTime().AsTime()))
	script := f.exchange(created.GetSecret())
	list, err := f.account.ListApiTokens(script, &identityv1.ListApiTokensRequest{})
	require.NoError(t, err)
	require.Len(t, list.GetApiTokens(), 1)
	require.Equal(t, f.clock.Now().UTC(), list.GetApiTokens()[0].GetLastUseTime().AsTime())

	_, err = f.account.CreateApiToken(script, &identityv1.CreateApiTokenRequest{Name: "more"})
	require.Equal(t, "LOGIN_REQUIRED", fault.ReasonOf(err), "a leaked token must not prolong itself")

	_, err = f.account.DeleteApiToken(f.root, &identityv1.DeleteApiTokenRequest{ApiToken: created.GetApiToken().GetId()})
	require.NoError(t, err)
	_, err = f.auth.ExchangeToken(t.Context(), &identityv1.ExchangeTokenRequest{Token: created.GetSecret()})
	require.Equal(t, "CREDENTIAL_INVALID", fault.ReasonOf(err))
	require.Eventually(t, func() bool {
		_, err := f.account.GetSelf(script, &identityv1.GetSelfRequest{})
		return fault.ReasonOf(err) == "TOKEN_REVOKED"
	}, 2*time.Second, 10*time.Millisecond)

	created, err = f.account.CreateApiToken(f.login("root@example.com"), &identityv1.CreateApiTokenRequest{Name: "script"})
	require.NoError(t, err)
	f.clock.Advance(90 * 24 * time.Hour)
	_, err = f.auth.ExchangeToken(t.Context(), &identityv1.ExchangeTokenRequest{Token: created.GetSecret()})
	require.Equal(t, "CREDENTIAL_INVALID", fault.ReasonOf(err), "expired")
}

func TestScopedApiTokens(t *testing.T) {
	f := setup(t)
	create := func(as context.Context, scopes ...policyv1.Scope) (*identityv1.CreateApiTokenResponse, error) {
		return f.account.CreateApiToken(as, &identityv1.CreateApiTokenRequest{Name: "script", Scopes: scopes})
	}
	for name, scopes := range map[string][]policyv1.Scope{
		"unspecified": {policyv1.Scope_SCOPE_UNSPECIFIED}, "of no token": {policyv1.Scope_SCOPE_ACCOUNT}, "unknown": {99},
		"twice": {policyv1.Scope_SCOPE_SELF, policyv1.Scope_SCOPE_SELF},
	} {
		_, err := create(f.root, scopes...)
		require.ErrorIs(t, err, fault.Invalid, name)
	}
	created, err := create(f.root, policyv1.Scope_SCOPE_TICKETS_READ, policyv1.Scope_SCOPE_DIRECTORY_READ)
	require.NoError(t, err)
	list, err := f.account.ListApiTokens(f.root, &identityv1.ListApiTokensRequest{})
	require.NoError(t, err)
	require.Equal(t, []policyv1.Scope{policyv1.Scope_SCOPE_TICKETS_READ, policyv1.Scope_SCOPE_DIRECTORY_READ}, list.GetApiTokens()[0].GetScopes())

	script := f.exchange(created.GetSecret())
	u, err := f.service.Verifier().Verify(t.Context(), f.tokenOf(script), false)
	require.NoError(t, err)
	require.Equal(t, []string{"SCOPE_TICKETS_READ", "SCOPE_DIRECTORY_READ"}, u.Scopes, "as other services see it")
	_, err = f.account.GetSelf(script, &identityv1.GetSelfRequest{})
	require.NoError(t, err)
	_, err = f.directory.ListStaff(script, &identityv1.ListStaffRequest{})
	require.NoError(t, err)

	_, err = f.directory.CreateOrganization(script, &identityv1.CreateOrganizationRequest{Organization: &identityv1.Organization{Name: "x", Plan: "premium"}})
	missing, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok)
	require.Equal(t, fault.Denied, missing.Kind)
	require.Equal(t, "SCOPE_MISSING", missing.Reason)
	require.Equal(t, "SCOPE_DIRECTORY_WRITE", missing.Meta["scope"])
	for name, call := range map[string]func() error{
		"another token": func() error { _, err := create(script, policyv1.Scope_SCOPE_TICKETS_READ); return err },
		"its own end": func() error {
			_, err := f.account.DeleteApiToken(script, &identityv1.DeleteApiTokenRequest{ApiToken: created.GetApiToken().GetId()})
			return err
		},
		"the password": func() error {
			_, err := f.account.UpdateSelf(script, &identityv1.UpdateSelfRequest{OldPassword: password, NewPassword: ptr("another horse battery")})
			return err
		},
	} {
		require.Equal(t, "SCOPE_MISSING", fault.ReasonOf(call()), name)
	}
}

// TestDemotedAdminCannotReturn uses a token in the moment before it is known to be revoked.
func TestDemotedAdminCannotReturn(t *testing.T) {
	f := setup(t)
	second := f.staff("second@example.com", identityv1.StaffRole_STAFF_ROLE_ADMIN)
	ctx := f.login("second@example.com")
	second.Role = identityv1.StaffRole_STAFF_ROLE_AGENT
	_, err := f.directory.UpdateStaff(f.root, &identityv1.UpdateStaffRequest{Staff: second, UpdateMask: mask("role")})
	require.NoError(t, err)
	second.Role = identityv1.StaffRole_STAFF_ROLE_ADMIN
	_, err = f.directory.UpdateStaff(ctx, &identityv1.UpdateStaffRequest{Staff: second, UpdateMask: mask("role")})
	require.Equal(t, "TOKEN_REVOKED", fault.ReasonOf(err))
}
