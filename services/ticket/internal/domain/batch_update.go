package domain

import (
	"context"
	"slices"
	"strconv"
)

// BatchItem is a change of one ticket of several. Zero values leave things as they are.
type BatchItem struct {
	Number              int64
	ETag                string
	Status              Status
	Priority            Priority
	Assignee            *string // person id of staff; "" = nobody
	Team                string
	AddTags, RemoveTags []string
}

// BatchResult is the ticket after the change, or why nothing was changed.
type BatchResult struct {
	Ticket Ticket
	Err    error
}

// BatchUpdate changes tickets one after another, each in a transaction of its own:
// one that fails stops none. A repetition of the request changes only what the
// first attempt did not. Faults: Denied for members, Invalid DUPLICATE_TICKET,
// Exists REQUEST_ID_REUSED; of items those of Update and Assign.
func (d *Desk) BatchUpdate(ctx context.Context, caller Caller, items []BatchItem, request Request) ([]BatchResult, error) {
	ask := Ask{}
	f := &faults{}
	for i, item := range items {
		if slices.ContainsFunc(items[:i], func(o BatchItem) bool { return o.Number == item.Number }) {
			f.add("updates["+strconv.Itoa(i)+"].ticket", "DUPLICATE_TICKET", "is changed by an earlier update of the request")
		}
		if item.Assignee != nil && *item.Assignee != "" && !slices.Contains(ask.People, *item.Assignee) {
			ask.People = append(ask.People, *item.Assignee)
		}
		ask.Urgent = ask.Urgent || item.Priority == Urgent
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	actor, facts, err := d.staff(ctx, caller, ask)
	if err != nil {
		return nil, err
	}
	if request.ID != "" {
		if _, err := d.once(ctx, request, func() error { return d.Store.Remember(ctx, request) }); err != nil {
			return nil, err
		}
	}
	results := make([]BatchResult, len(items))
	for i, item := range items {
		results[i].Ticket, results[i].Err = d.batchItem(ctx, actor, facts, item, request)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
	}
	return results, nil
}

func (d *Desk) batchItem(ctx context.Context, actor Actor, facts Facts, item BatchItem, request Request) (t Ticket, err error) {
	if request.ID != "" {
		request.Method += ".item"
		request.ID += "/" + strconv.FormatInt(item.Number, 10)
	}
	used, err := d.once(ctx, request, func() error {
		var err error
		t, err = d.edit(ctx, actor, item.Number, item.ETag, item.Priority == Urgent, func(_ context.Context, _ Tx, t Ticket) ([]Change, error) {
			changes, err := d.batchChanges(actor, facts, t, item)
			if len(changes) > 0 {
				changes[0].Request = request.orNil()
			}
			return changes, err
		})
		return err
	})
	if err == nil && used != nil {
		return d.Store.Ticket(ctx, actor.ID, item.Number)
	}
	return t, err
}

func (d *Desk) batchChanges(actor Actor, facts Facts, t Ticket, item BatchItem) ([]Change, error) {
	if err := checkOpen(t); err != nil {
		return nil, err
	}
	var assignee *Person
	if item.Assignee != nil {
		p, err := facts.staff(*item.Assignee)
		if err != nil {
			return nil, err
		}
		assignee = &p
	}
	changes, err := d.assign(actor, t, assignee, item.Team)
	if err != nil {
		return nil, err
	}
	if len(changes) > 0 {
		t = changes[0].After
	}
	u := item.update(t)
	if err := u.allowed(actor); err != nil {
		return nil, err
	}
	more, err := d.update(actor, facts, t, u)
	return append(changes, more...), err
}

// update returns what the item changes of a ticket beyond whose it is.
func (item BatchItem) update(t Ticket) Update {
	u := Update{Values: Ticket{Status: item.Status, Priority: item.Priority}}
	if item.Status != 0 {
		u.Fields = append(u.Fields, "status")
	}
	if item.Priority != 0 {
		u.Fields = append(u.Fields, "priority")
	}
	if len(item.AddTags)+len(item.RemoveTags) > 0 {
		u.Fields = append(u.Fields, "tags")
		u.Values.Tags = slices.DeleteFunc(slices.Concat(t.Tags, item.AddTags), func(tag string) bool {
			return slices.Contains(item.RemoveTags, tag)
		})
	}
	return u
}
