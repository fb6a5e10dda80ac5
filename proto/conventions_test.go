package proto_test

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	_ "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	_ "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	_ "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	policyv1 "altis-dxp.com/support/proto/gen/go/altis/support/policy/v1"
	_ "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	_ "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
)

// eachMethod runs a subtest for every method of the suite.
func eachMethod(t *testing.T, test func(t *testing.T, m protoreflect.MethodDescriptor)) {
	t.Helper()
	methods := 0
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		if !strings.HasPrefix(string(file.Package()), "altis.support.") {
			return true
		}
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				m := service.Methods().Get(j)
				methods++
				t.Run(string(service.Name())+"."+string(m.Name()), func(t *testing.T) { test(t, m) })
			}
		}
		return true
	})
	if methods < 50 {
		t.Fatalf("only %d methods: is a package not linked in?", methods)
	}
}

// TestListsArePaged checks that no list can outgrow an answer (AIP-158).
func TestListsArePaged(t *testing.T) {
	// A feed: its position is a version, which read models keep for as long as they exist.
	const feed = "altis.support.identity.v1.DirectoryService.ListChanges"
	eachMethod(t, func(t *testing.T, m protoreflect.MethodDescriptor) {
		if !strings.HasPrefix(string(m.Name()), "List") || m.FullName() == feed {
			return
		}
		check := func(message protoreflect.MessageDescriptor, name protoreflect.Name, kind protoreflect.Kind) {
			field := message.Fields().ByName(name)
			if field == nil || field.Kind() != kind || field.IsList() {
				t.Errorf("%s has no %s %s", message.Name(), kind, name)
			}
		}
		check(m.Input(), "page_size", protoreflect.Int32Kind)
		check(m.Input(), "page_token", protoreflect.StringKind)
		check(m.Output(), "next_page_token", protoreflect.StringKind)
	})
}

// TestMethodsNameTheirScope checks that nobody has forgotten what a limited token needs for a method. Methods for
// anyone take no token, those for services no user.
func TestMethodsNameTheirScope(t *testing.T) {
	eachMethod(t, func(t *testing.T, m protoreflect.MethodDescriptor) {
		policy, ok := proto.GetExtension(m.Options(), policyv1.E_Policy).(*policyv1.Policy)
		if !ok || policy == nil {
			t.Fatal("has no policy")
		}
		forUsers := len(policy.GetUsers()) > 0
		for _, audience := range policy.GetUsers() {
			forUsers = forUsers && audience != policyv1.Audience_AUDIENCE_PUBLIC
		}
		if named := policy.GetScope() != policyv1.Scope_SCOPE_UNSPECIFIED; named != forUsers {
			t.Errorf("scope %s, users %v", policy.GetScope(), policy.GetUsers())
		}
		// What only reads must not need a scope to write, nor the other way round.
		reads := false
		for _, prefix := range []string{"Get", "List", "BatchGet", "WhoIs", "Evaluate", "Explain", "Watch", "Count", "Download"} {
			reads = reads || strings.HasPrefix(string(m.Name()), prefix)
		}
		scope := policy.GetScope().String()
		if reads && strings.HasSuffix(scope, "_WRITE") || !reads && strings.HasSuffix(scope, "_READ") {
			t.Errorf("scope %s", scope)
		}
	})
}
