package store

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

type proofRow struct {
	ID, CodeAnswer                string
	VerifiedAt, CodeRound, CodeAt int64
	CodeTries                     int
	Moment                        int64
}

const proofColumns = `id, verified_at, code_round, code_at, code_tries, code_answer, altis_now() AS moment`

func (r proofRow) proof() (p domain.Proof, err error) {
	p = domain.Proof{
		Contact: r.ID, VerifiedAt: sqldb.Time(r.VerifiedAt), Round: r.CodeRound, CodeAt: sqldb.Time(r.CodeAt), Tries: r.CodeTries,
	}
	if r.CodeAnswer != "" {
		err = json.Unmarshal([]byte(r.CodeAnswer), &p.Refused)
	}
	return p, err
}

// Proofs returns how far contacts have come to being verified, by their ids, and the moment at which that is so.
func (s *Store) Proofs(ctx context.Context, contacts []string) (proofs map[string]domain.Proof, now time.Time, err error) {
	var rows []proofRow
	err = all(ctx, s.db.Reader(), &rows, `SELECT `+proofColumns+` FROM contacts WHERE id `+s.db.In(1), sqldb.List(contacts))
	proofs = make(map[string]domain.Proof, len(rows))
	for _, row := range rows {
		if proofs[row.ID], err = row.proof(); err != nil {
			return nil, now, err
		}
		now = sqldb.Time(row.Moment)
	}
	return proofs, now, err
}

// LockProof returns how far a contact has come to being verified, which nobody else changes until the end of the
// transaction. NotFound.
func (tx *Tx) LockProof(ctx context.Context, contact string) (domain.Proof, error) {
	var row proofRow
	err := one(ctx, tx.q, &row, "CONTACT_UNKNOWN", `
UPDATE contacts SET code_tries = code_tries WHERE id = $1 RETURNING `+proofColumns, contact)
	if err != nil {
		return domain.Proof{}, err
	}
	if tx.now.IsZero() {
		tx.now = sqldb.Time(row.Moment)
	}
	return row.proof()
}

// SaveProof writes a proof.
func (tx *Tx) SaveProof(ctx context.Context, p domain.Proof) error {
	refused := ""
	if p.Refused != (domain.Answer{}) {
		refused = toJSON(p.Refused)
	}
	_, err := tx.q.ExecContext(ctx, `
UPDATE contacts SET verified_at = $2, code_round = $3, code_at = $4, code_tries = $5, code_answer = $6 WHERE id = $1`,
		p.Contact, sqldb.Micros(p.VerifiedAt), p.Round, sqldb.Micros(p.CodeAt), p.Tries, refused)
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
	if err != nil {
		return err
	}
	if waiting > 0 && !a.Accepted && !a.Final {
		tx.sendCode(c.To.Contact, c.Round, codeRetry)
	}
	return tx.CodeAnswered(ctx, c, a)
}

// CodeAnswered keeps why a code was refused for good, unless another one counts by now. NotFound.
func (tx *Tx) CodeAnswered(ctx context.Context, c Coding, a domain.Attempt) error {
	proof, err := tx.LockProof(ctx, c.Contact)
	if err != nil {
		return err
	}
	return tx.SaveProof(ctx, proof.Tried(c.Round, a))
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
SELECT c.person, c.channel, c.address, c.position, c.secret, c.verified_at, c.code_round, c.code_at, c.code_tries, c.code_answer, altis_now(),
  COALESCE(p.name, ''), COALESCE(p.email, '')
FROM contacts c LEFT JOIN directory_people p ON p.id = c.person WHERE c.id = $1`, contact).Scan(
		&row.Person, &row.Channel, &row.Address, &row.Position, &row.Secret, &row.proofRow.VerifiedAt, &row.CodeRound, &row.CodeAt, &row.CodeTries, &row.CodeAnswer, &row.Moment,
		&row.Name, &row.Email))
	if err != nil {
		return c, noContact(err)
	}
	row.contactRow.ID, row.proofRow.ID = contact, contact
	if c.Proof, err = row.proof(); err != nil {
		return c, err
	}
	c.To.Contact, c.To.Secret, c.To.At = row.contact(), row.Secret, sqldb.Time(row.Moment)
	c.To.To = domain.Person{ID: row.Person, Name: row.Name, Email: row.Email, Staff: true}
	return c, nil
}
