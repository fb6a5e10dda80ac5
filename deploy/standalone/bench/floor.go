package main

import (
	"context"
	"fmt"
	"sync/atomic"
)

// floor writes and reads the rows of the suite's operations and does nothing else: what a ticket costs the database.
type floor interface {
	create(ctx context.Context, client int, d draft) (int64, error)
	reply(ctx context.Context, client int, ticket int64) error
	get(ctx context.Context, client int, ticket int64) error
	list(ctx context.Context, client int) error
	search(ctx context.Context, client int) error
	empty(ctx context.Context, client int, ticket int64) error
}

// counters number the floor's tickets and messages.
type counters struct{ tickets, messages atomic.Int64 }

// sequence of a reply: unique, and behind that of any creation.
func (c *counters) sequence() int64 { return 1000 + c.messages.Add(1) }

// wholePage is an error unless rows fill a page and show that there is another.
func wholePage(rows int) error {
	if rows != pageSize+1 {
		return fmt.Errorf("bench: the floor's list has %d rows", rows)
	}
	return nil
}
