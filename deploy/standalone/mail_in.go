package standalone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/services/notification"
)

const (
	// demoReplyDomain takes answers on this machine only.
	demoReplyDomain = "reply.altis.example"
	demoMailListen  = "127.0.0.1:2526"
)

const mailListenFlag = "--notification-mail-listen"

// mailIn is the configuration of notification with what mails that come in need: of a demo all of it, else a folder.
func (c *Config) mailIn() notification.Config {
	n := c.Notification
	n.Hold = n.Hold || c.Hold
	if c.Demo {
		n.ReplyDomain = demoReplyDomain
		n.MailListen, n.MailSupportAddress = cmp.Or(n.MailListen, demoMailListen), cmp.Or(n.MailSupportAddress, demoMailFrom)
		if len(n.ReplyKeys) == 0 { // replaced by one that is kept
			n.ReplyKeys = []string{"1:" + newKey()}
		}
	}
	if n.MailListen != "" && n.MailBlob == "" {
		if data, err := filepath.Abs(c.Data); err == nil { // else the flag is missed
			n.MailBlob = (&url.URL{Scheme: "file", Path: filepath.Join(data, "mails")}).String()
		}
	}
	return n
}

// listenForMails opens the port for mails that come in.
func (s *Suite) listenForMails(ctx context.Context) error {
	cfg := s.cfg.mailIn()
	addr := cfg.MailListen
	if addr == "" || cfg.Hold {
		return nil
	}
	listener, err := lifecycle.Listen(ctx, addr, mailListenFlag)
	if s.cfg.Demo && errors.Is(err, syscall.EADDRINUSE) {
		listener, err = lifecycle.Listen(ctx, "127.0.0.1:0", mailListenFlag)
	}
	if err != nil {
		return err
	}
	s.mails = listener
	s.closeAtEnd(listener, mailListenFlag)
	return nil
}

// replyKeys returns those of the configuration; a demo without any keeps one beside its databases, since its mails stay.
func (s *Suite) replyKeys() ([]string, error) {
	if !s.cfg.Demo || len(s.cfg.Notification.ReplyKeys) > 0 {
		return s.cfg.Notification.ReplyKeys, nil
	}
	path := filepath.Join(s.cfg.Data, "reply.key")
	kept, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		kept = []byte("1:" + newKey())
		err = os.WriteFile(path, kept, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("the key of reply addresses: %w", err)
	}
	return []string{strings.TrimSpace(string(kept))}, nil
}

// nobodyAnswers is the DNS of a demo, which asks nobody.
type nobodyAnswers struct{}

func (nobodyAnswers) LookupTXT(_ context.Context, name string) ([]string, error) {
	return nil, notAsked(name)
}

func (nobodyAnswers) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	return nil, notAsked(name)
}

func (nobodyAnswers) LookupIPAddr(_ context.Context, host string) ([]net.IPAddr, error) {
	return nil, notAsked(host)
}

func (nobodyAnswers) LookupAddr(_ context.Context, addr string) ([]string, error) {
	return nil, notAsked(addr)
}

func notAsked(name string) error {
	return &net.DNSError{Err: "not asked", Name: name, IsNotFound: true}
}

// MailAddr is the address that mails come in at, "" without one.
func (s *Suite) MailAddr() string {
	if s.mails == nil {
		return ""
	}
	return s.mails.Addr().String()
}
