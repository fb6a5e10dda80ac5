package cursor_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
)

type request struct {
	size  int32
	token string
}

func (r request) GetPageSize() int32   { return r.size }
func (r request) GetPageToken() string { return r.token }

func itself(n int) int { return n }

// upTo finds the numbers from 1 to last, in their order.
func upTo(last int) func(after, n int) ([]int, error) {
	return func(after, n int) (found []int, err error) {
		for i := after + 1; i <= last && len(found) < n; i++ {
			found = append(found, i)
		}
		return found, nil
	}
}

func TestPagesTogetherAreTheList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		last := rapid.IntRange(0, 40).Draw(t, "last")
		req := request{size: rapid.Int32Range(0, 12).Draw(t, "size")}
		size := 5
		if req.size > 0 {
			size = min(int(req.size), 10)
		}
		var all []int
		for pages := 1; ; pages++ {
			items, next, err := cursor.Page(req, "numbers", 5, 10, upTo(last), itself)
			require.NoError(t, err)
			all = append(all, items...)
			if next == "" {
				require.Equal(t, max(1, (last+size-1)/size), pages, "none is empty but the only one")
				break
			}
			require.Len(t, items, size)
			req.token = next
		}
		require.Len(t, all, last)
		require.True(t, slices.IsSorted(all))
		require.Len(t, slices.Compact(all), last)
	})
}

func TestPageRefuses(t *testing.T) {
	broken := errors.New("broken")
	fails := func(int, int) ([]int, error) { return nil, broken }
	for _, c := range []struct {
		name   string
		req    request
		find   func(after, n int) ([]int, error)
		reason string
	}{
		{name: "negative size", req: request{size: -1}, find: fails, reason: "INVALID_FIELD"},
		{name: "bad token", req: request{token: "x"}, find: fails, reason: cursor.ReasonPageToken},
		{name: "token of another list", req: request{token: cursor.Encode("letters", 1)}, find: fails, reason: cursor.ReasonPageToken},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := cursor.Page(c.req, "numbers", 5, 10, c.find, itself)
			require.Equal(t, c.reason, fault.ReasonOf(err))
		})
	}
	_, _, err := cursor.Page(request{}, "numbers", 5, 10, fails, itself)
	require.ErrorIs(t, err, broken)
}
