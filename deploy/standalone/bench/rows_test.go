package main

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRecord(t *testing.T) {
	r := record{table: "messages", columns: []string{"number", "body", "words"}, values: []any{int64(1), "text", "vector"}}
	kept := r.without([]string{"words"})
	require.Equal(t, "INSERT INTO messages (number, body) VALUES ($3, $4)", kept.insert(3))
	changed := kept.with("number", int64(7))
	require.Equal(t, []any{int64(7), "text"}, changed.values)
	require.Equal(t, "text", changed.value("body"))
	require.Equal(t, []any{int64(1), "text"}, kept.values, "the template stays as it is")
}

func TestSubjectIDs(t *testing.T) {
	for body, want := range map[string][]string{
		`{"data":{"title":"[Urgent] shop/production: bench-17 the page is slow"}}`: {"bench-17"},
		`{"data":{"pages":[{"title":"bench-4 the"},{"title":"x: bench-50 the"}]}}`: {"bench-4", "bench-50"},
		`bench-4`:                               {"bench-4"},
		`{"data":{"title":"[Urgent] another"}}`: nil,
	} {
		require.Equal(t, want, subjectIDs([]byte(body)), body)
	}
}

func TestTasksTellTheFirstError(t *testing.T) {
	first := errors.New("first")
	group := newTasks(1)
	var ran atomic.Int64
	for i := range 5 {
		group.do(func(worker int) error {
			ran.Add(1)
			switch {
			case worker != 0:
				return errors.New("there is one worker")
			case i == 1:
				return first
			case i > 1:
				return errors.New("later")
			}
			return nil
		})
	}
	require.ErrorIs(t, group.wait(), first)
	require.EqualValues(t, 5, ran.Load())
}

func TestRatioOfThroughput(t *testing.T) {
	s := &system{name: onSQLite}
	suite, below := &variant{system: s, path: viaGRPC}, &variant{system: s, path: floorly}
	made := &throughput{sums: map[cell]*sample{}, rounds: map[cell][]float64{}}
	for v, n := range map[*variant][]int{suite: {100, 300}, below: {200, 400}} {
		c := cell{v, opCreate, 8}
		made.sums[c] = &sample{}
		for _, n := range n {
			one := sample{n: n, window: 1e9}
			made.sums[c].add(one)
			made.rounds[c] = append(made.rounds[c], one.perSecond())
		}
	}
	all, lowest, highest := made.ratio(onSQLite, viaGRPC, floorly, opCreate, 8)
	require.InDelta(t, 400.0/600, all, 1e-9)
	require.InDelta(t, 0.5, lowest, 1e-9)
	require.InDelta(t, 0.75, highest, 1e-9)
	all, _, _ = made.ratio(onSQLite, viaREST, floorly, opCreate, 8)
	require.Zero(t, all, "not measured")
}

func TestFailureEndsARunAndCleansUp(t *testing.T) {
	var log logged
	r := newRunner(t.Context(), &log)
	var order []string
	err := r.run(func() {
		r.Cleanup(func() { order = append(order, "first") })
		r.Cleanup(func() { order = append(order, "second"); r.Error("the log holds a secret") })
		r.Fatalf("no %s", "server")
	})
	require.EqualError(t, err, "no server")
	require.Equal(t, []string{"second", "first"}, order)
	require.Contains(t, string(log), "the log holds a secret")

	quiet := newRunner(t.Context(), &log)
	require.Error(t, quiet.run(func() { quiet.Errorf("%d", 1) }), "an error that ends nothing is one at the end")
	fine := newRunner(t.Context(), &log)
	require.NoError(t, fine.run(func() {}))
}

type logged []byte

func (l *logged) Write(p []byte) (int, error) {
	*l = append(*l, p...)
	return len(p), nil
}
