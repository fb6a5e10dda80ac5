package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// The operations that are measured.
const (
	opCreate      = "create"
	opCreateMails = "create, 2 mails"
	opReply       = "reply"
	opGet         = "get"
	opList        = "list 50"
	opSearch      = "search"
	opEmpty       = "empty"
)

// The ways to reach a system.
const (
	viaREST = "REST"
	viaGRPC = "gRPC"
	floorly = "floor"
)

// variant is one way to do things, by operation. Some ways do not have all operations.
type variant struct {
	system *system // whose processes work; of a floor the one that it is the floor of
	path   string
	do     map[string]func(ctx context.Context, client int) error
}

func (v *variant) name() string { return v.system.name + ", " + v.path }

// ticketPool hands out numbers of existing tickets, so that clients do not meet at one.
type ticketPool struct {
	numbers []int64
	next    atomic.Int64
}

func (p *ticketPool) take() int64 { return p.numbers[p.next.Add(1)%int64(len(p.numbers))] }

// caller is what both clients of a system have.
type caller interface {
	create(ctx context.Context, d draft) (int64, error)
	reply(ctx context.Context, ticket int64) error
	get(ctx context.Context, ticket int64) error
	find(ctx context.Context, filter string) error
	empty(ctx context.Context) error
}

func (b *bench) suiteVariant(s *system, path string, c caller, pool *ticketPool) *variant {
	create := func(mails int) func(context.Context, int) error {
		return func(ctx context.Context, _ int) error {
			_, err := c.create(ctx, b.drafts.next(false, mails))
			return err
		}
	}
	return &variant{system: s, path: path, do: map[string]func(context.Context, int) error{
		opCreate:      create(0),
		opCreateMails: create(2),
		opReply:       func(ctx context.Context, _ int) error { return c.reply(ctx, pool.take()) },
		opGet:         func(ctx context.Context, _ int) error { return c.get(ctx, pool.take()) },
		opList:        func(ctx context.Context, _ int) error { return c.find(ctx, "") },
		opSearch:      func(ctx context.Context, _ int) error { return c.find(ctx, searched) },
		opEmpty:       func(ctx context.Context, _ int) error { return c.empty(ctx) },
	}}
}

func (b *bench) floorVariant(s *system, f floor, pool *ticketPool) *variant {
	return &variant{system: s, path: floorly, do: map[string]func(context.Context, int) error{
		opCreate: func(ctx context.Context, client int) error {
			_, err := f.create(ctx, client, b.drafts.next(false, 0))
			return err
		},
		opReply:  func(ctx context.Context, client int) error { return f.reply(ctx, client, pool.take()) },
		opGet:    func(ctx context.Context, client int) error { return f.get(ctx, client, pool.take()) },
		opList:   f.list,
		opSearch: f.search,
		opEmpty:  func(ctx context.Context, client int) error { return f.empty(ctx, client, pool.take()) },
	}}
}

// sample is one slice of one variant, or the sum of its slices.
type sample struct {
	n         int
	window    time.Duration // until the last effect was delivered
	cpu       usage
	latencies []time.Duration
}

func (s *sample) add(t sample) {
	s.n += t.n
	s.window += t.window
	s.cpu = s.cpu.plus(t.cpu)
	s.latencies = append(s.latencies, t.latencies...)
}

// perSecond is the throughput that the variant can sustain.
func (s sample) perSecond() float64 {
	if s.window == 0 {
		return 0
	}
	return float64(s.n) / s.window.Seconds()
}

// each is the share of one operation in milliseconds.
func (s sample) each(total time.Duration) float64 {
	if s.n == 0 {
		return 0
	}
	return total.Seconds() * 1000 / float64(s.n)
}

// slice runs an operation by a number of clients for a time, each beginning again when it has its answer. The window of
// writes ends when ticket has told notification and triage of all of them; CPU is counted until nothing is left to do.
func slice(ctx context.Context, v *variant, op string, clients int, length time.Duration) (s sample, err error) {
	before, err := v.system.used()
	if err != nil {
		return s, err
	}
	start := time.Now()
	done := make([][]time.Duration, clients)
	errs := make([]error, clients)
	var running sync.WaitGroup
	for client := range clients {
		running.Go(func() { done[client], errs[client] = repeat(ctx, v.do[op], client, start.Add(length)) })
	}
	running.Wait()
	if err := errors.Join(errs...); err != nil {
		return s, fmt.Errorf("%s, %s: %w", v.name(), op, err)
	}
	writes := v.path != floorly && (op == opCreate || op == opCreateMails || op == opReply)
	if writes {
		if err := v.system.delivered(ctx); err != nil {
			return s, err
		}
	}
	s.window = time.Since(start)
	if writes {
		if err := v.system.settled(ctx); err != nil {
			return s, err
		}
	}
	after, err := v.system.used()
	if err != nil {
		return s, err
	}
	s.cpu = after.minus(before)
	for _, latencies := range done {
		s.n += len(latencies)
		s.latencies = append(s.latencies, latencies...)
	}
	return s, nil
}

func repeat(ctx context.Context, do func(context.Context, int) error, client int, until time.Time) (latencies []time.Duration, err error) {
	for began := time.Now(); began.Before(until); {
		if err := do(ctx, client); err != nil {
			return latencies, err
		}
		ended := time.Now()
		latencies = append(latencies, ended.Sub(began))
		began = ended
	}
	return latencies, nil
}

// cell is a place in the table of throughput.
type cell struct {
	variant *variant
	op      string
	clients int
}

// throughput is what all slices gave.
type throughput struct {
	clients  []int
	variants []*variant
	sums     map[cell]*sample
	rounds   map[cell][]float64 // operations per second in each round
}

// measureThroughput runs all variants of an operation side by side, in slices whose order changes from round to round.
func (b *bench) measureThroughput(variants []*variant) *throughput {
	t := &throughput{clients: b.plan.clients, variants: variants, sums: map[cell]*sample{}, rounds: map[cell][]float64{}}
	ops := []string{opCreate, opReply, opGet, opList, opSearch, opEmpty, opCreateMails}
	for _, op := range ops { // connections, statements and caches of everybody
		for _, v := range variants {
			if v.do[op] != nil {
				_, err := slice(b.ctx, v, op, b.plan.clients[len(b.plan.clients)-1], b.plan.slice/5)
				b.must(err)
			}
		}
	}
	for round := range b.plan.rounds {
		b.phase("throughput: round %d of %d", round+1, b.plan.rounds)
		for _, op := range rotated(ops, round) {
			for _, clients := range rotated(b.plan.clients, round) {
				for _, v := range rotated(variants, round) {
					if v.do[op] != nil {
						t.measure(b, cell{v, op, clients})
					}
				}
			}
		}
	}
	return t
}

func (t *throughput) measure(b *bench, c cell) {
	s, err := slice(b.ctx, c.variant, c.op, c.clients, b.plan.slice)
	b.must(err)
	if t.sums[c] == nil {
		t.sums[c] = &sample{}
	}
	t.sums[c].add(s)
	t.rounds[c] = append(t.rounds[c], s.perSecond())
}

// of returns the sum of a cell.
func (t *throughput) of(system, path, op string, clients int) sample {
	for c, s := range t.sums {
		if c.variant.system.name == system && c.variant.path == path && c.op == op && c.clients == clients {
			return *s
		}
	}
	return sample{}
}

// ratio returns how a variant compares to another of the same system: over all rounds, and the lowest and highest of one.
func (t *throughput) ratio(system, path, to, op string, clients int) (all, lowest, highest float64) {
	var one, other []float64
	for c, rates := range t.rounds {
		if c.variant.system.name != system || c.op != op || c.clients != clients {
			continue
		}
		switch c.variant.path {
		case path:
			one = rates
		case to:
			other = rates
		}
	}
	for i := range min(len(one), len(other)) {
		r := one[i] / other[i]
		if i == 0 {
			lowest, highest = r, r
		}
		lowest, highest = min(lowest, r), max(highest, r)
	}
	below := t.of(system, to, op, clients).perSecond()
	if below == 0 {
		return 0, lowest, highest
	}
	return t.of(system, path, op, clients).perSecond() / below, lowest, highest
}
