package store

import (
	"context"
	"strconv"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

type proofRow struct {
	ID                            string
	VerifiedAt, CodeRound, CodeAt int64
	CodeTries                     int
	Moment                        int64
}

func (r proofRow) proof() domain.Proof {
	return domain.Proof{
		Contact: r.ID, VerifiedAt: sqldb.Time(r.VerifiedAt), Round: r.CodeRound, CodeAt: sqldb.Time(r.CodeAt), Tries: r.CodeTries,
	}
}

// LockProof returns how far a contact has come to being verified, which nobody else changes until the end of the
// transaction. NotFound.
func (tx *Tx) LockProof(ctx context.Context, contact string) (domain.Proof, error) {
	var row proofRow
	err := one(ctx, tx.q, &row, "CONTACT_UNKNOWN", `
UPDATE contacts SET code_tries = code_tries WHERE id = $1
RETURNING id, verified_at, code_round, code_at, code_tries, altis_now() AS moment`, contact)
	if tx.now.IsZero() {
		tx.now = sqldb.Time(row.Moment)
	}
	return row.proof(), err
}

// SaveProof writes a proof.
func (tx *Tx) SaveProof(ctx context.Context, p domain.Proof) error {
	_, err := tx.q.ExecContext(ctx, `UPDATE contacts SET verified_at = $2, code_round = $3, code_at = $4, code_tries = $5 WHERE id = $1`,
		p.Contact, sqldb.Micros(p.VerifiedAt), p.Round, sqldb.Micros(p.CodeAt), p.Tries)
	return err
}

// Pauses before a task sends a code: somebody waits for it, and for the answer to the first attempt, which is not the task's.
const (
	codeRetry = 5 * time.Second
	codeFirst = 15 * time.Second // longer than that attempt takes
)

// SendCode has the code of a contact's round sent to it, unless CodeTried says before that it has come, or cannot come.
func (tx *Tx) SendCode(contact domain.Contact, round int64) { tx.sendCode(contact, round, codeFirst) }

func (tx *Tx) sendCode(contact domain.Contact, round int64, delay time.Duration) {
	payload := toJSON(CodeTask{Contact: contact.ID, Round: round, Host: host(contact)})
	tx.specs = append(tx.specs, durable.Spec{Kind: KindCode, Lane: durable.LaneReply, Key: contact.ID, Payload: []byte(payload), Delay: delay})
}

// CodeTried notes what came of the first attempt to send a code.
func (tx *Tx) CodeTried(ctx context.Context, c Coding, a domain.Attempt) error {
	waiting, err := tx.q.Cancel(ctx, KindCode, c.Contact)
	if waiting > 0 && !a.Accepted && !a.Final {
		tx.sendCode(c.To.Contact, c.Round, codeRetry)
	}
	return err
}

// Coding is what the sending of a code needs to know.
type Coding struct {
	domain.Proof
	To domain.ContactTest // without its code
}

// Message returns what brings the code. Its id is the same in every attempt.
func (c Coding) Message(key domain.AckKey) domain.ContactTest {
	m := c.To
	m.ID, m.Code, m.Expires = domain.Hash("contact-code-message", c.Contact, strconv.FormatInt(c.Round, 10)), domain.Code(key, c.Contact, c.Round), c.Expires()
	return m
}

// Coding returns a contact to which a code is about to be sent. NotFound.
func (s *Store) Coding(ctx context.Context, contact string) (c Coding, err error) {
	var row struct {
		contactRow
		proofRow
		Secret, Name, Email string
	}
	err = sqldb.Classify(s.db.Reader().QueryRowContext(ctx, `
SELECT c.person, c.channel, c.address, c.position, c.secret, c.verified_at, c.code_round, c.code_at, c.code_tries, altis_now(),
  COALESCE(p.name, ''), COALESCE(p.email, '')
FROM contacts c LEFT JOIN directory_people p ON p.id = c.person WHERE c.id = $1`, contact).Scan(
		&row.Person, &row.Channel, &row.Address, &row.Position, &row.Secret, &row.proofRow.VerifiedAt, &row.CodeRound, &row.CodeAt, &row.CodeTries, &row.Moment,
		&row.Name, &row.Email))
	if err != nil {
		return c, noContact(err)
	}
	row.contactRow.ID, row.proofRow.ID = contact, contact
	c.Proof, c.To.Contact, c.To.Secret, c.To.At = row.proof(), row.contact(), row.Secret, sqldb.Time(row.Moment)
	c.To.To = domain.Person{ID: row.Person, Name: row.Name, Email: row.Email, Staff: true}
	return c, nil
}
