package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/imapin"
	"altis-dxp.com/support/services/notification/internal/store"
)

func inboundOf(id, dedupe string, ticket int64, at time.Time) domain.InboundMail {
	return domain.InboundMail{
		ID: id, Dedupe: dedupe, Object: "ab/" + id, Size: 7, EnvelopeFrom: "mia@shop.test", Recipient: "ticket+x@reply.desk.test", Remote: "192.0.2.1", TLS: true,
		MessageID: id + "@shop.test", Sender: "mia@shop.test", SenderName: "Mia", Subject: "Größe", ReceivedAt: at.Truncate(time.Microsecond).UTC(), Ticket: ticket,
	}
}

func (x *suite) inboundMails(t *testing.T) {
	s := x.one
	start := time.Now().Add(-time.Hour)
	want := inboundOf("m1", "d1", 7007, start)
	fresh, err := s.KeepInbound(t.Context(), want)
	require.NoError(t, err)
	require.True(t, fresh)
	fresh, err = s.KeepInbound(t.Context(), inboundOf("m2", "d1", 7007, start))
	require.NoError(t, err)
	require.False(t, fresh, "the same mail has one row")
	got, err := s.Inbound(t.Context(), "m1")
	require.NoError(t, err)
	want.Copies, want.Verdict = 2, domain.InboundWaiting
	require.Equal(t, want, got)

	for i, id := range []string{"m3", "m4", "m5"} {
		fresh, err := s.KeepInbound(t.Context(), inboundOf(id, id, 7008, start.Add(time.Duration(i)*time.Minute)))
		require.NoError(t, err)
		require.True(t, fresh)
	}
	update(t, s, func(ctx context.Context, tx *store.Tx) error {
		m, err := tx.LockInbound(ctx, "m3")
		if err != nil {
			return err
		}
		m.Verdict, m.Reason, m.Detail, m.Verified = domain.InboundQuarantined, domain.ReasonOtherSender, "why", true
		m.Holder = domain.Person{ID: "p", Name: "Pat", Email: "pat@shop.test"}
		return tx.SaveInbound(ctx, m)
	})
	age, err := s.OldestHeld(t.Context())
	require.NoError(t, err)
	require.GreaterOrEqual(t, age, time.Hour)
	ids := func(f store.InboundFilter, after *store.InboundPosition, limit int) (list []string) {
		mails, err := s.Inbounds(t.Context(), f, after, limit)
		require.NoError(t, err)
		for _, m := range mails {
			list = append(list, m.ID)
		}
		return list
	}
	require.Equal(t, []string{"m5", "m4"}, ids(store.InboundFilter{}, nil, 2))
	m4, err := s.Inbound(t.Context(), "m4")
	require.NoError(t, err)
	after := &store.InboundPosition{ReceivedAt: sqldb.Micros(m4.ReceivedAt), ID: m4.ID}
	require.Equal(t, []string{"m3", "m1"}, ids(store.InboundFilter{}, after, 9))
	require.Equal(t, []string{"m3"}, ids(store.InboundFilter{Ticket: 7008}, after, 9))
	require.Equal(t, []string{"m3"}, ids(store.InboundFilter{Verdict: domain.InboundQuarantined}, nil, 9))

	unknown, err := s.UnknownObjects(t.Context(), []string{"ab/m1", "ab/m2", "ab/m3"})
	require.NoError(t, err)
	require.Equal(t, []string{"ab/m2"}, unknown, "of the copy nothing is kept")
	require.NoError(t, s.PruneInbound(t.Context(), time.Minute))
	require.Equal(t, []string{"m5", "m4", "m3", "m1"}, ids(store.InboundFilter{}, nil, 9), "what waits stays, for a program or a person")
	update(t, s, func(ctx context.Context, tx *store.Tx) error {
		m3, err := tx.LockInbound(ctx, "m3")
		if err != nil {
			return err
		}
		m3.Verdict, m3.ReleasedBy = domain.InboundRejected, "p"
		return tx.DiscardInbound(ctx, m3)
	})
	require.NoError(t, s.PruneInbound(t.Context(), time.Minute))
	require.Equal(t, []string{"m5", "m4", "m1"}, ids(store.InboundFilter{}, nil, 9), "and goes when it was discarded")
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Purge(ctx, 7008) })
	require.Equal(t, []string{"m1"}, ids(store.InboundFilter{}, nil, 9), "with their ticket")

	update(t, s, func(ctx context.Context, tx *store.Tx) error {
		m, err := tx.LockInbound(ctx, "m1")
		if err != nil {
			return err
		}
		m.Verdict, m.Message, m.ReplyTicket, m.Holder.Email = domain.InboundAppended, "message", 7007, "mia@shop.test"
		return tx.SaveInbound(ctx, m)
	})
	n, err := s.RecentAnswers(t.Context(), 7007, "mia@shop.test")
	require.NoError(t, err)
	require.Zero(t, n, "an hour ago")
	update(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.Redact(ctx, store.Redaction{Ticket: 7007, Message: "message", Sequence: 3, Body: "[redacted]"})
	})
	m1, err := s.Inbound(t.Context(), "m1")
	require.NoError(t, err)
	require.Empty(t, m1.Object, "the mail says what was redacted")
}

func (x *suite) inboundAtOnce(t *testing.T) {
	s := x.one
	var all sync.WaitGroup
	var mu sync.Mutex
	kept := 0
	for i, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		all.Go(func() {
			fresh, err := []*store.Store{x.one, x.other}[i%2].KeepInbound(t.Context(), inboundOf(id, "same", 7009, time.Now()))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if fresh {
				kept++
			}
		})
	}
	all.Wait()
	require.Equal(t, 1, kept)
	mails, err := s.Inbounds(t.Context(), store.InboundFilter{Ticket: 7009}, nil, 9)
	require.NoError(t, err)
	require.Len(t, mails, 1)
	require.Equal(t, 8, mails[0].Copies)
}

func (x *suite) suppressions(t *testing.T) {
	s := x.one
	suppress := func(address, detail string, d time.Duration) {
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Suppress(ctx, domain.Suppression{Address: address, Reason: domain.SuppressedBounce, Detail: detail, Delivery: "d"}, d)
		})
	}
	held := func(address string) string {
		key := domain.AddressKey(address)
		got, err := s.SuppressionsOf(t.Context(), []string{key, "nobody@shop.test"})
		require.NoError(t, err)
		_, ok := got[key]
		require.Equal(t, ok, got[key].Detail != "")
		return got[key].Detail
	}
	suppress("Noa@Shop.test", "first", time.Hour)
	require.Equal(t, "first", held("noa@shop.TEST"))
	suppress("noa@shop.test", "shorter", time.Minute)
	require.Equal(t, "first", held("noa@shop.test"), "what ends later stays")
	suppress("noa@shop.test", "longer", 2*time.Hour)
	require.Equal(t, "longer", held("noa@shop.test"))
	suppress("over@shop.test", "over", -time.Second)
	require.Empty(t, held("over@shop.test"))
	suppress("mia@shop.test", "later", time.Hour)
	list, err := s.Suppressions(t.Context(), nil, nil, 9)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, "mia@shop.test", list[0].Address, "newest first")
	after := &store.MailPosition{CreatedAt: sqldb.Micros(list[0].CreatedAt), ID: list[0].ID}
	of := []string{"over@shop.test", "mia@shop.test", "nobody@shop.test"}
	some, err := s.Suppressions(t.Context(), of, nil, 9)
	require.NoError(t, err)
	require.Equal(t, list[:1], some, "those of some addresses")
	some, err = s.Suppressions(t.Context(), of, after, 9)
	require.NoError(t, err)
	require.Empty(t, some)
	list, err = s.Suppressions(t.Context(), nil, after, 9)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, domain.SuppressionID("NOA@shop.test"), list[0].ID)
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteSuppression(ctx, list[0].ID) })
	require.Empty(t, held("noa@shop.test"))
	require.NoError(t, s.PruneSuppressions(t.Context()))
}

func (x *suite) requestsByMail(t *testing.T) {
	s := x.one
	for i, id := range []string{"r1", "r2", "r3"} {
		m := inboundOf(id, id, 0, time.Now())
		m.Sender, m.Request = "ria@shop.test", i > 0
		_, err := s.KeepInbound(t.Context(), m)
		require.NoError(t, err)
		got, err := s.Inbound(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, i > 0, got.Request)
	}
	update(t, s, func(ctx context.Context, tx *store.Tx) error {
		for _, id := range []string{"r1", "r2"} {
			m, err := tx.LockInbound(ctx, id)
			if err != nil {
				return err
			}
			m.Verdict = domain.InboundCreated
			if err := tx.SaveInbound(ctx, m); err != nil {
				return err
			}
		}
		return nil
	})
	n, err := s.RecentRequests(t.Context(), "ria@shop.test")
	require.NoError(t, err)
	require.Equal(t, 1, n, "one became a ticket of its own")
	n, err = s.RecentRequests(t.Context(), "mia@shop.test")
	require.NoError(t, err)
	require.Zero(t, n)
}

func (x *suite) recentMails(t *testing.T) {
	s := x.one
	for i, of := range []struct {
		sender  string
		verdict domain.Verdict
		age     time.Duration
	}{
		{"Mia@braked.test", domain.InboundAppended, 0},
		{"mia@Braked.test", domain.InboundCreated, time.Minute},
		{"mia@braked.test", domain.InboundAppended, 11 * time.Minute},
		{"mia@braked.test", domain.InboundQuarantined, 0},
		{"noa@braked.test", domain.InboundAppended, 0},
		{"noa@not.braked.test", domain.InboundAppended, 0},
		{"noa@notbraked.test", domain.InboundAppended, 0},
	} {
		id := fmt.Sprint("b", i)
		m := inboundOf(id, id, 7100, time.Now().Add(-of.age))
		m.Sender = of.sender
		_, err := s.KeepInbound(t.Context(), m)
		require.NoError(t, err)
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			m.Verdict = of.verdict
			return tx.SaveInbound(ctx, m)
		})
	}
	for sender, want := range map[string][2]int{"mia@braked.test": {2, 3}, "ben@BRAKED.test": {0, 3}, "noa@other.test": {0, 0}, "": {0, 0}} {
		ofSender, ofDomain, err := s.RecentOf(t.Context(), sender)
		require.NoError(t, err)
		require.Equal(t, want, [2]int{ofSender, ofDomain}, sender)
	}
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Purge(ctx, 7100) })
}

func (x *suite) mailboxes(t *testing.T) {
	one, other := store.Mailbox{Store: x.one, ID: "box"}, store.Mailbox{Store: x.other, ID: "box"}
	hold := func(m store.Mailbox, holder string, d time.Duration) (bool, imapin.Position) {
		held, p, err := m.HoldMailbox(t.Context(), holder, d)
		require.NoError(t, err)
		return held, p
	}
	held, p := hold(one, "a", time.Hour)
	require.True(t, held)
	require.Zero(t, p)
	held, _ = hold(other, "b", time.Hour)
	require.False(t, held)
	require.NoError(t, one.SaveMailbox(t.Context(), "a", imapin.Position{Validity: 4_000_000_000, Last: 7}))
	require.NoError(t, other.SaveMailbox(t.Context(), "b", imapin.Position{Validity: 1, Last: 1}))
	held, p = hold(one, "a", time.Hour)
	require.True(t, held, "again")
	require.Equal(t, imapin.Position{Validity: 4_000_000_000, Last: 7}, p, "who does not hold it writes nothing")
	require.NoError(t, other.ReleaseMailbox(t.Context(), "b"))
	held, _ = hold(other, "b", time.Hour)
	require.False(t, held)
	require.NoError(t, one.ReleaseMailbox(t.Context(), "a"))
	held, p = hold(other, "b", -time.Second)
	require.True(t, held)
	require.EqualValues(t, 7, p.Last)
	held, _ = hold(one, "a", time.Hour)
	require.True(t, held, "its time is over")
	held, p = hold(store.Mailbox{Store: x.one, ID: "another"}, "b", time.Hour)
	require.True(t, held)
	require.Zero(t, p)
}
