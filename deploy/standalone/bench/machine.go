package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// machine is where a run took place.
type machine struct{ cpu, memory, kernel, postgres, redis string }

func (b *bench) describeMachine(s *system) (m machine) {
	m.cpu = fmt.Sprintf("%d cores, %s", runtime.NumCPU(), fieldOf("/proc/cpuinfo", "model name"))
	m.memory = fieldOf("/proc/meminfo", "MemTotal")
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		major, rest, _ := strings.Cut(strings.TrimSpace(string(release)), ".")
		minor, _, _ := strings.Cut(rest, ".")
		m.kernel = major + "." + minor
	}
	tables := s.tables.(*postgresTables)
	tables.mu.Lock()
	defer tables.mu.Unlock()
	for _, conn := range tables.conns {
		b.must(conn.QueryRow(b.ctx, `SELECT current_setting('server_version') || ', fsync ' || current_setting('fsync') ||
  ', synchronous_commit ' || current_setting('synchronous_commit') || ', shared_buffers ' || current_setting('shared_buffers')`).Scan(&m.postgres))
		break
	}
	if out, err := exec.CommandContext(b.ctx, "redis-server", "--version").Output(); err == nil {
		m.redis, _, _ = strings.Cut(strings.TrimPrefix(string(out), "Redis server "), " sha=")
	}
	return m
}

// fieldOf returns the first value of a name in a file of the kernel: "name : value".
func fieldOf(path, name string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// loads are load averages, read every few seconds while the run lasts.
type loads struct {
	values []float64
	stop   context.CancelFunc
	ended  chan struct{}
}

func watchLoad(ctx context.Context) *loads {
	ctx, stop := context.WithCancel(ctx)
	l := &loads{stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(l.ended)
		for ctx.Err() == nil {
			if v, err := load(); err == nil {
				l.values = append(l.values, v)
			}
			pause(ctx, 5*time.Second)
		}
	}()
	return l
}

// end returns what was read.
func (l *loads) end() []float64 {
	l.stop()
	<-l.ended
	return l.values
}
