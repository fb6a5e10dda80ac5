package domain

import (
	"context"
	"time"
)

// DefaultSnooze is how long a page is snoozed unless somebody says otherwise.
const DefaultSnooze = 4 * time.Hour

// Snooze has an acknowledged page begin again after a time, unless its incident is over by then. It takes the place of the
// policy's timeout, and of an earlier snooze.
func (g Pager) Snooze(ctx context.Context, tx PageTx, page string, by Person, d time.Duration) (*Page, error) {
	p, err := lockAcknowledged(ctx, tx, page)
	if err != nil {
		return nil, err
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return nil, err
	}
	if err := tx.CancelTimers(ctx, p.ID); err != nil {
		return nil, err
	}
	p.SnoozedUntil = now.Add(d)
	tx.Later(Timer{Page: p.ID, Position: p.Position, Kind: TimerAcknowledge, Delay: d})
	tx.Log(p.ID, now, Entry{Kind: EntrySnoozed, Person: by.Label(), Until: p.SnoozedUntil})
	return p, tx.SavePage(ctx, p)
}
