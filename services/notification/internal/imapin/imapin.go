// Package imapin fetches the mails of a mailbox by IMAP, for desks whose mails come to a provider. A mail is marked as seen, or
// moved, once whoever keeps it says that it lasts: it may be fetched twice, and is never lost. Of all replicas one fetches at a
// time.
package imapin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// TLSMode says how a connection is secured.
type TLSMode string

// The modes.
const (
	TLSImplicit TLSMode = "tls"
	TLSStart    TLSMode = "starttls"
	TLSNone     TLSMode = "none"
)

// Config says which mailbox is fetched.
type Config struct {
	Addr     string // host:port
	TLS      TLSMode
	Roots    *x509.CertPool // nil = the certificates that the machine trusts
	User     string
	Password string
	Folder   string
	MoveTo   string // folder for mails that were fetched, "" = they stay and are marked as seen
	MaxBytes int64  // of a larger mail the beginning is fetched
}

// Keep makes a mail last. nil means that it does.
type Keep func(ctx context.Context, mail io.Reader) error

// Position is how far a mailbox was fetched. It means nothing when the mailbox has another validity.
type Position struct{ Validity, Last uint32 }

// State is shared by all replicas.
type State interface {
	// HoldMailbox reports whether the holder may fetch for a while, and how far it was fetched.
	HoldMailbox(ctx context.Context, holder string, d time.Duration) (bool, Position, error)
	// SaveMailbox writes how far the holder has fetched.
	SaveMailbox(ctx context.Context, holder string, p Position) error
	// ReleaseMailbox lets another one fetch at once.
	ReleaseMailbox(ctx context.Context, holder string) error
}

// Poller fetches mails.
type Poller struct {
	Config Config
	Holder string // of this process
	State  State
	Keep   Keep
	Logger *slog.Logger
	Lease  time.Duration // 0 = 30 s
	Every  time.Duration // how often it looks where the server does not tell by itself, and at least; 0 = 1 min
	Pause  time.Duration // after the first failure, doubled up to 5 min; 0 = 1 s

	met     Position         // the last mail that was there when the mailbox was met; the zero Position once those were fetched
	refused map[imap.UID]int // how often the server has refused what is done to a mail
}

const (
	maxPause       = 5 * time.Minute
	releaseTimeout = 5 * time.Second
	dialTimeout    = 30 * time.Second
)

// Run fetches until ctx ends. It returns nil.
func (p *Poller) Run(ctx context.Context) error {
	lease, pause, failed := p.lease(), time.Duration(0), false
	for ctx.Err() == nil {
		held, fetched, err := p.turn(ctx)
		wait := lease / 3
		switch {
		case err != nil && ctx.Err() == nil: // at the end all fail
			if fetched {
				pause = 0
			}
			pause = min(max(2*pause, p.pause()), maxPause)
			wait = pause/2 + rand.N(pause/2+1) //nolint:gosec // spreads load, keeps no secret
			if !failed || fetched {
				p.Logger.WarnContext(ctx, "mails cannot be fetched by IMAP; it is tried again", slog.String("error", reason(err)))
			}
			failed = true
		case held:
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
	return nil
}

func (p *Poller) lease() time.Duration {
	if p.Lease == 0 {
		return 30 * time.Second
	}
	return p.Lease
}

func (p *Poller) every() time.Duration {
	if p.Every == 0 {
		return time.Minute
	}
	return p.Every
}

func (p *Poller) pause() time.Duration {
	if p.Pause == 0 {
		return time.Second
	}
	return p.Pause
}

// reason is what a log may say: what servers write may name the mailbox.
func reason(err error) string {
	if refused, ok := errors.AsType[*imap.Error](err); ok {
		return fmt.Sprintf("the server says %s %s", refused.Type, refused.Code)
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[*keepError](err); ok {
		return e.Error()
	}
	return "the connection ended"
}

// turn fetches as long as this process holds the mailbox. fetched reports that the server had let it in.
func (p *Poller) turn(ctx context.Context) (held, fetched bool, err error) {
	held, position, err := p.State.HoldMailbox(ctx, p.Holder, p.lease())
	if err != nil {
		return false, false, &keepError{err}
	}
	if !held {
		return false, false, nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		p.renew(ctx, cancel)
	}()
	defer func() {
		cancel(nil)
		<-renewed
		last, stop := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
		defer stop()
		_ = p.State.ReleaseMailbox(last, p.Holder) // else it ends by itself
	}()
	fetched, err = p.fetch(ctx, position)
	if err != nil && context.Cause(ctx) != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return true, fetched, err
}

// errLost ends a turn in which another process may have begun.
var errLost = &keepError{errors.New("another process fetches")}

func (p *Poller) renew(ctx context.Context, end context.CancelCauseFunc) {
	ticker := time.NewTicker(p.lease() / 3)
	defer ticker.Stop()
	until := time.Now().Add(p.lease())
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		began := time.Now()
		held, _, err := p.State.HoldMailbox(ctx, p.Holder, p.lease())
		switch {
		case err == nil && held:
			until = began.Add(p.lease())
		case err == nil || time.Now().After(until):
			end(errLost)
			return
		}
	}
}

// keepError is of our own side.
type keepError struct{ error }

func (e *keepError) Unwrap() error { return e.error }

// errNoUIDs is of a server that is older than RFC 3501: what is new in its mailbox cannot be told.
var errNoUIDs = &keepError{errors.New("the server does not tell UIDVALIDITY and UIDNEXT")}

// fetch has one connection until it fails.
func (p *Poller) fetch(ctx context.Context, at Position) (in bool, err error) {
	news := make(chan struct{}, 1)
	c, err := p.connect(ctx, news)
	if err != nil {
		return false, err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })() // ends whatever waits for the server
	if err := c.Login(p.Config.User, p.Config.Password).Wait(); err != nil {
		return false, err
	}
	box, err := c.Select(p.Config.Folder, nil).Wait()
	if err != nil {
		return false, err
	}
	if box.UIDValidity == 0 || box.UIDNext == 0 {
		return true, errNoUIDs
	}
	if at.Validity != box.UIDValidity { // nothing is known of it
		at = Position{Validity: box.UIDValidity}
		if p.met.Validity != at.Validity { // else it was met before, and not all of it fetched
			p.met = Position{Validity: at.Validity, Last: uint32(box.UIDNext) - 1}
		}
	}
	for {
		if at, err = p.fetchNew(ctx, c, at); err != nil {
			return true, err
		}
		if err := p.wait(ctx, c, news); err != nil {
			return true, err
		}
	}
}

func (p *Poller) connect(ctx context.Context, news chan<- struct{}) (*imapclient.Client, error) {
	host, _, err := net.SplitHostPort(p.Config.Addr)
	if err != nil {
		return nil, err
	}
	secure := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, RootCAs: p.Config.Roots}
	options := &imapclient.Options{TLSConfig: secure, UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages != nil {
				select {
				case news <- struct{}{}:
				default:
				}
			}
		},
	}}
	dial, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(dial, "tcp", p.Config.Addr)
	if err != nil {
		return nil, err
	}
	switch p.Config.TLS {
	case TLSNone:
		return imapclient.New(conn, options), nil
	case TLSStart:
		c, err := imapclient.NewStartTLS(conn, options)
		if err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		return c, nil
	}
	secured := tls.Client(conn, secure)
	if err := secured.HandshakeContext(dial); err != nil {
		return nil, &net.OpError{Op: "TLS handshake", Net: "tcp", Err: errors.Join(err, conn.Close())}
	}
	return imapclient.New(secured, options), nil
}

// wait returns when there may be something new.
func (p *Poller) wait(ctx context.Context, c *imapclient.Client, news <-chan struct{}) error {
	timer := time.NewTimer(p.every())
	defer timer.Stop()
	if !c.Caps().Has(imap.CapIdle) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c.Closed():
			return io.ErrUnexpectedEOF
		case <-timer.C:
			return nil
		}
	}
	idle, err := c.Idle()
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-c.Closed():
	case <-news:
	case <-timer.C:
	}
	if err := errors.Join(idle.Close(), ctx.Err()); err != nil {
		return err
	}
	return idle.Wait()
}
