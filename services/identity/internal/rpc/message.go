package rpc

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"altis-dxp.com/support/pkg/fault"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	"altis-dxp.com/support/services/identity/internal/domain"
)

// The values that differ between the protocol and the rules. An unspecified enum becomes "", which no rule accepts.
var (
	memberRoles = map[identityv1.MemberRole]domain.Role{
		identityv1.MemberRole_MEMBER_ROLE_USER:      domain.RoleUser,
		identityv1.MemberRole_MEMBER_ROLE_DEVELOPER: domain.RoleDeveloper,
		identityv1.MemberRole_MEMBER_ROLE_ADMIN:     domain.RoleAdmin,
	}
	staffRoles = map[identityv1.StaffRole]domain.Role{
		identityv1.StaffRole_STAFF_ROLE_AGENT:      domain.RoleAgent,
		identityv1.StaffRole_STAFF_ROLE_ENGINEER:   domain.RoleEngineer,
		identityv1.StaffRole_STAFF_ROLE_SUPERVISOR: domain.RoleSupervisor,
		identityv1.StaffRole_STAFF_ROLE_ADMIN:      domain.RoleAdmin,
	}
	environmentKinds = map[identityv1.Environment_Kind]string{
		identityv1.Environment_KIND_PRODUCTION:  "production",
		identityv1.Environment_KIND_STAGING:     "staging",
		identityv1.Environment_KIND_DEVELOPMENT: "development",
	}
)

func enumOf[E, V comparable](values map[E]V, value V) (e E) {
	for e, v := range values {
		if v == value {
			return e
		}
	}
	return e
}

func messages[A, B any](values []A, f func(A) B) []B {
	out := make([]B, len(values))
	for n, v := range values {
		out[n] = f(v)
	}
	return out
}

func organizationMessage(o domain.Organization) *identityv1.Organization {
	return &identityv1.Organization{Id: o.ID, Name: o.Name, Plan: o.Plan, MembersSeeAll: o.MembersSeeAll, CreateTime: timestamp(o.CreatedAt)}
}

func applicationMessage(a domain.Application) *identityv1.Application {
	return &identityv1.Application{
		Id: a.ID, Organization: a.Organization, Name: a.Name,
		Environments: messages(a.Environments, func(e domain.Environment) *identityv1.Environment {
			return &identityv1.Environment{Id: e.ID, Name: e.Name, Kind: enumOf(environmentKinds, e.Kind)}
		}),
	}
}

func memberMessage(p domain.Person) *identityv1.Member {
	return &identityv1.Member{
		Id: p.ID, Organization: p.Organization, Name: p.Name, Email: p.Email, Role: enumOf(memberRoles, p.Role),
		Applications: p.Applications, TimeZone: p.TimeZone, Locale: p.Locale, Disabled: p.Disabled,
	}
}

func staffMessage(p domain.Person) *identityv1.Staff {
	return &identityv1.Staff{
		Id: p.ID, Name: p.Name, Email: p.Email, Role: enumOf(staffRoles, p.Role), TimeZone: p.TimeZone, Locale: p.Locale, Disabled: p.Disabled,
		Teams: p.Teams,
	}
}

// edits are the fields of a resource that may be updated, by their name in the update mask.
type edits map[string]func()

// apply makes those that the mask names. Names in identity tell which resource it is, and gateways put them into masks
// that they make from bodies: those are passed over. Other names are refused.
func (e edits) apply(mask *fieldmaskpb.FieldMask, identity ...string) error {
	var names, known []string
	for name := range e {
		known = append(known, name)
	}
	slices.Sort(known)
	for _, path := range mask.GetPaths() {
		switch _, ok := e[path]; {
		case ok:
			names = append(names, path)
		case !slices.Contains(identity, path):
			return fault.InvalidField("update_mask", "FIELD_NOT_UPDATABLE", "cannot update "+path+", only "+strings.Join(known, ", "))
		}
	}
	if len(names) == 0 {
		return fault.InvalidField("update_mask", "UPDATE_MASK_REQUIRED", "must name one of "+strings.Join(known, ", "))
	}
	for _, name := range names {
		e[name]()
	}
	return nil
}
