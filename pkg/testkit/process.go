package testkit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// guardian is the shell program that starts a server and waits on its standard
// input, the other end of which only the test process holds. The line "stop"
// stops the server and keeps its files. End of file, which the kernel delivers
// even when the test process was killed, stops it and removes them. TERM comes
// first then, because a server that has only just been forked ignores QUIT.
const guardian = `
"$@" </dev/null >>"$SERVER_DIR/log" 2>&1 &
server=$!
read -r order
[ -n "$order" ] || kill -s TERM "$server"
kill -s "$SERVER_SIGNAL" "$server"
wait "$server"
[ -n "$order" ] || rm -rf "$SERVER_DIR"
`

// startTimeout bounds the start of a server on a busy machine.
const startTimeout = time.Minute

// process is a server in its own directory, watched by a guardian.
type process struct {
	dir        string
	argv       []string
	signal     string              // how the server is stopped, as kill -s names it
	credential *syscall.Credential // nil runs it as the user of the tests
	ready      func() error        // nil once the server answers

	cmd   *exec.Cmd
	stdin io.WriteCloser // nil while the server is stopped
}

func (p *process) start() error {
	cmd := exec.Command("sh", append([]string{"-c", guardian, "guardian"}, p.argv...)...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "SERVER_DIR="+p.dir, "SERVER_SIGNAL="+p.signal)
	// In its own session an interrupt typed at the terminal leaves the guardian
	// alive to clean up.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: p.credential}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("start %s: %w", p.argv[0], err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.argv[0], err)
	}
	p.cmd, p.stdin = cmd, stdin
	if err := poll(startTimeout, p.ready); err != nil {
		log, _ := os.ReadFile(filepath.Join(p.dir, "log"))
		return errors.Join(fmt.Errorf("%s does not answer: %w\n%s", p.argv[0], err, log), p.remove())
	}
	return nil
}

// stop ends the server and keeps its files.
func (p *process) stop() error {
	if p.stdin == nil {
		return nil
	}
	if _, err := io.WriteString(p.stdin, "stop\n"); err != nil {
		return fmt.Errorf("stop %s: %w", p.argv[0], err)
	}
	return p.wait()
}

// remove ends the server and removes its files.
func (p *process) remove() error {
	if p.stdin == nil {
		return os.RemoveAll(p.dir)
	}
	return p.wait()
}

func (p *process) wait() error {
	err := p.stdin.Close()
	p.stdin = nil
	return errors.Join(err, p.cmd.Wait())
}

// poll calls ready until it returns nil, and returns its last error once the
// limit is over.
func poll(limit time.Duration, ready func() error) error {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ready()
		if err == nil {
			return nil
		}
		select {
		case <-deadline.C:
			return err
		case <-tick.C:
		}
	}
}

// serverDir makes a directory for a server. It lies directly below /tmp because
// a unix socket's path may have no more than about 100 bytes, which the
// temporary directory of a test easily exceeds.
func serverDir(owner *syscall.Credential) (string, error) {
	dir, err := os.MkdirTemp("/tmp", "altis-test-")
	if err != nil || owner == nil {
		return dir, err
	}
	return dir, os.Chown(dir, int(owner.Uid), int(owner.Gid))
}

// unprivileged returns the user that runs a server which refuses to run as root,
// and nil when the tests do not run as root.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("tests run as root and there is no user postgres or nobody to run the server")
}

// dependOnVersions makes "go test" forget results that other versions of the servers gave: it remembers the variables that
// a test has read.
func dependOnVersions() { os.Getenv("ALTIS_TEST_SERVERS") }

// program finds an executable on the PATH or in one of the folders.
func program(name, install string, folders ...string) (string, error) {
	dependOnVersions()
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	for _, folder := range folders {
		found, err := filepath.Glob(filepath.Join(folder, name))
		if err != nil {
			return "", err
		}
		if len(found) > 0 {
			return found[len(found)-1], nil
		}
	}
	return "", fmt.Errorf("%s not found: %s", name, install)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
