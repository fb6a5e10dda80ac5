package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// present: the person p belongs to the staff and is not disabled.
const present = `p.staff = 1 AND p.removed = 0 AND p.disabled = 0`

const colleagueSelect = `
SELECT p.id, p.name, p.email, p.zone, p.teams, COALESCE(n.new_ticket, '') AS new_ticket, COALESCE(n.reply_mine, '') AS reply_mine,
  COALESCE(n.reply_team, '') AS reply_team, COALESCE(n.digest_hours, '') AS digest_hours
FROM directory_people p LEFT JOIN notice_preferences n ON n.person = p.id WHERE ` + present

type colleagueRow struct {
	ID, Name, Email, Zone, Teams, NewTicket, ReplyMine, ReplyTeam, DigestHours string
}

func (r colleagueRow) colleague() (domain.Colleague, error) {
	c := domain.Colleague{
		Person: domain.Person{ID: r.ID, Name: r.Name, Email: r.Email, Staff: true}, Zone: r.Zone, Preferences: domain.DefaultNoticePreferences(),
	}
	err := json.Unmarshal([]byte(r.Teams), &c.Teams)
	if r.DigestHours != "" {
		c.Preferences = domain.NoticePreferences{
			NewTicket: domain.NoticeChannel(r.NewTicket), ReplyMine: domain.NoticeChannel(r.ReplyMine), ReplyTeam: domain.NoticeChannel(r.ReplyTeam),
		}
		err = errors.Join(err, json.Unmarshal([]byte(r.DigestHours), &c.Preferences.DigestHours))
	}
	if err != nil {
		return c, fmt.Errorf("notice preferences of %s: %w", r.ID, err)
	}
	return c, nil
}

// Colleague implements domain.StaffTx.
func (tx *Tx) Colleague(ctx context.Context, id string) (domain.Colleague, bool, error) {
	return colleague(ctx, tx.q, id)
}

// Colleague returns somebody of the staff who is not disabled; false when there is nobody of that id.
func (s *Store) Colleague(ctx context.Context, id string) (domain.Colleague, bool, error) {
	return colleague(ctx, s.db.Reader(), id)
}

func colleague(ctx context.Context, q sqldb.Queryer, id string) (domain.Colleague, bool, error) {
	var rows []colleagueRow
	if err := all(ctx, q, &rows, colleagueSelect+` AND p.id = $1`, id); err != nil || len(rows) == 0 {
		return domain.Colleague{}, false, err
	}
	c, err := rows[0].colleague()
	return c, err == nil, err
}

// Locale returns the language of a person (BCP 47), "" when it is not known.
func (s *Store) Locale(ctx context.Context, person string) (locale string, err error) {
	err = s.db.Reader().QueryRowContext(ctx, `SELECT COALESCE(MAX(locale), '') FROM directory_people WHERE id = $1`, person).Scan(&locale)
	return locale, sqldb.Classify(err)
}

// inTeam: the person o is of the team $1, which is as it stands in the JSON of a list.
const inTeam = `replace(o.teams, $1, '') <> o.teams`

// Mailed implements domain.StaffTx.
func (tx *Tx) Mailed(ctx context.Context, team string, kind domain.NoticeKind) ([]domain.Person, error) {
	column := "reply_team"
	if kind == domain.NoticeNewTicket || kind == domain.NoticeHeld {
		column = "new_ticket"
	}
	// Few want these mails: the preferences come first.
	var rows []struct{ ID, Name, Email string }
	err := all(ctx, tx.q, &rows, `
SELECT o.id, o.name, o.email FROM notice_preferences n JOIN directory_people o ON o.id = n.person
WHERE n.`+column+` = 'mail' AND o.staff = 1 AND o.removed = 0 AND o.disabled = 0 AND (`+inTeam+` OR NOT EXISTS (
  SELECT 1 FROM directory_people o WHERE o.staff = 1 AND o.removed = 0 AND o.disabled = 0 AND `+inTeam+`))
ORDER BY o.id`, strings.Trim(sqldb.List([]string{team}), "[]"))
	people := make([]domain.Person, len(rows))
	for i, row := range rows {
		people[i] = domain.Person{ID: row.ID, Name: row.Name, Email: row.Email, Staff: true}
	}
	return people, err
}

// Manned returns the teams that somebody is in.
func (tx *Tx) Manned(ctx context.Context) (map[string]bool, error) { return manned(ctx, tx.q) }

func manned(ctx context.Context, q sqldb.Queryer) (map[string]bool, error) {
	var lists []string
	if err := all(ctx, q, &lists, `SELECT DISTINCT p.teams FROM directory_people p WHERE `+present); err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, list := range lists {
		var teams []string
		if err := json.Unmarshal([]byte(list), &teams); err != nil {
			return nil, fmt.Errorf("teams of the directory: %w", err)
		}
		for _, team := range teams {
			found[team] = true
		}
	}
	return found, nil
}

// LockNoticePreferences returns what a person has chosen, else the defaults. Nobody else changes it until the end of the
// transaction.
func (tx *Tx) LockNoticePreferences(ctx context.Context, person string) (domain.NoticePreferences, error) {
	p := domain.DefaultNoticePreferences()
	var hours string
	err := tx.q.QueryRowContext(ctx, `
INSERT INTO notice_preferences (person, new_ticket, reply_mine, reply_team, digest_hours) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (person) DO UPDATE SET person = excluded.person RETURNING new_ticket, reply_mine, reply_team, digest_hours`,
		person, string(p.NewTicket), string(p.ReplyMine), string(p.ReplyTeam), toJSON(p.DigestHours)).
		Scan(&p.NewTicket, &p.ReplyMine, &p.ReplyTeam, &hours)
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(hours), &p.DigestHours)
}

// SaveNoticePreferences writes what a person has chosen, after LockNoticePreferences, and has their digest wait for another
// hour if need be.
func (tx *Tx) SaveNoticePreferences(ctx context.Context, person string, p domain.NoticePreferences) error {
	_, err := tx.q.ExecContext(ctx, `
UPDATE notice_preferences SET new_ticket = $2, reply_mine = $3, reply_team = $4, digest_hours = $5 WHERE person = $1`,
		person, string(p.NewTicket), string(p.ReplyMine), string(p.ReplyTeam), toJSON(p.DigestHours))
	if err != nil {
		return err
	}
	var generation int64
	err = tx.q.QueryRowContext(ctx, `UPDATE digests SET generation = generation + 1 WHERE person = $1 RETURNING generation`, person).Scan(&generation)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // the next look at who has none begins it
	}
	if err != nil {
		return err
	}
	if _, err := tx.q.Cancel(ctx, KindDigest, person); err != nil {
		return err
	}
	return tx.nextDigest(ctx, person, generation)
}
