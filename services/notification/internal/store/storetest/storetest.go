// Package storetest is what the store must do on every engine.
package storetest

import (
	"context"
	"log/slog"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// suite is a database with two stores, as two replicas have.
type suite struct {
	db         *sqldb.DB
	one, other *store.Store
}

// Run runs the suite on the database of cfg, which is empty.
func Run(t *testing.T, cfg sqldb.Config) {
	db, err := sqldb.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context(), durable.Migrations(), directory.Migrations(), store.Migrations()))
	s := &suite{db: db, one: open(t, db), other: open(t, db)}
	for i, p := range []*eventv1.DirectoryPerson{
		{Id: "ada", Name: "Ada", Email: "ada@altis.test", Staff: true, Role: "engineer", TimeZone: "Asia/Kathmandu"},
		{Id: "eve", Name: "Eve", Email: "eve@altis.test", Staff: true, Role: "supervisor"},
		{Id: "out", Name: "Out", Email: "out@altis.test", Staff: true, Role: "engineer", Disabled: true},
		{Id: "mute", Name: "Mute", Staff: true, Role: "agent"},
		{Id: "mia", Name: "Mia", Email: "mia@shop.test", Organization: "shop", Role: "user"},
	} {
		require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			return directory.Apply(ctx, tx, &eventv1.DirectoryEvent{Version: int64(i + 1), Entity: &eventv1.DirectoryEvent_Person{Person: p}})
		}))
	}
	t.Run("the roster is read again after a change by another replica", s.roster)
	t.Run("reach", s.reach)
	t.Run("contacts keep their order", s.contacts)
	t.Run("a ticket keeps its newest snapshot and last end", s.tickets)
	t.Run("a topic has one open page", s.pages)
	t.Run("what was collected and discarded is not written", s.discard)
	t.Run("deliveries", s.deliveries)
	t.Run("what came of several deliveries at once", s.attempts)
	t.Run("what the mailbox may have", s.mailbox)
	t.Run("mails thread by recipient", s.threads)
	t.Run("mails are read and recorded together", s.mailsTogether)
	t.Run("mails that wait for long are stuck", s.stuckMails)
	t.Run("a schedule is looked at by one task", s.dutyWatches)
	t.Run("what is mailed about on-call", s.dutyMails)
	t.Run("what quiet hours hold is sent when they end", s.heldMails)
	t.Run("redacted text is gone", s.redactions)
	t.Run("redacted fields are gone", s.redactedFields)
	t.Run("what a page says is about the ticket that it began with", s.movedWords)
	t.Run("all replicas sign with one key", s.keys)
	t.Run("contacts are verified", s.proofs)
	t.Run("people say how they are notified", s.rules)
	t.Run("rules that cannot be read count as none", s.unreadableRules)
	t.Run("what is exported can be imported", s.export)
	t.Run("old pages are pruned", s.prunePages)
	t.Run("old mails are pruned", s.pruneMails)
	t.Run("what changes while it is pruned stays", s.pruneMeetsAChange)
	t.Run("old tickets are pruned", s.pruneTickets)
	t.Run("mails that came in have one row each", s.inboundMails)
	t.Run("the same mail at once has one row", s.inboundAtOnce)
	t.Run("mails that became tickets are counted", s.requestsByMail)
	t.Run("mails of a sender and of a domain are counted", s.recentMails)
	t.Run("a mailbox is fetched by one process", s.mailboxes)
	t.Run("suppressions hold for their time", s.suppressions)
	t.Run("who of the staff wants a mail", s.noticePreferences)
	t.Run("a digest is made by one task", s.digests)
	t.Run("pages that go together", s.bundles)
	t.Run("a digest leaves nothing out on a busy day", s.busyDigests)
	t.Run("a digest leaves nothing out after another choice", s.digestsAfterAnotherChoice)
	t.Run("who comes back has digests again", s.digestsOfWhoComesBack)
	t.Run("notices of the last day are listed for whom they concern", s.news)
	t.Run("who locks several pages does so in one order", s.lockOrder)
	t.Run("the clock is that after a lock", s.clockAfterLocks)
}

func open(t *testing.T, db *sqldb.DB) *store.Store {
	queue, err := durable.New(durable.Options{DB: db, Service: "notification"})
	require.NoError(t, err)
	return store.New(store.Options{
		DB: db, Queue: queue, Logger: slog.New(slog.DiscardHandler), MailDomain: "desk.test", NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		PageEvent: func(_ context.Context, e domain.PageEvent) durable.Spec {
			return durable.Spec{Kind: "event", Lane: durable.LanePage, Key: e.Page.ID, Payload: []byte(`{}`)}
		},
	})
}

func update(t *testing.T, s *store.Store, fn func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), sqldb.Op{}, fn))
}

func (s *suite) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, s.db.Reader().QueryRowContext(t.Context(), query, args...).Scan(&n))
	return n
}
