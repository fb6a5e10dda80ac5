package identity_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/emptypb"

	"altis-dxp.com/support/pkg/fault"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
)

const (
	authService      = "/altis.support.identity.v1.AuthService/"
	accountService   = "/altis.support.identity.v1.AccountService/"
	directoryService = "/altis.support.identity.v1.DirectoryService/"
)

// TestEveryMethodAndRole calls every method as everybody. A call is let in when it gets another answer than that the
// caller may not make it; what it then does is for other tests.
func TestEveryMethodAndRole(t *testing.T) {
	f := setup(t)
	acme, other := f.organization("Acme"), f.organization("Other")
	shop := f.application(acme.GetId(), "shop")
	f.member(acme.GetId(), "admin@acme.example", identityv1.MemberRole_MEMBER_ROLE_ADMIN)
	f.member(acme.GetId(), "developer@acme.example", identityv1.MemberRole_MEMBER_ROLE_DEVELOPER)
	f.member(acme.GetId(), "user@acme.example", identityv1.MemberRole_MEMBER_ROLE_USER)
	f.member(acme.GetId(), "scoped@acme.example", identityv1.MemberRole_MEMBER_ROLE_DEVELOPER, shop.GetId())
	f.member(other.GetId(), "admin@other.example", identityv1.MemberRole_MEMBER_ROLE_ADMIN)
	for role, email := range map[identityv1.StaffRole]string{
		identityv1.StaffRole_STAFF_ROLE_AGENT:      "agent@example.com",
		identityv1.StaffRole_STAFF_ROLE_ENGINEER:   "engineer@example.com",
		identityv1.StaffRole_STAFF_ROLE_SUPERVISOR: "supervisor@example.com",
	} {
		f.staff(email, role)
	}
	callers := map[string]context.Context{
		"nobody": t.Context(), "member": f.login("user@acme.example"), "developer": f.login("developer@acme.example"),
		"scoped": f.login("scoped@acme.example"), "stranger": f.login("admin@other.example"), "member admin": f.login("admin@acme.example"),
		"agent": f.login("agent@example.com"), "engineer": f.login("engineer@example.com"), "supervisor": f.login("supervisor@example.com"),
		"staff admin": f.root,
	}
	people := slices.Sorted(maps.Keys(callers))
	staff := []string{"agent", "engineer", "staff admin", "supervisor"}
	known := slices.DeleteFunc(slices.Clone(people), func(name string) bool { return name == "nobody" })
	managers := []string{"member admin", "staff admin", "stranger"}
	admins := []string{"staff admin"}
	// The methods, an answer of the right type, and who may call.
	methods := map[string]struct {
		answer  proto.Message
		allowed []string
	}{
		authService + "Login":         {&identityv1.LoginResponse{}, people},
		authService + "Logout":        {&emptypb.Empty{}, people},
		authService + "ExchangeToken": {&identityv1.ExchangeTokenResponse{}, people},
		authService + "Jwks":          {&identityv1.JwksResponse{}, people},

		accountService + "GetSelf":            {&identityv1.Self{}, known},
		accountService + "UpdateSelf":         {&identityv1.Self{}, known},
		accountService + "CreateApiToken":     {&identityv1.CreateApiTokenResponse{}, known},
		accountService + "ListApiTokens":      {&identityv1.ListApiTokensResponse{}, known},
		accountService + "DeleteApiToken":     {&emptypb.Empty{}, known},
		accountService + "ListLoginSessions":  {&identityv1.ListLoginSessionsResponse{}, known},
		accountService + "DeleteLoginSession": {&emptypb.Empty{}, known},

		directoryService + "GetOrganization":    {&identityv1.Organization{}, known},
		directoryService + "ListOrganizations":  {&identityv1.ListOrganizationsResponse{}, known},
		directoryService + "CreateOrganization": {&identityv1.Organization{}, admins},
		directoryService + "UpdateOrganization": {&identityv1.Organization{}, admins},
		directoryService + "ListApplications":   {&identityv1.ListApplicationsResponse{}, known},
		directoryService + "CreateApplication":  {&identityv1.Application{}, admins},
		directoryService + "DeleteApplication":  {&emptypb.Empty{}, admins},
		directoryService + "ListMembers":        {&identityv1.ListMembersResponse{}, known},
		directoryService + "CreateMember":       {&identityv1.Member{}, managers},
		directoryService + "UpdateMember":       {&identityv1.Member{}, managers},
		directoryService + "DeleteMember":       {&emptypb.Empty{}, managers},
		directoryService + "ListStaff":          {&identityv1.ListStaffResponse{}, staff},
		directoryService + "CreateStaff":        {&identityv1.Staff{}, admins},
		directoryService + "UpdateStaff":        {&identityv1.Staff{}, admins},
		directoryService + "ListChanges":        {&identityv1.ListChangesResponse{}, nil},
	}
	require.ElementsMatch(t, registered(t), slices.Collect(maps.Keys(methods)), "every method is here")

	gateway := f.server.InProcess("gateway")
	peers := map[string]grpc.ClientConnInterface{"gateway": gateway, "ticket": f.server.InProcess("ticket"), "a stranger": f.server.InProcess("")}
	for method, m := range methods {
		t.Run(strings.TrimPrefix(method, "/altis.support.identity.v1."), func(t *testing.T) {
			for name, ctx := range callers {
				err := gateway.Invoke(ctx, method, requestOf(t, method), proto.Clone(m.answer))
				require.Equal(t, slices.Contains(m.allowed, name), letIn(err), "%s: %v", name, err)
				err = peers["ticket"].Invoke(ctx, method, requestOf(t, method), proto.Clone(m.answer))
				if name != "nobody" {
					require.Equal(t, slices.Contains(m.allowed, name), letIn(err), "%s through a service, which lends nobody its rights: %v", name, err)
				}
			}
			for peer, conn := range peers {
				err := conn.Invoke(t.Context(), method, requestOf(t, method), proto.Clone(m.answer))
				public := slices.Contains(m.allowed, "nobody")
				require.Equal(t, public || peer == "ticket" && strings.HasSuffix(method, "ListChanges"), letIn(err), "%s on its own: %v", peer, err)
			}
		})
	}
}

// letIn reports whether an error is about the request and not about who makes it.
func letIn(err error) bool {
	switch fault.ReasonOf(err) {
	case "NOT_ALLOWED", "TOKEN_REQUIRED", "SERVICE_NOT_ALLOWED":
		return false
	}
	return true
}

// registered lists the methods of identity as the protos have them.
func registered(t *testing.T) (methods []string) {
	t.Helper()
	protoregistry.GlobalFiles.RangeFilesByPackage("altis.support.identity.v1", func(fd protoreflect.FileDescriptor) bool {
		for i := range fd.Services().Len() {
			s := fd.Services().Get(i)
			for j := range s.Methods().Len() {
				methods = append(methods, "/"+string(s.FullName())+"/"+string(s.Methods().Get(j).Name()))
			}
		}
		return true
	})
	return methods
}

// requestOf returns an empty request of a method.
func requestOf(t *testing.T, method string) proto.Message {
	t.Helper()
	name := protoreflect.FullName(strings.ReplaceAll(strings.TrimPrefix(method, "/"), "/", "."))
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(name)
	require.NoError(t, err)
	request, err := protoregistry.GlobalTypes.FindMessageByName(d.(protoreflect.MethodDescriptor).Input().FullName())
	require.NoError(t, err)
	return request.New().Interface()
}
