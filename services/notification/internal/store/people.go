package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// reachSelect lists staff who may be paged with the contacts that they have entered, a person without any once.
const reachSelect = `
SELECT p.id, p.name, p.email, p.role, COALESCE(c.id, '') AS contact, COALESCE(c.channel, '') AS channel,
  COALESCE(c.address, '') AS address, COALESCE(c.position, 0) AS position, COALESCE(c.verified_at, 0) AS verified_at,
  COALESCE(n.document, '') AS rules
FROM directory_people p LEFT JOIN contacts c ON c.person = p.id LEFT JOIN notification_rules n ON n.person = p.id
WHERE p.staff = 1 AND p.removed = 0 AND p.disabled = 0`

type reachRow struct {
	ID, Name, Email, Role, Contact, Channel, Address, Rules string

	Position   int
	VerifiedAt int64
}

// reaches groups rows by person; a person's rows follow each other.
func (s *Store) reaches(ctx context.Context, rows []reachRow) (out []domain.Reach) {
	for _, row := range rows {
		if len(out) == 0 || out[len(out)-1].Person.ID != row.ID {
			supervises := row.Role == "supervisor" || row.Role == "admin"
			out = append(out, domain.Reach{
				Person:     domain.Person{ID: row.ID, Name: row.Name, Email: row.Email, Staff: true},
				Supervises: supervises, Responds: supervises || row.Role == "engineer",
				Rules: s.readRules(ctx, row.ID, row.Rules),
			})
		}
		r := &out[len(out)-1]
		if row.Contact == "" {
			continue
		}
		c := domain.Contact{ID: row.Contact, Person: row.ID, Channel: domain.Channel(row.Channel), Address: row.Address, Position: row.Position}
		if row.VerifiedAt > 0 {
			r.Explicit, r.Contacts = true, append(r.Contacts, c)
		} else {
			r.Unverified = append(r.Unverified, c)
		}
	}
	for i := range out {
		if r := &out[i]; !r.Explicit && r.Person.Email != "" {
			r.Contacts = []domain.Contact{{
				ID: domain.ImplicitContact, Person: r.Person.ID, Channel: domain.ChannelEmail, Address: r.Person.Email, Position: 1,
			}}
		}
	}
	return out
}

// Reach implements domain.PageTx.
func (tx *Tx) Reach(ctx context.Context, ids []string) ([]domain.Reach, error) {
	return tx.s.reach(ctx, tx.q, ids)
}

// Reach returns the people of the ids that are staff and not disabled, in the order of ids, others left out.
func (s *Store) Reach(ctx context.Context, ids []string) ([]domain.Reach, error) {
	return s.reach(ctx, s.db.Reader(), ids)
}

func (s *Store) reach(ctx context.Context, q sqldb.Queryer, ids []string) ([]domain.Reach, error) {
	var rows []reachRow
	if err := all(ctx, q, &rows, reachSelect+` AND p.id `+s.db.In(1)+` ORDER BY p.id, c.position`, sqldb.List(ids)); err != nil {
		return nil, err
	}
	byID := map[string]domain.Reach{}
	for _, r := range s.reaches(ctx, rows) {
		byID[r.Person.ID] = r
	}
	var out []domain.Reach
	for _, id := range ids {
		if r, ok := byID[id]; ok {
			out = append(out, r)
			delete(byID, id)
		}
	}
	return out, nil
}

// Staff implements domain.PageTx.
func (tx *Tx) Staff(ctx context.Context) ([]domain.Reach, error) { return tx.s.staff(ctx, tx.q) }

// Staff returns all staff that is not disabled, by id.
func (s *Store) Staff(ctx context.Context) ([]domain.Reach, error) {
	return s.staff(ctx, s.db.Reader())
}

func (s *Store) staff(ctx context.Context, q sqldb.Queryer) ([]domain.Reach, error) {
	var rows []reachRow
	if err := all(ctx, q, &rows, reachSelect+` ORDER BY p.id, c.position`); err != nil {
		return nil, err
	}
	return s.reaches(ctx, rows), nil
}

// Names returns the people of the ids as far as they are known, disabled ones too.
func (s *Store) Names(ctx context.Context, ids []string) (map[string]domain.Person, error) {
	var rows []struct {
		ID, Name, Email string
		Staff           bool
	}
	err := all(ctx, s.db.Reader(), &rows, `SELECT id, name, email, staff FROM directory_people WHERE id `+s.db.In(1), sqldb.List(ids))
	people := make(map[string]domain.Person, len(rows))
	for _, row := range rows {
		people[row.ID] = domain.Person{ID: row.ID, Name: row.Name, Email: row.Email, Staff: row.Staff}
	}
	return people, err
}

// ContactPosition is where a list of contacts goes on. The zero value is its beginning.
type ContactPosition struct {
	Person   string `json:"p"`
	Position int    `json:"n"`
}

const contactColumns = `id, person, channel, address, position, verified_at`

type contactRow struct {
	ID, Person, Channel, Address string
	Position                     int
	VerifiedAt                   int64
}

func (r contactRow) contact() domain.Contact {
	return domain.Contact{
		ID: r.ID, Person: r.Person, Channel: domain.Channel(r.Channel), Address: r.Address, Position: r.Position, VerifiedAt: sqldb.Time(r.VerifiedAt),
	}
}

// Contacts returns the contacts that a person has entered, everybody's if person is "", by person and position.
func (s *Store) Contacts(ctx context.Context, person string, after ContactPosition, limit int) ([]domain.Contact, error) {
	where, args := "", []any{after.Person, after.Position, limit}
	if person != "" {
		where, args = "person = $4 AND ", append(args, person)
	}
	var rows []contactRow
	err := all(ctx, s.db.Reader(), &rows, `
SELECT `+contactColumns+` FROM contacts WHERE `+where+`(person, position) > ($1, $2) ORDER BY person, position LIMIT $3`, args...)
	contacts := make([]domain.Contact, len(rows))
	for i, row := range rows {
		contacts[i] = row.contact()
	}
	return contacts, err
}

// Contact returns a contact. NotFound.
func (s *Store) Contact(ctx context.Context, id string) (domain.Contact, error) {
	var row contactRow
	err := one(ctx, s.db.Reader(), &row, "CONTACT_UNKNOWN", `SELECT `+contactColumns+` FROM contacts WHERE id = $1`, id)
	return row.contact(), err
}

// InsertContact adds a contact behind those that the person has, which is not verified; it makes id and position.
// Precondition TOO_MANY_CONTACTS when there are domain.MaxContacts already: one statement counts them and takes the
// position, which nobody else can take.
func (tx *Tx) InsertContact(ctx context.Context, c domain.Contact, secret string) (domain.Contact, error) {
	c.ID = tx.s.o.NewID()
	err := tx.q.QueryRowContext(ctx, `
INSERT INTO contacts (id, person, channel, address, secret, position, created_at)
SELECT $1, $2, $3, $4, $5, COALESCE(MAX(position), 0) + 1, altis_now() FROM contacts WHERE person = $2 HAVING COUNT(*) < $6
RETURNING position`, c.ID, c.Person, string(c.Channel), c.Address, secret, domain.MaxContacts).Scan(&c.Position)
	switch {
	case sqldb.IsUnique(err):
		return c, fault.New(fault.Conflict, "CONTACT_CHANGED", "another contact was added at the same time")
	case errors.Is(err, sql.ErrNoRows):
		return c, fault.Newf(fault.Precondition, "TOO_MANY_CONTACTS", "a person has at most %d contacts", domain.MaxContacts)
	}
	return c, err
}

// BeginTest notes that a contact is tested now, and returns it with its secret. NotFound; Exhausted when it was tested less
// than domain.TestInterval ago.
func (tx *Tx) BeginTest(ctx context.Context, id string) (c domain.Contact, secret string, err error) {
	var before int64
	err = tx.q.QueryRowContext(ctx, `
UPDATE contacts SET tested_at = tested_at WHERE id = $1
RETURNING person, channel, address, position, secret, altis_now() - tested_at`, id).Scan(&c.Person, &c.Channel, &c.Address, &c.Position, &secret, &before)
	switch {
	case err != nil:
		return c, "", noContact(err)
	case before < domain.TestInterval.Microseconds():
		return c, "", domain.TestedTooSoon()
	}
	c.ID = id
	_, err = tx.q.ExecContext(ctx, `UPDATE contacts SET tested_at = altis_now() WHERE id = $1`, id)
	return c, secret, err
}

// noContact says what is not there.
func noContact(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "CONTACT_UNKNOWN", "no such contact")
	}
	return err
}

// DeleteContact removes a contact, also from the rules of its person. NotFound.
func (tx *Tx) DeleteContact(ctx context.Context, id string) error {
	var person string
	if err := tx.q.QueryRowContext(ctx, `DELETE FROM contacts WHERE id = $1 RETURNING person`, id).Scan(&person); err != nil {
		return noContact(err)
	}
	rules, err := tx.LockRules(ctx, person)
	if err != nil {
		return err
	}
	return tx.PutRules(ctx, person, rules.Without(id))
}

// SigningKey returns the key that signs now.
func (s *Store) SigningKey(ctx context.Context) (key domain.AckKey, err error) {
	if known := s.ackKey.Load(); known != nil {
		return *known, nil
	}
	err = s.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *Tx) error {
		key, err = tx.AckKey(ctx)
		return err
	})
	return key, err
}

// AckKey implements domain.PageTx. The first transaction of an installation makes the key.
func (tx *Tx) AckKey(ctx context.Context) (domain.AckKey, error) {
	if tx.ackKey != nil {
		return *tx.ackKey, nil
	}
	if key := tx.s.ackKey.Load(); key != nil {
		return *key, nil
	}
	key, err := readAckKey(ctx, tx.q, `ORDER BY id DESC LIMIT 1`)
	if errors.Is(err, sql.ErrNoRows) {
		secret := make([]byte, 32)
		_, _ = rand.Read(secret) // never fails
		// Of two at once, one finds the other's. The store does not remember it: this transaction may yet fail.
		_, err = tx.q.ExecContext(ctx, `INSERT INTO ack_keys (id, secret, created_at) VALUES (1, $1, altis_now()) ON CONFLICT (id) DO NOTHING`,
			base64.StdEncoding.EncodeToString(secret))
		if err != nil {
			return key, err
		}
		key, err = readAckKey(ctx, tx.q, `ORDER BY id DESC LIMIT 1`)
		tx.ackKey = &key
		return key, err
	}
	if err == nil {
		tx.s.ackKey.Store(&key)
	}
	return key, err
}

// AckKey returns a key to verify links with. NotFound.
func (s *Store) AckKey(ctx context.Context, id int) (domain.AckKey, error) {
	if key := s.ackKey.Load(); key != nil && key.ID == id {
		return *key, nil
	}
	key, err := readAckKey(ctx, s.db.Reader(), `WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return key, fault.New(fault.NotFound, "KEY_UNKNOWN", "no such key")
	}
	return key, sqldb.Classify(err)
}

func readAckKey(ctx context.Context, q sqldb.Queryer, which string, args ...any) (domain.AckKey, error) {
	var key domain.AckKey
	var secret string
	if err := q.QueryRowContext(ctx, `SELECT id, secret FROM ack_keys `+which, args...).Scan(&key.ID, &secret); err != nil {
		return key, err
	}
	var err error
	key.Secret, err = base64.StdEncoding.DecodeString(secret)
	return key, err
}
