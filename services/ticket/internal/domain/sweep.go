package domain

import (
	"context"
	"time"
)

const (
	unclaimedLife = 24 * time.Hour
	// sweepEvery is how often one of all replicas looks for what nobody needs.
	sweepEvery = 6 * time.Hour
)

// Sweep deletes attachments that no message claimed within a day, contents that no
// attachment has, and objects that hold no content. It does nothing unless it is
// time, and what fails is done by the next one. See Library for what can happen
// meanwhile.
func (l *Library) Sweep(ctx context.Context) error {
	due, err := l.Store.SweepDue(ctx, sweepEvery)
	if err != nil || !due {
		return err
	}
	if err := l.Store.DropUnclaimed(ctx, unclaimedLife); err != nil {
		return err
	}
	for {
		objects, err := l.Store.DropContents(ctx)
		if err != nil {
			return err
		}
		if len(objects) == 0 {
			break
		}
		for _, object := range objects {
			l.delete(ctx, object)
		}
	}
	return l.Contents.Before(ctx, l.Desk.Now().Add(-unclaimedLife), func(objects []string) error {
		unknown, err := l.Store.Unknown(ctx, objects)
		for _, object := range unknown {
			l.delete(ctx, object)
		}
		return err
	})
}
