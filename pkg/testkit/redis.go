package testkit

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"testing"
	"time"
)

const installRedis = "install Redis 7 or newer (Debian: apt-get install redis-server; macOS: brew install redis)"

// Redis returns the URL of an empty Redis server for this test alone, ready for
// redis.ParseURL. A server starts in milliseconds, and channels, unlike keys, are
// not separated by its database numbers.
func Redis(t testing.TB) string {
	t.Helper()
	return RedisServer(t).URL
}

// RedisProc is a Redis server of one test, which may stop and start it.
type RedisProc struct {
	URL string // for redis.ParseURL

	t       testing.TB
	process process
	network string
	addr    string
}

// RedisServer starts a Redis server for this test alone. It keeps nothing on
// disk and is removed when the test ends.
func RedisServer(t testing.TB) *RedisProc {
	t.Helper()
	p := newRedis(t)
	socket := filepath.Join(p.process.dir, "redis.sock")
	p.URL, p.network, p.addr = (&url.URL{Scheme: "unix", Path: socket}).String(), "unix", socket
	p.process.argv = append(p.process.argv, "--port", "0", "--unixsocket", socket)
	p.Start()
	return p
}

// newRedis prepares a server, which is told where to listen before its start.
func newRedis(t testing.TB) *RedisProc {
	t.Helper()
	binary, err := program("redis-server", installRedis, "/opt/homebrew/bin", "/usr/local/bin")
	must(t, err)
	dir, err := serverDir(nil)
	must(t, err)
	p := &RedisProc{t: t, process: process{dir: dir, argv: []string{binary, "--save", "", "--appendonly", "no"}, signal: "KILL"}}
	p.process.ready = func() error { return p.command("PING", "+PONG") }
	t.Cleanup(func() { must(t, p.process.remove()) })
	return p
}

// Stop kills the server: connections break and all keys are lost. Stopping a
// stopped server does nothing.
func (p *RedisProc) Stop() {
	p.t.Helper()
	must(p.t, p.process.stop())
}

// Start starts the stopped server, empty, and returns once it answers.
func (p *RedisProc) Start() {
	p.t.Helper()
	must(p.t, p.process.start())
}

// FlushAll removes every key.
func (p *RedisProc) FlushAll() {
	p.t.Helper()
	must(p.t, p.command("FLUSHALL", "+OK"))
}

// command sends one inline command on a connection of its own.
func (p *RedisProc) command(line, want string) error {
	conn, err := net.Dial(p.network, p.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(conn, "%s\r\n", line); err != nil {
		return err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	if answer != want+"\r\n" {
		return fmt.Errorf("redis answers %q to %s", answer, line)
	}
	return nil
}
