// Package inbound takes mails for the desk's address, and for those that its mails have of their own: answers, and what comes
// back. A mail is accepted once it is kept as it came, with a row that says so and the task that examines it.
package inbound

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/objectstore"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailin"
	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/smtpin"
	"altis-dxp.com/support/services/notification/internal/spool"
	"altis-dxp.com/support/services/notification/internal/store"
)

// Limits of the listener.
const (
	maxBytes        = 25 << 20
	maxConns        = 200
	maxConnsPerHost = 20
	mailsPerMinute  = 600 // of one host: large providers send all of their customers' mails from few
	timeout         = 5 * time.Minute
	// maxRecipients is one because a row is about one address. Servers send the mail again for the next one.
	maxRecipients = 1
)

// Inbox takes mails. Its methods may be called concurrently.
type Inbox struct {
	Store     *store.Store
	Bucket    *objectstore.Bucket
	Addresses mailout.Addresses
	Support   string // address of the desk, "" = none
	NewID     func() string
	Now       func() time.Time
	KeepMails time.Duration
	Spread    time.Duration // longest time to the first look for what can be forgotten, more than 0
	Logger    *slog.Logger
}

// Server returns the listener, with a certificate for STARTTLS if there is one.
func (i *Inbox) Server(hostname, cert, key string) (*smtpin.Server, error) {
	tls, err := smtpin.LoadTLS(cert, key)
	if err != nil {
		return nil, err
	}
	return smtpin.New(smtpin.Config{
		Hostname: hostname, Accept: i.accepts, TLS: tls, MaxBytes: maxBytes, MaxRecipients: maxRecipients, MaxConns: maxConns,
		MaxConnsPerHost: maxConnsPerHost, MailsPerMinute: mailsPerMinute, Timeout: timeout, Now: i.Now, Logger: i.Logger,
	}, i.keep)
}

// accepts reports whether an address is the desk's, or one that we have given to somebody. Those that have expired are: a person
// may look at what comes late.
func (i *Inbox) accepts(address string) bool {
	_, ok := i.Addresses.Read(address, i.Now())
	return ok || i.isSupport(address)
}

func (i *Inbox) isSupport(address string) bool {
	return i.Support != "" && domain.AddressKey(address) == domain.AddressKey(i.Support)
}

// keep is a smtpin.Keep.
func (i *Inbox) keep(ctx context.Context, e spool.Envelope, raw io.Reader) error {
	return i.take(ctx, raw, func(s *mailin.Scanner) (spool.Envelope, mailin.Head) { return e, s.Head(e.From) })
}

// take has a mail last. how says how it came, once all of it was read.
func (i *Inbox) take(ctx context.Context, raw io.Reader, how func(*mailin.Scanner) (spool.Envelope, mailin.Head)) error {
	// It has no name any more, so that it goes with the process.
	file, err := os.CreateTemp("", "altis-mail-")
	if err != nil {
		return fmt.Errorf("inbound: %w", err)
	}
	defer file.Close()
	if err := os.Remove(file.Name()); err != nil {
		return fmt.Errorf("inbound: %w", err)
	}
	scanner, sum := mailin.NewScanner(), sha256.New()
	size, err := io.Copy(io.MultiWriter(file, scanner, sum), raw)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("inbound: %w", err)
	}
	id := i.NewID()
	object := objectstore.Name(hex.EncodeToString(sum.Sum(nil)), id)
	if err := i.Bucket.Put(ctx, object, file); err != nil {
		return err
	}
	e, h := how(scanner)
	fresh, err := i.Store.KeepInbound(ctx, i.mail(id, object, size, e, h))
	// After an error of unknown outcome the row may be there, so that the object stays. A full disk's is known: nothing may be
	// left there of each time that the sender's server comes again.
	if err == nil && !fresh || sqldb.IsFull(err) {
		if err := i.Bucket.Delete(ctx, object); err != nil {
			i.Logger.WarnContext(ctx, "the copy of a mail stays until the next sweep", slog.String("mail", id), slog.Any("error", err))
		}
	}
	return err
}

func (i *Inbox) mail(id, object string, size int64, e spool.Envelope, h mailin.Head) domain.InboundMail {
	m := domain.InboundMail{
		ID: id, Object: object, Size: size, EnvelopeFrom: visible(e.From), Recipient: strings.ToLower(e.To), Remote: remote(e), TLS: e.TLS,
		Fingerprint: h.Fingerprint, MessageID: visible(h.MessageID), Sender: h.From, SenderName: h.FromName, Subject: h.Subject, ReceivedAt: e.ReceivedAt,
	}
	unique := h.Fingerprint
	if unique == "" { // nothing tells it from another mail with the same text
		unique = "id " + id
	}
	m.Dedupe = domain.Hash("inbound", unique, m.Recipient)
	a, ours := i.Addresses.Read(m.Recipient, m.ReceivedAt)
	if ours && a.ForTicket() {
		m.Ticket = a.Subject.Ticket()
	}
	m.Request = !ours && i.isSupport(m.Recipient)
	return m
}

// remote is who handed a mail over, "" for one that lay in a mailbox.
func remote(e spool.Envelope) string {
	if !e.Remote.IsValid() {
		return ""
	}
	return e.Remote.String()
}

// visible returns text that a database takes, of bounded length.
func visible(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	runes := []rune(text)
	return string(runes[:min(len(runes), 500)])
}

// Sweep forgets, once a day until ctx ends, what is old: rows, suppressions that are over, and objects that no row has. It
// returns nil; a missed round is made up for by the next, of any replica.
func (i *Inbox) Sweep(ctx context.Context) error {
	return everyDay(ctx, i.Spread, func() {
		if err := i.sweep(ctx); err != nil && ctx.Err() == nil {
			i.Logger.WarnContext(ctx, "old mails that came in are not forgotten", slog.Any("error", err))
		}
	})
}

// orphanAge is far above the time between the writing of an object and of its row.
const orphanAge = 24 * time.Hour

func (i *Inbox) sweep(ctx context.Context) error {
	err := errors.Join(i.Store.PruneInbound(ctx, i.KeepMails), i.Store.PruneSuppressions(ctx))
	return errors.Join(err, i.Bucket.Before(ctx, i.Now().Add(-orphanAge), func(objects []string) error {
		unknown, err := i.Store.UnknownObjects(ctx, objects)
		for _, object := range unknown {
			err = errors.Join(err, i.Bucket.Delete(ctx, object))
		}
		return err
	}))
}
