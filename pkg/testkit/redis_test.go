package testkit_test

import (
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
)

func redisClient(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	require.NoError(t, err)
	client := redis.NewClient(options)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

func TestRedisServersAreSeparate(t *testing.T) {
	first, second := redisClient(t, testkit.Redis(t)), redisClient(t, testkit.Redis(t))
	require.NoError(t, first.Set(t.Context(), "key", "value", 0).Err())
	require.ErrorIs(t, second.Get(t.Context(), "key").Err(), redis.Nil)
}

func TestRedisServerStopsAndStarts(t *testing.T) {
	server := testkit.RedisServer(t)
	client := redisClient(t, server.URL)
	require.NoError(t, client.Set(t.Context(), "key", "value", 0).Err())
	server.FlushAll()
	require.ErrorIs(t, client.Get(t.Context(), "key").Err(), redis.Nil)

	server.Stop()
	server.Stop()
	require.Error(t, client.Ping(t.Context()).Err())
	server.Start()
	require.NoError(t, client.Ping(t.Context()).Err())
}
