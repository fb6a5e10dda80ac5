package testkit

import (
	"net"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// DNS is a DNS server of TXT records. Other names it says do not exist.
type DNS struct {
	Addr string // host:port, UDP

	mu    sync.Mutex
	texts map[string]string
}

// NewDNS starts a server, which ends with the test.
func NewDNS(t testing.TB) *DNS {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &DNS{Addr: conn.LocalAddr().String(), texts: map[string]string{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.serve(conn)
	}()
	t.Cleanup(func() {
		_ = conn.Close() // ends serve
		<-done
	})
	return d
}

// Set gives a name a TXT record.
func (d *DNS) Set(name, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.texts[strings.ToLower(name)+"."] = text
}

func (d *DNS) serve(conn net.PacketConn) {
	buf := make([]byte, 4096)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return
		}
		if answer, err := d.answer(buf[:n]); err == nil {
			_, _ = conn.WriteTo(answer, from) // who asked asks again
		}
	}
}

// maxText is how long one string of a record may be.
const maxText = 255

func (d *DNS) answer(question []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return nil, err
	}
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	for _, q := range m.Questions {
		d.mu.Lock()
		text, ok := d.texts[strings.ToLower(q.Name.String())]
		d.mu.Unlock()
		if !ok {
			m.RCode = dnsmessage.RCodeNameError
			continue
		}
		if q.Type != dnsmessage.TypeTXT {
			continue
		}
		var parts []string
		for ; len(text) > maxText; text = text[maxText:] {
			parts = append(parts, text[:maxText])
		}
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}, Body: &dnsmessage.TXTResource{TXT: append(parts, text)},
		})
	}
	return m.Pack()
}
