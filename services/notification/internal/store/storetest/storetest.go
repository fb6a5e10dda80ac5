// Package storetest is what the store must do on every engine.
package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
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
		{Id: "ada", Name: "Ada", Email: "ada@altis.test", Staff: true, Role: "engineer"},
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
	t.Run("mails thread by recipient", s.threads)
	t.Run("all replicas sign with one key", s.keys)
	t.Run("old pages are pruned", s.prunePages)
	t.Run("old mails are pruned", s.pruneMails)
	t.Run("old tickets are pruned", s.pruneTickets)
}

func open(t *testing.T, db *sqldb.DB) *store.Store {
	queue, err := durable.New(durable.Options{DB: db, Service: "notification"})
	require.NoError(t, err)
	return store.New(store.Options{
		DB: db, Queue: queue, MailDomain: "desk.test", NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
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

func (s *suite) roster(t *testing.T) {
	inTx := func(st *store.Store) (r domain.Roster) {
		update(t, st, func(ctx context.Context, tx *store.Tx) error {
			got, err := tx.Roster(ctx)
			if err == nil {
				r = *got
			}
			return err
		})
		return r
	}
	require.Nil(t, inTx(s.other).Policy)
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	schedule := domain.Schedule{ID: "primary", Name: "Primary", Zone: berlin, Start: start, ShiftDays: 7, People: []string{"ada", "eve"}}
	policy := domain.Policy{Steps: []domain.Step{{Targets: []string{"schedule:primary"}, Timeout: time.Minute}}, Loops: 2, Fallback: []string{"eve"}}
	var override domain.Override
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if err := errors.Join(tx.PutSchedule(ctx, schedule), tx.PutPolicy(ctx, domain.PolicyID, policy)); err != nil {
			return err
		}
		override, err = tx.InsertOverride(ctx, domain.Override{Schedule: "primary", Person: "eve", Start: start, End: start.Add(time.Hour)}, "ada")
		return err
	})
	for _, st := range []*store.Store{s.one, s.other} {
		r := inTx(st)
		require.Equal(t, policy, *r.Policy)
		require.Equal(t, "Europe/Berlin", r.Schedules["primary"].Zone.String())
		require.True(t, start.Equal(r.Schedules["primary"].Start))
		require.Equal(t, []domain.Override{override}, r.Overrides)
	}
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		r, err := tx.LockRoster(ctx)
		require.Equal(t, policy, *r.Policy)
		return err
	})
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.LockRoster(ctx); err != nil {
			return err
		}
		policy.Loops = 3
		return tx.PutPolicy(ctx, domain.PolicyID, policy)
	})
	for _, st := range []*store.Store{s.one, s.other} {
		require.Equal(t, policy, *inTx(st).Policy, "nobody remembers what was read under the lock")
	}
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteOverride(ctx, "primary", override.ID) })
	require.Empty(t, inTx(s.other).Overrides)
	err = s.one.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		return tx.DeleteOverride(ctx, "primary", override.ID)
	})
	require.ErrorIs(t, err, fault.NotFound)
}

func (s *suite) reach(t *testing.T) {
	got, err := s.one.Reach(t.Context(), []string{"eve", "out", "none", "mia", "ada", "eve", "mute"})
	require.NoError(t, err)
	require.Len(t, got, 3, "in the order asked for, each once, no customers, nobody disabled")
	require.Equal(t, "eve", got[0].Person.ID)
	require.True(t, got[0].Supervises)
	require.Equal(t, []domain.Contact{{ID: domain.ImplicitContact, Person: "eve", Channel: domain.ChannelEmail, Address: "eve@altis.test", Position: 1}}, got[0].Contacts)
	require.Equal(t, "ada", got[1].Person.ID)
	require.True(t, got[1].Responds)
	require.False(t, got[1].Supervises)
	require.Empty(t, got[2].Contacts, "no contact and no address")
}

func (s *suite) contacts(t *testing.T) {
	var made []domain.Contact
	for _, address := range []string{"https://pager.test/1", "https://pager.test/2"} {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			c, err := tx.InsertContact(ctx, domain.Contact{Person: "ada", Channel: domain.ChannelWebhook, Address: address}, "whsec_x")
			made = append(made, c)
			return err
		})
	}
	got, err := s.other.Reach(t.Context(), []string{"ada"})
	require.NoError(t, err)
	require.Equal(t, made, got[0].Contacts)
	require.True(t, got[0].Explicit)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteContact(ctx, made[0].ID) })
	left, err := s.one.Contacts(t.Context(), "ada", store.ContactPosition{}, 10)
	require.NoError(t, err)
	require.Equal(t, made[1:], left)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		for _, person := range []string{"eve", "ada", "eve"} {
			if _, err := tx.InsertContact(ctx, domain.Contact{Person: person, Channel: domain.ChannelEmail, Address: "x@altis.test"}, ""); err != nil {
				return err
			}
		}
		return nil
	})
	for person, want := range map[string][]store.ContactPosition{
		"":    {{Person: "ada", Position: 2}, {Person: "ada", Position: 3}, {Person: "eve", Position: 1}, {Person: "eve", Position: 2}},
		"eve": {{Person: "eve", Position: 1}, {Person: "eve", Position: 2}},
	} {
		var found []store.ContactPosition
		for after := (store.ContactPosition{}); ; {
			page, err := s.one.Contacts(t.Context(), person, after, 1)
			require.NoError(t, err)
			if len(page) == 0 {
				break
			}
			after = store.ContactPosition{Person: page[0].Person, Position: page[0].Position}
			found = append(found, after)
		}
		require.Equal(t, want, found)
	}
	_, err = s.one.Contact(t.Context(), made[0].ID)
	require.ErrorIs(t, err, fault.NotFound)
}

func (s *suite) tickets(t *testing.T) {
	steps := []struct {
		sequence int64
		ended    bool
		wantEnd  int64
	}{{5, false, 0}, {9, true, 9}, {7, true, 9}, {6, false, 9}}
	for _, step := range steps {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			got, err := tx.TouchTicket(ctx, store.TicketState{Number: 1, Sequence: step.sequence, Ended: step.ended, Snapshot: time.Duration(step.sequence).String()})
			require.Equal(t, step.wantEnd, got)
			return err
		})
	}
	update(t, s.other, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.Ticket(ctx, 1)
		require.Equal(t, store.TicketState{Number: 1, Sequence: 9, Snapshot: "9ns"}, got)
		return err
	})
}

func page(id, topic string) *domain.Page {
	return &domain.Page{
		ID: id, Topic: topic, Ticket: 1, Occurrence: 3, State: domain.StatePaging, Position: domain.Position{Cycle: 1, Loop: 1, Step: 1},
		Incident: domain.Incident{Subject: "down", Scope: []string{"shop"}, Since: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)},
		OpenedAt: time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC), NextStepAt: time.Date(2026, 11, 24, 1, 5, 0, 0, time.UTC), Events: 1,
	}
}

func (s *suite) pages(t *testing.T) {
	insert := func(p *domain.Page) (ok bool) {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) (err error) {
			ok, err = tx.InsertPage(ctx, p)
			return err
		})
		return ok
	}
	first := page("p1", "ticket:1")
	require.True(t, insert(first))
	require.False(t, insert(first), "the same id")
	require.False(t, insert(page("p2", "ticket:1")), "the same topic")
	require.True(t, insert(page("p3", "ticket:2")))
	got, err := s.other.Page(t.Context(), "p1")
	require.NoError(t, err)
	require.Equal(t, first, got)

	first.State, first.AcknowledgedBy, first.AcknowledgedAt = domain.StateAcknowledged, domain.Person{ID: "ada", Name: "Ada"}, first.OpenedAt.Add(time.Minute)
	first.Cycle, first.Answered, first.NextStepAt, first.Events = 2, true, time.Time{}, 4
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.LockPage(ctx, "p1"); err != nil {
			return err
		}
		return tx.SavePage(ctx, first)
	})
	update(t, s.other, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.LockOpenPage(ctx, "ticket:1")
		require.Equal(t, first, got)
		return err
	})
	waiting, err := s.one.Pages(t.Context(), store.PageQuery{Waiting: true, Limit: 10})
	require.NoError(t, err)
	require.Len(t, waiting, 1)

	first.State = domain.StateResolved
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.SavePage(ctx, first) })
	require.True(t, insert(page("p2", "ticket:1")), "the topic is free again")
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.LockOpenPage(ctx, "ticket:none")
		require.Nil(t, got)
		return err
	})
	_, err = s.one.Page(t.Context(), "none")
	require.ErrorIs(t, err, fault.NotFound)
}

func (s *suite) discard(t *testing.T) {
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		tx.Log("p3", time.Now(), "a line")
		tx.Later(domain.Timer{Page: "p3", Kind: domain.TimerStep, Delay: time.Hour})
		tx.Tell(ctx, domain.PageEvent{Page: domain.Page{ID: "p3"}})
		tx.Discard()
		return nil
	})
	require.Zero(t, s.count(t, `SELECT COUNT(*) FROM tasks`))
	require.Zero(t, s.count(t, `SELECT COUNT(*) FROM page_log`))
}

func (s *suite) deliveries(t *testing.T) {
	at := domain.Position{Cycle: 1, Loop: 1, Step: 1}
	contacts, err := s.one.Contacts(t.Context(), "ada", store.ContactPosition{}, 10)
	require.NoError(t, err)
	make := func(person string, c domain.Contact) domain.Delivery {
		return domain.Delivery{
			ID: domain.DeliveryID("p3", at, person, c.ID), Page: "p3", Position: at, Person: domain.Person{ID: person, Name: person, Staff: true},
			Contact: c, Why: "why", Body: "{}", State: domain.DeliveryQueued, CreatedAt: time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC),
		}
	}
	hook := make("ada", contacts[0])
	mail := make("eve", domain.Contact{ID: domain.ImplicitContact, Person: "eve", Channel: domain.ChannelEmail, Address: "eve@altis.test", Position: 1})
	gone := make("eve", domain.Contact{ID: "gone", Person: "eve", Channel: domain.ChannelWebhook, Address: "https://gone.test/x", Position: 2})
	update(t, s.one, func(_ context.Context, tx *store.Tx) error {
		tx.Log("p3", time.Now(), "one", "two")
		tx.InsertDeliveries([]domain.Delivery{hook, mail})
		tx.InsertDeliveries([]domain.Delivery{gone, hook})
		tx.Later(domain.Timer{Page: "p3", Position: at, Kind: domain.TimerStep, Delay: time.Hour})
		return nil
	})
	got, err := s.other.PageDeliveries(t.Context(), "p3")
	require.NoError(t, err)
	require.ElementsMatch(t, []domain.Delivery{hook, mail, gone}, got)
	log, err := s.one.PageLog(t.Context(), "p3")
	require.NoError(t, err)
	require.Equal(t, "one", log[0].Line)
	require.Equal(t, "two", log[1].Line)

	sending, err := s.one.Sending(t.Context(), hook.ID)
	require.NoError(t, err)
	require.Equal(t, "whsec_x", sending.Secret)
	require.False(t, sending.Gone)
	require.False(t, sending.Over)
	sending, err = s.one.Sending(t.Context(), gone.ID)
	require.NoError(t, err)
	require.True(t, sending.Gone)
	_, err = s.one.Sending(t.Context(), "none")
	require.ErrorIs(t, err, fault.NotFound)

	s.unsent(t, hook, mail, gone)

	named, err := s.one.PersonOf(t.Context(), "p3", "eve")
	require.NoError(t, err)
	require.Equal(t, "eve", named.Name)
	_, err = s.one.PersonOf(t.Context(), "p3", "mia")
	require.ErrorIs(t, err, fault.NotFound)

	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		paged, err := tx.Paged(ctx, "p3")
		require.NoError(t, err)
		require.Len(t, paged, 2)
		alive, err := tx.Alive(ctx, "p3", at)
		require.NoError(t, err)
		require.Equal(t, 3, alive)
		hook.State, hook.Attempts, hook.LastAnswer, hook.AcceptedAt = domain.DeliveryAccepted, 2, "200 OK", hook.CreatedAt.Add(time.Second)
		return tx.SaveDelivery(ctx, hook)
	})
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.CancelDeliveries(ctx, "p3"), tx.CancelTimers(ctx, "p3"))
	})
	update(t, s.other, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.Delivery(ctx, hook.ID)
		require.Equal(t, hook, d, "accepted stays accepted")
		require.NoError(t, err)
		d, err = tx.Delivery(ctx, mail.ID)
		require.Equal(t, domain.DeliveryCancelled, d.State)
		return err
	})
	require.Zero(t, s.count(t, `SELECT COUNT(*) FROM tasks`))
}

func (s *suite) threads(t *testing.T) {
	mia, noa := domain.Person{ID: "mia", Name: "Mia", Email: "Mia@Shop.test"}, domain.Person{Email: "noa@shop.test"}
	message := func(id string, to ...domain.Person) domain.Outgoing {
		o := domain.Outgoing{Content: domain.MailContent{
			ID: domain.Hash(id), Kind: domain.MailMessage, Ticket: 9, Subject: "s", Messages: []domain.PublicMessage{{ID: id, Body: "hello"}},
		}}
		for _, p := range to {
			o.Recipients = append(o.Recipients, domain.Recipient{Person: p, Reason: "cc"})
		}
		return o
	}
	for _, o := range []domain.Outgoing{message("m1", mia), message("m2", mia, noa), message("m3", domain.Person{Email: "mia@shop.TEST"})} {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.InsertMails(ctx, []domain.Outgoing{o}) })
	}
	mails, err := s.other.Mails(t.Context(), 9, store.MailPosition{}, 10)
	require.NoError(t, err)
	require.Len(t, mails, 4)
	byKey := map[string]domain.MailDelivery{}
	for _, m := range mails {
		byKey[m.Message+" "+domain.AddressKey(m.Recipient.Person.Email)] = m
		require.Equal(t, m.ID+"@desk.test", m.MessageID)
		require.Equal(t, "[#9] s", m.Subject)
	}
	first, second, third := byKey["m1 mia@shop.test"], byKey["m2 mia@shop.test"], byKey["m3 mia@shop.test"]
	require.Empty(t, first.Root)
	require.Equal(t, []string{first.MessageID, first.MessageID}, []string{second.Root, second.Parent})
	require.Equal(t, []string{first.MessageID, second.MessageID}, []string{third.Root, third.Parent})
	require.Empty(t, byKey["m2 noa@shop.test"].Parent)

	one, content, err := s.one.Mail(t.Context(), second.ID)
	require.NoError(t, err)
	require.Equal(t, second, one)
	require.Equal(t, "hello", content.Messages[0].Body)
	require.Equal(t, 4, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'mail.send'`))

	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.LockMail(ctx, second.ID)
		require.NoError(t, err)
		d.State, d.Attempts, d.LastAnswer, d.AcceptedAt, d.NextAt = domain.MailAccepted, 1, "250 ok", d.CreatedAt.Add(time.Second), time.Time{}
		return tx.SaveMail(ctx, d)
	})
	one, _, err = s.other.Mail(t.Context(), second.ID)
	require.NoError(t, err)
	require.Equal(t, domain.MailAccepted, one.State)
	require.True(t, one.NextAt.IsZero())
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.SendMailNow(ctx, one) })
	require.Equal(t, 4, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'mail.send'`), "instead of the task that was there")
	_, _, err = s.one.Mail(t.Context(), "none")
	require.ErrorIs(t, err, fault.NotFound)
}

func (s *suite) keys(t *testing.T) {
	failed := errors.New("rolled back")
	err := s.one.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		key, err := tx.AckKey(ctx)
		require.NoError(t, err)
		again, err := tx.AckKey(ctx)
		require.NoError(t, err)
		require.Equal(t, key, again)
		return failed
	})
	require.ErrorIs(t, err, failed)
	var keys []domain.AckKey
	for _, st := range []*store.Store{s.other, s.one, s.other} {
		update(t, st, func(ctx context.Context, tx *store.Tx) error {
			key, err := tx.AckKey(ctx)
			keys = append(keys, key)
			return err
		})
	}
	require.Len(t, keys[0].Secret, 32)
	require.Equal(t, keys[0], keys[1], "the one that was rolled back is not used")
	require.Equal(t, keys[0], keys[2])
	got, err := s.one.AckKey(t.Context(), keys[0].ID)
	require.NoError(t, err)
	require.Equal(t, keys[0], got)
	_, err = s.one.AckKey(t.Context(), 200)
	require.ErrorIs(t, err, fault.NotFound)
}
