package standalone

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"altis-dxp.com/support/deploy/standalone/demo"
	"altis-dxp.com/support/deploy/standalone/dev"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/sqldb"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

// muted is the demo's outbox, which drops the mail of the desk's past.
type muted struct {
	notification.Transport
	quiet atomic.Bool
}

// Send implements notification.Transport.
func (m *muted) Send(ctx context.Context, to notification.Envelope, message []byte) (string, error) {
	if m.quiet.Load() {
		return "not sent: the desk's past", nil
	}
	return m.Transport.Send(ctx, to, message)
}

// prepareDemo removes a desk that was not filled to its end, and refuses to
// invent one among real data.
func (c *Config) prepareDemo(ctx context.Context) error {
	if !c.Demo {
		return c.refuseDemoData()
	}
	if c.filling() {
		if err := c.removeHalfFilled(ctx); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("%w: choose another directory with --data", err)
	}
	if _, err := os.Stat(c.demoFile()); err == nil {
		return nil
	}
	found, err := filepath.Glob(filepath.Join(c.Data, "*.db"))
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return fmt.Errorf("%s holds a suite that is no demo: start without --demo, or choose another directory with --data", c.Data)
	}
	return os.WriteFile(c.fillingFile(), nil, 0o600)
}

// refuseDemoData keeps a suite that sends mail in earnest off the demo's people and passwords.
func (c *Config) refuseDemoData() error {
	for _, file := range []string{c.demoFile(), c.fillingFile()} {
		if _, err := os.Stat(file); err == nil {
			return fmt.Errorf("%s holds a demo: start with --demo, or choose another directory with --data", c.Data)
		}
	}
	return nil
}

// removeHalfFilled removes what a suite makes, and nothing else that may be in the directory.
func (c *Config) removeHalfFilled(ctx context.Context) error {
	// Another process may be filling it at this moment.
	db, err := sqldb.Open(ctx, sqldb.Config{DSN: "sqlite:" + filepath.Join(c.Data, identityName+".db")})
	if err != nil {
		return fmt.Errorf("%w: choose another directory with --data", err)
	}
	if err := db.Close(); err != nil {
		return err
	}
	for _, pattern := range []string{"*.db", "*.db-wal", "*.db-shm", "identity.key", "reply.key", "outbox/*.eml", "mails/*/*", "emergency/*.db*", "emergency/roster.pb", "emergency/mails/*.eml"} {
		names, err := filepath.Glob(filepath.Join(c.Data, pattern))
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// fillDemo fills the desk of a new data directory.
func (s *Suite) fillDemo(ctx context.Context) error {
	if !s.cfg.filling() {
		return s.reconnectDemo(ctx)
	}
	s.mailer.quiet.Store(true)
	defer s.mailer.quiet.Store(false)
	result, err := demo.Fill(ctx, demo.Desk{
		Conn: s.Tooling(), Clock: s.clock, Bootstrap: s.Bootstrap, Settle: s.settle,
		WebhookURL: s.receiverURL, AddContact: s.addContact,
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.cfg.demoFile(), []byte(demoText(result)), 0o600); err != nil {
		return err
	}
	return os.Remove(s.cfg.fillingFile())
}

// receiverURL is where the demo's pages of a person go.
func (s *Suite) receiverURL(person string) string {
	return "http://" + s.HTTPAddr() + "/dev/receiver/" + person
}

// reconnectDemo has pages find the receiver again when the suite moved to another port.
func (s *Suite) reconnectDemo(ctx context.Context) error {
	as, known, err := s.act(ctx, demo.AdminEmail)
	if err != nil || !known {
		return err
	}
	return demo.Reconnect(as, s.Tooling(), s.addContact, s.receiverURL)
}

// demoSite adds the pages of /dev/ to the gateway.
func (s *Suite) demoSite(ctx context.Context, api http.Handler) (http.Handler, error) {
	tooling := s.Tooling()
	pages, err := dev.New(dev.Config{
		OutboxDir: s.cfg.outbox(), AckOrigins: []string{"http://" + s.AckAddr(), "http://" + s.emergencyAck.Addr().String()},
		Tickets: ticketv1.NewTicketServiceClient(tooling), Act: s.act, Logger: s.telemetry.Logger, Done: ctx.Done(),
	})
	if err != nil {
		return nil, err
	}
	protected := http.NewCrossOriginProtection().Handler(pages)
	return localOnly(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/dev/") {
			protected.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	})), nil
}

// actor is somebody whom the demo's pages act as, with a token for a while.
type actor struct {
	token string
	until time.Time
}

// act returns a context whose calls are made by a person of the demo.
func (s *Suite) act(ctx context.Context, address string) (context.Context, bool, error) {
	address = strings.ToLower(address)
	s.actorsMu.Lock()
	defer s.actorsMu.Unlock()
	if a, ok := s.actors[address]; ok && time.Now().Before(a.until) {
		return rpc.WithToken(ctx, a.token), true, nil
	}
	desk, err := s.cfg.readDemo()
	if err != nil {
		return nil, false, err
	}
	i := slices.IndexFunc(desk.Accounts, func(a demo.Account) bool { return a.Email == address })
	if i < 0 {
		return nil, false, nil
	}
	client := identityv1.NewAuthServiceClient(s.Tooling())
	login, err := client.Login(ctx, &identityv1.LoginRequest{Email: address, Password: desk.Accounts[i].Password})
	if err != nil {
		return nil, false, err
	}
	access, err := client.ExchangeToken(ctx, &identityv1.ExchangeTokenRequest{Token: login.GetSessionToken()})
	if err != nil {
		return nil, false, err
	}
	s.actors[address] = actor{access.GetAccessToken(), time.Now().Add(access.GetLifetime().AsDuration() / 2)}
	return rpc.WithToken(ctx, access.GetAccessToken()), true, nil
}

// newKey is 32 random bytes in base64.
func newKey() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails: the runtime ends the process instead
	return base64.StdEncoding.EncodeToString(key)
}
