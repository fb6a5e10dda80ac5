package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// program is what an image is made of. Its main package is cmd/NAME of its module.
type program struct {
	name        string
	module      string
	description string
	ports       []string
	dashboard   bool // the dashboard is embedded
}

var (
	servicePorts = []string{"9000/tcp", "9090/tcp"}

	programs = []program{
		{name: "identityd", module: "services/identity", description: "people and who they are", ports: servicePorts},
		{name: "ticketd", module: "services/ticket", description: "tickets and their conversations", ports: servicePorts},
		{name: "triaged", module: "services/triage", description: "priority and due times", ports: servicePorts},
		{name: "notificationd", module: "services/notification", description: "pages and mail", ports: append([]string{"8081/tcp"}, servicePorts...)},
		{name: "emergencyd", module: "services/notification", description: "the mailbox of last resort", ports: append([]string{"2525/tcp", "8082/tcp"}, servicePorts...)},
		{name: "gatewayd", module: "gateway", description: "REST and the dashboard", ports: []string{"8080/tcp", "9090/tcp"}, dashboard: true},
		{name: "standalone", module: "deploy/standalone", description: "all of it in one process", ports: append([]string{"8080/tcp", "8081/tcp"}, servicePorts...), dashboard: true},
		{name: "supportctl", module: "deploy/supportctl", description: "the command line client"},
	}
)

// choose returns the programs with the names, all without one.
func choose(names []string) ([]program, error) {
	if len(names) == 0 {
		return programs, nil
	}
	var chosen []program
	for _, name := range names {
		i := slices.IndexFunc(programs, func(p program) bool { return p.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no image of %q", name)
		}
		chosen = append(chosen, programs[i])
	}
	return chosen, nil
}

// checkDashboard refuses to build a program whose dashboard would be the page that says that there is none.
func checkDashboard(root string, chosen []program) error {
	var without []string
	for _, p := range chosen {
		if p.dashboard {
			without = append(without, p.name)
		}
	}
	if len(without) == 0 {
		return nil
	}
	if _, err := os.Stat(filepath.Join(root, "gateway/web/dist/index.html")); err != nil {
		return fmt.Errorf("%s would have no dashboard, which is not built: make web (%w)", strings.Join(without, " and "), err)
	}
	return nil
}
