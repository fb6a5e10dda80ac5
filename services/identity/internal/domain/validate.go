package domain

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"altis-dxp.com/support/pkg/fault"
)

const (
	maxName         = 100 // Unicode code points
	maxEmail        = 254 // bytes; RFC 5321
	minPassword     = 12  // bytes
	maxPassword     = 1024
	maxEnvironments = 20
	maxApplications = 100 // that one member may be limited to
	maxTeams        = 20  // of one person
	maxTeam         = 64  // Unicode code points, as for tickets
)

var (
	plans            = []string{"standard", "premium", "enterprise"}
	environmentKinds = []string{"production", "staging", "development"}
	memberRoles      = []Role{RoleUser, RoleDeveloper, RoleAdmin}
	staffRoles       = []Role{RoleAgent, RoleEngineer, RoleSupervisor, RoleAdmin}
	localePattern    = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)
)

// problems gathers the offending fields of a request below a prefix such as "member.".
type problems struct {
	prefix string
	fields []fault.Field
}

func (p *problems) add(field, reason, description string) {
	p.fields = append(p.fields, fault.Field{Path: p.prefix + field, Reason: reason, Description: description})
}

func (p *problems) err() error { return fault.InvalidFields(p.fields) }

func (p *problems) name(field, value string) {
	switch n := utf8.RuneCountInString(value); {
	case strings.TrimSpace(value) == "":
		p.add(field, "REQUIRED", "must not be empty")
	case n > maxName:
		p.add(field, "TOO_LONG", "must have at most 100 characters")
	case strings.ContainsFunc(value, unicode.IsControl):
		p.add(field, "CONTROL_CHARACTER", "must not contain control characters")
	}
}

// email accepts a bare address only: what net/mail reads from it must be the value itself.
func (p *problems) email(field, value string) {
	address, err := mail.ParseAddress(value)
	if err != nil || address.Name != "" || address.Address != value || len(value) > maxEmail || strings.ContainsFunc(value, unicode.IsControl) {
		p.add(field, "EMAIL_INVALID", "must be an e-mail address, such as ada@example.com")
	}
}

func (p *problems) password(field, value string) {
	if len(value) < minPassword || len(value) > maxPassword {
		p.add(field, "PASSWORD_LENGTH", "must have 12 to 1024 bytes")
	}
}

func (p *problems) zone(field, value string) {
	if _, err := time.LoadLocation(value); err != nil || value == "" || value == "Local" {
		p.add(field, "TIME_ZONE_UNKNOWN", "must be an IANA time zone, such as Europe/Zurich")
	}
}

func (p *problems) locale(field, value string) {
	if len(value) > 35 || !localePattern.MatchString(value) {
		p.add(field, "LOCALE_INVALID", "must be a BCP 47 language, such as de-CH")
	}
}

func (p *problems) role(value Role, staff bool) {
	allowed := memberRoles
	if staff {
		allowed = staffRoles
	}
	if !slices.Contains(allowed, value) {
		p.add("role", "ROLE_REQUIRED", "must be one of the roles")
	}
}

func (p *problems) teams(teams []string) {
	if len(teams) > maxTeams {
		p.add("teams", "TOO_MANY", "must be at most 20")
	}
	for n, team := range teams {
		if size := utf8.RuneCountInString(team); size == 0 || size > maxTeam || strings.ContainsFunc(team, unicode.IsControl) {
			p.add(fmt.Sprintf("teams[%d]", n), "TEAM_INVALID", "must have 1 to 64 characters, none of them control characters")
		}
	}
}

func (p *problems) plan(value string) {
	if !slices.Contains(plans, value) {
		p.add("plan", "PLAN_UNKNOWN", "must be standard, premium or enterprise")
	}
}

// emailKey is what addresses are compared by.
func emailKey(address string) string { return strings.ToLower(address) }

func orDefault(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
