// Package presence keeps who of the staff is at which ticket: in Redis, so that all
// replicas know, and in the process for as long as Redis is away. It is never the
// truth about anything: what is lost is reported again within seconds.
package presence

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
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

// expiry is how long a report counts.
const expiry = 40 * time.Second

// redisTimeout bounds what waits for Redis: a courtesy is not worth more.
const redisTimeout = 250 * time.Millisecond

// Entry is somebody at a ticket.
type Entry struct {
	Person   string
	Activity Activity
	until    time.Time
}

// Board keeps entries. Its methods may be called concurrently.
type Board struct {
	redis  redis.UniversalClient // nil = within the process
	now    func() time.Time
	logger *slog.Logger

	mu    sync.Mutex
	own   map[int64]map[string]Entry // reported to this process
	swept time.Time
	away  bool // Redis did not answer last time
}

// New returns an empty board.
func New(client redis.UniversalClient, now func() time.Time, logger *slog.Logger) *Board {
	return &Board{redis: client, now: now, logger: logger, own: map[int64]map[string]Entry{}}
}

// Report records what a person does, and reports whether that is news.
func (b *Board) Report(ctx context.Context, ticket int64, person string, a Activity) (news bool) {
	e := Entry{Person: person, Activity: a, until: b.now().Add(expiry)}
	news = b.keep(ticket, e)
	if b.redis == nil {
		return news
	}
	ctx, cancel := context.WithTimeout(ctx, redisTimeout)
	defer cancel()
	_, err := b.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		if a == Left {
			p.HDel(ctx, key(ticket), person)
			return nil
		}
		p.HSet(ctx, key(ticket), person, e.encode())
		p.PExpire(ctx, key(ticket), expiry)
		return nil
	})
	b.answered(ctx, err)
	return news
}

// At returns who is at a ticket, by person.
func (b *Board) At(ctx context.Context, ticket int64) []Entry {
	if b.redis == nil {
		return b.ownAt(ticket)
	}
	ctx, cancel := context.WithTimeout(ctx, redisTimeout)
	defer cancel()
	found, err := b.redis.HGetAll(ctx, key(ticket)).Result()
	b.answered(ctx, err)
	if err != nil {
		return b.ownAt(ticket)
	}
	var entries []Entry
	for person, text := range found {
		if e, ok := decode(person, text); ok && e.until.After(b.now()) {
			entries = append(entries, e)
		}
	}
	return sorted(entries)
}

// keep records an entry in the process.
func (b *Board) keep(ticket int64, e Entry) (news bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep()
	before, known := b.own[ticket][e.Person]
	known = known && before.until.After(b.now())
	if e.Activity == Left {
		delete(b.own[ticket], e.Person)
		return known
	}
	if b.own[ticket] == nil {
		b.own[ticket] = map[string]Entry{}
	}
	b.own[ticket][e.Person] = e
	return !known || before.Activity != e.Activity
}

// sweep forgets what has expired, now and then.
func (b *Board) sweep() {
	now := b.now()
	if now.Sub(b.swept) < expiry {
		return
	}
	b.swept = now
	for ticket, people := range b.own {
		for person, e := range people {
			if !e.until.After(now) {
				delete(people, person)
			}
		}
		if len(people) == 0 {
			delete(b.own, ticket)
		}
	}
}

func (b *Board) ownAt(ticket int64) []Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	var entries []Entry
	for _, e := range b.own[ticket] {
		if e.until.After(b.now()) {
			entries = append(entries, e)
		}
	}
	return sorted(entries)
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

func sorted(entries []Entry) []Entry {
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Person, b.Person) })
	return entries
}

func key(ticket int64) string { return fmt.Sprintf("altis:presence:%d", ticket) }

func (e Entry) encode() string {
	return fmt.Sprintf("%d %d", e.Activity, e.until.UnixMilli())
}

func decode(person, text string) (Entry, bool) {
	activity, until, ok := strings.Cut(text, " ")
	a, err := strconv.ParseInt(activity, 10, 64)
	ms, err2 := strconv.ParseInt(until, 10, 64)
	if !ok || err != nil || err2 != nil || Activity(a) != Viewing && Activity(a) != Typing {
		return Entry{}, false
	}
	return Entry{Person: person, Activity: Activity(a), until: time.UnixMilli(ms)}, true
}
