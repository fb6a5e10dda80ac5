// Package directory is a service's own copy of what identity knows: organizations, applications, environments, people,
// token keys and revocations. No request asks identity; identity's changes are applied as they arrive, by its events and
// by reading them every two seconds, in any order and as often as they come: the newest version of each thing wins.
//
// A thing that identity removed stays as a tombstone, so that an older state cannot bring it back. No lookup returns it.
package directory

import (
	"embed"
	"io/fs"

	"altis-dxp.com/support/pkg/sqldb"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations creates the tables directory_organizations, directory_applications, directory_environments,
// directory_people, directory_keys, directory_revocations and directory_cursor.
func Migrations() sqldb.Set {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sqldb.Set{Name: "directory", FS: sub}
}

// Organization is a customer.
type Organization struct {
	ID      string
	Name    string
	Plan    string // support plan: "standard", "premium", "enterprise"
	SeesAll bool   // organization-wide members see all of its tickets, else their own
}
