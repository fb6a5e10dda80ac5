// Package mailout writes mails and hands them to a mail server.
package mailout

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"os"
	"strings"

	"golang.org/x/net/idna"
)

// Envelope is what a mail server is told besides the message.
type Envelope struct {
	ID   string // of the delivery; names the file of an outbox
	From string // addresses with an ASCII domain
	To   string
}

// Transport hands one message to the next server and returns its answer. An error is Refused when this recipient will
// never get it, anything else is worth another attempt.
type Transport interface {
	Send(ctx context.Context, e Envelope, message []byte) (answer string, err error)
	// Close ends idle connections.
	Close()
}

// Open returns where mails go: to files in outbox, or, when that is "", to the mail server.
func Open(outbox string, server SMTPConfig) (Transport, error) {
	if outbox != "" {
		return NewOutbox(outbox)
	}
	var err error
	if server.Hello, err = os.Hostname(); err != nil {
		server.Hello = "localhost"
	}
	return NewSMTP(server)
}

// Refused is the server's final no to this recipient.
type Refused struct {
	Answer string
	// Gone: the server says that there is no such recipient, rather than no to this mail.
	Gone bool
}

func (r *Refused) Error() string { return r.Answer }

var errAddress = errors.New("not a mail address")

// CheckAddress returns an error for an address that cannot be mailed: it must be a bare address, without a name, comments
// or control characters.
func CheckAddress(address string) error {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || parsed.Name != "" {
		return errAddress
	}
	_, err = EnvelopeAddress(address)
	return err
}

// EnvelopeAddress returns the address with its domain as DNS knows it. The local part stays: only its owner may change it.
func EnvelopeAddress(address string) (string, error) {
	at := strings.LastIndexByte(address, '@')
	if at < 1 || hasControl(address) {
		return "", errAddress
	}
	domain, err := idna.Lookup.ToASCII(address[at+1:])
	if err != nil {
		return "", fmt.Errorf("%w: %s", errAddress, address[at+1:])
	}
	return address[:at+1] + domain, nil
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e })
}
