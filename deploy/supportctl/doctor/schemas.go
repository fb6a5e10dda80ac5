package doctor

import (
	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/sqldb"
)

// newest is the number of the newest migration of each service. The folders of the services say the same, or a test fails.
var newest = map[string]int64{
	"identity":     2,
	"ticket":       21,
	"triage":       1,
	"notification": 60,
}

// Services returns the services that have a database.
func Services() []string { return []string{"identity", "ticket", "triage", "notification"} }

// shared are the tables that a service has besides its own.
func shared(service string) []sqldb.Set {
	if service == "identity" {
		return []sqldb.Set{durable.Migrations()}
	}
	return []sqldb.Set{durable.Migrations(), events.Migrations(), directory.Migrations()}
}
