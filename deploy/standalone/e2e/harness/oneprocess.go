package harness

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/grpc"

	"altis-dxp.com/support/deploy/standalone"
	"altis-dxp.com/support/pkg/config"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/telemetry"
	"altis-dxp.com/support/pkg/testkit"
)

// OneProcess runs the whole suite inside the test, on SQLite and without a
// demo. It ends with the test, and its log is searched for secrets.
func OneProcess(t testing.TB, args ...string) *Suite {
	t.Helper()
	s := &Suite{secrets: newSecrets(), SMTP: testkit.SMTPSink(t)}
	s.http = newHTTPClient(t)
	file := filepath.Join(t.TempDir(), "altis.log")
	log, err := os.Create(file)
	must(t, err)
	ctx := context.WithoutCancel(t.Context())
	observed, err := telemetry.Setup(ctx, "altis", "e2e", telemetry.WithOutput(log), telemetry.WithLevel(logLevel))
	must(t, err)

	addresses := FreeAddresses(t, 5)
	s.URL, s.AckURL, s.Inbox = "http://"+addresses[0], "http://"+addresses[2], addresses[4]
	var cfg standalone.Config
	must(t, config.Parse("altis", "", &cfg, append([]string{
		"--data=" + t.TempDir(), "--http=" + addresses[0], "--grpc=" + addresses[1], "--ack=" + addresses[2], "--admin=" + addresses[3],
		"--identity-password-memory-kib=64", "--identity-password-iterations=1", "--identity-login-tries=1000",
		"--notification-ack-base-url=" + s.AckURL, "--notification-dashboard-url=" + s.URL, "--notification-mail-from=" + mailFrom,
		"--notification-smtp-addr=" + s.SMTP.Addr, "--notification-smtp-tls=none", "--notification-mail-retry=500ms",
		"--notification-allow-private-webhooks", "--notification-bundle-after=1000000", "--notification-flap-hold=1ms", "--gateway-requests-per-minute=0", "--gateway-anonymous-per-minute=0", "--gateway-plain-http",
	}, append(s.takeMails(t, "--notification-"), args...)...)))
	suite, err := standalone.New(ctx, &cfg, observed)
	must(t, err)
	running, stop := context.WithCancel(ctx)
	started, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- suite.Run(running, func() { close(started) }) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the suite ended with %v", err)
		}
		must(t, observed.Shutdown(ctx))
		must(t, log.Close())
		s.secrets.check(t, "altis", file)
		if t.Failed() {
			t.Logf("---- end of the log\n%s", tail(file))
		}
	})
	select {
	case <-started:
	case err := <-ended:
		ended <- err
		t.Fatalf("the suite does not start: %v", err)
	}
	s.join(t, suite)
	return s
}

// join connects to the running suite.
func (s *Suite) join(t testing.TB, suite *standalone.Suite) {
	t.Helper()
	conn, err := rpc.Dial(suite.GRPCAddr(), rpc.DialOptions{})
	must(t, err)
	t.Cleanup(func() { must(t, conn.Close()) })
	s.tooling = map[string]grpc.ClientConnInterface{}
	peers := map[[2]string]grpc.ClientConnInterface{}
	for _, callee := range Services() {
		s.tooling[callee] = conn
		for _, caller := range append(Services(), Gateway, Emergency) {
			peers[[2]string{caller, callee}] = suite.InProcess(caller, callee)
		}
	}
	s.peer = func(caller, callee string) grpc.ClientConnInterface { return peers[[2]string{caller, callee}] }
	s.bootstrap = func(ctx context.Context, name, email, password string) error {
		_, err := suite.Bootstrap(ctx, name, email, password)
		return err
	}
}
