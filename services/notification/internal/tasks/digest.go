package tasks

import (
	"context"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// digest gathers for one person what they want to be told of once in a while, mails it if there is anything, and has the next
// one made.
func (t *Tasks) digest(ctx context.Context, task durable.Task) error {
	p, err := decode[store.DigestTask](task)
	if err != nil {
		return err
	}
	return t.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		g, ok, err := tx.Gather(ctx, p)
		if err != nil || !ok || len(g.Notices) == 0 || g.For.Email == "" {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		return tx.InsertDigest(ctx, domain.DigestMail(g.For.Person, g.Notices, g.More, now))
	})
}

// digestsEvery is how often people without digests are looked for.
const digestsEvery = 5 * time.Second

// Digests sees to it that digests are made for everybody of the staff. Every replica does.
type Digests struct{ Tasks *Tasks }

// Run works until ctx ends. It returns nil.
func (d *Digests) Run(ctx context.Context) error {
	next := time.NewTicker(digestsEvery)
	defer next.Stop()
	failing := false
	for {
		err := d.begin(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !failing {
			d.Tasks.Logger.WarnContext(ctx, "cannot see whether somebody has no digests; it is tried again", slog.Any("error", err))
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return nil
		case <-next.C:
		}
	}
}

// begin goes on until nobody is left.
func (d *Digests) begin(ctx context.Context) error {
	for {
		ids, err := d.Tasks.Store.Undigested(ctx)
		if err != nil || len(ids) == 0 {
			return err
		}
		err = d.Tasks.Store.Update(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx *store.Tx) error {
			return tx.BeginDigests(ctx, ids...)
		})
		if err != nil {
			return err
		}
	}
}
