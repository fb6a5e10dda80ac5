package demo

import (
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
)

// Admin is the first person of the staff, who sets everything up.
const (
	AdminName  = "Elif Kaya"
	AdminEmail = string(elif)
)

type organization struct {
	name, plan   string
	applications []string
}

const (
	fjordlightName = "Fjordlight Media"
	brickyardName  = "Brickyard Stores"
)

var organizations = []organization{
	{name: fjordlightName, plan: "premium", applications: []string{"newsroom", "events"}},
	{name: brickyardName, plan: "enterprise", applications: []string{"shop", "wholesale", "magazine"}},
}

// environments are what every application has.
var environments = []*identityv1.Environment{
	{Name: "production", Kind: identityv1.Environment_KIND_PRODUCTION},
	{Name: "staging", Kind: identityv1.Environment_KIND_STAGING},
	{Name: "development", Kind: identityv1.Environment_KIND_DEVELOPMENT},
}

type member struct {
	email        who
	name         string
	organization string
	role         identityv1.MemberRole
	applications []string // a freelancer's, by name
	zone         string
}

var members = []member{
	{email: mara, name: "Mara Lindqvist", organization: fjordlightName, role: identityv1.MemberRole_MEMBER_ROLE_ADMIN, zone: "Europe/Oslo"},
	{email: theo, name: "Theo Okafor", organization: fjordlightName, role: identityv1.MemberRole_MEMBER_ROLE_USER, zone: "Europe/Oslo"},
	{email: priya, name: "Priya Raman", organization: brickyardName, role: identityv1.MemberRole_MEMBER_ROLE_ADMIN, zone: "Europe/London"},
	{email: sam, name: "Sam Whitlock", organization: brickyardName, role: identityv1.MemberRole_MEMBER_ROLE_DEVELOPER, applications: []string{"shop"}, zone: "Europe/London"},
}

type colleague struct {
	email who
	name  string
	role  identityv1.StaffRole
	zone  string
	teams []string // as triage names them
}

var staff = []colleague{
	{email: jonas, name: "Jonas Weber", role: identityv1.StaffRole_STAFF_ROLE_AGENT, zone: "Europe/Berlin", teams: []string{"support"}},
	{email: ada, name: "Ada Park", role: identityv1.StaffRole_STAFF_ROLE_ENGINEER, zone: "Europe/Berlin", teams: []string{"engineering"}},
	{email: diego, name: "Diego Marín", role: identityv1.StaffRole_STAFF_ROLE_ENGINEER, zone: "Europe/Madrid", teams: []string{"cloud", "engineering"}},
}
