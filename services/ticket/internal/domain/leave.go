package domain

import (
	"context"
	"slices"
	"strings"
)

// Leave takes a CC off a ticket, closed or not, who wants no more copies: it is their own doing. Who has no copies stays as
// they are. Fault NotFound.
func (d *Desk) Leave(ctx context.Context, number int64, address string) error {
	return d.Store.Update(ctx, false, func(ctx context.Context, tx Tx) error {
		t, err := tx.Ticket(ctx, ServiceViewer, number)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(t.CCs, func(p Person) bool { return strings.EqualFold(p.Email, strings.TrimSpace(address)) })
		if i < 0 {
			return nil
		}
		after := t
		after.CCs = slices.Delete(slices.Clone(t.CCs), i, i+1)
		c := d.change(Actor{Member: Member{Person: t.CCs[i]}}, EventCCsChanged, t, after)
		c.RemovedCCs = []Person{t.CCs[i]}
		return tx.Save(ctx, c)
	})
}
