package proto_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	policyv1 "altis-dxp.com/support/proto/gen/go/altis/support/policy/v1"
)

var update = flag.Bool("update", false, "write the tables of docs/security.md")

const (
	security      = "../docs/security.md"
	tablesBegin   = "<!-- policies: written by `go test ./proto -run TestPoliciesAreDocumented -update` -->\n"
	tablesEnd     = "<!-- /policies -->\n"
	servicesHead  = "| service | may call, for itself |\n|---|---|\n"
	everybodyHead = "| method | people | scope of a limited token | expired token in an outage |\n|---|---|---|---|\n"
)

// TestPoliciesAreDocumented compares the tables of the documentation with the policies of the protos.
func TestPoliciesAreDocumented(t *testing.T) {
	callers := map[string][]string{}
	var rows []string
	eachMethod(t, func(_ *testing.T, m protoreflect.MethodDescriptor) {
		policy, _ := proto.GetExtension(m.Options(), policyv1.E_Policy).(*policyv1.Policy)
		method := string(m.Parent().Name()) + "." + string(m.Name())
		for _, service := range policy.GetServices() {
			callers[service] = append(callers[service], "`"+method+"`")
		}
		rows = append(rows, row(method, policy))
	})
	slices.Sort(rows)
	var lines []string
	for service, methods := range callers {
		slices.Sort(methods)
		lines = append(lines, fmt.Sprintf("| %s | %s |\n", service, strings.Join(methods, ", ")))
	}
	slices.Sort(lines)
	tables := servicesHead + strings.Join(lines, "") + "\n" + everybodyHead + strings.Join(rows, "")

	text, err := os.ReadFile(security)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), tablesBegin)
	have, after, ok2 := strings.Cut(rest, tablesEnd)
	if !ok || !ok2 {
		t.Fatalf("%s has no %q and %q", security, tablesBegin, tablesEnd)
	}
	if have == tables {
		return
	}
	if !*update {
		t.Fatalf("the tables of %s are not what the policies say: go test ./proto -run TestPoliciesAreDocumented -update", security)
	}
	if err := os.WriteFile(security, []byte(before+tablesBegin+tables+tablesEnd+after), 0o600); err != nil {
		t.Fatal(err)
	}
}

func row(method string, policy *policyv1.Policy) string {
	var people []string
	for _, audience := range policy.GetUsers() {
		people = append(people, words(audience.String(), "AUDIENCE_"))
	}
	scope := "none is enough"
	switch {
	case slices.Contains(policy.GetUsers(), policyv1.Audience_AUDIENCE_PUBLIC):
		scope = "no token needed"
	case len(people) == 0:
		people, scope = []string{"nobody"}, "-"
	case policy.GetScope() == policyv1.Scope_SCOPE_SELF:
		scope = "any"
	case policy.GetScope() != policyv1.Scope_SCOPE_UNSPECIFIED:
		scope = "`" + policy.GetScope().String() + "`"
	}
	grace := ""
	if policy.GetOutageGrace() {
		grace = "accepted"
	}
	return fmt.Sprintf("| `%s` | %s | %s | %s |\n", method, strings.Join(people, ", "), scope, grace)
}

func words(name, prefix string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, prefix)), "_", " ")
}
