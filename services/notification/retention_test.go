package notification_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification"
)

func TestWhatIsOverAndOldIsForgotten(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, cfg sqldb.Config) {
		db, err := sqldb.Open(t.Context(), cfg)
		require.NoError(t, err)
		require.NoError(t, db.Migrate(t.Context(), notification.Migrations()...))
		require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			for id, age := range map[string]time.Duration{"old": 50 * 24 * time.Hour, "new": 40 * 24 * time.Hour} {
				for _, statement := range []string{
					`INSERT INTO pages (id, version, topic, ticket, occurrence, title, incident, policy, state, cycle, loop, step, acknowledger,
  acknowledged_at, opened_at, next_step_at, answered, suppressed_by, events)
VALUES ($1, 1, $1, 0, 1, '', '{}', '{}', 'resolved', 1, 1, 1, '', 0, altis_now() - $2, 0, 0, 0, 0)`,
					`INSERT INTO mail_contents (id, ticket, document, created_at) VALUES ($1, 1, '{}', altis_now() - $2)`,
				} {
					if _, err := tx.ExecContext(ctx, statement, id, age.Microseconds()); err != nil {
						return err
					}
				}
			}
			for number, status := range []string{"CLOSED", "ON_HOLD"} {
				_, err := tx.ExecContext(ctx, `
INSERT INTO tickets (number, sequence, ended_sequence, snapshot, changed_at) VALUES ($1, 3, 2, $2, altis_now() - $3)`,
					number+1, `{"status":"TICKET_STATUS_`+status+`","ofANewerRelease":1}`, (50 * 24 * time.Hour).Microseconds())
				if err != nil {
					return err
				}
			}
			return nil
		}))
		require.NoError(t, db.Close())

		w := setup(t, cfg, notification.Config{KeepPages: 45 * 24 * time.Hour, KeepMails: 45 * 24 * time.Hour, RetentionSpread: 1})
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COUNT(*) FROM pages`) == 1 && w.count(`SELECT COUNT(*) FROM mail_contents`) == 1 && w.count(`SELECT COUNT(*) FROM tickets`) == 1
		}, "one of each is forgotten")
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM pages WHERE id = 'new'`))
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM mail_contents WHERE id = 'new'`))
		require.Equal(t, 2, w.count(`SELECT ended_sequence FROM tickets WHERE number = 2`), "it is not closed")
	}, notification.Migrations()...)
}

func TestNothingIsForgottenThatAnEventMayBeAbout(t *testing.T) {
	require.NoError(t, notification.Config{}.Validate())
	err := notification.Config{KeepPages: 839 * time.Hour, KeepMails: time.Hour}.Validate()
	require.ErrorContains(t, err, "--keep-pages")
	require.ErrorContains(t, err, "--keep-mails")
}
