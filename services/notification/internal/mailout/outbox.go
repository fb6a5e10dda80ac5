package mailout

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Outbox is a transport that writes each mail to a file, for machines without a mail server.
type Outbox struct{ dir string }

// NewOutbox returns an outbox and makes its directory where it is missing.
func NewOutbox(dir string) (*Outbox, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("mailout: outbox: %w", err)
	}
	return &Outbox{dir}, nil
}

// Send implements Transport. The file is called after the delivery, so that a second attempt replaces it, and appears
// complete or not at all.
func (o *Outbox) Send(_ context.Context, e Envelope, message []byte) (string, error) {
	if e.ID == "" || e.ID != filepath.Base(e.ID) {
		return "", errors.New("mailout: the delivery's id cannot name a file")
	}
	name := e.ID + ".eml"
	temporary, err := os.CreateTemp(o.dir, ".new-*")
	if err != nil {
		return "", fmt.Errorf("mailout: outbox: %w", err)
	}
	// As a server does that delivers a mail: whom errors go to is in no other field.
	_, err = fmt.Fprintf(temporary, "Return-Path: <%s>\r\n%s", e.From, message)
	if err = errors.Join(err, temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), filepath.Join(o.dir, name))
	}
	if err != nil {
		_ = os.Remove(temporary.Name())
		return "", fmt.Errorf("mailout: outbox: %w", err)
	}
	return "written to " + name, nil
}

// Close implements Transport.
func (o *Outbox) Close() {}
