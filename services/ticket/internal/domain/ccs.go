package domain

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"altis-dxp.com/support/pkg/fault"
)

// AddCCs adds people who get copies, those already there left out. Each new one
// is sent the conversation so far. Faults: Invalid, NotFound, Precondition TICKET_CLOSED.
func (d *Desk) AddCCs(ctx context.Context, caller Caller, number int64, addresses []string) (Ticket, error) {
	f := &faults{}
	add := f.addresses(addresses, func(i int) string { return fmt.Sprintf("emails[%d]", i) })
	if err := f.err(); err != nil {
		return Ticket{}, err
	}
	actor, facts, err := d.who(ctx, caller, Ask{Emails: lower(add)})
	if err != nil {
		return Ticket{}, err
	}
	return d.edit(ctx, actor, number, "", false, func(ctx context.Context, tx Tx, t Ticket) ([]Change, error) {
		if err := checkOpen(t); err != nil {
			return nil, err
		}
		f := &faults{}
		after := t
		after.CCs = f.ccs(facts, t, t.CCs, add, "emails")
		if err := f.err(); err != nil {
			return nil, err
		}
		if len(after.CCs) == len(t.CCs) {
			return nil, nil
		}
		c := d.change(actor, EventCCsChanged, t, after)
		c.AddedCCs = after.CCs[len(t.CCs):]
		if c.Conversation, err = tx.Conversation(ctx, number); err != nil {
			return nil, err
		}
		return []Change{c}, nil
	})
}

// RemoveCC removes one. Faults: NotFound when the ticket is not visible or has no
// such CC, Precondition TICKET_CLOSED.
func (d *Desk) RemoveCC(ctx context.Context, caller Caller, number int64, email string) (Ticket, error) {
	actor, _, err := d.who(ctx, caller, Ask{})
	if err != nil {
		return Ticket{}, err
	}
	return d.edit(ctx, actor, number, "", false, func(_ context.Context, _ Tx, t Ticket) ([]Change, error) {
		if err := checkOpen(t); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(t.CCs, func(p Person) bool { return strings.EqualFold(p.Email, strings.TrimSpace(email)) })
		if i < 0 {
			return nil, fault.New(fault.NotFound, "CC_NOT_FOUND", "nobody with this address has copies of the ticket")
		}
		after := t
		after.CCs = slices.Delete(slices.Clone(t.CCs), i, i+1)
		c := d.change(actor, EventCCsChanged, t, after)
		c.RemovedCCs = []Person{t.CCs[i]}
		return []Change{c}, nil
	})
}
