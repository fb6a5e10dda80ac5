package identity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	"altis-dxp.com/support/services/identity"
)

func TestVisibility(t *testing.T) {
	f := setup(t)
	acme, other := f.organization("Acme"), f.organization("Other")
	shop, blog := f.application(acme.GetId(), "shop"), f.application(acme.GetId(), "blog")
	f.application(other.GetId(), "theirs")
	f.member(acme.GetId(), "user@acme.example", identityv1.MemberRole_MEMBER_ROLE_USER)
	f.member(acme.GetId(), "shop@acme.example", identityv1.MemberRole_MEMBER_ROLE_DEVELOPER, shop.GetId())
	f.member(acme.GetId(), "blog@acme.example", identityv1.MemberRole_MEMBER_ROLE_DEVELOPER, blog.GetId())
	f.member(other.GetId(), "user@other.example", identityv1.MemberRole_MEMBER_ROLE_USER)
	f.staff("agent@example.com", identityv1.StaffRole_STAFF_ROLE_AGENT)
	for _, c := range []struct {
		caller                               string
		organizations, applications, members string // of acme; "" = not found
	}{
		{caller: "agent@example.com", organizations: "Acme Other", applications: "blog shop", members: "blog shop user"},
		{caller: "user@acme.example", organizations: "Acme", applications: "blog shop", members: "blog shop user"},
		{caller: "shop@acme.example", organizations: "Acme", applications: "shop", members: "shop user"},
		{caller: "user@other.example", organizations: "Other"},
	} {
		t.Run(c.caller, func(t *testing.T) {
			ctx := f.login(c.caller)
			organizations, err := f.directory.ListOrganizations(ctx, &identityv1.ListOrganizationsRequest{})
			require.NoError(t, err)
			require.Equal(t, c.organizations, names(organizations.GetOrganizations()))
			_, getErr := f.directory.GetOrganization(ctx, &identityv1.GetOrganizationRequest{Organization: acme.GetId()})
			applications, applicationsErr := f.directory.ListApplications(ctx, &identityv1.ListApplicationsRequest{Organization: acme.GetId()})
			members, membersErr := f.directory.ListMembers(ctx, &identityv1.ListMembersRequest{Organization: acme.GetId()})
			if c.members == "" {
				for _, err := range []error{getErr, applicationsErr, membersErr} {
					require.Equal(t, "ORGANIZATION_NOT_FOUND", fault.ReasonOf(err))
				}
				return
			}
			require.NoError(t, getErr)
			require.NoError(t, applicationsErr)
			require.NoError(t, membersErr)
			require.Equal(t, c.applications, names(applications.GetApplications()))
			require.Equal(t, c.members, names(members.GetMembers()))
		})
	}
}

func names[T interface{ GetName() string }](things []T) string {
	var all []string
	for _, thing := range things {
		all = append(all, thing.GetName())
	}
	return strings.Join(all, " ")
}

func TestAdminsManageTheirOwnOrganization(t *testing.T) {
	f := setup(t)
	acme, other := f.organization("Acme"), f.organization("Other")
	boss := f.member(acme.GetId(), "boss@acme.example", identityv1.MemberRole_MEMBER_ROLE_ADMIN)
	theirs := f.member(other.GetId(), "boss@other.example", identityv1.MemberRole_MEMBER_ROLE_ADMIN)
	admin := f.login("boss@acme.example")
	create := func(organization, email string) error {
		_, err := f.directory.CreateMember(admin, &identityv1.CreateMemberRequest{Password: password, Member: &identityv1.Member{
			Organization: organization, Name: "New", Email: email, Role: identityv1.MemberRole_MEMBER_ROLE_ADMIN,
		}})
		return err
	}
	update := func(m *identityv1.Member, organization string) error {
		_, err := f.directory.UpdateMember(admin, &identityv1.UpdateMemberRequest{UpdateMask: mask("role"), Member: &identityv1.Member{
			Id: m.GetId(), Organization: organization, Role: identityv1.MemberRole_MEMBER_ROLE_USER,
		}})
		return err
	}
	remove := func(m *identityv1.Member, organization string) error {
		_, err := f.directory.DeleteMember(admin, &identityv1.DeleteMemberRequest{Organization: organization, Member: m.GetId()})
		return err
	}
	for _, c := range []struct {
		name   string
		err    error
		reason string
	}{
		{name: "create elsewhere", err: create(other.GetId(), "new@other.example"), reason: "ORGANIZATION_NOT_FOUND"},
		{name: "change elsewhere", err: update(theirs, other.GetId()), reason: "ORGANIZATION_NOT_FOUND"},
		{name: "change another's under the own name", err: update(theirs, acme.GetId()), reason: "PERSON_NOT_FOUND"},
		{name: "remove elsewhere", err: remove(theirs, other.GetId()), reason: "ORGANIZATION_NOT_FOUND"},
		{name: "remove another's under the own name", err: remove(theirs, acme.GetId()), reason: "PERSON_NOT_FOUND"},
		{name: "demote the last admin", err: update(boss, acme.GetId()), reason: "LAST_ADMIN"},
		{name: "remove the last admin", err: remove(boss, acme.GetId()), reason: "LAST_ADMIN"},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.reason, fault.ReasonOf(c.err)) })
	}
	require.NoError(t, create(acme.GetId(), "second@acme.example"))
	require.NoError(t, remove(boss, acme.GetId()), "another admin is left")

	self, err := f.account.GetSelf(f.root, &identityv1.GetSelfRequest{})
	require.NoError(t, err)
	root := self.GetStaff()
	root.Disabled = true
	_, err = f.directory.UpdateStaff(f.root, &identityv1.UpdateStaffRequest{Staff: root, UpdateMask: mask("disabled")})
	require.Equal(t, "LAST_ADMIN", fault.ReasonOf(err), "of the staff")
}

func TestBadInput(t *testing.T) {
	f := setup(t)
	acme, other := f.organization("Acme"), f.organization("Other")
	shop, theirs := f.application(acme.GetId(), "shop"), f.application(other.GetId(), "theirs")
	ada := f.member(acme.GetId(), "ada@example.com", identityv1.MemberRole_MEMBER_ROLE_USER)
	only := f.member(acme.GetId(), "only@example.com", identityv1.MemberRole_MEMBER_ROLE_USER, shop.GetId())
	member := func(edit func(*identityv1.Member)) error {
		m := &identityv1.Member{Organization: acme.GetId(), Name: "New", Email: "new@example.com", Role: identityv1.MemberRole_MEMBER_ROLE_USER}
		edit(m)
		_, err := f.directory.CreateMember(f.root, &identityv1.CreateMemberRequest{Member: m, Password: password})
		return err
	}
	application := func(name string, environments ...*identityv1.Environment) error {
		_, err := f.directory.CreateApplication(f.root, &identityv1.CreateApplicationRequest{Application: &identityv1.Application{
			Organization: acme.GetId(), Name: name, Environments: environments,
		}})
		return err
	}
	update := func(paths ...string) error {
		_, err := f.directory.UpdateMember(f.root, &identityv1.UpdateMemberRequest{Member: ada, UpdateMask: mask(paths...)})
		return err
	}
	production := &identityv1.Environment{Name: "production", Kind: identityv1.Environment_KIND_PRODUCTION}
	_, createErr := f.directory.CreateOrganization(f.root, &identityv1.CreateOrganizationRequest{Organization: &identityv1.Organization{Name: "x", Plan: "gold"}})
	_, deleteErr := f.directory.DeleteApplication(f.root, &identityv1.DeleteApplicationRequest{Organization: acme.GetId(), Application: shop.GetId()})
	_, pageErr := f.directory.ListMembers(f.root, &identityv1.ListMembersRequest{Organization: acme.GetId(), PageToken: "x"})
	_, sizeErr := f.directory.ListMembers(f.root, &identityv1.ListMembersRequest{Organization: acme.GetId(), PageSize: -1})
	for _, c := range []struct {
		name   string
		err    error
		reason string // INVALID_FIELD when field is set
		field  string
	}{
		{name: "no address", err: member(func(m *identityv1.Member) { m.Email = "" }), field: "member.email"},
		{name: "no domain", err: member(func(m *identityv1.Member) { m.Email = "ada" }), field: "member.email"},
		{name: "address with a name", err: member(func(m *identityv1.Member) { m.Email = "Ada <new@example.com>" }), field: "member.email"},
		{name: "address with a line break", err: member(func(m *identityv1.Member) { m.Email = "new@example.com\r\nBcc: eve@example.com" }), field: "member.email"},
		{name: "address too long", err: member(func(m *identityv1.Member) { m.Email = strings.Repeat("a", 250) + "@example.com" }), field: "member.email"},
		{name: "address taken", err: member(func(m *identityv1.Member) { m.Email = "ADA@example.com" }), reason: "EMAIL_EXISTS"},
		{name: "no name", err: member(func(m *identityv1.Member) { m.Name = " " }), field: "member.name"},
		{name: "name with a line break", err: member(func(m *identityv1.Member) { m.Name = "Ada\r\nBcc: x" }), field: "member.name"},
		{name: "name too long", err: member(func(m *identityv1.Member) { m.Name = strings.Repeat("ä", 101) }), field: "member.name"},
		{name: "no role", err: member(func(m *identityv1.Member) { m.Role = 0 }), field: "member.role"},
		{name: "unknown zone", err: member(func(m *identityv1.Member) { m.TimeZone = "Mars/Base" }), field: "member.time_zone"},
		{name: "unknown language", err: member(func(m *identityv1.Member) { m.Locale = "!" }), field: "member.locale"},
		{name: "application of another organization", err: member(func(m *identityv1.Member) { m.Applications = []string{theirs.GetId()} }), field: "member.applications[0]"},
		{name: "admin limited to an application", err: member(func(m *identityv1.Member) {
			m.Role, m.Applications = identityv1.MemberRole_MEMBER_ROLE_ADMIN, []string{shop.GetId()}
		}), field: "member.applications"},
		{name: "unknown organization", err: member(func(m *identityv1.Member) { m.Organization = "nope" }), reason: "ORGANIZATION_NOT_FOUND"},
		{name: "unknown plan", err: createErr, field: "organization.plan"},
		{name: "application taken", err: application("SHOP"), reason: "APPLICATION_EXISTS"},
		{name: "environment twice", err: application("new", production, &identityv1.Environment{Name: "Production", Kind: identityv1.Environment_KIND_STAGING}), field: "application.environments[1].name"},
		{name: "environment without kind", err: application("new", &identityv1.Environment{Name: "x"}), field: "application.environments[0].kind"},
		{name: "application in use", err: deleteErr, reason: "APPLICATION_IN_USE"},
		{name: "no mask", err: update(), field: "update_mask"},
		{name: "mask of the identity alone", err: update("id"), field: "update_mask"},
		{name: "mask of what cannot change", err: update("name", "email"), field: "update_mask"},
		{name: "bad page token", err: pageErr, reason: "PAGE_TOKEN_INVALID"},
		{name: "bad page size", err: sizeErr, field: "page_size"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Error(t, c.err)
			if c.field != "" {
				require.Equal(t, c.field, fieldOf(t, c.err))
				return
			}
			require.Equal(t, c.reason, fault.ReasonOf(c.err))
		})
	}
	only.Applications = nil
	_, err := f.directory.UpdateMember(f.root, &identityv1.UpdateMemberRequest{Member: only, UpdateMask: mask("id", "organization", "applications")})
	require.NoError(t, err)
	_, err = f.directory.DeleteApplication(f.root, &identityv1.DeleteApplicationRequest{Organization: acme.GetId(), Application: shop.GetId()})
	require.NoError(t, err)
}

func TestPages(t *testing.T) {
	f := setup(t)
	acme, other := f.organization("Acme"), f.organization("Other")
	for n := range 5 {
		f.member(acme.GetId(), fmt.Sprintf("m%d@example.com", n), identityv1.MemberRole_MEMBER_ROLE_USER)
	}
	var found []string
	req := &identityv1.ListMembersRequest{Organization: acme.GetId(), PageSize: 2}
	for {
		resp, err := f.directory.ListMembers(f.root, req)
		require.NoError(t, err)
		found = append(found, names(resp.GetMembers()))
		if resp.GetNextPageToken() == "" {
			break
		}
		req.PageToken = resp.GetNextPageToken()
	}
	require.Equal(t, []string{"m0 m1", "m2 m3", "m4"}, found)
	req.Organization = other.GetId()
	_, err := f.directory.ListMembers(f.root, req)
	require.Equal(t, "PAGE_TOKEN_INVALID", fault.ReasonOf(err), "of another list")
}

// TestEveryListIsPaged reads each list item by item, and is told of a token that is not of this list.
func TestEveryListIsPaged(t *testing.T) {
	f := setup(t)
	acme := f.organization("Acme")
	f.organization("Other")
	for n := range 2 {
		f.application(acme.GetId(), fmt.Sprintf("app%d", n))
		f.member(acme.GetId(), fmt.Sprintf("m%d@example.com", n), identityv1.MemberRole_MEMBER_ROLE_USER)
		_, err := f.account.CreateApiToken(f.root, &identityv1.CreateApiTokenRequest{Name: fmt.Sprintf("t%d", n)})
		require.NoError(t, err)
		f.clock.Advance(time.Second)
	}
	f.staff("agent@example.com", identityv1.StaffRole_STAFF_ROLE_AGENT)
	f.login("root@example.com")
	for name, list := range map[string]func(size int32, token string) (items int, next string, err error){
		"organizations": func(size int32, token string) (int, string, error) {
			res, err := f.directory.ListOrganizations(f.root, &identityv1.ListOrganizationsRequest{PageSize: size, PageToken: token})
			return len(res.GetOrganizations()), res.GetNextPageToken(), err
		},
		"applications": func(size int32, token string) (int, string, error) {
			res, err := f.directory.ListApplications(f.root, &identityv1.ListApplicationsRequest{Organization: acme.GetId(), PageSize: size, PageToken: token})
			return len(res.GetApplications()), res.GetNextPageToken(), err
		},
		"applications of all organizations": func(size int32, token string) (int, string, error) {
			res, err := f.directory.ListApplications(f.root, &identityv1.ListApplicationsRequest{Organization: "-", NamePrefix: "APP", EnvironmentPrefix: "prod", PageSize: size, PageToken: token})
			return len(res.GetApplications()), res.GetNextPageToken(), err
		},
		"members": func(size int32, token string) (int, string, error) {
			res, err := f.directory.ListMembers(f.root, &identityv1.ListMembersRequest{Organization: acme.GetId(), PageSize: size, PageToken: token})
			return len(res.GetMembers()), res.GetNextPageToken(), err
		},
		"staff": func(size int32, token string) (int, string, error) {
			res, err := f.directory.ListStaff(f.root, &identityv1.ListStaffRequest{PageSize: size, PageToken: token})
			return len(res.GetStaff()), res.GetNextPageToken(), err
		},
		"API tokens": func(size int32, token string) (int, string, error) {
			res, err := f.account.ListApiTokens(f.root, &identityv1.ListApiTokensRequest{PageSize: size, PageToken: token})
			return len(res.GetApiTokens()), res.GetNextPageToken(), err
		},
		"sessions": func(size int32, token string) (int, string, error) {
			res, err := f.account.ListLoginSessions(f.root, &identityv1.ListLoginSessionsRequest{PageSize: size, PageToken: token})
			return len(res.GetLoginSessions()), res.GetNextPageToken(), err
		},
	} {
		t.Run(name, func(t *testing.T) {
			first, next, err := list(1, "")
			require.NoError(t, err)
			require.Equal(t, 1, first)
			require.NotEmpty(t, next)
			second, end, err := list(1, next)
			require.NoError(t, err)
			require.Equal(t, 1, second)
			require.Empty(t, end)
			all, end, err := list(0, "")
			require.NoError(t, err)
			require.Equal(t, 2, all)
			require.Empty(t, end)
			_, _, err = list(1, "x")
			require.Equal(t, "PAGE_TOKEN_INVALID", fault.ReasonOf(err))
			_, _, err = list(-1, "")
			require.Equal(t, "page_size", fieldOf(t, err))
		})
	}
}

// TestOtherServicesFollow runs the whole service on both engines and looks at what another one has learned.
func TestOtherServicesFollow(t *testing.T) {
	testkit.Databases(t, "identity", func(t *testing.T, cfg sqldb.Config) {
		clock := testkit.NewClock(time.Now().Truncate(time.Microsecond))
		cfg.Clock = time.Now
		f := start(t, cfg, clock)
		acme := f.organization("Acme")
		shop := f.application(acme.GetId(), "shop")
		ada := f.member(acme.GetId(), "ada@example.com", identityv1.MemberRole_MEMBER_ROLE_DEVELOPER, shop.GetId())
		gone := f.member(acme.GetId(), "gone@example.com", identityv1.MemberRole_MEMBER_ROLE_USER)
		_, err := f.directory.DeleteMember(f.root, &identityv1.DeleteMemberRequest{Organization: acme.GetId(), Member: gone.GetId()})
		require.NoError(t, err)
		testkit.EventuallyPasses(t, func(et require.TestingT) {
			o, err := f.peer.model.Organization(t.Context(), acme.GetId())
			require.NoError(et, err)
			require.Equal(et, "premium", o.Plan)
			var applications string
			var wide bool
			require.NoError(et, f.peer.db.Reader().QueryRowContext(t.Context(),
				"SELECT applications, organization_wide FROM directory_people WHERE id = $1 AND removed = 0", ada.GetId()).Scan(&applications, &wide))
			require.JSONEq(et, `["`+shop.GetId()+`"]`, applications)
			require.False(et, wide)
			production := directory.Target{Application: shop.GetId(), Environment: shop.GetEnvironments()[0].GetId()}
			scope, unknown, err := f.peer.model.Scope(t.Context(), acme.GetId(), []directory.Target{production})
			require.NoError(et, err)
			require.Empty(et, unknown)
			require.Equal(et, "production", scope[0].EnvironmentName)
			var left int
			require.NoError(et, f.peer.db.Reader().QueryRowContext(t.Context(),
				"SELECT COUNT(*) FROM directory_people WHERE id = $1 AND removed = 0", gone.GetId()).Scan(&left))
			require.Zero(et, left)
		}, "the read model follows")
		u, err := f.peer.verifier.Verify(t.Context(), f.tokenOf(f.login("ada@example.com")), false)
		require.NoError(t, err)
		require.Equal(t, ada.GetId(), u.ID)
	}, identity.Migrations()...)
}
