package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// DigestTask is the payload of KindDigest, whose key is the person's id.
type DigestTask struct {
	Person     string `json:"person"`
	Generation int64  `json:"generation"`
}

const (
	// maxTold bounds the notices that one digest tells: nobody reads more. Of the others it tells how many there are.
	maxTold = 500
	// gatherChunk bounds the notices that are looked at together.
	gatherChunk = 1000
)

// Gathered is what a digest is of.
type Gathered struct {
	For     domain.Colleague
	Notices []domain.StaffNotice // the oldest of them
	More    int                  // besides Notices
}

const insertNotice = `INSERT INTO notices (` + noticeColumns + `) VALUES`

func noticeValues(n domain.StaffNotice, now time.Time) []any {
	return []any{
		n.ID, n.Ticket, string(n.Kind), n.Team, n.Assignee, sqldb.List(n.Authors), n.AuthorName, n.Organization, n.Subject,
		sqldb.List(n.Mailed), n.Mails, sqldb.Micros(now),
	}
}

// InsertNotice keeps what the staff can be told of, for the digests. Told again it changes nothing.
func (tx *Tx) InsertNotice(n domain.StaffNotice, now time.Time) {
	tx.collect(insertNotice, ` ON CONFLICT (id) DO NOTHING`, noticeValues(n, now))
}

// InsertNoticeOnce is InsertNotice for what is told once; false: it was told before.
func (tx *Tx) InsertNoticeOnce(ctx context.Context, n domain.StaffNotice, now time.Time) (bool, error) {
	text, args := insert{insertNotice, ` ON CONFLICT (id) DO NOTHING`, [][]any{noticeValues(n, now)}}.text()
	result, err := tx.q.ExecContext(ctx, text, args...)
	if err != nil {
		return false, err
	}
	inserted, err := result.RowsAffected()
	return inserted == 1, err
}

// ForgetNotices has no digest tell of a ticket.
func (tx *Tx) ForgetNotices(ctx context.Context, ticket int64) error {
	_, err := tx.q.ExecContext(ctx, `DELETE FROM notices WHERE ticket = $1`, ticket)
	return err
}

// BeginDigests has digests made for people who have none.
func (tx *Tx) BeginDigests(ctx context.Context, people ...string) error {
	for _, person := range people {
		result, err := tx.q.ExecContext(ctx, `
INSERT INTO digests (person, generation, gathered_at) VALUES ($1, 1, altis_now()) ON CONFLICT (person) DO NOTHING`, person)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if n == 1 {
			if err := tx.nextDigest(ctx, person, 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// nextDigest has the digest of a person made at their next hour. Who is not of the staff any more has none: who comes back begins
// anew.
func (tx *Tx) nextDigest(ctx context.Context, person string, generation int64) error {
	c, ok, err := tx.Colleague(ctx, person)
	if err != nil {
		return err
	}
	if !ok {
		_, err = tx.q.ExecContext(ctx, `DELETE FROM digests WHERE person = $1`, person)
		return err
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		zone = time.UTC // the directory is newer than our list of zones
	}
	payload := toJSON(DigestTask{Person: person, Generation: generation})
	tx.specs = append(tx.specs, durable.Spec{
		Kind: KindDigest, Lane: durable.LaneDigest, Key: person, Payload: []byte(payload),
		Delay: domain.NextDigest(now, zone, c.Preferences.DigestHours).Sub(now),
	})
	return nil
}

// Gather returns what happened since the last digest; false when another task makes it, or it is for nobody any more. The next
// one follows at the person's next hour.
func (tx *Tx) Gather(ctx context.Context, t DigestTask) (g Gathered, ok bool, err error) {
	var since int64
	err = tx.q.QueryRowContext(ctx, `
UPDATE digests SET generation = generation WHERE person = $1 AND generation = $2 RETURNING gathered_at`, t.Person, t.Generation).Scan(&since)
	if errors.Is(err, sql.ErrNoRows) {
		return g, false, nil
	}
	if err != nil {
		return g, false, err
	}
	if g.For, ok, err = tx.Colleague(ctx, t.Person); err != nil {
		return g, false, err
	}
	if !ok {
		return g, false, tx.nextDigest(ctx, t.Person, t.Generation)
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return g, false, err
	}
	// What a transaction that is still under way writes has an instant of before: so the newest seconds are left to the next.
	until := max(since, sqldb.Micros(now.Add(-gatherAfter)))
	if err := tx.gather(ctx, &g, since, until); err != nil {
		return g, false, err
	}
	if _, err := tx.q.ExecContext(ctx, `UPDATE digests SET generation = $2, gathered_at = $3 WHERE person = $1`, t.Person, t.Generation+1, until); err != nil {
		return g, false, err
	}
	return g, true, tx.nextDigest(ctx, t.Person, t.Generation+1)
}

// gather adds what happened between two instants and concerns whom g is for. Most of what a desk does concerns others: it is left
// out by the database.
func (tx *Tx) gather(ctx context.Context, g *Gathered, since, until int64) error {
	manned, err := tx.Manned(ctx)
	if err != nil {
		return err
	}
	query := `
SELECT ` + noticeColumns + ` FROM notices WHERE (created_at, id) > ($1, $2) AND created_at <= $3
  AND ` + tx.s.concerns(4) + `
ORDER BY created_at, id LIMIT $7`
	teams, others := sqldb.List(g.For.Teams), sqldb.List(slices.Collect(maps.Keys(manned)))
	for at, id := since+1, ""; ; { // instants are whole microseconds, and no id is empty
		var rows []noticeRow
		if err := all(ctx, tx.q, &rows, query, at, id, until, g.For.ID, teams, others, gatherChunk); err != nil {
			return err
		}
		found, err := notices(rows)
		if err != nil {
			return err
		}
		mine := g.For.Digest(found, manned)
		told := min(len(mine), maxTold-len(g.Notices))
		g.Notices, g.More = append(g.Notices, mine[:told]...), g.More+len(mine)-told
		if len(rows) < gatherChunk {
			return nil
		}
		last := rows[len(rows)-1]
		at, id = last.CreatedAt, last.ID
	}
}

// concerns is the condition that a notice is of a person $n, of one of the teams $n+1, which are theirs, or of a team that is not
// of those $n+2 that somebody is in.
func (s *Store) concerns(n int) string {
	return fmt.Sprintf(`(assignee = $%d OR assignee = '' AND (team %s OR NOT (team %s)))`, n, s.db.In(n+1), s.db.In(n+2))
}

// gatherAfter is how old a notice must be: longer than a transaction takes.
const gatherAfter = 15 * time.Second

// InsertDigest adds a digest to the ledger with the task that sends it.
func (tx *Tx) InsertDigest(ctx context.Context, o domain.Outgoing) error {
	return tx.insertApart(ctx, o, domain.DigestSubject, durable.LaneDigest)
}

// insertApart adds mails that are of no ticket to the ledger, with the tasks that send them.
func (tx *Tx) insertApart(ctx context.Context, o domain.Outgoing, subject string, lane durable.Lane) error {
	if len(o.Recipients) == 0 {
		return nil
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	tx.collect(insertContents, ` ON CONFLICT (id) DO NOTHING`, []any{o.Content.ID, 0, toJSON(o.Content), sqldb.Micros(now)})
	for i, r := range o.Recipients {
		id := domain.MailID(o.Content.ID, r.Person.Email)
		tx.insertMailDelivery(i, domain.MailDelivery{
			ID: id, Content: o.Content.ID, Recipient: r, MessageID: id + "@" + tx.s.o.MailDomain, Subject: subject,
		}, now)
		tx.specs = append(tx.specs, mailSpec(id, lane))
	}
	return nil
}

// Undigested returns people of the staff for whom no digests are made: they are new, or have come back.
func (s *Store) Undigested(ctx context.Context) (ids []string, err error) {
	err = all(ctx, s.db.Reader(), &ids, `
SELECT p.id FROM directory_people p WHERE `+present+` AND p.id NOT IN (SELECT d.person FROM digests d) ORDER BY p.id LIMIT 100`)
	return ids, err
}

const noticeColumns = `id, ticket, kind, team, assignee, authors, author_name, organization, subject, mailed, mails, created_at`

type noticeRow struct {
	ID, Kind, Team, Assignee, Authors, AuthorName, Organization, Subject, Mailed string

	Ticket, Mails, CreatedAt int64
}

func notices(rows []noticeRow) ([]domain.StaffNotice, error) {
	list := make([]domain.StaffNotice, len(rows))
	for i, r := range rows {
		list[i] = domain.StaffNotice{
			ID: r.ID, Ticket: r.Ticket, Kind: domain.NoticeKind(r.Kind), Team: r.Team, Assignee: r.Assignee, AuthorName: r.AuthorName,
			Organization: r.Organization, Subject: r.Subject, Mails: r.Mails, At: sqldb.Time(r.CreatedAt),
		}
		if err := json.Unmarshal([]byte(r.Authors), &list[i].Authors); err != nil {
			return nil, fmt.Errorf("notice %s: %w", r.ID, err)
		}
		if r.Mailed == "" {
			continue
		}
		if err := json.Unmarshal([]byte(r.Mailed), &list[i].Mailed); err != nil {
			return nil, fmt.Errorf("notice %s: %w", r.ID, err)
		}
	}
	return list, nil
}

// Notices returns those of the ids that are still known, oldest first.
func (s *Store) Notices(ctx context.Context, ids []string) ([]domain.StaffNotice, error) {
	var rows []noticeRow
	err := all(ctx, s.db.Reader(), &rows, `
SELECT `+noticeColumns+` FROM notices WHERE id `+s.db.In(1)+` ORDER BY created_at, id`, sqldb.List(ids))
	if err != nil {
		return nil, err
	}
	return notices(rows)
}

// PruneNotices forgets what happened longer ago than age.
func (s *Store) PruneNotices(ctx context.Context, age time.Duration) error {
	return s.db.DeleteInChunks(ctx, `
DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE created_at < altis_now() - $1 ORDER BY created_at LIMIT $2)`, age.Microseconds())
}
