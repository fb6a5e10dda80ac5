package mailout

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// conversation is a connection to a mail server (RFC 5321). What begins a mail goes in one packet where the server allows it
// (PIPELINING, RFC 2920), so that a mail takes two round trips instead of four.
type conversation struct {
	conn      net.Conn
	reader    *textproto.Reader
	writer    *bufio.Writer
	offered   map[string]string // extensions, by name in upper case
	reply     time.Duration     // how long the server may take for an answer
	protected bool
	over      bool      // the server has said that it ends it
	since     time.Time // idle since
}

func newConversation(conn net.Conn, reply time.Duration) *conversation {
	return &conversation{conn: conn, reader: textproto.NewReader(bufio.NewReader(conn)), writer: bufio.NewWriterSize(conn, 32<<10), reply: reply}
}

func (c *conversation) offers(extension string) bool {
	_, ok := c.offered[extension]
	return ok
}

// greet waits for the server's greeting and says who we are.
func (c *conversation) greet(name string) error {
	c.wait()
	if _, err := c.answer(220); err != nil {
		return err
	}
	return c.hello(name)
}

func (c *conversation) hello(name string) error {
	c.offered = map[string]string{}
	text, err := c.command(250, "EHLO %s", name)
	if answer, ok := errors.AsType[*smtp.SMTPError](err); ok && answer.Code/100 == 5 && !c.over {
		_, err = c.command(250, "HELO %s", name) // it knows no extensions
		return err
	}
	if err != nil {
		return err
	}
	_, lines, _ := strings.Cut(text, "\n") // the first one names the server
	for line := range strings.Lines(lines) {
		name, parameters, _ := strings.Cut(strings.TrimSpace(line), " ")
		c.offered[strings.ToUpper(name)] = parameters
	}
	return nil
}

// protect goes on under TLS. What was offered before nobody has vouched for.
func (c *conversation) protect(ctx context.Context, config *tls.Config, name string) error {
	if _, err := c.command(220, "STARTTLS"); err != nil {
		return err
	}
	if c.reader.R.Buffered() > 0 {
		return errors.New("the mail server went on in clear after STARTTLS")
	}
	conn := tls.Client(c.conn, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		return err
	}
	c.conn, c.protected = conn, true
	c.reader.R.Reset(conn)
	c.writer.Reset(conn)
	return c.hello(name)
}

func (c *conversation) login(user, password string) error {
	_, err := c.command(235, "AUTH PLAIN %s", base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+password)))
	return err
}

// reset forgets what was said about a mail.
func (c *conversation) reset() error {
	_, err := c.command(250, "RSET")
	return err
}

// begin says whom a mail is from and for, and that it follows. Of the answers the first that is a no counts. After an error
// there is nothing to follow.
func (c *conversation) begin(e Envelope, size int, international bool) (sender, recipient, data error) {
	mail := "MAIL FROM:<" + e.From + ">"
	if c.offers("SIZE") {
		mail += " SIZE=" + strconv.Itoa(size)
	}
	if c.offers("8BITMIME") {
		mail += " BODY=8BITMIME"
	}
	if international {
		mail += " SMTPUTF8"
	}
	commands := []string{mail, "RCPT TO:<" + e.To + ">", "DATA"}
	codes := []int{250, 25, 354} // 251: it will forward
	errs := make([]error, len(commands))
	if !c.offers("PIPELINING") {
		for i, command := range commands {
			if _, errs[i] = c.command(codes[i], "%s", command); errs[i] != nil {
				break
			}
		}
		return errs[0], errs[1], errs[2]
	}
	c.wait()
	for _, command := range commands {
		_, _ = c.writer.WriteString(command + "\r\n") // Flush tells the error
	}
	if err := c.writer.Flush(); err != nil {
		return err, nil, nil
	}
	for i := range commands {
		_, errs[i] = c.answer(codes[i])
		if _, ok := errors.AsType[*smtp.SMTPError](errs[i]); errs[i] != nil && (!ok || c.over) {
			// It is broken: more answers will not come.
			if errs[0] == nil && errs[1] == nil {
				errs[0] = errs[i]
			}
			return errs[0], errs[1], nil
		}
	}
	if errs[2] == nil && (errs[0] != nil || errs[1] != nil) {
		// It takes the message though it takes no recipient: an empty one, which it will refuse.
		_, _ = c.command(250, ".")
	}
	return errs[0], errs[1], errs[2]
}

// message sends the message itself and returns what the server says to it.
func (c *conversation) message(message []byte) (string, error) {
	c.wait()
	w := textproto.NewWriter(c.writer).DotWriter()
	if _, err := w.Write(message); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil { // writes out all
		return "", err
	}
	text, err := c.answer(250)
	if err != nil {
		return "", err
	}
	return oneLine("250 " + withoutStatus(text)), nil
}

// command sends a command and returns the answer, an error unless it begins with the code.
func (c *conversation) command(code int, format string, args ...any) (string, error) {
	c.wait()
	_, _ = fmt.Fprintf(c.writer, format+"\r\n", args...) // Flush tells the error
	if err := c.writer.Flush(); err != nil {
		return "", err
	}
	return c.answer(code)
}

// wait gives the server time for what follows.
func (c *conversation) wait() {
	_ = c.conn.SetDeadline(time.Now().Add(c.reply)) // fails on a closed connection, which is noticed next
}

// answer reads an answer. One that does not begin with the code is a *smtp.SMTPError.
func (c *conversation) answer(code int) (string, error) {
	got, text, err := c.reader.ReadResponse(code)
	if _, no := errors.AsType[*textproto.Error](err); !no {
		return text, err
	}
	c.over = got == 421
	refusal := &smtp.SMTPError{Code: got, EnhancedCode: smtp.NoEnhancedCode, Message: text}
	if class, subject, detail, rest, ok := status(text); ok {
		refusal.EnhancedCode, refusal.Message = smtp.EnhancedCode{class, subject, detail}, rest
	}
	return "", refusal
}

// status reads the enhanced status (RFC 2034) that an answer begins with; each of its lines repeats it.
func status(text string) (class, subject, detail int, rest string, ok bool) {
	code, _, _ := strings.Cut(text, " ")
	code, _, _ = strings.Cut(code, "\n")
	parts := strings.Split(code, ".")
	if len(parts) != 3 {
		return 0, 0, 0, text, false
	}
	var numbers [3]int
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 10)
		if err != nil {
			return 0, 0, 0, text, false
		}
		numbers[i] = int(n)
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(line, code), " ")
	}
	return numbers[0], numbers[1], numbers[2], strings.Join(lines, "\n"), true
}

func withoutStatus(text string) string {
	_, _, _, rest, _ := status(text)
	return rest
}
