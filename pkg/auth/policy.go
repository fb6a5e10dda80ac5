package auth

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"altis-dxp.com/support/pkg/fault"
	policyv1 "altis-dxp.com/support/proto/gen/go/altis/support/policy/v1"
)

// Policies says who may call which method. The zero value admits nobody.
type Policies struct {
	methods map[string]*policyv1.Policy // by full method: "/package.Service/Method"
}

// LoadPolicies reads the policy option of every method of the services, as grpc.Server.GetServiceInfo returns them.
// The error lists every method without one. Services of gRPC itself ("grpc.*": health, reflection) are exempt.
func LoadPolicies(services map[string]grpc.ServiceInfo) (Policies, error) {
	p := Policies{methods: map[string]*policyv1.Policy{}}
	var faults []error
	for _, service := range slices.Sorted(maps.Keys(services)) {
		if exempt("/" + service) {
			continue
		}
		for _, m := range services[service].Methods {
			policy, err := policyOf(service + "." + m.Name)
			if err != nil {
				faults = append(faults, err)
				continue
			}
			p.methods["/"+service+"/"+m.Name] = policy
		}
	}
	return p, errors.Join(faults...)
}

func policyOf(method string) (*policyv1.Policy, error) {
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(method))
	if err != nil {
		return nil, fmt.Errorf("auth: %s: %w", method, err)
	}
	if !proto.HasExtension(d.Options(), policyv1.E_Policy) {
		return nil, fmt.Errorf("auth: %s has no policy", method)
	}
	policy, _ := proto.GetExtension(d.Options(), policyv1.E_Policy).(*policyv1.Policy)
	if slices.Contains(policy.GetUsers(), policyv1.Audience_AUDIENCE_UNSPECIFIED) || slices.Contains(policy.GetServices(), "") {
		return nil, fmt.Errorf("auth: the policy of %s has an empty entry", method)
	}
	return policy, nil
}

func exempt(fullMethod string) bool { return strings.HasPrefix(fullMethod, "/grpc.") }

// Allow returns nil when p may call the method. A call with a user is judged by the user alone: a service never
// lends its own rights to the person it works for. A token that is limited to scopes needs the method's too: Denied
// SCOPE_MISSING, whose Meta names it by "scope".
func (ps Policies) Allow(fullMethod string, p Principal) error {
	if exempt(fullMethod) {
		return nil
	}
	policy := ps.methods[fullMethod]
	users := policy.GetUsers()
	switch {
	case slices.Contains(users, policyv1.Audience_AUDIENCE_PUBLIC):
		return nil
	case p.User != nil:
		if !slices.ContainsFunc(users, p.User.in) {
			return fault.New(fault.Denied, "NOT_ALLOWED", "your role does not allow this")
		}
		return p.User.within(policy.GetScope())
	case p.Service != "" && slices.Contains(policy.GetServices(), p.Service):
		return nil
	case len(users) > 0:
		return fault.New(fault.Unauthenticated, "TOKEN_REQUIRED", "an access token is required")
	default:
		return fault.New(fault.Denied, "SERVICE_NOT_ALLOWED", "only for services of the suite")
	}
}

// OutageGrace reports whether the method accepts tokens that expired while identity is away.
func (ps Policies) OutageGrace(fullMethod string) bool {
	return ps.methods[fullMethod].GetOutageGrace()
}

// within returns nil when the user's token is not limited to scopes, or has the one that a method names.
func (u *User) within(scope policyv1.Scope) error {
	switch {
	case len(u.Scopes) == 0, scope == policyv1.Scope_SCOPE_SELF:
		return nil
	case scope != policyv1.Scope_SCOPE_UNSPECIFIED && slices.Contains(u.Scopes, scope.String()):
		return nil
	default:
		return fault.New(fault.Denied, "SCOPE_MISSING", "the API token is not for this").With("scope", scope.String())
	}
}

func (u *User) in(a policyv1.Audience) bool {
	switch a {
	case policyv1.Audience_AUDIENCE_MEMBER:
		return !u.Staff
	case policyv1.Audience_AUDIENCE_ORGANIZATION_ADMIN:
		return !u.Staff && u.Role == RoleAdmin
	case policyv1.Audience_AUDIENCE_STAFF:
		return u.Staff
	case policyv1.Audience_AUDIENCE_AGENT:
		return u.Staff && (u.Role == RoleAgent || u.Role == RoleAdmin)
	case policyv1.Audience_AUDIENCE_ENGINEER:
		return u.Staff && (u.Role == RoleEngineer || u.Role == RoleAdmin)
	case policyv1.Audience_AUDIENCE_SUPERVISOR:
		return u.Staff && (u.Role == RoleSupervisor || u.Role == RoleAdmin)
	case policyv1.Audience_AUDIENCE_STAFF_ADMIN:
		return u.Staff && u.Role == RoleAdmin
	default:
		return false
	}
}
