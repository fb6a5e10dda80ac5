// Package storetest is the behaviour that the store must show on every engine,
// through the desk that uses it.
package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/store"
)

// Start is where the clock of an Env begins.
var Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Env is a desk over a store of an empty, migrated database.
type Env struct {
	DB    *sqldb.DB
	Queue *durable.Queue
	Store *store.Store
	Desk  *domain.Desk
	// IdentityReached is what the directory says of identity; nil = at this moment.
	IdentityReached func() time.Time

	mu        sync.Mutex
	now       time.Time
	ids       atomic.Int64
	version   int64
	Committed []domain.Change
}

// Run runs the suite. open opens and migrates an empty database of the engine,
// with the sets of packages durable, events, directory and store.
func Run(t *testing.T, open func(t *testing.T) *sqldb.DB) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, e *Env)
	}{
		{"create and read", createAndRead},
		{"numbers are unique over replicas", numbersAreUnique},
		{"a request id makes one ticket", requestMakesOne},
		{"a mail makes one ticket", mailMakesOne},
		{"a mail of a stranger", mailOfStranger},
		{"a mail that breaks off or is too large", mailRefused},
		{"mails of one outage", mailOntoOutage},
		{"mails of an outage whose ticket is over", mailOntoWhatIsOver},
		{"a stranger's ticket moves to a customer", mailMoves},
		{"mails are found by their address", mailIsFoundByItsAddress},
		{"requests by mail", requestsByMail},
		{"requests by mail at once", requestsByMailAtOnce},
		{"a request id used by many at once", requestRace},
		{"request ids end after a day", requestsEnd},
		{"replies at once all count", repliesAtOnce},
		{"one of two changes of the same state fails", etagRace},
		{"a failed change leaves nothing", failedChange},
		{"several tickets at once", batch},
		{"the requester changes", requesterChanges},
		{"the type changes", typeChanges},
		{"a duplicate is merged", merged},
		{"merges there and back at once", mergedAtOnce},
		{"redacted text is gone", redact},
		{"redacted fields are gone", redactField},
		{"hidden tickets", hidden},
		{"deleted tickets are purged", purge},
		{"names follow the directory", namesFollow},
		{"conversation and history", conversation},
		{"what new CCs are sent is bounded", boundedConversation},
		{"read marks", readMarks},
		{"pages of lists", pagesOfLists},
		{"lists by what is owed next", listsByDue},
		{"orders of lists", ordersOfLists},
		{"filters by what is owed next", findsByDue},
		{"rows of lists", rowsOfLists},
		{"filters", filters},
		{"search", search},
		{"counts", counts},
		{"views", views},
		{"search beyond the newest", searchBeyondNearby},
		{"visibility equals the model", visibility},
		{"visibility ends with the person", visibilityEnds},
		{"attachments are read by who reads the message", attachmentsOfMessages},
		{"attachments are claimed once, by their uploader", attachmentsClaimed},
		{"attachments claimed by many at once", attachmentsClaimedAtOnce},
		{"uploads that are refused leave nothing", attachmentsRefused},
		{"what no message has is swept", attachmentsSwept},
		{"attachments are redacted and purged", attachmentsRedacted},
		{"uploads of what is being swept", attachmentsSweptMeanwhile},
		{"a mail of a stranger who answers", mailAnsweredByStranger},
		{"replies by mail", repliesByMail},
		{"replies by mail at once", repliesByMailAtOnce},
		{"what mails quote", quotedByMail},
		{"a CC leaves", leave},
		{"replies by mail to closed tickets", repliesByMailToClosed},
		{"the feed is complete and in order", feedOrder},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, NewEnv(t, open(t)))
		})
	}
}

// NewEnv returns a desk over a migrated database.
func NewEnv(t *testing.T, db *sqldb.DB) *Env {
	e := &Env{DB: db, now: Start}
	queue, err := durable.New(durable.Options{DB: db, Handlers: map[string]durable.Handler{}, Service: "ticket"})
	require.NoError(t, err)
	e.Queue = queue
	e.Store = e.Replica()
	e.Desk = &domain.Desk{
		Store: e.Store, Directory: e.Store, Now: e.Now, CloseAfter: 7 * 24 * time.Hour,
		NewID: func() string { return fmt.Sprintf("id-%d", e.ids.Add(1)) },
	}
	return e
}

// nearby is less than some tests have tickets, so that searches go beyond it.
const nearby = 10

// Replica returns another store over the same database.
func (e *Env) Replica() *store.Store {
	return store.New(store.Options{
		DB: e.DB, Queue: e.Queue, Follow: plan{}, Now: e.Now, Nearby: nearby,
		Committed: func(_ context.Context, c domain.Change) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.Committed = append(e.Committed, c)
		},
		IdentityReachedAt: func() time.Time {
			if e.IdentityReached != nil {
				return e.IdentityReached()
			}
			return e.Now()
		},
	})
}

// plan makes one task per event, so that tests see what is committed with it.
type plan struct{}

func (plan) Specs(_ context.Context, c domain.Change) []durable.Spec {
	if c.Event.Kind == 0 {
		return nil
	}
	told := map[string]string{"event": c.Event.ID()}
	if c.Message != nil {
		told["message"], told["body"] = c.Message.ID, c.Message.Body
	}
	payload, err := json.Marshal(told)
	if err != nil {
		panic(err) // strings always marshal
	}
	return []durable.Spec{{Kind: "told", Lane: durable.LaneReply, Key: c.After.ID(), Payload: payload}}
}

func (plan) Purged(_ context.Context, t domain.Ticket) []durable.Spec {
	return []durable.Spec{{Kind: "purged", Lane: durable.LaneReply, Key: t.ID()}}
}

func (plan) Rewrites(c domain.Change) []store.Rewrite {
	if c.Redacted == nil {
		return nil
	}
	return []store.Rewrite{{Kind: "told", Key: c.After.ID(), Payload: func(payload []byte) []byte {
		var told map[string]string
		if err := json.Unmarshal(payload, &told); err != nil || told["message"] != c.Redacted.ID {
			return payload
		}
		told["body"] = c.Redacted.Body
		payload, _ = json.Marshal(told)
		return payload
	}}}
}

func (plan) Cancels(c domain.Change) []store.Cancel {
	if c.Before.Status == domain.Solved && c.After.Status == domain.Open {
		return []store.Cancel{{Kind: "told", Key: c.After.ID()}}
	}
	return nil
}

// Now is the desk's clock: a microsecond later each time, so that instants differ.
func (e *Env) Now() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.now = e.now.Add(time.Microsecond)
	return e.now
}

// Advance moves the desk's clock.
func (e *Env) Advance(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.now = e.now.Add(d)
}

// Learn applies changes of the directory, written as JSON of DirectoryEvent.
func (e *Env) Learn(t *testing.T, changes ...*eventv1.DirectoryEvent) {
	t.Helper()
	require.NoError(t, e.DB.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		for _, c := range changes {
			e.version++
			c.Version = e.version
			if err := directory.Apply(ctx, tx, c); err != nil {
				return err
			}
		}
		return nil
	}))
}

// World fills the directory with two customers, their applications and people,
// and staff.
func (e *Env) World(t *testing.T) {
	e.Learn(t, World(t)...)
}

// World is what Env.World applies, without versions.
func World(t *testing.T) []*eventv1.DirectoryEvent {
	var changes []*eventv1.DirectoryEvent
	for _, text := range []string{
		`{"organization": {"id": "acme", "name": "Acme", "plan": "premium", "seesAll": true}}`,
		`{"organization": {"id": "globex", "name": "Globex", "plan": "standard"}}`,
		`{"application": {"id": "shop", "organization": "acme", "name": "Acme Shop"}}`,
		`{"application": {"id": "blog", "organization": "acme", "name": "Acme Blog"}}`,
		`{"application": {"id": "lab", "organization": "globex", "name": "Lab"}}`,
		`{"environment": {"id": "shop-prod", "application": "shop", "organization": "acme", "name": "production", "kind": "production"}}`,
		`{"environment": {"id": "blog-prod", "application": "blog", "organization": "acme", "name": "production", "kind": "production"}}`,
		`{"person": {"id": "ann", "organization": "acme", "name": "Ann Admin", "email": "Ann@acme.example", "role": "admin", "organizationWide": true}}`,
		`{"person": {"id": "uma", "organization": "acme", "name": "Uma User", "email": "uma@acme.example", "role": "user", "organizationWide": true}}`,
		`{"person": {"id": "fred", "organization": "acme", "name": "Fred Freelance", "email": "fred@studio.example", "role": "developer", "applications": ["shop"]}}`,
		`{"person": {"id": "gus", "organization": "globex", "name": "Gus", "email": "gus@globex.example", "role": "admin", "organizationWide": true}}`,
		`{"person": {"id": "gina", "organization": "globex", "name": "Gina", "email": "gina@globex.example", "role": "user", "organizationWide": true}}`,
		`{"person": {"id": "sam", "name": "Sam Support", "email": "sam@altis.example", "staff": true, "role": "agent"}}`,
		`{"person": {"id": "sue", "name": "Sue Supervisor", "email": "sue@altis.example", "staff": true, "role": "supervisor"}}`,
		`{"person": {"id": "eve", "name": "Eve Engineer", "email": "eve@altis.example", "staff": true, "role": "engineer"}}`,
	} {
		c := &eventv1.DirectoryEvent{}
		require.NoError(t, protojson.Unmarshal([]byte(text), c))
		changes = append(changes, c)
	}
	return changes
}

// Create opens a ticket and fails the test if that fails.
func (e *Env) Create(t *testing.T, who string, change func(*domain.NewTicket)) domain.Ticket {
	t.Helper()
	n := NewTicket()
	if change != nil {
		change(&n)
	}
	ticket, err := e.Desk.Create(t.Context(), domain.Caller{ID: who}, n, domain.Request{})
	require.NoError(t, err)
	return ticket
}

// NewTicket is a question about the shop of acme.
func NewTicket() domain.NewTicket {
	return domain.NewTicket{
		Type: domain.Question, Subject: "How do I purge the cache?", Description: "The docs do not say.",
		Scope: domain.Scope{Targets: []domain.Target{{Application: "shop"}}},
	}
}

func count(t *testing.T, e *Env, query string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, e.DB.Reader().QueryRowContext(t.Context(), query, args...).Scan(&n))
	return n
}

func numbersOf(tickets []domain.Ticket) []int64 {
	numbers := make([]int64, len(tickets))
	for i, t := range tickets {
		numbers[i] = t.Number
	}
	return numbers
}
