package standalone

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"altis-dxp.com/support/deploy/standalone/demo"
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
	desk, err := s.cfg.readDemo()
	if err != nil {
		fmt.Fprintln(out, "The logins of the demo cannot be read:", err)
		desk = &demo.Result{}
	}
	site := "http://" + strings.Replace(s.HTTPAddr(), "127.0.0.1", "localhost", 1)
	fmt.Fprintf(out, "Altis Support demo: %s (dashboard and API), gRPC on %s, mails on %s; all logins are in %s\n", site, s.GRPCAddr(), s.MailAddr(), s.cfg.demoFile())
	for _, a := range visitors(desk.Accounts) {
		fmt.Fprintln(out, "  "+loginLine(a))
	}
	fmt.Fprintf(out, "  API token of the first: export TOKEN=%s\n", desk.APIToken)
	fmt.Fprintf(out, `Try: 1. Open %[1]s, log in as the customer and create an incident with the priority Urgent.
     2. curl -H "Authorization: Bearer $TOKEN" "%[1]s/v1/tickets?filter=is:open"
     3. See the page and the mail at %[1]s/dev/outbox, and press Acknowledge.
     4. ALTIS_TOKEN=$TOKEN bin/supportctl --plaintext --address %[2]s ticket list is:open; grpcurl -plaintext %[2]s list
     5. printf 'Subject: everything is down\n\nHelp!\n' | curl -s smtp://%[4]s --mail-from you@example.com --mail-rcpt %[5]s -T -
Ctrl-C stops it; the data stays in %[3]s.
`, site, s.GRPCAddr(), s.cfg.Data, s.SMTPAddr(), demoEmergencyAddress)
}
