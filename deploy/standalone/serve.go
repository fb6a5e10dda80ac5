package standalone

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/telemetry"
)

// Serve runs a suite until ctx ends and tells out where it is.
func Serve(ctx context.Context, cfg *Config, out io.Writer) error {
	t, err := telemetry.Setup(ctx, "altis", telemetry.Version(), telemetry.WithLevel(cfg.LogLevel))
	if err != nil {
		return err
	}
	suite, err := New(ctx, cfg, t)
	if err != nil {
		return errors.Join(err, t.Shutdown(ctx))
	}
	if cfg.filling() {
		fmt.Fprintln(out, "Filling the demo desk: 90 days of tickets, a few seconds.")
	}
	err = suite.Run(ctx, func() { suite.announce(out) })
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(err, t.Shutdown(stopping))
}

// Init makes the first admin and tells out the password once: only its hash is kept.
func Init(ctx context.Context, cfg *Config, name, email string, out io.Writer) (err error) {
	t, err := telemetry.Setup(ctx, "altis", telemetry.Version(), telemetry.WithLevel(cfg.LogLevel))
	if err != nil {
		return err
	}
	suite, err := New(ctx, cfg, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, suite.close(ctx), t.Shutdown(ctx)) }()
	password := rand.Text()
	if _, err := suite.Bootstrap(ctx, name, email, password); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s can log in with the password %s\nIt is not shown again.\n", email, password)
	return nil
}

// announce says where the suite is and, for a demo, how to get in.
func (s *Suite) announce(out io.Writer) {
	if !s.cfg.Demo {
		fmt.Fprintf(out, "Altis Support: http://%s, gRPC %s, acknowledgement links http://%s\n", s.HTTPAddr(), s.GRPCAddr(), s.AckAddr())
		return
	}
	text, err := os.ReadFile(s.cfg.demoFile())
	if err != nil {
		fmt.Fprintln(out, "The logins of the demo cannot be read:", err)
	}
	site := "http://" + strings.Replace(s.HTTPAddr(), "127.0.0.1", "localhost", 1)
	fmt.Fprintf(out, "Altis Support demo: %s (API), gRPC on %s; all logins are in %s\n", site, s.GRPCAddr(), s.cfg.demoFile())
	token := ""
	shown := 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, tokenPrefix); ok {
			token = rest
		}
		if rest, ok := strings.CutPrefix(line, loginPrefix); ok && wanted(rest, shown) {
			fmt.Fprintln(out, "  "+rest)
			shown++
		}
	}
	fmt.Fprintf(out, "  API token of the first: export TOKEN=%s\n", token)
	fmt.Fprintf(out, `Try: 1. curl -H "Authorization: Bearer $TOKEN" "%[1]s/v1/tickets?filter=is:open"
     2. Create an incident with the priority Urgent: the README has the line to paste.
     3. See the page and the mail at %[1]s/dev/outbox, and press Acknowledge.
     4. ALTIS_TOKEN=$TOKEN bin/supportctl --plaintext --address %[2]s ticket list is:open
     5. grpcurl -plaintext %[2]s list
Ctrl-C stops it; the data stays in %[3]s.
`, site, s.GRPCAddr(), s.cfg.Data)
}

// wanted picks one login per role for the short list: a customer, an agent, an engineer.
func wanted(login string, shown int) bool {
	roles := []string{"(Priya Raman,", ", agent)", ", on-call engineer)"}
	return shown < len(roles) && strings.Contains(login, roles[shown])
}
