package tasks

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// pagesAtOnce bounds the pages that one transaction reads or changes: many enough to be quick, few enough that nobody waits for it.
const pagesAtOnce = 64

// togetherTimeout bounds the recording of several pages at once: one of them may be locked by a process that stands still.
const togetherTimeout = 3 * time.Second

// Bundling says when pages go together.
type Bundling struct {
	// After is how many incidents a contact is paged about one by one within domain.BundleWindow; 0 = all.
	After int
	// Hold is how long the others are collected before they go, in one message.
	Hold time.Duration
}

// crowded reports that a delivery is to go together with others: its contact was paged about so many incidents that one call
// more tells nobody anything.
func (b Bundling) crowded(s store.Sending) bool {
	return b.After > 0 && s.Crowd >= b.After && s.Attempts == 0 && s.State == domain.DeliveryQueued && !s.Gone
}

// hold has a delivery go together with others.
func (t *Tasks) hold(ctx context.Context, s store.Sending) error {
	_, err := t.holds.one(ctx, s.Person.ID+" "+s.Contact.ID, s.Delivery)
	return err
}

// holdAll is hold for many: each by itself would wait for the others' commits, which lock the same bundle.
func (t *Tasks) holdAll(ctx context.Context, deliveries []domain.Delivery) ([]struct{}, []error) {
	ctx, cancel := context.WithTimeout(ctx, recordTimeout)
	defer cancel()
	err := t.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		return tx.Hold(ctx, deliveries, t.Bundling.Hold)
	})
	return make([]struct{}, len(deliveries)), slices.Repeat([]error{err}, len(deliveries))
}

// bundle sends a message about many pages once.
func (t *Tasks) bundle(ctx context.Context, task durable.Task) error {
	p, err := decode[store.BundleTask](task)
	if err != nil {
		return err
	}
	if err := t.askAbout(ctx, p.Bundle); err != nil {
		return durable.RetryAfter(time.Second, err)
	}
	var b domain.Bundle
	err = t.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		b, err = t.Pager.Gather(ctx, tx, p.Bundle)
		return err
	})
	switch {
	case errors.Is(err, fault.NotFound):
		return durable.Permanent(err)
	case err != nil:
		return durable.RetryAfter(time.Second, err)
	case b.Named == 0: // nothing waits, or one that goes alone
		return nil
	}
	left := slices.DeleteFunc(b.Members, func(m domain.BundleMember) bool { return m.State != domain.DeliveryQueued || !m.PageState.Waiting() })
	if len(left) == 0 {
		return nil
	}
	return t.attemptTogether(ctx, b, left, task.Attempt)
}

// askAbout asks the emergency mailbox about the pages of a bundle that are so old that it may have them.
func (t *Tasks) askAbout(ctx context.Context, bundle string) error {
	if t.Mailbox == nil {
		return nil
	}
	b, err := t.Store.Bundle(ctx, bundle)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	for _, m := range b.Members {
		t.askFirst(ctx, m.Page, m.Age)
	}
	return nil
}

// attemptTogether sends the message and records for each page what came of it.
func (t *Tasks) attemptTogether(ctx context.Context, b domain.Bundle, left []domain.BundleMember, number int) error {
	s, err := t.Store.Sending(ctx, left[0].ID, 0)
	if err != nil {
		return durable.RetryAfter(time.Second, err)
	}
	a, asked, failure := t.sendTogether(ctx, b, s, number)
	a.Number, a.Together = number, b.Named
	if failure != nil && stopped(ctx) {
		return refusal(a)
	}
	for i, m := range left {
		if s.Delivery = m.Delivery; a.Accepted || i == 0 {
			t.count(ctx, s, a)
		}
	}
	if err := t.recordTogether(ctx, left, a); err != nil {
		return durable.RetryAfter(time.Second, err) // sent again, with the same id, rather than forgotten
	}
	if a.Accepted || a.Final {
		return nil
	}
	return durable.RetryAfter(domain.RetryDelay(number, asked), refusal(a))
}

func (t *Tasks) sendTogether(ctx context.Context, b domain.Bundle, s store.Sending, number int) (a domain.Attempt, asked time.Duration, err error) {
	if s.Gone {
		return domain.Attempt{Final: true, Answer: domain.Answer{Kind: domain.AnswerContactDeleted}}, 0, errors.New("tasks: the contact was deleted")
	}
	timeout := t.AttemptTimeout
	if s.Contact.Channel == domain.ChannelEmail {
		timeout = pageMailTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if s.Contact.Channel == domain.ChannelEmail {
		a, err = t.mailTogether(ctx, b, s)
		return a, 0, err
	}
	answer, err := t.pushBundle(ctx, b, s, number)
	return domain.Attempt{Accepted: err == nil, Final: answer.Final, Answer: answer.What, Receipt: answer.Receipt}, answer.RetryAfter, err
}

func (t *Tasks) mailTogether(ctx context.Context, b domain.Bundle, s store.Sending) (domain.Attempt, error) {
	bundled, err := webhook.ParseBundle(b.Body)
	if err != nil {
		return domain.Attempt{Final: true, Answer: domain.Answer{Kind: domain.AnswerNoNotice}}, err
	}
	to := domain.Person{Name: bundled.GetData().GetPerson().GetName()}
	m, err := t.Renderer.Bundle(to, s.Contact.Address, s.Locale, bundled, b.ID+"@"+t.MailDomain)
	if err != nil {
		return domain.Attempt{Final: true, Answer: domain.Answer{Kind: domain.AnswerNoMail}}, err
	}
	answer, err := t.sendMail(ctx, b.ID, t.MailFrom, m)
	return mailAttempt(answer, err), err
}

// recordTogether is record for the pages of a bundle, some at a time. A page that cannot be changed keeps none of the others
// from it.
func (t *Tasks) recordTogether(ctx context.Context, members []domain.BundleMember, a domain.Attempt) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*recordTimeout)
	defer cancel()
	var failed error
	for some := range slices.Chunk(members, pagesAtOnce) {
		attempts := make([]domain.PageAttempt, len(some))
		for i, m := range some {
			attempts[i] = domain.PageAttempt{Page: m.Page, Delivery: m.ID, Attempt: a}
			a.Receipt = "" // it is asked for once
		}
		err := t.writeAttempts(ctx, attempts, togetherTimeout)
		if err != nil && len(some) > 1 {
			err = nil
			for i := range attempts {
				err = errors.Join(err, t.writeAttempts(ctx, attempts[i:i+1], recordTimeout))
			}
		}
		if err != nil {
			t.Logger.WarnContext(ctx, "pages that went together not all recorded", slog.Any("error", err))
			failed = err
		}
	}
	return failed
}

// closeBundle returns whether a page of a bundle waits still, until when its alert stays as it is, and whether all are over.
func (t *Tasks) closeBundle(ctx context.Context, bundle string) (waits, over bool, err error) {
	b, err := t.Store.Bundle(ctx, bundle)
	over = true
	for _, m := range b.Members {
		waits = waits || m.PageState.Waiting()
		over = over && m.PageState == domain.StateResolved
	}
	return waits, over, err
}
