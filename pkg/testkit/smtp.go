package testkit

import (
	"bytes"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"
)

// Mail is a message that a Sink received.
type Mail struct {
	At   time.Time // when it had arrived whole
	From string    // envelope sender, "" for the null sender
	To   []string  // envelope recipients that were accepted
	Data []byte    // as received, lines ending in CRLF
}

// Parts is what a message says, decoded.
type Parts struct {
	Header      mail.Header
	Text, HTML  string
	Attachments []Attachment
}

// Attachment is an attached file of a message.
type Attachment struct {
	Name    string
	Type    string // media type without parameters
	Content []byte
}

// Parse decodes the message and fails the test when it is malformed.
func (m Mail) Parse(t testing.TB) Parts {
	t.Helper()
	reader, err := mail.CreateReader(bytes.NewReader(m.Data))
	must(t, err)
	parts := Parts{Header: reader.Header}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return parts
		}
		must(t, err)
		content, err := io.ReadAll(part.Body)
		must(t, err)
		switch header := part.Header.(type) {
		case *mail.InlineHeader:
			kind, _, err := header.ContentType()
			must(t, err)
			if kind == "text/html" {
				parts.HTML += string(content)
			} else {
				parts.Text += string(content)
			}
		case *mail.AttachmentHeader:
			kind, _, err := header.ContentType()
			must(t, err)
			name, err := header.Filename()
			must(t, err)
			parts.Attachments = append(parts.Attachments, Attachment{Name: name, Type: kind, Content: content})
		}
	}
}

// Sink is a mail server that keeps what it receives.
type Sink struct {
	Addr string // host:port

	t       testing.TB
	address address

	mu       sync.Mutex
	mails    []Mail
	refused  map[string]smtp.SMTPError // by recipient in lower case
	delay    time.Duration
	server   *smtp.Server // nil while down
	listener net.Listener
	served   chan struct{} // closed when server has ended
	ended    chan struct{} // closed by Down
}

// SMTPSink starts a Sink that accepts everything. It ends with the test.
func SMTPSink(t testing.TB) *Sink {
	t.Helper()
	s := &Sink{t: t, refused: make(map[string]smtp.SMTPError)}
	s.Up()
	s.Addr = s.address.text
	t.Cleanup(s.Down)
	return s
}

// Messages returns what was received so far, in the order of arrival.
func (s *Sink) Messages() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Refuse answers code (4xx, 5xx) to the recipient from now on, as one that is not there; 0 accepts again.
func (s *Sink) Refuse(addr string, code int) { s.RefuseAs(addr, code, 1, 1) }

// RefuseAs is Refuse for another reason: subject and detail of the enhanced status (RFC 3463).
func (s *Sink) RefuseAs(addr string, code, subject, detail int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused[strings.ToLower(addr)] = smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, subject, detail}}
}

// Delay sets how long the answer to each message takes from now on.
func (s *Sink) Delay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// Down closes the port and breaks all connections, until Up.
func (s *Sink) Down() {
	s.mu.Lock()
	server, listener, served := s.server, s.listener, s.served
	if server != nil {
		close(s.ended)
	}
	s.server = nil
	s.mu.Unlock()
	if server == nil {
		return
	}
	_ = server.Close()
	_ = listener.Close() // the server does not know it yet when it has only just started
	<-served
}

// Up opens the same port again after Down.
func (s *Sink) Up() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		return
	}
	listener := s.address.listen(s.t)
	served, ended := make(chan struct{}), make(chan struct{})
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &sinkSession{sink: s, ended: ended}, nil
	}))
	server.Domain = "sink.test"
	server.EnableSMTPUTF8 = true
	server.ReadTimeout, server.WriteTimeout = time.Minute, time.Minute
	// A test that breaks connections is no reason to write about it.
	server.ErrorLog = silent{}
	s.server, s.listener, s.served, s.ended = server, listener, served, ended
	go func() {
		defer close(served)
		_ = server.Serve(listener) // ends by Down only
	}()
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

type sinkSession struct {
	sink  *Sink
	ended <-chan struct{}
	mail  Mail
}

func (s *sinkSession) Reset() { s.mail = Mail{} }

func (s *sinkSession) Logout() error { return nil }

func (s *sinkSession) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.From = from
	return nil
}

func (s *sinkSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.sink.mu.Lock()
	no := s.sink.refused[strings.ToLower(to)]
	s.sink.mu.Unlock()
	if no.Code != 0 {
		// Like most servers it repeats the address, which has no business in a log.
		no.Message = "<" + to + ">: recipient refused"
		return &no
	}
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *sinkSession) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.sink.mu.Lock()
	delay := s.sink.delay
	s.sink.mu.Unlock()
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-s.ended:
			return errors.New("the server ends")
		}
	}
	s.mail.At, s.mail.Data = time.Now(), data
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.mails = append(s.sink.mails, s.mail)
	return nil
}
