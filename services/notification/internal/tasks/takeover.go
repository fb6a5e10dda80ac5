package tasks

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

const (
	// takeOverPause is how long it is until the mailbox, which has a page for certain, is asked again.
	takeOverPause = 2 * time.Second
	// A mailbox that is just about to reach somebody is waited for, a second in all, before notification pages beside it.
	reachPause = 250 * time.Millisecond
	reachTries = 4
)

// Mailbox is the emergency mailbox, which may have paged while notification was away.
type Mailbox interface {
	// TakeOver returns a page of the mailbox, which sends nothing more for it, in a bounded time. Fault NotFound: it has none;
	// Precondition: nobody was reached, neither by it nor by the caller, so that it goes on.
	TakeOver(ctx context.Context, page string, reached bool) (domain.Held, error)
}

// takeOver begins a page that the mailbox may have, or takes over what is known to be there.
func (t *Tasks) takeOver(ctx context.Context, task durable.Task) error {
	p, err := decode[store.TakeOverTask](task)
	if err != nil {
		return err
	}
	patient := task.Attempt <= reachTries
	err = t.ask(ctx, p.Opening, patient)
	if patient && fault.KindOf(err) == fault.Precondition {
		return durable.RetryAfter(reachPause, err)
	}
	certain := p.Certain || fault.KindOf(err) == fault.Precondition
	if err == nil || fault.KindOf(err) == fault.NotFound || !certain && !errors.Is(err, errUnrecorded) {
		return nil
	}
	return durable.RetryAfter(takeOverPause, err)
}

// errUnrecorded has a page begun later: the database is away.
var errUnrecorded = errors.New("tasks: the page could not be begun")

// ask asks the mailbox for a page and goes on from there. The page is open afterwards whatever the mailbox says, unless the
// error is errUnrecorded, or patient and Precondition; any error but NotFound says that the mailbox may still page.
func (t *Tasks) ask(ctx context.Context, o domain.Opening, patient bool) error {
	p, err := t.Store.Page(ctx, o.ID)
	known := err == nil
	if known && p.Mailbox == domain.MailboxTaken {
		return nil
	}
	if err == nil || fault.KindOf(err) == fault.NotFound {
		var endedBy int64
		endedBy, err = t.Store.EndedBy(ctx, o.Ticket)
		o.EndedBy = max(o.EndedBy, endedBy)
	}
	if err != nil {
		return errors.Join(errUnrecorded, err)
	}
	held, silent := domain.Held{}, error(fault.NotFound)
	if t.Mailbox != nil {
		held, silent = t.Mailbox.TakeOver(ctx, o.ID, known && p.State != domain.StatePaging || o.EndedBy > o.Occurrence)
	}
	if patient && (!known || p.Mailbox == domain.MailboxAsking) && fault.KindOf(silent) == fault.Precondition {
		return silent
	}
	recording, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	err = t.Store.Update(recording, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		o := o
		endedBy, err := tx.EndedBy(ctx, o.Ticket)
		if err != nil {
			return err
		}
		o.EndedBy = max(o.EndedBy, endedBy)
		if silent == nil {
			_, err = t.Pager.Adopt(ctx, tx, o, held)
		} else {
			_, err = t.Pager.Unheld(ctx, tx, o)
		}
		return err
	})
	if err != nil {
		return errors.Join(errUnrecorded, err)
	}
	if silent == nil {
		t.Logger.WarnContext(ctx, "a page was taken over from the emergency mailbox", slog.String("page", o.ID), slog.Int64("ticket", o.Ticket),
			slog.Bool("acknowledged", held.Acknowledged))
	} else if kind := fault.KindOf(silent); kind != fault.NotFound && kind != fault.Precondition {
		t.Logger.WarnContext(ctx, "the emergency mailbox does not say whether it pages: paging", slog.String("page", o.ID), slog.Any("error", silent))
	}
	return silent
}

// askFirst asks the mailbox about a page of which something is due that should have been done long ago: this process, or its
// database, was away, and meanwhile the mailbox may have paged.
func (t *Tasks) askFirst(ctx context.Context, page string, late time.Duration) {
	if t.Mailbox == nil || late <= t.WatchAfter {
		return
	}
	ctx = context.WithoutCancel(ctx) // every step has its own limit
	p, err := t.Store.Page(ctx, page)
	if err == nil && p.Ticket > 0 && p.Mailbox == domain.MailboxUnasked {
		err = t.ask(ctx, domain.Opening{ID: p.ID, Topic: p.Topic, Ticket: p.Ticket, Occurrence: p.Occurrence, Incident: p.Incident}, false)
	}
	if errors.Is(err, errUnrecorded) {
		t.Logger.WarnContext(ctx, "the emergency mailbox could not be asked about a page", slog.String("page", page), slog.Any("error", err))
	}
}

// awayFor is how long a process stands still before it counts as away.
const awayFor = 5 * time.Second

// Awake knows since when this process has worked without a pause: it may have been stopped, or its machine.
type Awake struct {
	mu         sync.Mutex
	back, last time.Time
}

// Run watches until ctx ends. It returns nil.
func (a *Awake) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		a.since(time.Now().Round(0))
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// since returns how long the process has been awake. Wall clocks count the time that a machine slept.
func (a *Awake) since(now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.back.IsZero() || now.Sub(a.last) > awayFor {
		a.back = now
	}
	a.last = now
	return now.Sub(a.back)
}
