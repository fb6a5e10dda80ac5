package presence

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// share records an entry in Redis: what was read is written only if nobody has changed
// it since.
func (b *Board) share(ctx context.Context, ticket int64, of page, e entry, now time.Time) (news bool, err error) {
	record := func(tx *redis.Tx) error {
		t, err := load(ctx, tx, ticket)
		if err != nil {
			return err
		}
		var gone []page
		gone, news = t.take(of, e, now)
		_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
			for _, other := range gone {
				p.HDel(ctx, key(ticket), other.field())
			}
			if kept, known := t[of]; known {
				p.HSet(ctx, key(ticket), of.field(), kept.encode())
			}
			p.PExpire(ctx, key(ticket), expiry)
			return nil
		})
		return err
	}
	for {
		if err = b.redis.Watch(ctx, record, key(ticket)); !errors.Is(err, redis.TxFailedErr) {
			return news, err
		}
	}
}

// load reads what Redis knows of a ticket. What nobody understands is left out.
func load(ctx context.Context, from redis.HashCmdable, ticket int64) (table, error) {
	found, err := from.HGetAll(ctx, key(ticket)).Result()
	if err != nil {
		return nil, err
	}
	t := table{}
	for field, text := range found {
		if e, ok := decode(text); ok {
			person, id, _ := strings.Cut(field, " ")
			t[page{person: person, id: id}] = e
		}
	}
	return t, nil
}

func key(ticket int64) string { return fmt.Sprintf("altis:presence:%d", ticket) }

// field is the person alone for a page without an id: the release before this one has
// no others, and leaves those out.
func (p page) field() string { return strings.TrimSuffix(p.person+" "+p.id, " ") }

// encode leaves a sequence of 0 out, as the release before this one reads two numbers.
func (e entry) encode() string {
	text := fmt.Sprintf("%d %d", e.activity, e.until.UnixMilli())
	if e.sequence > 0 {
		text += fmt.Sprintf(" %d", e.sequence)
	}
	return text
}

func decode(text string) (entry, bool) {
	parts := strings.Split(text, " ")
	if len(parts) != 2 && len(parts) != 3 {
		return entry{}, false
	}
	numbers := make([]int64, 3)
	for i, part := range parts {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return entry{}, false
		}
		numbers[i] = n
	}
	a := Activity(numbers[0])
	return entry{activity: a, until: time.UnixMilli(numbers[1]), sequence: numbers[2]}, a >= Viewing && a <= Left
}
