package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

const (
	// pruneChunk bounds the things that one transaction forgets, so that nobody waits for it.
	pruneChunk = 200
	// prunePause leaves the few connections of what is not urgent to others between two transactions.
	prunePause = 100 * time.Millisecond
)

// old says what is forgotten.
type old struct {
	choose  string   // the ids; %s is one more condition, $1 the age, $2 how many at most
	lock    string   // what is locked, by the ids, while they are chosen again
	deletes []string // by the ids
}

// PrunePages deletes the pages that are over and were opened longer ago than age, with their deliveries and history.
func (s *Store) PrunePages(ctx context.Context, age time.Duration) error {
	return s.prune(ctx, age, old{
		choose: `
SELECT id FROM pages WHERE state = 'resolved' AND opened_at < altis_now() - $1 AND %s ORDER BY opened_at LIMIT $2`,
		lock:    `SELECT id FROM pages WHERE id `,
		deletes: []string{`DELETE FROM page_log WHERE page `, `DELETE FROM page_deliveries WHERE page `, `DELETE FROM pages WHERE id `},
	})
}

// PruneMails deletes the mails that were all to be sent longer ago than age and are not to be tried again, from the ledger
// too.
func (s *Store) PruneMails(ctx context.Context, age time.Duration) error {
	return s.prune(ctx, age, old{
		choose: `
SELECT c.id FROM mail_contents c WHERE c.created_at < altis_now() - $1 AND NOT EXISTS (
  SELECT 1 FROM mail_deliveries d WHERE d.content = c.id AND (d.state = 'queued' OR d.queued_at >= altis_now() - $1)
) AND %s ORDER BY c.created_at LIMIT $2`,
		lock:    `SELECT id FROM mail_deliveries WHERE content `,
		deletes: []string{`DELETE FROM mail_deliveries WHERE content `, `DELETE FROM mail_contents WHERE id `},
	})
}

// PruneDutyMails deletes the mails about on-call that were to be sent longer ago than age and are not to be tried again.
func (s *Store) PruneDutyMails(ctx context.Context, age time.Duration) error {
	return s.prune(ctx, age, old{
		choose: `
SELECT id FROM duty_mails WHERE state <> 'queued' AND created_at < altis_now() - $1 AND %s ORDER BY created_at LIMIT $2`,
		lock:    `SELECT id FROM duty_mails WHERE id `,
		deletes: []string{`DELETE FROM duty_mails WHERE id `},
	})
}

// prune deletes in small transactions.
func (s *Store) prune(ctx context.Context, age time.Duration, o old) error {
	for more := true; more; {
		err := s.o.Queue.Update(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx *durable.Tx) error {
			ids, err := s.choose(ctx, tx, age, o)
			if err != nil {
				return err
			}
			more = len(ids) == pruneChunk
			if s.db.Engine() == sqldb.Postgres && len(ids) > 0 {
				// A mail may have been sent again since, say: what does not change any more is chosen again.
				if _, err := tx.ExecContext(ctx, o.lock+s.db.In(1)+` ORDER BY id FOR UPDATE`, sqldb.List(ids)); err != nil {
					return err
				}
				if ids, err = s.choose(ctx, tx, age, o, ids...); err != nil {
					return err
				}
			}
			for _, statement := range o.deletes {
				if _, err := tx.ExecContext(ctx, statement+s.db.In(1), sqldb.List(ids)); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil && more {
			err = wait(ctx, prunePause)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// choose returns what is to be forgotten, among those if some are given.
func (s *Store) choose(ctx context.Context, tx *durable.Tx, age time.Duration, o old, among ...string) (ids []string, err error) {
	condition, args := "1 = 1", []any{age.Microseconds(), pruneChunk}
	if len(among) > 0 {
		condition, args = "id "+s.db.In(3), append(args, sqldb.List(among))
	}
	return ids, sqlscan.Select(ctx, tx, &ids, fmt.Sprintf(o.choose, condition), args...)
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// PruneTickets forgets the tickets that no event has touched for longer than age and whose snapshot is closed, with their
// mail threads. It reads all tickets, by small pieces in the order of their numbers: an index would cost something in
// front of every page.
func (s *Store) PruneTickets(ctx context.Context, age time.Duration, closed func(snapshot string) bool) error {
	for after, more := int64(0), true; more; {
		var rows []struct {
			Number   int64
			Snapshot string
		}
		err := all(ctx, s.db.Reader(), &rows, `
SELECT number, CASE WHEN changed_at < altis_now() - $1 THEN snapshot ELSE '' END AS snapshot
FROM tickets WHERE number > $2 ORDER BY number LIMIT $3`, age.Microseconds(), after, pruneChunk)
		if err != nil {
			return err
		}
		var over []int64
		for _, row := range rows {
			after = row.Number
			if row.Snapshot != "" && closed(row.Snapshot) {
				over = append(over, row.Number)
			}
		}
		if err := s.forget(ctx, age, over); err != nil {
			return err
		}
		if more = len(rows) == pruneChunk; more {
			if err := wait(ctx, prunePause); err != nil {
				return err
			}
		}
	}
	return nil
}

// Purge forgets the mails and pages of a ticket that is gone for good. Its row stays, without a word of it, until it is
// pruned: older events may still arrive.
func (tx *Tx) Purge(ctx context.Context, ticket int64) error {
	if err := errors.Join(tx.forgetInBundles(ctx, ticket), tx.forgetInPages(ctx, ticket)); err != nil {
		return err
	}
	for _, statement := range []string{
		// First, as a verdict locks its mail before its delivery. The mails themselves go with the next sweep.
		`DELETE FROM inbound_mails WHERE ticket = $1 OR reply_ticket = $1`,
		`DELETE FROM mail_deliveries WHERE ticket = $1`, `DELETE FROM mail_contents WHERE ticket = $1`,
		`DELETE FROM mail_threads WHERE ticket = $1`, `DELETE FROM redactions WHERE ticket = $1`, `DELETE FROM notices WHERE ticket = $1`,
		`DELETE FROM page_log WHERE page IN (SELECT p.id FROM pages p WHERE p.ticket = $1)`,
		`DELETE FROM page_deliveries WHERE page IN (SELECT p.id FROM pages p WHERE p.ticket = $1)`,
		`DELETE FROM pages WHERE ticket = $1`,
	} {
		if _, err := tx.q.ExecContext(ctx, statement, ticket); err != nil {
			return err
		}
	}
	return nil
}

// forgetInPages takes what a ticket says out of the pages that have become those of another.
func (tx *Tx) forgetInPages(ctx context.Context, ticket int64) error {
	of := `p.words_of = $1 AND p.ticket <> $1`
	err := tx.rewrite(ctx, "page_deliveries", "body", `
SELECT d.id, d.body AS document FROM page_deliveries d JOIN pages p ON p.id = d.page WHERE d.body <> '' AND `+of, ticket,
		func(document []byte) (any, error) {
			notice, data, err := decodeNotice(document)
			for _, word := range []string{
				"title", "organization", "organizationName", "scope", "requester", "callbackNumber", "excerpt", "sinceTime", "impact", "reason",
			} {
				delete(data, word)
			}
			return notice, err
		})
	if err != nil {
		return err
	}
	err = tx.rewrite(ctx, "pages", "incident", `SELECT p.id, p.incident AS document FROM pages p WHERE `+of, ticket,
		func(document []byte) (any, error) {
			var incident domain.Incident
			err := json.Unmarshal(document, &incident)
			return domain.Incident{Urgent: incident.Urgent, Raised: incident.Raised}, err
		})
	if err != nil {
		return err
	}
	_, err = tx.q.ExecContext(ctx, `UPDATE pages SET title = '' WHERE words_of = $1 AND ticket <> $1`, ticket)
	return err
}

// forget deletes tickets, unless something has happened to them.
func (s *Store) forget(ctx context.Context, age time.Duration, tickets []int64) error {
	if len(tickets) == 0 {
		return nil
	}
	return s.o.Queue.Update(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx *durable.Tx) error {
		for _, number := range tickets {
			result, err := tx.ExecContext(ctx, `
DELETE FROM tickets WHERE number = $1 AND changed_at < altis_now() - $2
  AND NOT EXISTS (SELECT 1 FROM pages p WHERE p.ticket = $1 AND p.state <> 'resolved')`, number, age.Microseconds())
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			for _, table := range []string{"mail_threads", "redactions"} {
				if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE ticket = $1`, number); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
