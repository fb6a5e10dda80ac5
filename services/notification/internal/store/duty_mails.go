package store

import (
	"context"
	"encoding/json"
	"fmt"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// InsertDutyMails adds mails about on-call to their ledger with the tasks that send them, after what holds them. One that was
// told before is not told again.
func (tx *Tx) InsertDutyMails(ctx context.Context, mails []domain.DutyMail) error {
	for _, m := range mails {
		p := m.Recipient.Person
		result, err := tx.q.ExecContext(ctx, `
INSERT INTO duty_mails (id, schedule, document, person, name, address, state, attempts, last_answer, last_answer_kind, created_at,
  queued_at, accepted_at, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', 0, altis_now(), altis_now() + $8, 0, altis_now() + $8)
ON CONFLICT (id) DO NOTHING`, m.ID, m.Notice.Schedule, toJSON(m.Notice), p.ID, p.Name, p.Email, string(domain.MailQueued), m.Hold.Microseconds())
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if n == 1 {
			payload := toJSON(MailTask{Delivery: m.ID})
			tx.specs = append(tx.specs, durable.Spec{Kind: KindDutyMail, Lane: durable.LaneNotice, Key: m.ID, Payload: []byte(payload), Delay: m.Hold})
		}
	}
	return nil
}

type dutyMailRow struct {
	ID, Document, Person, Name, Address, State, LastAnswer, Locale string

	Attempts, LastAnswerKind                        int
	CreatedAt, QueuedAt, AcceptedAt, NextAt, Moment int64
}

func (r dutyMailRow) mail() (m domain.DutyMail, err error) {
	m.MailDelivery = domain.MailDelivery{
		ID: r.ID, Recipient: domain.Recipient{Person: domain.Person{ID: r.Person, Name: r.Name, Email: r.Address, Staff: true}}, Locale: r.Locale,
		State: domain.MailState(r.State), Attempts: r.Attempts, LastAnswer: domain.Answer{Kind: domain.AnswerKind(r.LastAnswerKind), Said: r.LastAnswer},
		CreatedAt: sqldb.Time(r.CreatedAt), QueuedAt: sqldb.Time(r.QueuedAt), AcceptedAt: sqldb.Time(r.AcceptedAt), NextAt: sqldb.Time(r.NextAt),
	}
	if err = json.Unmarshal([]byte(r.Document), &m.Notice); err != nil {
		err = fmt.Errorf("%w: mail %s about on-call: %w", durable.ErrUndecodable, r.ID, err)
	}
	return m, err
}

const dutyMailColumns = `id, document, person, name, address, state, attempts, last_answer, last_answer_kind, created_at,
  queued_at, accepted_at, next_at, altis_now() AS moment,
  COALESCE((SELECT p.locale FROM directory_people p WHERE p.id = duty_mails.person), '') AS locale`

// DutyMail returns a mail about on-call. NotFound.
func (s *Store) DutyMail(ctx context.Context, id string) (domain.DutyMail, error) {
	var row dutyMailRow
	err := one(ctx, s.db.Reader(), &row, "DELIVERY_UNKNOWN", `SELECT `+dutyMailColumns+` FROM duty_mails WHERE id = $1`, id)
	if err != nil {
		return domain.DutyMail{}, err
	}
	return row.mail()
}

// LockDutyMail returns a mail that nobody else changes until the end of the transaction. NotFound.
func (tx *Tx) LockDutyMail(ctx context.Context, id string) (domain.DutyMail, error) {
	var row dutyMailRow
	err := one(ctx, tx.q, &row, "DELIVERY_UNKNOWN", `UPDATE duty_mails SET attempts = attempts WHERE id = $1 RETURNING `+dutyMailColumns, id)
	if err != nil {
		return domain.DutyMail{}, err
	}
	if tx.now.IsZero() {
		tx.now = sqldb.Time(row.Moment)
	}
	return row.mail()
}

// SaveDutyMail writes state, attempts, answer and instants.
func (tx *Tx) SaveDutyMail(ctx context.Context, d domain.MailDelivery) error {
	_, err := tx.q.ExecContext(ctx, `
UPDATE duty_mails SET state = $2, attempts = $3, last_answer = $4, last_answer_kind = $5, accepted_at = $6, next_at = $7 WHERE id = $1`,
		d.ID, string(d.State), d.Attempts, d.LastAnswer.Said, int(d.LastAnswer.Kind), sqldb.Micros(d.AcceptedAt), sqldb.Micros(d.NextAt))
	return err
}
