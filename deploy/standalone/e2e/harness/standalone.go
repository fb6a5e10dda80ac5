package harness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/testkit"
)

// standaloneName is the key in Suite.Processes of the process that Standalone starts.
const standaloneName = "standalone"

// Standalone starts the whole suite as one process of its own, on SQLite and
// without a demo, so that it can be measured and killed. Its data directory is
// Suite.Processes["standalone"].Data(). As peers call each other inside of the
// process, Peer returns nil.
func Standalone(t testing.TB, args ...string) *Suite {
	t.Helper()
	s := &Suite{secrets: newSecrets(), SMTP: testkit.SMTPSink(t), Processes: map[string]*Process{}}
	s.http = newHTTPClient(t)
	binary, err := Binary(standaloneName)
	must(t, err)
	addresses := freeAddresses(t, 4)
	s.URL, s.AckURL = "http://"+addresses[0], "http://"+addresses[2]
	argv := append([]string{
		binary, "serve", "--data=" + t.TempDir(),
		"--http=" + addresses[0], "--grpc=" + addresses[1], "--ack=" + addresses[2], "--admin=" + addresses[3],
		"--identity-password-memory-kib=64", "--identity-password-iterations=1", "--identity-login-tries=1000",
		"--notification-ack-base-url=" + s.AckURL, "--notification-dashboard-url=" + s.URL, "--notification-mail-from=" + mailFrom,
		"--notification-smtp-addr=" + s.SMTP.Addr, "--notification-smtp-tls=none", "--notification-mail-retry=500ms",
		"--notification-allow-private-webhooks", "--notification-bundle-after=1000000", "--notification-flap-hold=1ms", "--gateway-requests-per-minute=0", "--gateway-anonymous-per-minute=0", "--gateway-plain-http",
	}, args...)
	p := newProcess(t, standaloneName, t.TempDir(), addresses[3], s.http, nil, argv...)
	s.Processes[standaloneName] = p
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
		s.secrets.check(t, standaloneName, p.log)
		if t.Failed() {
			t.Logf("---- end of the log of %s\n%s", standaloneName, p.tail())
		}
	})
	p.Start()
	p.Ready()

	s.connect(t, addresses[1])
	s.peer = func(string, string) grpc.ClientConnInterface { return nil }
	s.bootstrap = func(ctx context.Context, name, email, password string) error {
		return s.initialize(ctx, p, name, email, password)
	}
	return s
}

// connect has tooling reach every service at the one address.
func (s *Suite) connect(t testing.TB, address string) {
	t.Helper()
	conn, err := rpc.Dial(address, rpc.DialOptions{})
	must(t, err)
	t.Cleanup(func() { must(t, conn.Close()) })
	s.tooling = map[string]grpc.ClientConnInterface{}
	for _, service := range Services() {
		s.tooling[service] = conn
	}
}

// initialize makes the first admin with the command that an operator uses, for
// which the process has to let go of its data.
func (s *Suite) initialize(ctx context.Context, p *Process, name, email, password string) error {
	if err := p.stop(); err != nil {
		return err
	}
	var out, log bytes.Buffer
	cmd := exec.CommandContext(ctx, p.argv[0], "init", "--data="+p.Data(), "--name="+name, "--email="+email,
		"--http=127.0.0.1:0", "--grpc=127.0.0.1:0", "--ack=127.0.0.1:0", "--admin=127.0.0.1:0")
	cmd.Env, cmd.Stdout, cmd.Stderr = cleanEnv(), &out, &log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("standalone init: %w\n%s", err, log.String())
	}
	printed := printedPassword.FindStringSubmatch(out.String())
	if printed == nil {
		return errors.New("standalone init prints no password")
	}
	s.secrets.add("the first admin's password", printed[1])
	p.Start()
	p.Ready()
	return s.changePassword(ctx, email, printed[1], password)
}

// Replica prepares another process of a running service, on the same database and
// with the same identity, or another gateway to the same services. It is not
// started. Nobody calls it unless told to: its addresses are GRPC and URL. args
// are more flags.
func (s *Suite) Replica(t testing.TB, service string, args ...string) *Process {
	t.Helper()
	first := s.Processes[service]
	free := freeAddresses(t, 4)
	argv := append(append([]string{}, first.argv...), "--admin="+free[1])
	switch service {
	case Gateway:
		argv = append(argv, "--http="+free[0])
	case Notification:
		argv = append(argv, "--grpc="+free[0], "--ack-listen="+free[2], "--mail-listen="+free[3])
	default:
		argv = append(argv, "--grpc="+free[0])
	}
	p := newProcess(t, service+"-2", filepath.Dir(first.log), free[1], s.http, first.env, append(argv, args...)...)
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
		s.secrets.check(t, p.Name, p.log)
		if t.Failed() {
			t.Logf("---- end of the log of %s\n%s", p.Name, p.tail())
		}
	})
	return p
}

// GRPC returns the address on which the process serves gRPC.
func (p *Process) GRPC() string { return p.flag("grpc") }

// URL returns the URL at which a gateway serves, without a slash at its end.
func (p *Process) URL() string { return "http://" + p.flag("http") }

// Data returns the directory of the process's databases, "" without one.
func (p *Process) Data() string { return p.flag("data") }

// Attachments returns the folder of the files that ticket keeps.
func (p *Process) Attachments() string {
	return strings.TrimPrefix(p.flag("attachments-url"), "file://")
}

// Database returns the DSN that the process was given, "" without one.
func (p *Process) Database() string {
	for _, e := range p.env {
		if name, value, _ := strings.Cut(e, "="); strings.HasSuffix(name, "_DATABASE") {
			return value
		}
	}
	return ""
}

// flag returns the value of a flag as it counts: of several the last.
func (p *Process) flag(name string) (value string) {
	for _, arg := range p.argv {
		if v, ok := strings.CutPrefix(arg, "--"+name+"="); ok {
			value = v
		}
	}
	return value
}

// Stop ends the process in order, as an operator does.
func (p *Process) Stop() {
	p.t.Helper()
	must(p.t, p.stop())
}
