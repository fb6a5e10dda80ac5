package auth_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	policyv1 "altis-dxp.com/support/proto/gen/go/altis/support/policy/v1"
)

// methods of a service that only this test has, each with another policy; nil = none.
func testMethods() map[string]*policyv1.Policy {
	users := func(a ...policyv1.Audience) *policyv1.Policy { return &policyv1.Policy{Users: a} }
	return map[string]*policyv1.Policy{
		"Public":     users(policyv1.Audience_AUDIENCE_PUBLIC),
		"Member":     users(policyv1.Audience_AUDIENCE_MEMBER),
		"OrgAdmin":   users(policyv1.Audience_AUDIENCE_ORGANIZATION_ADMIN),
		"Staff":      users(policyv1.Audience_AUDIENCE_STAFF),
		"Agent":      users(policyv1.Audience_AUDIENCE_AGENT),
		"Engineer":   users(policyv1.Audience_AUDIENCE_ENGINEER),
		"Supervisor": users(policyv1.Audience_AUDIENCE_SUPERVISOR),
		"StaffAdmin": users(policyv1.Audience_AUDIENCE_STAFF_ADMIN),
		"Either":     users(policyv1.Audience_AUDIENCE_ORGANIZATION_ADMIN, policyv1.Audience_AUDIENCE_AGENT),
		"Service":    {Services: []string{"ticket", "triage"}},
		"Mixed":      {Users: []policyv1.Audience{policyv1.Audience_AUDIENCE_STAFF}, Services: []string{"triage"}, OutageGrace: true},
		"Nobody":     {},
	}
}

// register makes a service of the methods known to the process and returns what a gRPC server would say of it.
func register(t *testing.T, name string, methods map[string]*policyv1.Policy) map[string]grpc.ServiceInfo {
	t.Helper()
	service := &descriptorpb.ServiceDescriptorProto{Name: proto.String(name)}
	info := grpc.ServiceInfo{}
	for method, policy := range methods {
		options := &descriptorpb.MethodOptions{}
		if policy != nil {
			proto.SetExtension(options, policyv1.E_Policy, policy)
		}
		service.Method = append(service.Method, &descriptorpb.MethodDescriptorProto{
			Name: proto.String(method), InputType: proto.String(".authtest.Nothing"),
			OutputType: proto.String(".authtest.Nothing"), Options: options,
		})
		info.Methods = append(info.Methods, grpc.MethodInfo{Name: method})
	}
	file := &descriptorpb.FileDescriptorProto{
		Name: proto.String("authtest/" + name + ".proto"), Package: proto.String("authtest"), Syntax: proto.String("proto3"),
		Service: []*descriptorpb.ServiceDescriptorProto{service},
	}
	nothing := &descriptorpb.FileDescriptorProto{
		Name: proto.String("authtest/nothing.proto"), Package: proto.String("authtest"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{{Name: proto.String("Nothing")}},
	}
	for _, p := range []*descriptorpb.FileDescriptorProto{nothing, file} {
		if _, err := protoregistry.GlobalFiles.FindFileByPath(p.GetName()); err == nil {
			continue
		}
		if p == file {
			p.Dependency = []string{nothing.GetName()}
		}
		fd, err := protodesc.NewFile(p, protoregistry.GlobalFiles)
		require.NoError(t, err)
		require.NoError(t, protoregistry.GlobalFiles.RegisterFile(fd))
	}
	return map[string]grpc.ServiceInfo{"authtest." + name: info}
}

func TestAllow(t *testing.T) {
	policies, err := auth.LoadPolicies(register(t, "Allow", testMethods()))
	require.NoError(t, err)

	customer := func(r auth.Role) auth.Principal {
		return auth.Principal{Service: "gateway", User: &auth.User{ID: "p", Organization: "o", Role: r}}
	}
	staff := func(r auth.Role) auth.Principal {
		return auth.Principal{Service: "gateway", User: &auth.User{ID: "p", Staff: true, Role: r}}
	}
	ticketForUser := customer(auth.RoleUser)
	ticketForUser.Service = "ticket"
	for _, c := range []struct {
		name  string
		who   auth.Principal
		allow []string // all others are refused
		kind  fault.Kind
	}{
		{name: "anyone", who: auth.Principal{}, allow: []string{"Public"}},
		{name: "gateway without a user", who: auth.Principal{Service: "gateway"}, allow: []string{"Public"}},
		{name: "ticket", who: auth.Principal{Service: "ticket"}, allow: []string{"Public", "Service"}},
		{name: "triage", who: auth.Principal{Service: "triage"}, allow: []string{"Public", "Service", "Mixed"}},
		{name: "user", who: customer(auth.RoleUser), allow: []string{"Public", "Member"}},
		{name: "developer", who: customer(auth.RoleDeveloper), allow: []string{"Public", "Member"}},
		{name: "organization admin", who: customer(auth.RoleAdmin), allow: []string{"Public", "Member", "OrgAdmin", "Either"}},
		{name: "a service's rights are not its user's", who: ticketForUser, allow: []string{"Public", "Member"}},
		{name: "agent", who: staff(auth.RoleAgent), allow: []string{"Public", "Staff", "Agent", "Either", "Mixed"}},
		{name: "engineer", who: staff(auth.RoleEngineer), allow: []string{"Public", "Staff", "Engineer", "Mixed"}},
		{name: "supervisor", who: staff(auth.RoleSupervisor), allow: []string{"Public", "Staff", "Supervisor", "Mixed"}},
		{
			name: "staff admin", who: staff(auth.RoleAdmin),
			allow: []string{"Public", "Staff", "Agent", "Engineer", "Supervisor", "StaffAdmin", "Either", "Mixed"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var allowed []string
			for method := range testMethods() {
				err := policies.Allow("/authtest.Allow/"+method, c.who)
				if err == nil {
					allowed = append(allowed, method)
					continue
				}
				if kind := fault.KindOf(err); kind != fault.Denied && (kind != fault.Unauthenticated || c.who.User != nil) {
					t.Errorf("%s: %v", method, err)
				}
			}
			require.ElementsMatch(t, c.allow, allowed)
		})
	}
	require.ErrorIs(t, policies.Allow("/authtest.Allow/Member", auth.Principal{}), fault.Unauthenticated, "log in and try again")
	require.ErrorIs(t, policies.Allow("/authtest.Allow/Service", auth.Principal{}), fault.Denied, "no login would help")
	require.ErrorIs(t, policies.Allow("/authtest.Other/Get", staff(auth.RoleAdmin)), fault.Denied, "unknown methods")
	require.ErrorIs(t, auth.Policies{}.Allow("/authtest.Allow/Public", auth.Principal{}), fault.Denied)
	require.NoError(t, policies.Allow("/grpc.health.v1.Health/Check", auth.Principal{}))

	require.True(t, policies.OutageGrace("/authtest.Allow/Mixed"))
	require.False(t, policies.OutageGrace("/authtest.Allow/Staff"))
	require.False(t, policies.OutageGrace("/authtest.Other/Get"))
}

func TestScopes(t *testing.T) {
	method := func(scope policyv1.Scope) *policyv1.Policy {
		return &policyv1.Policy{Users: []policyv1.Audience{policyv1.Audience_AUDIENCE_MEMBER}, Scope: scope}
	}
	policies, err := auth.LoadPolicies(register(t, "Scoped", map[string]*policyv1.Policy{
		"Read":      method(policyv1.Scope_SCOPE_TICKETS_READ),
		"Write":     method(policyv1.Scope_SCOPE_TICKETS_WRITE),
		"Self":      method(policyv1.Scope_SCOPE_SELF),
		"Account":   method(policyv1.Scope_SCOPE_ACCOUNT),
		"Forgotten": method(policyv1.Scope_SCOPE_UNSPECIFIED),
		"Public":    {Users: []policyv1.Audience{policyv1.Audience_AUDIENCE_PUBLIC}},
		"Staff":     {Users: []policyv1.Audience{policyv1.Audience_AUDIENCE_STAFF}, Scope: policyv1.Scope_SCOPE_TICKETS_READ},
	}))
	require.NoError(t, err)
	for _, c := range []struct {
		name   string
		scopes []string
		allow  []string // all others are refused
	}{
		{name: "unlimited", allow: []string{"Read", "Write", "Self", "Account", "Forgotten", "Public"}},
		{name: "reader", scopes: []string{"SCOPE_TICKETS_READ"}, allow: []string{"Read", "Self", "Public"}},
		{name: "writer", scopes: []string{"SCOPE_TICKETS_WRITE"}, allow: []string{"Write", "Self", "Public"}},
		{name: "both", scopes: []string{"SCOPE_TICKETS_READ", "SCOPE_TICKETS_WRITE"}, allow: []string{"Read", "Write", "Self", "Public"}},
		{name: "of a newer release", scopes: []string{"SCOPE_NEWS"}, allow: []string{"Self", "Public"}},
		{name: "no name", scopes: []string{""}, allow: []string{"Self", "Public"}},
		{name: "unspecified is none", scopes: []string{"SCOPE_UNSPECIFIED"}, allow: []string{"Self", "Public"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := auth.Principal{Service: "ticket", User: &auth.User{ID: "p", Organization: "o", Role: auth.RoleUser, Scopes: c.scopes}}
			var allowed []string
			for _, method := range []string{"Read", "Write", "Self", "Account", "Forgotten", "Public"} {
				err := policies.Allow("/authtest.Scoped/"+method, p)
				if err == nil {
					allowed = append(allowed, method)
					continue
				}
				require.ErrorIs(t, err, fault.Denied)
				require.Equal(t, "SCOPE_MISSING", fault.ReasonOf(err))
			}
			require.ElementsMatch(t, c.allow, allowed)
			require.Equal(t, "NOT_ALLOWED", fault.ReasonOf(policies.Allow("/authtest.Scoped/Staff", p)), "a scope gives no rights")
		})
	}
	reader := auth.Principal{User: &auth.User{ID: "p", Organization: "o", Role: auth.RoleUser, Scopes: []string{"SCOPE_TICKETS_READ"}}}
	missing, ok := errors.AsType[*fault.Error](policies.Allow("/authtest.Scoped/Write", reader))
	require.True(t, ok)
	require.Equal(t, map[string]string{"scope": "SCOPE_TICKETS_WRITE"}, missing.Meta)
}

func TestLoadPoliciesNamesEveryFault(t *testing.T) {
	services := register(t, "Faulty", map[string]*policyv1.Policy{
		"Fine":        {Services: []string{"ticket"}},
		"Forgotten":   nil,
		"Too":         nil,
		"Unspecified": {Users: []policyv1.Audience{policyv1.Audience_AUDIENCE_UNSPECIFIED}},
		"NoName":      {Services: []string{""}},
	})
	services["authtest.Unlinked"] = grpc.ServiceInfo{Methods: []grpc.MethodInfo{{Name: "Get"}}}
	services["grpc.health.v1.Health"] = grpc.ServiceInfo{Methods: []grpc.MethodInfo{{Name: "Check"}}}
	_, err := auth.LoadPolicies(services)
	require.Error(t, err)
	for _, method := range []string{
		"authtest.Faulty.Forgotten", "authtest.Faulty.Too", "authtest.Faulty.Unspecified", "authtest.Faulty.NoName", "authtest.Unlinked.Get",
	} {
		require.ErrorContains(t, err, method)
	}
	require.NotContains(t, err.Error(), "Fine")
	require.NotContains(t, err.Error(), "grpc.health")
}
