package lifecycle_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/lifecycle"
)

func TestLinger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		lingering, cancel := lifecycle.Linger(ctx, time.Minute)
		defer cancel()
		at := time.Now()
		end()
		synctest.Wait()
		require.NoError(t, lingering.Err())
		<-lingering.Done()
		require.Equal(t, time.Minute, time.Since(at))
	})
}

func TestLingerEndsEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		lingering, cancel := lifecycle.Linger(ctx, time.Minute)
		end()
		at := time.Now()
		cancel()
		<-lingering.Done()
		require.Equal(t, at, time.Now())
	})
}

func TestEnding(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	check := lifecycle.Ending(ctx)
	require.NoError(t, check.Do(t.Context()))
	end()
	require.EqualError(t, check.Do(t.Context()), "the process is ending")
}
