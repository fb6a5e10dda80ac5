package main

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSpreadOf(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(100-i) * time.Millisecond
	}
	tests := []struct {
		name      string
		durations []time.Duration
		want      spread
		text      string
	}{
		{name: "none", want: spread{}, text: "-"},
		{name: "one", durations: []time.Duration{7 * time.Millisecond}, want: spread{1, 7 * time.Millisecond, 7 * time.Millisecond, 7 * time.Millisecond, 7 * time.Millisecond}, text: "7.0 / 7.0 / 7.0"},
		{name: "two", durations: []time.Duration{2, 1}, want: spread{2, 1, 1, 2, 2}, text: "0.00 / 0.00 / 0.00"},
		{name: "a hundred", durations: hundred, want: spread{100, time.Millisecond, 50 * time.Millisecond, 99 * time.Millisecond, 100 * time.Millisecond}, text: "50.0 / 99.0 / 100"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := spreadOf(tt.durations)
			require.Equal(t, tt.want, got)
			require.Equal(t, tt.text, got.triple())
		})
	}
}

func TestPercentileIsTheSmallestThatCoversItsShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(0, 1000), 1, 300).Draw(t, "values")
		p := rapid.Float64Range(0.1, 100).Draw(t, "p")
		sorted := make([]time.Duration, len(values))
		for i, v := range values {
			sorted[i] = time.Duration(v)
		}
		slices.Sort(sorted)
		covered := func(limit time.Duration) float64 {
			n := 0
			for _, d := range sorted {
				if d <= limit {
					n++
				}
			}
			return 100 * float64(n) / float64(len(sorted))
		}
		got := percentile(sorted, p)
		require.GreaterOrEqual(t, covered(got)+1e-9, p)
		require.Less(t, covered(got-1), p)
	})
}

func TestMedian(t *testing.T) {
	tests := []struct {
		name   string
		values []float64
		want   float64
	}{
		{"none", nil, 0},
		{"one", []float64{3}, 3},
		{"odd", []float64{9, 1, 5}, 5},
		{"even", []float64{4, 1, 3, 2}, 2.5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			given := slices.Clone(tt.values)
			require.InDelta(t, tt.want, median(tt.values), 0)
			require.Equal(t, given, tt.values, "the values keep their order")
		})
	}
}

func TestEveryVariantGoesFirst(t *testing.T) {
	items := []string{"a", "b", "c"}
	var first []string
	for round := range 4 {
		got := rotated(items, round)
		require.ElementsMatch(t, items, got)
		first = append(first, got[0])
	}
	require.Equal(t, []string{"a", "b", "c", "a"}, first)
	require.Empty(t, rotated([]string{}, 3))
}

func TestDigits(t *testing.T) {
	for value, want := range map[float64]string{0: "0", 0.004: "0.00", 0.42: "0.42", 3.14: "3.1", 99.96: "100.0", 152.4: "152"} {
		require.Equal(t, want, digits(value))
	}
}

func TestTable(t *testing.T) {
	table := newTable("what", "ms")
	table.row("create", "1.5")
	require.Equal(t, "| what | ms |\n| --- | --- |\n| create | 1.5 |\n", table.String())
}
