package domain

import (
	"context"
	"time"
)

const (
	// FlapWindow is the time in which an incident that is over and urgent again, and again, is one that people know of.
	FlapWindow = 10 * time.Minute
	// maxFlapHold bounds how long an incident must last before people are called about it again.
	maxFlapHold = 5 * time.Minute
)

// fold begins a page without calling anybody: people were called about the incident a few minutes ago, and it has been over
// since. They are called again if it lasts for a while, which is longer each time.
func (g Pager) fold(ctx context.Context, tx PageTx, p *Page) error {
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	hold := min(g.FlapHold<<min(p.Incident.Raised-2, 16), maxFlapHold)
	// Paging until a provider has taken it: who was called heard as well that it was over. The second path waits for the hold.
	p.Step, p.NextStepAt = 0, now.Add(hold)
	tx.Later(Timer{Page: p.ID, Position: p.Position, Kind: TimerStep, Delay: hold})
	tx.Log(p.ID, now, Entry{Kind: EntryFolded, Count: p.Incident.Raised, Until: p.NextStepAt})
	tell(ctx, tx, p, EventFolded, now)
	return nil
}

// folded reports that nobody was called about the page yet, because of what was before, or because the mailbox is asked first.
func (p *Page) folded() bool { return p.Step == 0 }
