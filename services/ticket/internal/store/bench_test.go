package store_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/store"
)

// fillTickets makes 10,000 tickets of one organization, with one message each. A tenth has the word "carriage" in the
// subject, another in the message.
var fillTickets = []string{
	`INSERT INTO directory_organizations (id, version, removed, name, plan, sees_all) VALUES ('acme', 1, 0, 'Acme', '', 1)`,
	`INSERT INTO directory_people (id, version, removed, organization, name, email, email_lower, staff, role, organization_wide, applications, zone, locale, disabled)
VALUES ('ann', 2, 0, 'acme', 'Ann', 'ann@acme.example', 'ann@acme.example', 0, 'admin', 1, '[]', '', '', 0)`,
	`INSERT INTO tickets (number, organization, type, follow_up_of, create_time, excerpt,
  organization_name, requester, requester_name, requester_email, priority, priority_reason, priority_set, status, subject,
  scope_all, scope, applications, scope_unverified, ccs, assignee, assignee_name, assignee_email, team, tags, details,
  first_response_due, resolution_due, first_response, sla_policy, triage_sequence,
  page_state, page, page_occurrence, page_sequence, page_by, page_time,
  update_time, solve_time, close_time, sequence, public_sequence, public_author, newest_sequence, newest_author)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
SELECT i, 'acme', 2, 0, 1700000000000000 + i, 'Since noon the page takes nine seconds',
  'Acme', 'ann', 'Ann', 'ann@acme.example', 2, '', 0, 2,
  'the ' || CASE i % 10 WHEN 3 THEN 'carriage' ELSE 'lantern' END || ' page is slow since noon, case ' || i,
  0, '[{"application":"shop","environment":"production","application_name":"Shop","environment_name":"production"}]', '["shop"]', 0, '[]',
  '', '', '', '', '[]', '{}', 0, 0, 0, '', 0, 1, '', 0, 0, '{}', 0,
  1700000000000000 + i, 0, 0, 1, 1, 'ann', 1, 'ann' FROM n`,
	`INSERT INTO messages (number, sequence, id, note, author, author_name, author_email, author_staff, body, create_time)
SELECT number, 1, 'm' || number, 0, 'ann', 'Ann', 'ann@acme.example', 0,
  'Since noon the page takes nine seconds instead of one. We see it from two offices and from a phone on a mobile network. ' ||
  CASE number % 10 WHEN 7 THEN 'The carriage is late.' ELSE 'Nothing was changed.' END, create_time FROM tickets`,
}

func BenchmarkList(b *testing.B) {
	text := func(words string) domain.Filter {
		return domain.Filter{Terms: []domain.Term{{Key: domain.KeyText, Values: []domain.Value{{Text: words}}}}}
	}
	for _, engine := range []sqldb.Engine{sqldb.SQLite, sqldb.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			db := open(b, engine)
			require.NoError(b, db.Update(b.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
				for _, statement := range fillTickets {
					if _, err := tx.ExecContext(ctx, statement); err != nil {
						return err
					}
				}
				return nil
			}))
			s := store.New(store.Options{DB: db})
			for _, c := range []struct {
				name   string
				filter domain.Filter
			}{
				{name: "list 50"},
				{name: "common word", filter: text("carriage")},
				{name: "rare word", filter: text("case 4711")},
			} {
				b.Run(c.name, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						_, err := s.List(b.Context(), domain.List{Viewer: "ann", Filter: c.filter, Limit: 51})
						if err != nil {
							b.Fatal(err)
						}
					}
				})
			}
			b.Run("get", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := s.Full(b.Context(), "ann", 4711); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
