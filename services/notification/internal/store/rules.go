package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

type rulesDocument struct {
	Urgent []ruleStepDocument    `json:"urgent,omitempty"`
	Normal []ruleStepDocument    `json:"normal,omitempty"`
	Zone   string                `json:"zone,omitempty"` // of the quiet hours
	Quiet  []restrictionDocument `json:"quiet,omitempty"`
}

type ruleStepDocument struct {
	Contact string        `json:"contact"`
	After   time.Duration `json:"after"`
}

// readRules reads a document; "" are the rules of who has not said so. One that cannot be read counts as none, and is
// logged: rules only refine an order, and nobody is to stay unpaged for those of somebody else.
func (s *Store) readRules(ctx context.Context, person, text string) (r domain.Rules) {
	if text == "" {
		return r
	}
	var d rulesDocument
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		s.o.Logger.ErrorContext(ctx, "the rules of a person cannot be read: contacts are tried in their order",
			slog.String("person", person), slog.Any("error", err))
		return r
	}
	for _, step := range d.Urgent {
		r.Urgent = append(r.Urgent, domain.RuleStep(step))
	}
	for _, step := range d.Normal {
		r.Normal = append(r.Normal, domain.RuleStep(step))
	}
	r.Quiet.Zone = d.Zone
	for _, part := range d.Quiet {
		r.Quiet.Parts = append(r.Quiet.Parts, oncall.Restriction(part))
	}
	return r
}

func rulesText(r domain.Rules) string {
	d := rulesDocument{Zone: r.Quiet.Zone}
	for _, step := range r.Urgent {
		d.Urgent = append(d.Urgent, ruleStepDocument(step))
	}
	for _, step := range r.Normal {
		d.Normal = append(d.Normal, ruleStepDocument(step))
	}
	for _, part := range r.Quiet.Parts {
		d.Quiet = append(d.Quiet, restrictionDocument(part))
	}
	return toJSON(d)
}

// Rules returns how a person wants to be notified.
func (s *Store) Rules(ctx context.Context, person string) (domain.Rules, error) {
	var text string
	err := s.db.Reader().QueryRowContext(ctx, `SELECT document FROM notification_rules WHERE person = $1`, person).Scan(&text)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return domain.Rules{}, sqldb.Classify(err)
	}
	return s.readRules(ctx, person, text), nil
}

// LockRules returns how a person wants to be notified, which nobody else changes until the end of the transaction.
func (tx *Tx) LockRules(ctx context.Context, person string) (domain.Rules, error) {
	var text string
	err := tx.q.QueryRowContext(ctx, `
INSERT INTO notification_rules (person, document) VALUES ($1, '')
ON CONFLICT (person) DO UPDATE SET person = excluded.person RETURNING document`, person).Scan(&text)
	if err != nil {
		return domain.Rules{}, err
	}
	return tx.s.readRules(ctx, person, text), nil
}

// PutRules writes how a person wants to be notified; LockRules has locked it. The emergency mailbox hears of it.
func (tx *Tx) PutRules(ctx context.Context, person string, r domain.Rules) error {
	if _, err := tx.q.ExecContext(ctx, `UPDATE notification_rules SET document = $2 WHERE person = $1`, person, rulesText(r)); err != nil {
		return err
	}
	return tx.changed(ctx)
}

// ContactsOf returns the contacts that a person has entered, by position.
func (tx *Tx) ContactsOf(ctx context.Context, person string) ([]domain.Contact, error) {
	var rows []contactRow
	err := all(ctx, tx.q, &rows, `SELECT `+contactColumns+` FROM contacts WHERE person = $1 ORDER BY position`, person)
	contacts := make([]domain.Contact, len(rows))
	for i, row := range rows {
		contacts[i] = row.contact()
	}
	return contacts, err
}
