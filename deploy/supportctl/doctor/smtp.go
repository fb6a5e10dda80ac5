package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"
)

// SMTP is the mail server as notification is told of it.
type SMTP struct {
	Addr           string
	User, Password string // "" = no login
	TLS            string // auto, required or none
	Roots          *x509.CertPool
}

// mailServer talks to the mail server up to the point where a mail would begin.
func mailServer(ctx context.Context, c Config) []Finding {
	f := Finding{Check: "smtp", Subject: c.SMTP.Addr}
	fail := func(text, do string) []Finding {
		f.State, f.Text, f.Do = Fail, text, do
		return []Finding{f}
	}
	host, _, err := net.SplitHostPort(c.SMTP.Addr)
	if err != nil {
		return fail(err.Error(), "write --smtp-addr as host:port")
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", c.SMTP.Addr)
	if err != nil {
		return fail(err.Error(), "check --smtp-addr and the network: many providers block port 25, 587 is for programs")
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	client, err := smtp.NewClient(conn, host)
	if err != nil {
		_ = conn.Close()
		return fail(said(err), "this does not look like a mail server, or it refuses this machine: see its log")
	}
	defer func() { _ = client.Close() }() // the conversation is over
	if err := client.Hello("supportctl.invalid"); err != nil {
		return fail(said(err), "this does not look like a mail server, or it refuses this machine: see its log")
	}
	var found []Finding
	secured := false
	switch offered, _ := client.Extension("STARTTLS"); {
	case c.SMTP.TLS == "none":
	case !offered && c.SMTP.TLS == "required":
		return fail("does not offer STARTTLS", "set up its certificate; with --smtp-tls required no mail leaves")
	case !offered:
		f.State, f.Text, f.Do = Warn, "takes mails without encryption", "set up its certificate, then --smtp-tls required"
	default:
		// The certificate is judged below, so that a bad one is told of by its fault.
		config := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, InsecureSkipVerify: true} //nolint:gosec // see served
		if err := client.StartTLS(config); err != nil {
			return fail("STARTTLS: "+said(err), "see the server's log")
		}
		state, _ := client.TLSConnectionState()
		found = append(found, served(c.SMTP, host, state, c.Now()))
		secured = found[0].State != Fail
	}
	if c.SMTP.User != "" {
		if len(found) > 0 && !secured {
			return append(found, Finding{
				Check: "smtp", Subject: c.SMTP.Addr, State: Fail, Text: "the password was not sent over a line that is not secured",
				Do: "repair the certificate first: notification does not log in either",
			})
		}
		if err := client.Auth(smtp.PlainAuth("", c.SMTP.User, c.SMTP.Password, host)); err != nil {
			return append(found, fail("login: "+said(err), "check --smtp-user and ALTIS_NOTIFICATION_SMTP_PASSWORD")...)
		}
	}
	if err := client.Noop(); err != nil {
		return append(found, fail(said(err), "see the server's log")...)
	}
	_ = client.Quit() // all has been said
	if f.State == "" {
		f.State, f.Text = OK, "answers"
		if c.SMTP.User != "" {
			f.Text += " and takes the login"
		}
	}
	return append([]Finding{f}, found...)
}

// said is what a mail server answered, which may be of several lines.
func said(err error) string {
	if answer, ok := errors.AsType[*textproto.Error](err); ok {
		return fmt.Sprintf("%d %s", answer.Code, strings.Join(strings.Fields(answer.Msg), " "))
	}
	return err.Error()
}

// served judges the certificate of the mail server as notification does.
func served(c SMTP, host string, state tls.ConnectionState, now time.Time) Finding {
	f := Finding{Check: "certificate", Subject: "of " + c.Addr}
	leaf := state.PeerCertificates[0]
	options := x509.VerifyOptions{DNSName: host, Roots: c.Roots, Intermediates: x509.NewCertPool(), CurrentTime: now}
	for _, cert := range state.PeerCertificates[1:] {
		options.Intermediates.AddCert(cert)
	}
	if _, err := leaf.Verify(options); err != nil {
		f.State, f.Text, f.Do = Fail, err.Error(), "have the server's certificate renewed for this name, or name it by the one that stands in it"
		if c.TLS == "auto" && c.User == "" {
			f.State = Warn // it is not checked then
		}
		return f
	}
	return expiry(f, leaf, now)
}
