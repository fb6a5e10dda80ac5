// Package doctor looks at what an installation stands on, from outside and without the installation: databases and their
// schemas, Redis, the mail server, DNS, clocks, certificates. Only for the roster it asks the running service.
//
// It changes nothing. Each finding says what is so and, unless all is well, what to do.
package doctor

import (
	"context"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc"
)

// State is how a finding is to be taken.
type State string

// The states.
const (
	OK   State = "ok"
	Warn State = "warn" // works, but not for ever or not for everybody
	Fail State = "fail" // does not work
)

// Finding is the result of one check.
type Finding struct {
	Check   string `json:"check"`   // what kind of thing
	Subject string `json:"subject"` // which of them
	State   State  `json:"state"`
	Text    string `json:"text"`
	Do      string `json:"do,omitempty"` // what to do about it
}

// Report is what was found, in the order of the checks, and what was not looked at because nothing named it.
type Report struct {
	Findings []Finding `json:"findings"`
	NotAsked []string  `json:"notAsked"`
}

// Failed returns how many findings are failures.
func (r Report) Failed() (n int) {
	for _, f := range r.Findings {
		if f.State == Fail {
			n++
		}
	}
	return n
}

// Resolver asks DNS. net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupHost(ctx context.Context, name string) ([]string, error)
}

// Config says what to look at. What is empty is not looked at.
type Config struct {
	Databases    []Database
	Redis        string
	SMTP         SMTP
	Mail         Mail
	Certificates []string // PEM files: a certificate and, after it, those between it and the authority
	Authorities  string   // PEM file that they must lead to
	Roster       grpc.ClientConnInterface
	Resolver     Resolver
	Now          func() time.Time
}

// timeout bounds each check: one that hangs must not keep the others from being read.
const timeout = 10 * time.Second

// Run makes all checks, side by side.
func Run(ctx context.Context, c Config) Report {
	checks := []struct {
		asked bool
		name  string
		run   func(ctx context.Context, c Config) []Finding
	}{
		{len(c.Databases) > 0, "databases (--ticket-database and the like)", databases},
		{c.Redis != "", "Redis (--redis)", redisServer},
		{c.SMTP.Addr != "", "the mail server (--smtp-addr)", mailServer},
		{c.Mail.asked(), "DNS (--mail-from)", records},
		{len(c.Certificates) > 0, "certificates (--certificate)", certificates},
		{c.Roster != nil, "the roster (ALTIS_TOKEN)", roster},
	}
	found := make([][]Finding, len(checks))
	report := Report{Findings: []Finding{}, NotAsked: []string{}}
	var wg sync.WaitGroup
	for i, check := range checks {
		if !check.asked {
			report.NotAsked = append(report.NotAsked, check.name)
			continue
		}
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, timeout)
			defer cancel()
			found[i] = check.run(ctx, c)
		})
	}
	wg.Wait()
	for _, f := range found {
		report.Findings = append(report.Findings, f...)
	}
	return report
}
