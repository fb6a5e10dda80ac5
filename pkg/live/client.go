package live

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// redisTimeout bounds connecting, reading and writing unless the URL says
// otherwise. Redis holds nothing that is worth a longer wait.
const redisTimeout = time.Second

// OpenRedis returns a client for the Redis at target, without connecting yet:
//
//	redis://user:password@host:6379/0           one server; rediss:// for TLS, unix:///path for a socket
//	redis://host:26379/0?master_name=NAME       Sentinel; more of them as &addr=host:port
//	redis://host:6379?addr=host:6379            Cluster, with any number of addr
//
// The client ends a call when its context does, which the limits and hints that
// must not wait for Redis rely on.
func OpenRedis(target string) (redis.UniversalClient, error) {
	u, err := url.Parse(target)
	if err != nil {
		// The error of url.Parse repeats the URL, password included.
		return nil, fmt.Errorf("the Redis URL is malformed")
	}
	query := u.Query()
	switch {
	case query.Has("master_name"):
		options, err := redis.ParseFailoverURL(target)
		if err != nil {
			return nil, fmt.Errorf("the Redis URL for Sentinel: %w", err)
		}
		options.ContextTimeoutEnabled, options.DialerRetries = true, 1
		options.DialTimeout, options.ReadTimeout = cmp.Or(options.DialTimeout, redisTimeout), cmp.Or(options.ReadTimeout, redisTimeout)
		return redis.NewFailoverClient(options), nil
	case query.Has("addr"):
		options, err := redis.ParseClusterURL(target)
		if err != nil {
			return nil, fmt.Errorf("the Redis URL for Cluster: %w", err)
		}
		options.ContextTimeoutEnabled, options.DialerRetries = true, 1
		options.DialTimeout, options.ReadTimeout = cmp.Or(options.DialTimeout, redisTimeout), cmp.Or(options.ReadTimeout, redisTimeout)
		return redis.NewClusterClient(options), nil
	default:
		options, err := redis.ParseURL(target)
		if err != nil {
			return nil, fmt.Errorf("the Redis URL: %w", err)
		}
		options.ContextTimeoutEnabled, options.DialerRetries = true, 1
		options.DialTimeout, options.ReadTimeout = cmp.Or(options.DialTimeout, redisTimeout), cmp.Or(options.ReadTimeout, redisTimeout)
		// A feature of one hosted product; the servers meant here refuse it.
		options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
		return redis.NewClient(options), nil
	}
}

// SetRedisLogger sends what the Redis client says about its connections to
// logger, as debug lines: whoever misses Redis says so itself. It is for the
// whole process; call it once, before the first client is opened.
func SetRedisLogger(logger *slog.Logger) {
	redis.SetLogger(redisLogger{logger})
}

type redisLogger struct{ logger *slog.Logger }

func (l redisLogger) Printf(ctx context.Context, format string, args ...any) {
	if l.logger.Enabled(ctx, slog.LevelDebug) {
		l.logger.DebugContext(ctx, "redis client", slog.String("detail", fmt.Sprintf(format, args...)))
	}
}
