package doctor

import (
	"context"
	"time"

	"altis-dxp.com/support/pkg/live"
)

func redisServer(ctx context.Context, c Config) []Finding {
	f := Finding{Check: "redis", Subject: "redis", Do: "check --redis, the server's password and the network; meanwhile limits count per process and live updates take a second"}
	client, err := live.OpenRedis(c.Redis)
	if err != nil {
		f.State, f.Text, f.Do = Fail, err.Error(), "correct --redis: redis://user:password@host:6379/0"
		return []Finding{f}
	}
	defer func() { _ = client.Close() }() // nothing was written
	if err := client.Ping(ctx).Err(); err != nil {
		f.State, f.Text = Fail, err.Error()
		return []Finding{f}
	}
	before := c.Now()
	theirs, err := client.Time(ctx).Result()
	after := c.Now()
	if err != nil {
		f.State, f.Text = Fail, err.Error()
		return []Finding{f}
	}
	f.State, f.Text, f.Do = OK, "answers within "+after.Sub(before).Round(100*time.Microsecond).String(), ""
	return []Finding{f, clock("redis", before, after, theirs)}
}
