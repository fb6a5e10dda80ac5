package main

import (
	"fmt"
	"net/http"
	"time"
)

// memory is the proportional set size of a system's processes in bytes.
type memory struct {
	names []string
	bytes []int64
}

func (m memory) sum() (total int64) {
	for _, n := range m.bytes {
		total += n
	}
	return total
}

func (m memory) largest() (name string, bytes int64) {
	for i, n := range m.bytes {
		if n > bytes {
			name, bytes = m.names[i], n
		}
	}
	return name, bytes
}

func (m memory) String() string {
	if len(m.bytes) == 1 {
		return mib(m.bytes[0])
	}
	text := mib(m.sum()) + ":"
	for i, name := range m.names {
		text += fmt.Sprintf(" %s %s", name, mib(m.bytes[i]))
	}
	return text
}

func mib(n int64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }

// quietTime is how long a system is left alone before its memory is read.
const quietTime = 5 * time.Second

// rest is what the systems use while nobody calls.
type rest struct {
	memory map[string]memory
	cpu    map[string]usage // within quietTime; of the client nothing
}

// measureRest leaves the systems alone for a while.
func (b *bench) measureRest(systems []*system) rest {
	r := rest{memory: map[string]memory{}, cpu: map[string]usage{}}
	before := map[string]usage{}
	for _, s := range systems {
		b.must(s.settled(b.ctx))
	}
	for _, s := range systems {
		u, err := s.used()
		b.must(err)
		before[s.name] = u
	}
	pause(b.ctx, quietTime)
	for _, s := range systems {
		u, err := s.used()
		b.must(err)
		r.cpu[s.name] = u.minus(before[s.name])
		var m memory
		for _, p := range s.processes() {
			pss, err := pssOf(p.PID())
			b.must(err)
			m.names, m.bytes = append(m.names, p.Name), append(m.bytes, pss)
		}
		r.memory[s.name] = m
	}
	return r
}

// measureStarts ends the systems in order and measures how long after their start all their processes are ready.
func (b *bench) measureStarts(systems []*system) map[string][]time.Duration {
	found := map[string][]time.Duration{}
	for round := range b.plan.starts {
		for _, s := range rotated(systems, round) {
			found[s.name] = append(found[s.name], b.restart(s))
		}
	}
	return found
}

// restart ends a system in order, starts it and returns how long it took until all of it was ready.
func (b *bench) restart(s *system) time.Duration {
	for _, p := range s.processes() {
		p.Stop()
	}
	began := time.Now()
	for _, p := range s.processes() {
		p.Start()
	}
	for _, p := range s.processes() {
		b.ready("http://" + p.Admin + "/readyz")
	}
	return time.Since(began)
}

// ready returns once url answers 200. It asks more often than the harness does, for the sake of the figure.
func (b *bench) ready(url string) {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); pause(b.ctx, 2*time.Millisecond) {
		request, err := http.NewRequestWithContext(b.ctx, http.MethodGet, url, nil)
		b.must(err)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			continue
		}
		b.must(response.Body.Close())
		if response.StatusCode == http.StatusOK {
			return
		}
	}
	b.must(fmt.Errorf("%s does not answer 200 within a minute", url))
}
