package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

var _ domain.Attachments = (*Store)(nil)

const attachmentColumns = "a.id, a.filename, a.content_type, a.size, a.sha256, a.create_time"

func scanAttachment(scan func(...any) error, more ...any) (a domain.Attachment, err error) {
	var at int64
	err = scan(append([]any{&a.ID, &a.Filename, &a.ContentType, &a.Size, &a.SHA256, &at}, more...)...)
	a.Time = sqldb.Time(at)
	return a, err
}

// Claimable implements domain.Store.
func (s *Store) Claimable(ctx context.Context, person string, ids []string) ([]domain.Attachment, error) {
	rows, err := s.DB.Reader().QueryContext(ctx, `SELECT `+attachmentColumns+` FROM attachments a
WHERE a.uploader = $1 AND a.number IS NULL AND a.id `+s.in(2), person, sqldb.List(ids))
	if err != nil {
		return nil, sqldb.Classify(err)
	}
	defer rows.Close()
	var found []domain.Attachment
	for rows.Next() {
		a, err := scanAttachment(rows.Scan)
		if err != nil {
			return nil, sqldb.Classify(err)
		}
		found = append(found, a)
	}
	return found, sqldb.Classify(rows.Err())
}

// claim gives a message its attachments, all of them or none. A claim and the sweep,
// or another claim, meet at the row: who comes second finds it taken.
func (t *tx) claim(ctx context.Context, uploader string, m domain.Message) error {
	ids := make([]string, len(m.Attachments))
	for i, a := range m.Attachments {
		ids[i] = a.ID
	}
	result, err := t.ExecContext(ctx, `UPDATE attachments SET number = $1, sequence = $2
WHERE uploader = $3 AND number IS NULL AND id `+t.store.in(4), m.Number, m.Sequence, uploader, sqldb.List(ids))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != int64(len(ids)) {
		return errors.Join(err, domain.ErrAttachmentClaimed())
	}
	return nil
}

const unclaimed = `SELECT COALESCE(SUM(size), 0) FROM attachments WHERE uploader = $1 AND number IS NULL`

// Unclaimed implements domain.Attachments.
func (s *Store) Unclaimed(ctx context.Context, person string) (size int64, err error) {
	err = s.DB.Reader().QueryRowContext(ctx, unclaimed, person).Scan(&size)
	return size, sqldb.Classify(err)
}

// Object implements domain.Attachments.
func (s *Store) Object(ctx context.Context, sha256 string) (object string, err error) {
	err = s.DB.Reader().QueryRowContext(ctx, "SELECT object FROM attachment_contents WHERE sha256 = $1", sha256).Scan(&object)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return object, sqldb.Classify(err)
}

// AddAttachment implements domain.Attachments.
func (s *Store) AddAttachment(ctx context.Context, person string, a domain.Attachment, written string) (domain.Attachment, string, error) {
	var added domain.Attachment
	var object string
	err := s.DB.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		if err := s.lockPerson(ctx, tx, person); err != nil {
			return err
		}
		var have int64
		if err := tx.QueryRowContext(ctx, unclaimed, person).Scan(&have); err != nil {
			return err
		}
		if have+a.Size > domain.MaxUnclaimed {
			return domain.ErrUnclaimedLimit()
		}
		var err error
		added, object, err = addAttachment(ctx, tx, person, a, written)
		return err
	})
	return added, object, err
}

// AddAttachment implements domain.Tx.
func (t *tx) AddAttachment(ctx context.Context, person string, a domain.Attachment, written string) (domain.Attachment, string, error) {
	return addAttachment(ctx, t.Tx, person, a, written)
}

func addAttachment(ctx context.Context, tx sqldb.Tx, person string, a domain.Attachment, written string) (domain.Attachment, string, error) {
	object, err := lockContent(ctx, tx, a.SHA256, written)
	if err != nil {
		return a, "", err
	}
	row := tx.QueryRowContext(ctx, `
INSERT INTO attachments AS a (id, uploader, filename, content_type, size, sha256, create_time, sequence)
VALUES ($1, $2, $3, $4, $5, $6, altis_now(), 0) RETURNING id, filename, content_type, size, sha256, create_time`,
		a.ID, person, a.Filename, a.ContentType, a.Size, a.SHA256)
	added, err := scanAttachment(row.Scan)
	return added, object, err
}

// lockContent has the content's row until the end of the transaction: a deletion
// waits, and one that is under way is waited for. It returns the object.
func lockContent(ctx context.Context, tx sqldb.Tx, sha256, written string) (object string, err error) {
	if written == "" {
		err = tx.QueryRowContext(ctx, "UPDATE attachment_contents SET sha256 = sha256 WHERE sha256 = $1 RETURNING object", sha256).Scan(&object)
		if errors.Is(err, sql.ErrNoRows) {
			return "", domain.ErrContentGone
		}
		return object, err
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO attachment_contents (sha256, object) VALUES ($1, $2)
ON CONFLICT (sha256) DO UPDATE SET sha256 = excluded.sha256 RETURNING object`, sha256, written).Scan(&object)
	return object, err
}

// Attachment implements domain.Attachments.
func (s *Store) Attachment(ctx context.Context, viewer, id string) (domain.Attachment, string, error) {
	var object string
	row := s.DB.Reader().QueryRowContext(ctx, s.viewer()+`
SELECT `+attachmentColumns+`, c.object
FROM attachments a JOIN attachment_contents c ON c.sha256 = a.sha256
LEFT JOIN tickets t ON t.number = a.number
LEFT JOIN messages m ON m.number = a.number AND m.sequence = a.sequence
WHERE a.id = $2 AND (a.number IS NULL AND a.uploader = (SELECT id FROM viewer)
  OR m.number IS NOT NULL AND `+s.visible(viewer)+` AND (m.note = 0 OR `+isStaff+`))`, viewer, id)
	a, err := scanAttachment(row.Scan, &object)
	if errors.Is(err, sql.ErrNoRows) {
		return a, "", fault.New(fault.NotFound, "ATTACHMENT_NOT_FOUND", "there is no such attachment")
	}
	return a, object, sqldb.Classify(err)
}

// SweepDue implements domain.Attachments.
func (s *Store) SweepDue(ctx context.Context, every time.Duration) (due bool, err error) {
	err = s.DB.Do(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
		result, err := tx.ExecContext(ctx, "UPDATE attachment_sweep SET due = altis_now() + $1 WHERE due <= altis_now()", every.Microseconds())
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		due = n > 0
		return err
	})
	return due, err
}

// DropUnclaimed implements domain.Attachments.
func (s *Store) DropUnclaimed(ctx context.Context, after time.Duration) error {
	return s.DB.DeleteInChunks(ctx, `
DELETE FROM attachments WHERE number IS NULL AND id IN (
  SELECT id FROM attachments WHERE number IS NULL AND create_time < altis_now() - $1 ORDER BY create_time LIMIT $2)`,
		after.Microseconds())
}

// dropAtOnce bounds the contents of one transaction.
const dropAtOnce = 200

// DropContents implements domain.Attachments.
func (s *Store) DropContents(ctx context.Context) (objects []string, err error) {
	err = s.DB.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		sums, err := texts(ctx, tx, `SELECT c.sha256 FROM attachment_contents c
WHERE NOT EXISTS (SELECT 1 FROM attachments a WHERE a.sha256 = c.sha256) LIMIT $1`+s.lockContents(), dropAtOnce)
		if err != nil || len(sums) == 0 {
			objects = nil
			return err
		}
		// Once more, now that nobody can add to those that are locked: an upload may have come between.
		objects, err = texts(ctx, tx, `DELETE FROM attachment_contents AS c WHERE c.sha256 `+s.in(1)+`
AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.sha256 = c.sha256) RETURNING object`, sqldb.List(sums))
		return err
	})
	return objects, err
}

// Unknown implements domain.Attachments.
func (s *Store) Unknown(ctx context.Context, objects []string) ([]string, error) {
	known, err := texts(ctx, s.DB.Reader(), "SELECT object FROM attachment_contents WHERE object "+s.in(1), sqldb.List(objects))
	if err != nil {
		return nil, err
	}
	held := make(map[string]bool, len(known))
	for _, object := range known {
		held[object] = true
	}
	var unknown []string
	for _, object := range objects {
		if !held[object] {
			unknown = append(unknown, object)
		}
	}
	return unknown, nil
}

// texts reads rows of one text.
func texts(ctx context.Context, q sqldb.Queryer, query string, args ...any) ([]string, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, sqldb.Classify(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, sqldb.Classify(err)
		}
		list = append(list, text)
	}
	return list, sqldb.Classify(rows.Err())
}
