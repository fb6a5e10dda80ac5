package harness

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	// startTimeout bounds the start of a process on a busy machine.
	startTimeout = time.Minute
	// stopTimeout is longer than the time that a process gives its own end.
	stopTimeout = 40 * time.Second
	tailLines   = 40
)

// Process is one daemon of the suite. Its methods fail the test when the
// operating system refuses; those that wait also when the process does not do
// what it is waited for.
type Process struct {
	Name  string
	Admin string // host:port of /livez, /readyz and /metrics

	t    testing.TB
	argv []string
	env  []string
	log  string // file of what it printed, over all its starts
	http *http.Client

	mu     sync.Mutex
	cmd    *exec.Cmd
	exited chan struct{} // closed when cmd has ended
	err    error         // how it ended
}

// newProcess prepares a process. Its log is checked and its tail printed when
// the test has failed.
func newProcess(t testing.TB, name, dir, admin string, client *http.Client, env []string, argv ...string) *Process {
	p := &Process{
		Name: name, Admin: admin, t: t, argv: argv, env: env,
		log: filepath.Join(dir, name+".log"), http: client,
	}
	return p
}

// run runs one command of the same program to its end, such as a migration.
func (p *Process) run(args ...string) error {
	log, err := p.open()
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := p.command(log, append([]string{p.argv[0]}, args...))
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", p.Name, strings.Join(args, " "), err, p.tail())
	}
	return nil
}

func (p *Process) open() (*os.File, error) {
	return os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

func (p *Process) command(log *os.File, argv []string) *exec.Cmd {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(cleanEnv(), p.env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = dieWithParent()
	return cmd
}

// cleanEnv is the environment without what would configure the suite.
func cleanEnv() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "ALTIS_") && !strings.HasPrefix(e, "OTEL_") {
			env = append(env, e)
		}
	}
	return env
}

// With adds flags, of which the last of a name counts, from the next start on, and returns what takes them back.
func (p *Process) With(args ...string) (takeBack func()) {
	before := p.argv
	p.argv = slices.Concat(before, args)
	return func() { p.argv = before }
}

// Run has the process be the program of the same name in another folder from the next start on, and returns the folder of
// the one that it was.
func (p *Process) Run(folder string) (before string) {
	before, name := filepath.Split(p.argv[0])
	p.argv = slices.Concat([]string{filepath.Join(folder, name)}, p.argv[1:])
	return before
}

// Start starts the process and does not wait for it; see Ready.
func (p *Process) Start() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil {
		p.t.Fatalf("%s is running", p.Name)
	}
	log, err := p.open()
	must(p.t, err)
	defer log.Close()
	cmd, exited := p.command(log, p.argv), make(chan struct{})
	must(p.t, cmd.Start())
	p.cmd, p.exited, p.err = cmd, exited, nil
	go func() {
		err := cmd.Wait()
		p.mu.Lock()
		p.err = err
		p.mu.Unlock()
		close(exited)
	}()
}

// Ready returns once /readyz answers 200.
func (p *Process) Ready() {
	p.t.Helper()
	p.mu.Lock()
	exited := p.exited
	p.mu.Unlock()
	err := Poll(startTimeout, func() error {
		select {
		case <-exited:
			return nil
		default:
			return p.probe()
		}
	})
	select {
	case <-exited:
		p.t.Fatalf("%s ended instead of getting ready: %v\n%s", p.Name, p.ended(), p.tail())
	default:
	}
	if err != nil {
		p.t.Fatalf("%s is not ready: %v\n%s", p.Name, err, p.tail())
	}
}

// probe returns nil when /readyz answers 200.
func (p *Process) probe() error {
	res, err := p.http.Get("http://" + p.Admin + "/readyz")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", res.Status, body.String())
	}
	return nil
}

func (p *Process) ended() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// Kill ends the process as kill -9 does and returns when it is gone.
func (p *Process) Kill() {
	p.t.Helper()
	p.signal(syscall.SIGKILL)
	_ = p.wait() // it was killed
}

// Restart is Kill, Start and Ready.
func (p *Process) Restart() {
	p.t.Helper()
	p.Kill()
	p.Start()
	p.Ready()
}

// Pause stops the process where it is, as SIGSTOP does.
func (p *Process) Pause() { p.t.Helper(); p.signal(syscall.SIGSTOP) }

// Resume lets a paused process go on.
func (p *Process) Resume() { p.t.Helper(); p.signal(syscall.SIGCONT) }

// PID returns the id of the running process.
func (p *Process) PID() int {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		p.t.Fatalf("%s is not running", p.Name)
	}
	return p.cmd.Process.Pid
}

func (p *Process) signal(s syscall.Signal) {
	p.t.Helper()
	must(p.t, syscall.Kill(p.PID(), s))
}

// wait returns how the process ended.
func (p *Process) wait() error {
	p.mu.Lock()
	exited := p.exited
	p.mu.Unlock()
	<-exited
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd = nil
	return p.err
}

// stop ends the process in order and returns an error when it does not end by
// itself, in time and without one.
func (p *Process) stop() error {
	p.mu.Lock()
	cmd, exited := p.cmd, p.exited
	p.mu.Unlock()
	if cmd == nil {
		return nil
	}
	// A process that a failed test has left paused must run to end.
	_ = cmd.Process.Signal(syscall.SIGCONT)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	timer := time.NewTimer(stopTimeout)
	defer timer.Stop()
	select {
	case <-exited:
	case <-timer.C:
		return errors.Join(fmt.Errorf("%s does not end within %s of SIGTERM", p.Name, stopTimeout), cmd.Process.Kill(), p.wait())
	}
	if err := p.wait(); err != nil {
		return fmt.Errorf("%s ended with %w", p.Name, err)
	}
	return nil
}

func (p *Process) tail() string { return tail(p.log) }

// tail returns the last lines of a log that are worth reading.
func tail(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	lines := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(text)), "\n"), func(line string) bool {
		return strings.Contains(line, `"level":"DEBUG"`)
	})
	return strings.Join(lines[max(0, len(lines)-tailLines):], "\n")
}

// FreeAddresses returns n different loopback addresses that nobody listens on.
// They are below the range that outgoing connections take their ports from, so
// that they stay free until a process listens on them.
func FreeAddresses(t testing.TB, n int) []string {
	t.Helper()
	var found []string
	for port := 10000 + os.Getpid()%10000; len(found) < n; port++ {
		if port >= 32000 {
			t.Fatal("no free port below 32000")
		}
		address := fmt.Sprintf("127.0.0.1:%d", port)
		if !taken(address) {
			found = append(found, address)
		}
	}
	return found
}

// handed remembers the addresses that were given away but may not be in use yet.
var handed sync.Map

func taken(address string) bool {
	if _, given := handed.LoadOrStore(address, true); given {
		return true
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return true
	}
	return listener.Close() != nil
}
