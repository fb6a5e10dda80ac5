package store

import (
	"context"
	"database/sql"
	"errors"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// Ticket implements domain.Store. To members it shows their part only.
func (s *Store) Ticket(ctx context.Context, viewer string, number int64) (domain.Ticket, error) {
	row := s.DB.Reader().QueryRowContext(ctx, s.viewer()+`
SELECT `+columns(true)+`, `+viewerColumns+`, `+s.seesOther(viewer, "t.merged_into")+` FROM tickets t`+readMark+`
WHERE t.number = $2 AND `+s.visible(viewer), viewer, number)
	var seesOther bool
	v := newViewed(viewer, true, &seesOther)
	if err := row.Scan(v.targets...); err != nil {
		return domain.Ticket{}, notFound(err, number)
	}
	t, err := v.ticket()
	if !seesOther {
		t.MergedInto = 0
	}
	return t, err
}

// Full implements domain.Store.
func (s *Store) Full(ctx context.Context, viewer string, number int64) (domain.Ticket, error) {
	row := s.DB.Reader().QueryRowContext(ctx, s.viewer()+`
SELECT `+columns(true)+`, `+viewerColumns+`, m.body, `+s.seesOther(viewer, "t.merged_into")+`
FROM tickets t JOIN messages m ON m.number = t.number AND m.sequence = 1`+readMark+`
WHERE t.number = $2 AND `+s.visible(viewer), viewer, number)
	var description string
	var seesOther bool
	v := newViewed(viewer, true, &description, &seesOther)
	if err := row.Scan(v.targets...); err != nil {
		return domain.Ticket{}, notFound(err, number)
	}
	t, err := v.ticket()
	t.Description = description
	if !seesOther {
		t.MergedInto = 0
	}
	return t, err
}

// Batch returns those of the tickets that are visible, without details and
// descriptions, in the order asked for.
func (s *Store) Batch(ctx context.Context, viewer string, numbers []int64) ([]domain.Ticket, error) {
	found, err := s.tickets(ctx, viewer, len(numbers), s.viewer()+`
SELECT `+columns(false)+`, `+viewerColumns+` FROM tickets t`+readMark+`
WHERE t.number IN (SELECT CAST(n.value AS BIGINT) FROM `+s.numberList(2)+`) AND `+s.visible(viewer), viewer, list(numbers))
	if err != nil {
		return nil, err
	}
	byNumber := make(map[int64]domain.Ticket, len(found))
	for _, t := range found {
		byNumber[t.Number] = t
	}
	tickets := make([]domain.Ticket, 0, len(found))
	for _, n := range numbers {
		if t, ok := byNumber[n]; ok {
			tickets = append(tickets, t)
			delete(byNumber, n) // asked for twice
		}
	}
	return tickets, nil
}

// Left returns those of the tickets that are hidden and that the viewer saw before.
func (s *Store) Left(ctx context.Context, viewer string, numbers []int64) ([]int64, error) {
	rows, err := s.DB.Reader().QueryContext(ctx, s.viewer()+`
SELECT t.number FROM tickets t WHERE t.number IN (SELECT CAST(n.value AS BIGINT) FROM `+s.numberList(2)+`)
  AND t.hidden > 0 AND (`+isStaff+` OR `+s.memberMay()+`) ORDER BY t.number`, viewer, list(numbers))
	if err != nil {
		return nil, sqldb.Classify(err)
	}
	defer rows.Close()
	var left []int64
	for rows.Next() {
		var number int64
		if err := rows.Scan(&number); err != nil {
			return nil, sqldb.Classify(err)
		}
		left = append(left, number)
	}
	return left, sqldb.Classify(rows.Err())
}

// tickets reads at most limit tickets.
func (s *Store) tickets(ctx context.Context, viewer string, limit int, query string, args ...any) ([]domain.Ticket, error) {
	rows, err := s.DB.Reader().QueryContext(ctx, query, args...)
	if err != nil {
		return nil, sqldb.Classify(err)
	}
	defer rows.Close()
	v := newViewed(viewer, false)
	v.row.scopes = map[string][]domain.Target{}
	tickets := make([]domain.Ticket, 0, limit)
	for rows.Next() {
		if err := rows.Scan(v.targets...); err != nil {
			return nil, sqldb.Classify(err)
		}
		t, err := v.ticket()
		if err != nil {
			return nil, err
		}
		tickets = append(tickets, t)
	}
	return tickets, sqldb.Classify(rows.Err())
}

// Message implements domain.Store.
func (s *Store) Message(ctx context.Context, number, sequence int64) (domain.Message, error) {
	row := s.DB.Reader().QueryRowContext(ctx, `SELECT `+messageColumns+` FROM messages WHERE number = $1 AND sequence = $2`, number, sequence)
	m, err := scanMessage(row.Scan)
	return m, notFound(err, number)
}

// Messages returns up to limit messages of a visible ticket with a greater
// sequence than after, oldest first; notes only to staff. Fault NotFound.
func (s *Store) Messages(ctx context.Context, viewer string, number, after int64, limit int) ([]domain.Message, error) {
	staff, err := s.sees(ctx, viewer, number)
	if err != nil {
		return nil, err
	}
	found, err := messages(ctx, s.DB.Reader(), `SELECT `+messageColumns+` FROM messages
WHERE number = $1 AND sequence > $2 AND note <= $3 ORDER BY sequence LIMIT $4`, number, after, flag(staff), limit)
	if err != nil || staff {
		return found, err
	}
	for i := range found {
		found[i] = found[i].ForMember()
	}
	return found, nil
}

// Events returns up to limit entries of the history, as Messages does.
func (s *Store) Events(ctx context.Context, viewer string, number, after int64, limit int) ([]domain.Event, error) {
	staff, err := s.sees(ctx, viewer, number)
	if err != nil {
		return nil, err
	}
	rows, err := s.DB.Reader().QueryContext(ctx, s.viewer()+`
SELECT `+eventColumns+`, other > 0 AND `+s.seesOther(viewer, "e.other")+` FROM ticket_events e
WHERE number = $2 AND sequence > $3 AND internal <= $4 AND (kind < $6 OR kind > $7 OR $4 = 1) ORDER BY sequence LIMIT $5`,
		viewer, number, after, flag(staff), limit, int64(domain.EventMarkedSpam), int64(domain.EventRestored))
	if err != nil {
		return nil, sqldb.Classify(err)
	}
	defer rows.Close()
	var events []domain.Event
	for rows.Next() {
		var seesOther bool
		e, err := scanEvent(rows.Scan, &seesOther)
		if err != nil {
			return nil, sqldb.Classify(err)
		}
		if !seesOther {
			e.Other = 0
		}
		if !staff {
			e = e.ForMember()
		}
		events = append(events, e)
	}
	return events, sqldb.Classify(rows.Err())
}

// Sees fails with NotFound unless the ticket is visible.
func (s *Store) Sees(ctx context.Context, viewer string, number int64) error {
	_, err := s.sees(ctx, viewer, number)
	return err
}

// sees fails with NotFound unless the ticket is visible, and tells whether the viewer is of the staff.
func (s *Store) sees(ctx context.Context, viewer string, number int64) (staff bool, err error) {
	err = s.DB.Reader().QueryRowContext(ctx, s.viewer()+`
SELECT COALESCE((SELECT staff FROM viewer), 0) FROM tickets t WHERE t.number = $2 AND `+s.visible(viewer), viewer, number).Scan(&staff)
	return staff, notFound(err, number)
}

// MarkRead records how far the viewer has read a visible ticket; it never moves
// back, nor beyond the newest event. Fault NotFound.
func (s *Store) MarkRead(ctx context.Context, viewer string, number, sequence int64) error {
	if _, err := s.sees(ctx, viewer, number); err != nil {
		return err
	}
	return s.DB.Do(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `
INSERT INTO ticket_reads (person, number, sequence)
SELECT $1, t.number, CASE WHEN t.sequence < $3 THEN t.sequence ELSE $3 END FROM tickets t WHERE t.number = $2
ON CONFLICT (person, number) DO UPDATE SET sequence = excluded.sequence WHERE ticket_reads.sequence < excluded.sequence`,
			viewer, number, sequence)
		return err
	})
}

// MarkUnread makes a visible ticket unread for the viewer, whoever wrote last, until MarkRead. Fault NotFound.
func (s *Store) MarkUnread(ctx context.Context, viewer string, number int64) error {
	if _, err := s.sees(ctx, viewer, number); err != nil {
		return err
	}
	return s.DB.Do(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `
INSERT INTO ticket_reads (person, number, sequence) VALUES ($1, $2, -1)
ON CONFLICT (person, number) DO UPDATE SET sequence = excluded.sequence`, viewer, number)
		return err
	})
}

func messages(ctx context.Context, q sqldb.Queryer, query string, args ...any) ([]domain.Message, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, sqldb.Classify(err)
	}
	defer rows.Close()
	var found []domain.Message
	for rows.Next() {
		m, err := scanMessage(rows.Scan)
		if err != nil {
			return nil, sqldb.Classify(err)
		}
		found = append(found, m)
	}
	return found, sqldb.Classify(rows.Err())
}

// Used implements domain.Store.
func (s *Store) Used(ctx context.Context, r domain.Request) (u domain.UsedRequest, err error) {
	err = s.DB.Reader().QueryRowContext(ctx, `
SELECT hash, number, sequence FROM requests
WHERE principal = $1 AND method = $2 AND id = $3 AND create_time >= altis_now() - $4`,
		r.Principal, r.Method, r.ID, requestLife.Microseconds()).Scan(&u.Hash, &u.Number, &u.Sequence)
	if errors.Is(err, sql.ErrNoRows) {
		return u, fault.New(fault.NotFound, "REQUEST_UNKNOWN", "no such request")
	}
	return u, sqldb.Classify(err)
}
