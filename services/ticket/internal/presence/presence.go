// Package presence keeps who of the staff is at which ticket: in Redis, so that all
// replicas know, and in the process for as long as Redis is away. It is never the
// truth about anything: what is lost is reported again within seconds.
package presence

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// Activity is what somebody does. The numbers are those of the API.
type Activity int64

// What somebody may do.
const (
	Viewing Activity = 1 + iota
	Typing
	Left
)

// expiry is how long a report counts. That a page was left is known as long: what it
// had said before is under way no longer than that.
const expiry = 40 * time.Second

// redisTimeout bounds what waits for Redis: a courtesy is not worth more.
const redisTimeout = 250 * time.Millisecond

// Report is what a page of somebody's browser says.
type Report struct {
	Person   string
	Page     string // "" where it does not say which
	Sequence int64  // greater than that of the page's report before; 0 where it does not count
	Activity Activity
}

// Entry is somebody at a ticket.
type Entry struct {
	Person   string
	Activity Activity
}

// Board keeps reports. Its methods may be called concurrently.
type Board struct {
	redis  redis.UniversalClient // nil = within the process
	now    func() time.Time
	logger *slog.Logger

	mu    sync.Mutex
	own   map[int64]table // reported to this process
	swept time.Time
	away  bool // Redis did not answer last time
}

// New returns an empty board.
func New(client redis.UniversalClient, now func() time.Time, logger *slog.Logger) *Board {
	return &Board{redis: client, now: now, logger: logger, own: map[int64]table{}}
}

// Report records what a person does at a ticket, and reports whether that is news. A
// report that another one of the same page has overtaken changes nothing.
func (b *Board) Report(ctx context.Context, ticket int64, r Report) (news bool) {
	now := b.now()
	e := entry{activity: r.Activity, until: now.Add(expiry), sequence: r.Sequence}
	page := page{person: r.Person, id: r.Page}
	news = b.keep(ticket, page, e, now)
	if b.redis == nil {
		return news
	}
	ctx, cancel := context.WithTimeout(ctx, redisTimeout)
	defer cancel()
	shared, err := b.share(ctx, ticket, page, e, now)
	b.answered(ctx, err)
	if err != nil {
		return news
	}
	return shared // what is news here may have been reported to another process
}

// At returns who is at a ticket, by person.
func (b *Board) At(ctx context.Context, ticket int64) []Entry {
	if b.redis == nil {
		return b.ownAt(ticket)
	}
	ctx, cancel := context.WithTimeout(ctx, redisTimeout)
	defer cancel()
	t, err := load(ctx, b.redis, ticket)
	b.answered(ctx, err)
	if err != nil {
		return b.ownAt(ticket)
	}
	return t.people(b.now())
}

// keep records an entry in the process.
func (b *Board) keep(ticket int64, of page, e entry, now time.Time) (news bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep(now)
	if b.own[ticket] == nil {
		b.own[ticket] = table{}
	}
	_, news = b.own[ticket].take(of, e, now)
	return news
}

// sweep forgets what has expired, now and then.
func (b *Board) sweep(now time.Time) {
	if now.Sub(b.swept) < expiry {
		return
	}
	b.swept = now
	for ticket, t := range b.own {
		if t.expire(now); len(t) == 0 {
			delete(b.own, ticket)
		}
	}
}

func (b *Board) ownAt(ticket int64) []Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.own[ticket].people(b.now())
}

// answered says once when Redis goes and when it comes back.
func (b *Board) answered(ctx context.Context, err error) {
	b.mu.Lock()
	changed := b.away != (err != nil)
	b.away = err != nil
	b.mu.Unlock()
	switch {
	case changed && err != nil:
		b.logger.WarnContext(ctx, "Redis is away: presence is known within each process only", slog.Any("error", err))
	case changed:
		b.logger.InfoContext(ctx, "Redis is back: presence is known to all processes")
	}
}
