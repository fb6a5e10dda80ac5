package tasks

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
)

func TestManyShareATurn(t *testing.T) {
	var mu sync.Mutex
	var sizes []int
	first := make(chan struct{})
	odd := errors.New("odd")
	b := batch[int, int]{most: 10, do: func(_ context.Context, items []int) ([]int, []error) {
		mu.Lock()
		sizes = append(sizes, len(items))
		alone := len(sizes) == 1
		mu.Unlock()
		if alone {
			<-first
		}
		results, errs := make([]int, len(items)), make([]error, len(items))
		for i, n := range items {
			if results[i] = 2 * n; n%2 == 1 {
				errs[i] = odd
			}
		}
		return results, errs
	}}
	var all sync.WaitGroup
	for n := range 26 {
		all.Go(func() {
			got, err := b.one(t.Context(), n)
			if n%2 == 1 {
				require.ErrorIs(t, err, odd)
				return
			}
			require.NoError(t, err)
			require.Equal(t, 2*n, got)
		})
		if n == 0 {
			testkit.Eventually(t, func() bool { mu.Lock(); defer mu.Unlock(); return len(sizes) == 1 }, "it begins at once")
		}
	}
	testkit.Eventually(t, func() bool { b.mu.Lock(); defer b.mu.Unlock(); return len(b.waiting) == 25 }, "the others wait")
	close(first)
	all.Wait()
	require.Equal(t, []int{1, 10, 10, 5}, sizes)
	got, err := b.one(t.Context(), 4)
	require.NoError(t, err)
	require.Equal(t, 8, got, "and begins again")
}

func TestATurnThatPanicsIsAnErrorOfItsOwn(t *testing.T) {
	b := batch[int, int]{most: 10, do: func(_ context.Context, items []int) ([]int, []error) {
		if items[0] == 0 {
			panic("no")
		}
		return items, make([]error, len(items))
	}}
	_, err := b.one(t.Context(), 0)
	require.ErrorIs(t, err, errBatch)
	_, err = b.one(t.Context(), 1)
	require.NoError(t, err)
}

func TestWhatOneKeyWaitsForHoldsUpNoOther(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	var mu sync.Mutex
	var sizes []int
	b := batches[string, string]{most: 10, do: func(_ context.Context, items []string) ([]string, []error) {
		if items[0] == "stuck" {
			close(entered)
			<-release
		}
		mu.Lock()
		defer mu.Unlock()
		sizes = append(sizes, len(items))
		return items, make([]error, len(items))
	}}
	var all sync.WaitGroup
	all.Go(func() { _, _ = b.one(t.Context(), "a", "stuck") })
	<-entered
	for range 5 {
		all.Go(func() {
			got, err := b.one(t.Context(), "a", "behind")
			require.NoError(t, err)
			require.Equal(t, "behind", got)
		})
	}
	got, err := b.one(t.Context(), "b", "free")
	require.NoError(t, err)
	require.Equal(t, "free", got)
	testkit.Eventually(t, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		a := b.byKey["a"]
		a.mu.Lock()
		defer a.mu.Unlock()
		return len(a.waiting) == 5
	}, "the others of its key wait")
	close(release)
	all.Wait()
	require.Equal(t, []int{1, 1, 5}, sizes, "and share a turn")
	require.Empty(t, b.byKey, "nothing is kept of a key that nobody uses")
}
