package tasks

import (
	"context"
	"errors"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/store"
)

// codeRetry is the pause between attempts to send a code: somebody waits for it.
const codeRetry = 5 * time.Second

// code sends a contact the code that proves whose it is, until it is accepted or refused for good, another one counts, or it
// has expired. The first attempt was made while whoever asked for it waited.
func (t *Tasks) code(ctx context.Context, task durable.Task) error {
	p, err := decode[store.CodeTask](task)
	if err != nil {
		return err
	}
	c, err := t.Store.Coding(ctx, p.Contact)
	switch {
	case errors.Is(err, fault.NotFound): // deleted
		return nil
	case err != nil:
		return err
	case c.Round != p.Round || !c.Valid(c.To.At):
		return nil
	}
	key, err := t.Store.SigningKey(ctx)
	if err != nil {
		return err
	}
	a := t.TestContact(ctx, c.Message(key))
	switch {
	case a.Accepted:
		return nil
	case !a.Final:
		return durable.RetryAfter(codeRetry, refusal(a))
	}
	err = t.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error { return tx.CodeAnswered(ctx, c, a) })
	if errors.Is(err, fault.NotFound) { // deleted meanwhile
		return nil
	}
	return err
}
