package store

import (
	"context"
	"fmt"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// Export is all that paging needs to know, for a store that pages while this one is away.
type Export struct {
	Version  string
	Roster   domain.Roster
	People   []Directed
	Contacts []SecretContact
}

// Directed is a person of the directory.
type Directed struct {
	ID, Organization, Name, Email, Role, Locale string
	Staff, Disabled                             bool
}

// SecretContact is a contact with what signs its webhooks.
type SecretContact struct {
	domain.Contact
	Secret string
}

// ExportVersion changes with anything that Export returns. Contacts are verified once, so that their number and the last time
// tell every change.
func (s *Store) ExportVersion(ctx context.Context) (string, error) {
	var roster, directory, contacts, newest int64
	err := s.db.Reader().QueryRowContext(ctx, `
SELECT version, COALESCE((SELECT MAX(version) FROM directory_people), 0), (SELECT COUNT(*) FROM contacts WHERE verified_at > 0),
  COALESCE((SELECT MAX(verified_at) FROM contacts), 0) FROM roster`).Scan(&roster, &directory, &contacts, &newest)
	return fmt.Sprintf("%d-%d-%d-%d", roster, directory, contacts, newest), sqldb.Classify(err)
}

// Export returns the configuration of on-call and everybody in the directory. It may be newer than its version says: then
// the version has changed, too.
func (s *Store) Export(ctx context.Context) (e Export, err error) {
	if e.Version, err = s.ExportVersion(ctx); err != nil {
		return e, err
	}
	q := s.db.Reader()
	if e.Roster, err = readRoster(ctx, q); err != nil {
		return e, err
	}
	if e.People, err = exportPeople(ctx, q); err != nil {
		return e, err
	}
	e.Contacts, err = s.exportContacts(ctx, q)
	return e, err
}

// exportContacts returns the contacts of everybody in the order in which they are tried for an urgent page: rules are not
// exported, a mailbox tries one contact after the other.
func (s *Store) exportContacts(ctx context.Context, q sqldb.Queryer) ([]SecretContact, error) {
	var rows []struct {
		contactRow
		Secret, Rules string
	}
	err := all(ctx, q, &rows, `
SELECT c.id, c.person, c.channel, c.address, c.position, 0 AS verified_at, c.secret, COALESCE(n.document, '') AS rules
FROM contacts c LEFT JOIN notification_rules n ON n.person = c.person WHERE c.verified_at > 0 ORDER BY c.person, c.position`)
	if err != nil {
		return nil, err
	}
	var out []SecretContact
	for len(rows) > 0 {
		of := domain.Reach{}
		secrets := map[string]string{}
		person := rows[0].Person
		of.Rules = s.readRules(ctx, person, rows[0].Rules)
		for len(rows) > 0 && rows[0].Person == person {
			of.Contacts = append(of.Contacts, rows[0].contact())
			secrets[rows[0].ID] = rows[0].Secret
			rows = rows[1:]
		}
		for i, c := range of.Chain(true).Contacts {
			c.Position = i + 1
			out = append(out, SecretContact{c, secrets[c.ID]})
		}
	}
	return out, nil
}

// Import replaces what the store knows of on-call and of the directory. Of the people, who may be many, it writes only those
// that have changed: pages wait for it.
func (tx *Tx) Import(ctx context.Context, e Export) error {
	if err := tx.importPeople(ctx, e.People); err != nil {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM overrides`, `DELETE FROM schedules`, `DELETE FROM escalation_policies`, `DELETE FROM contacts`,
	} {
		if _, err := tx.q.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	for _, s := range e.Roster.Schedules {
		if err := tx.PutSchedule(ctx, s); err != nil {
			return err
		}
		for _, o := range s.Overrides {
			if err := tx.putOverride(ctx, s.ID, o, ""); err != nil {
				return err
			}
		}
	}
	for _, c := range e.Contacts {
		_, err := tx.q.ExecContext(ctx, `
INSERT INTO contacts (id, person, channel, address, secret, position, created_at, verified_at)
VALUES ($1, $2, $3, $4, $5, $6, altis_now(), altis_now())`,
			c.ID, c.Person, string(c.Channel), c.Address, c.Secret, c.Position)
		if err != nil {
			return err
		}
	}
	if e.Roster.Policy != nil {
		return tx.PutPolicy(ctx, domain.PolicyID, *e.Roster.Policy)
	}
	return tx.changed(ctx)
}

func (tx *Tx) importPeople(ctx context.Context, people []Directed) error {
	before, err := exportPeople(ctx, tx.q)
	if err != nil {
		return err
	}
	left := make(map[string]Directed, len(before))
	for _, p := range before {
		left[p.ID] = p
	}
	for _, p := range people {
		known, ok := left[p.ID]
		delete(left, p.ID)
		if ok && known == p {
			continue
		}
		err := directory.Apply(ctx, tx.q, &eventv1.DirectoryEvent{Version: 1, Entity: &eventv1.DirectoryEvent_Person{Person: &eventv1.DirectoryPerson{
			Id: p.ID, Organization: p.Organization, Name: p.Name, Email: p.Email, Role: p.Role, Locale: p.Locale, Staff: p.Staff, Disabled: p.Disabled,
		}}})
		if err != nil {
			return err
		}
	}
	for id := range left {
		if _, err := tx.q.ExecContext(ctx, `DELETE FROM directory_people WHERE id = $1`, id); err != nil {
			return err
		}
	}
	return nil
}

func exportPeople(ctx context.Context, q sqldb.Queryer) (people []Directed, err error) {
	err = all(ctx, q, &people, `
SELECT id, organization, name, email, role, locale, staff, disabled FROM directory_people WHERE removed = 0 ORDER BY id`)
	return people, err
}
