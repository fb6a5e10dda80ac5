package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

const day = 24 * time.Hour

// ages makes what the statement selects by $1 older.
func (s *suite) ages(t *testing.T, by time.Duration, statement string, args ...any) {
	t.Helper()
	require.NoError(t, s.db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, statement, append([]any{by.Microseconds()}, args...)...)
		return err
	}))
}

func (s *suite) prunePages(t *testing.T) {
	var ids []string
	for i := range 205 { // more than one transaction deletes
		p := page(fmt.Sprintf("old%03d", i), fmt.Sprintf("ticket:%d", 1000+i))
		p.State = domain.StateResolved
		if i == 0 {
			p.State = domain.StateAcknowledged
		}
		ids = append(ids, p.ID)
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			tx.Log(p.ID, time.Now(), domain.Entry{Kind: domain.EntryUnheard})
			tx.InsertDeliveries([]domain.Delivery{{ID: "d" + p.ID, Page: p.ID, Position: p.Position, State: domain.DeliveryAccepted}})
			_, err := tx.InsertPage(ctx, p)
			return err
		})
	}
	s.ages(t, 400*day, `UPDATE pages SET opened_at = altis_now() - $1 WHERE id LIKE 'old%'`)
	s.ages(t, 399*day, `UPDATE pages SET opened_at = altis_now() - $1 WHERE id = $2`, ids[1])
	require.NoError(t, s.other.PrunePages(t.Context(), 400*day))
	for table, column := range map[string]string{"pages": "id", "page_deliveries": "page", "page_log": "page"} {
		require.Equal(t, 2, s.count(t, `SELECT COUNT(*) FROM `+table+` WHERE `+column+` LIKE 'old%'`), table)
		require.Equal(t, 2, s.count(t, `SELECT COUNT(*) FROM `+table+` WHERE `+column+` IN ($1, $2)`, ids[0], ids[1]), "open, or not so old")
	}
}

func (s *suite) pruneMails(t *testing.T) {
	contents := map[string]domain.MailState{
		"accepted": domain.MailAccepted, "refused": domain.MailRefused, "queued": domain.MailQueued, "resent": domain.MailAccepted, "recent": domain.MailAccepted,
	}
	mia, noa := domain.Person{ID: "mia", Email: "mia@shop.test"}, domain.Person{Email: "noa@shop.test"}
	for id, state := range contents {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			return tx.InsertMails(ctx, []domain.Outgoing{{
				Content:    domain.MailContent{ID: id, Kind: domain.MailSolved, Ticket: 77, Subject: "s"},
				Recipients: []domain.Recipient{{Person: mia, Reason: "requester"}, {Person: noa, Reason: "cc"}},
			}})
		})
		s.ages(t, 0, `UPDATE mail_deliveries SET state = 'accepted', queued_at = queued_at - $1 WHERE content = $2`, id)
		s.ages(t, 0, `UPDATE mail_deliveries SET state = $3, queued_at = queued_at - $1 WHERE content = $2 AND person = 'mia'`, id, string(state))
	}
	s.ages(t, 400*day, `UPDATE mail_contents SET created_at = altis_now() - $1 WHERE ticket = 77 AND id <> 'recent'`)
	s.ages(t, 400*day, `UPDATE mail_deliveries SET queued_at = altis_now() - $1 WHERE ticket = 77 AND content <> 'recent'`)
	s.ages(t, 1*day, `UPDATE mail_deliveries SET queued_at = altis_now() - $1 WHERE content = 'resent' AND person = 'mia'`)
	require.NoError(t, s.other.PruneMails(t.Context(), 400*day))
	for id := range contents {
		kept := 1
		if id == "accepted" || id == "refused" {
			kept = 0
		}
		require.Equal(t, kept, s.count(t, `SELECT COUNT(*) FROM mail_contents WHERE id = $1`, id), id)
		require.Equal(t, 2*kept, s.count(t, `SELECT COUNT(*) FROM mail_deliveries WHERE content = $1`, id), id)
	}
	require.Equal(t, 2, s.count(t, `SELECT COUNT(*) FROM mail_threads WHERE ticket = 77`), "of a ticket that may go on")
}

// pruneMeetsAChange: what is changed while it is about to be deleted stays, all of it.
func (s *suite) pruneMeetsAChange(t *testing.T) {
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		p := page("in between", "ticket:78")
		p.State = domain.StateResolved
		if _, err := tx.InsertPage(ctx, p); err != nil {
			return err
		}
		return tx.InsertMails(ctx, []domain.Outgoing{{
			Content:    domain.MailContent{ID: "in between", Kind: domain.MailSolved, Ticket: 78, Subject: "s"},
			Recipients: []domain.Recipient{{Person: domain.Person{Email: "mia@shop.test"}}, {Person: domain.Person{Email: "noa@shop.test"}}},
		}})
	})
	s.ages(t, 400*day, `UPDATE pages SET opened_at = altis_now() - $1 WHERE id = 'in between'`)
	s.ages(t, 400*day, `UPDATE mail_contents SET created_at = altis_now() - $1 WHERE id = 'in between'`)
	s.ages(t, 400*day, `UPDATE mail_deliveries SET queued_at = altis_now() - $1, state = 'accepted' WHERE content = 'in between'`)
	for _, c := range []struct {
		name, change string
		prune        func(context.Context, time.Duration) error
		kept         map[string]int
	}{
		{
			name: "a page is opened again", change: `UPDATE pages SET state = 'paging' WHERE id = 'in between'`, prune: s.other.PrunePages,
			kept: map[string]int{`SELECT COUNT(*) FROM pages WHERE id = 'in between'`: 1},
		},
		{
			name: "a mail is sent again", prune: s.other.PruneMails,
			change: `UPDATE mail_deliveries SET state = 'queued' WHERE content = 'in between' AND address = 'noa@shop.test'`,
			kept: map[string]int{
				`SELECT COUNT(*) FROM mail_contents WHERE id = 'in between'`:        1,
				`SELECT COUNT(*) FROM mail_deliveries WHERE content = 'in between'`: 2,
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			pruned := make(chan error, 1)
			require.NoError(t, s.db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
				if _, err := tx.ExecContext(ctx, c.change); err != nil {
					return err
				}
				go func() { pruned <- c.prune(t.Context(), 400*day) }()
				if s.db.Engine() != sqldb.Postgres {
					return nil // one transaction at a time
				}
				testkit.Eventually(t, func() bool {
					return len(pruned) == 1 ||
						s.count(t, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) > 0
				}, "it neither waits for the change nor ends")
				return nil
			}))
			require.NoError(t, <-pruned)
			for query, n := range c.kept {
				require.Equal(t, n, s.count(t, query), query)
			}
		})
	}
}

func (s *suite) pruneTickets(t *testing.T) {
	const first, n = 5000, 205 // more than one piece
	for number := int64(first); number < first+n; number++ {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.TouchTicket(ctx, store.TicketState{Number: number, Sequence: 1, Snapshot: "closed"})
			return err
		})
	}
	const untouched, unfinished, touched, paged = first, first + 1, first + 2, first + 3
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.TouchTicket(ctx, store.TicketState{Number: unfinished, Sequence: 2, Ended: true, Snapshot: "on hold"}); err != nil {
			return err
		}
		p := page("of a closed one", "ticket:5003")
		p.Ticket = paged
		if _, err := tx.InsertPage(ctx, p); err != nil {
			return err
		}
		out := domain.Outgoing{Recipients: []domain.Recipient{{Person: domain.Person{Email: "mia@shop.test"}}}}
		for _, number := range []int64{untouched, unfinished} {
			out.Content = domain.MailContent{ID: fmt.Sprint("of ", number), Kind: domain.MailSolved, Ticket: number}
			if err := tx.InsertMails(ctx, []domain.Outgoing{out}); err != nil {
				return err
			}
		}
		return nil
	})
	s.ages(t, 400*day, `UPDATE tickets SET changed_at = altis_now() - $1 WHERE number >= $2`, first)
	s.ages(t, 399*day, `UPDATE tickets SET changed_at = altis_now() - $1 WHERE number = $2`, touched)
	var asked []string
	require.NoError(t, s.other.PruneTickets(t.Context(), 400*day, func(snapshot string) bool {
		asked = append(asked, snapshot)
		return snapshot == "closed"
	}))
	require.Len(t, asked, n-1, "not about the one that was touched")
	require.Equal(t, 3, s.count(t, `SELECT COUNT(*) FROM tickets WHERE number >= $1`, first))
	require.Equal(t, 3, s.count(t, `SELECT COUNT(*) FROM tickets WHERE number IN ($1, $2, $3)`, unfinished, touched, paged))
	require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM tickets WHERE number = $1 AND ended_sequence = 2`, unfinished))
	require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM tickets WHERE number = 1`), "an earlier one, of today")
	require.Zero(t, s.count(t, `SELECT COUNT(*) FROM mail_threads WHERE ticket = $1`, untouched))
	require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM mail_threads WHERE ticket = $1`, unfinished))
}
