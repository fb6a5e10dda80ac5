package mailout

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// script is a mail server that says what it was told to, and records the commands that came together.
type script struct {
	t        *testing.T
	addr     string
	offers   []string
	answers  map[string]string // to a command by its verb; else what is usual
	idleEnds bool              // ends the first connection after its first mail

	mu     sync.Mutex
	groups []string // commands that were there before the first of them was answered
	mails  []string
	conns  int
}

func serveScript(t *testing.T, s *script) *script {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.t, s.addr = t, listener.Addr().String()
	var all sync.WaitGroup
	var open []net.Conn
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns++
			first := s.conns == 1
			open = append(open, conn)
			s.mu.Unlock()
			all.Go(func() { s.serve(conn, first) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		s.mu.Lock()
		for _, conn := range open {
			_ = conn.Close()
		}
		s.mu.Unlock()
		all.Wait()
	})
	return s
}

func (s *script) serve(conn net.Conn, first bool) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	say := func(text string) { _, _ = fmt.Fprint(conn, text+"\r\n") }
	say("220 script.test ready")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		commands := []string{strings.TrimSpace(line)}
		// What follows in the same packet is there; more than that is not waited for.
		for r.Buffered() > 0 {
			if line, err = r.ReadString('\n'); err != nil {
				return
			}
			commands = append(commands, strings.TrimSpace(line))
		}
		s.mu.Lock()
		s.groups = append(s.groups, strings.Join(commands, " | "))
		s.mu.Unlock()
		for _, command := range commands {
			verb, _, _ := strings.Cut(command, " ")
			usual := map[string]string{"EHLO": "250-script.test", "DATA": "354 go ahead", "QUIT": "221 bye"}[verb]
			switch answer := s.answers[verb]; {
			case answer != "":
				say(answer)
				if verb != "DATA" || !strings.HasPrefix(answer, "354") {
					continue
				}
				usual = answer
			case verb == "EHLO":
				for _, extension := range s.offers {
					usual += "\r\n250-" + extension
				}
				say(usual + "\r\n250 HELP")
				continue
			case usual == "":
				say("250 2.0.0 fine")
				continue
			default:
				say(usual)
			}
			if !strings.HasPrefix(usual, "354") {
				continue
			}
			var mail strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				mail.WriteString(line)
			}
			if mail.Len() == 0 {
				say("554 5.5.1 no valid recipients")
				continue
			}
			s.mu.Lock()
			s.mails = append(s.mails, mail.String())
			s.mu.Unlock()
			say("250 2.0.0 queued")
			if first && s.idleEnds {
				say("421 4.4.2 you were idle")
				return
			}
		}
	}
}

func (s *script) saw() (groups, mails []string, conns int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.groups...), append([]string(nil), s.mails...), s.conns
}

func sendText(t *testing.T, s *SMTP, to, text string) (string, error) {
	t.Helper()
	return s.Send(t.Context(), Envelope{ID: "d", From: "support@desk.test", To: to}, []byte(text))
}

func TestWhatBeginsAMailGoesTogetherWhereTheServerAllowsIt(t *testing.T) {
	for _, tt := range []struct {
		name   string
		offers []string
		groups []string
	}{
		{"it does", []string{"PIPELINING", "SIZE 1000", "8bitmime"}, []string{
			"EHLO desk.test", "MAIL FROM:<support@desk.test> SIZE=30 BODY=8BITMIME | RCPT TO:<noa@shop.test> | DATA",
			"MAIL FROM:<support@desk.test> SIZE=30 BODY=8BITMIME | RCPT TO:<mia@shop.test> | DATA",
		}},
		{"it does not", nil, []string{
			"EHLO desk.test", "MAIL FROM:<support@desk.test>", "RCPT TO:<noa@shop.test>", "DATA",
			"MAIL FROM:<support@desk.test>", "RCPT TO:<mia@shop.test>", "DATA",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := serveScript(t, &script{offers: tt.offers})
			s := transport(t, SMTPConfig{Addr: srv.addr, TLS: TLSAuto, Hello: "desk.test"})
			for _, to := range []string{"noa@shop.test", "mia@shop.test"} {
				answer, err := sendText(t, s, to, "Subject: x\r\n\r\n.dots\r\n..\r\nend\r\n")
				require.NoError(t, err)
				require.Equal(t, "250 queued", answer)
			}
			groups, mails, conns := srv.saw()
			require.Equal(t, tt.groups, groups)
			require.Equal(t, "Subject: x\r\n\r\n..dots\r\n...\r\nend\r\n", mails[0], "with its dots stuffed")
			require.Len(t, mails, 2)
			require.Equal(t, 1, conns)
		})
	}
}

func TestARefusalLeavesTheConnectionOfUse(t *testing.T) {
	for _, tt := range []struct {
		name    string
		offers  []string
		answers map[string]string
		final   bool
		gone    bool
		says    string
	}{
		{"the recipient, in one packet", []string{"PIPELINING"}, map[string]string{"RCPT": "550-5.1.1 nobody\r\n550 5.1.1 of that name", "DATA": "554 5.5.1 no"}, true, true, "550 5.1.1 nobody of that name"},
		{"the recipient, and yet it would take the message", []string{"PIPELINING"}, map[string]string{"RCPT": "550 5.1.1 nobody", "DATA": "354 go on"}, true, true, "550 5.1.1 nobody"},
		{"the recipient, one by one", nil, map[string]string{"RCPT": "550 5.1.1 nobody"}, true, true, "550 5.1.1 nobody"},
		{"the recipient, without an enhanced status", nil, map[string]string{"RCPT": "550 nobody"}, true, false, "550 nobody"},
		{"the sender, which may be repaired", []string{"PIPELINING"}, map[string]string{"MAIL": "550 5.7.1 not you", "RCPT": "503 first the sender", "DATA": "503 first the sender"}, false, false, "550 5.7.1 not you"},
		{"for now", []string{"PIPELINING"}, map[string]string{"RCPT": "451 4.3.0 later", "DATA": "503 5.5.1 no"}, false, false, "451 4.3.0 later"},
		{"the message", []string{"PIPELINING"}, map[string]string{"DATA": "554 5.6.0 no"}, true, false, "554 5.6.0 no"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := serveScript(t, &script{offers: tt.offers, answers: tt.answers})
			s := transport(t, SMTPConfig{Addr: srv.addr, TLS: TLSAuto, Hello: "desk.test"})
			for range 2 {
				_, err := sendText(t, s, "noa@shop.test", "Subject: x\r\n\r\nx\r\n")
				require.EqualError(t, err, tt.says)
				refused, final := errors.AsType[*Refused](err)
				require.Equal(t, tt.final, final)
				require.Equal(t, tt.gone, final && refused.Gone)
			}
			groups, mails, conns := srv.saw()
			require.Empty(t, mails)
			require.Equal(t, 1, conns)
			require.Contains(t, groups, "RSET")
		})
	}
}

func TestAMailIsSentThoughTheServerHasEndedItsConnection(t *testing.T) {
	srv := serveScript(t, &script{offers: []string{"PIPELINING"}, idleEnds: true})
	s := transport(t, SMTPConfig{Addr: srv.addr, TLS: TLSAuto, Hello: "desk.test"})
	for n := range 3 {
		_, err := sendText(t, s, "noa@shop.test", fmt.Sprintf("Subject: %d\r\n\r\nx\r\n", n))
		require.NoError(t, err)
	}
	_, mails, conns := srv.saw()
	require.Len(t, mails, 3, "each once")
	require.Equal(t, 2, conns)
}

func TestASilentServerIsGivenUp(t *testing.T) {
	srv := serveScript(t, &script{answers: map[string]string{"RCPT": " "}}) // nothing that is an answer
	s := transport(t, SMTPConfig{Addr: srv.addr, TLS: TLSAuto, Hello: "desk.test", Reply: 50 * time.Millisecond})
	_, err := sendText(t, s, "noa@shop.test", "Subject: x\r\n\r\nx\r\n")
	require.Error(t, err)
	_, refused := errors.AsType[*Refused](err)
	require.False(t, refused)
	_, mails, _ := srv.saw()
	require.Empty(t, mails)
}
