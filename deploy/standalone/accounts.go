package standalone

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"altis-dxp.com/support/deploy/standalone/demo"
	"altis-dxp.com/support/gateway"
)

const (
	loginPrefix = "login: "
	tokenPrefix = "api token: "
)

// demoText is what demo.txt says: one line per login.
func demoText(r *demo.Result) string {
	var b strings.Builder
	for _, a := range r.Accounts {
		b.WriteString(loginPrefix + loginLine(a) + "\n")
	}
	b.WriteString(tokenPrefix + r.APIToken + "\n")
	return b.String()
}

func loginLine(a demo.Account) string {
	return fmt.Sprintf("%-36s %s  (%s, %s)", a.Email, a.Password, a.Name, a.Role)
}

var (
	loginPattern = regexp.MustCompile(`(?m)^` + loginPrefix + `(\S+) +(\S+) +\(([^,]+), (.+)\)$`)
	tokenPattern = regexp.MustCompile(`(?m)^` + tokenPrefix + `(\S+)$`)
)

// readDemo reads demo.txt back.
func (c *Config) readDemo() (*demo.Result, error) {
	text, err := os.ReadFile(c.demoFile())
	if err != nil {
		return nil, err
	}
	r := &demo.Result{}
	for _, m := range loginPattern.FindAllStringSubmatch(string(text), -1) {
		r.Accounts = append(r.Accounts, demo.Account{Email: m[1], Password: m[2], Name: m[3], Role: m[4]})
	}
	if m := tokenPattern.FindStringSubmatch(string(text)); m != nil {
		r.APIToken = m[1]
	}
	return r, nil
}

// visitors picks one login per role: a customer, an agent, an engineer.
func visitors(accounts []demo.Account) []demo.Account {
	var picked []demo.Account
	for _, role := range []string{"customer", "agent", "on-call engineer"} {
		for _, a := range accounts {
			if strings.HasPrefix(a.Role, role) {
				picked = append(picked, a)
				break
			}
		}
	}
	return picked
}

// demoLogins are what the dashboard's login page offers.
func (s *Suite) demoLogins() ([]gateway.DemoLogin, error) {
	r, err := s.cfg.readDemo()
	if err != nil {
		return nil, err
	}
	var logins []gateway.DemoLogin
	for _, a := range visitors(r.Accounts) {
		logins = append(logins, gateway.DemoLogin{Name: a.Name, Role: a.Role, Email: a.Email, Password: a.Password})
	}
	return logins, nil
}
