package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// spread is what is told of a number of durations.
type spread struct {
	n                  int
	min, p50, p99, max time.Duration
}

// spreadOf returns the spread of durations, which it sorts. With fewer than 100 the 99th percentile is the maximum.
func spreadOf(durations []time.Duration) spread {
	if len(durations) == 0 {
		return spread{}
	}
	slices.Sort(durations)
	return spread{
		n: len(durations), min: durations[0], p50: percentile(durations, 50), p99: percentile(durations, 99), max: durations[len(durations)-1],
	}
}

// percentile returns the smallest of the sorted durations that p percent of them do not exceed.
func percentile(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// median returns the middle of values, the mean of the two middle ones of an even number; 0 without any.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// rotated returns items beginning with the n-th, so that over the rounds each goes first.
func rotated[T any](items []T, n int) []T {
	if len(items) == 0 {
		return nil
	}
	n %= len(items)
	return append(slices.Clone(items[n:]), items[:n]...)
}

// ms is a duration in milliseconds with the digits that matter: "0.42", "3.1", "152".
func ms(d time.Duration) string { return digits(float64(d) / float64(time.Millisecond)) }

func digits(v float64) string {
	switch {
	case v == 0:
		return "0"
	case math.Abs(v) < 1:
		return fmt.Sprintf("%.2f", v)
	case math.Abs(v) < 100:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.0f", v)
	}
}

// triple is p50 / p99 / max of a spread in milliseconds.
func (s spread) triple() string {
	if s.n == 0 {
		return "-"
	}
	return ms(s.p50) + " / " + ms(s.p99) + " / " + ms(s.max)
}

// table is a table of Markdown.
type table struct {
	head []string
	rows [][]string
}

func newTable(head ...string) *table { return &table{head: head} }

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) String() string {
	var b strings.Builder
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(t.head)
	line(slices.Repeat([]string{"---"}, len(t.head)))
	for _, row := range t.rows {
		line(row)
	}
	return b.String()
}
