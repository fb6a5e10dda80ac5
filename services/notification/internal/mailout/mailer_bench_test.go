package mailout

import (
	"fmt"
	"net/mail"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// BenchmarkMailer writes mails and hands them to a mail server on the same machine, by as many workers as the service has.
func BenchmarkMailer(b *testing.B) {
	sink := testkit.SMTPSink(b)
	server, err := NewSMTP(SMTPConfig{Addr: sink.Addr, Hello: "desk.test", TLS: TLSNone})
	require.NoError(b, err)
	b.Cleanup(server.Close)
	r := NewRenderer(mail.Address{Name: "Altis Support", Address: "support@desk.test"}, "emergency@desk.test", func(n int64) string {
		return fmt.Sprint("https://desk.test/tickets/", n)
	})
	content := domain.MailContent{Kind: domain.MailMessage, Ticket: 7, Subject: "slow", Messages: []domain.PublicMessage{{
		ID: "m", Author: domain.Person{Name: "Mia", Email: "mia@shop.test"}, At: time.Now(),
		Body: "Since noon the page takes *nine* seconds instead of one:\n\n- from two offices\n- from a phone\n\n`GET /` is quick.",
	}}}
	var n atomic.Int64
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			id := fmt.Sprintf("%032d", n.Add(1))
			d := domain.MailDelivery{ID: id, MessageID: id + "@desk.test", Ticket: 7, Subject: "[#7] slow", CreatedAt: time.Now(), Recipient: domain.Recipient{
				Person: domain.Person{Name: "Noa", Email: "noa@shop.test"}, Reason: "cc",
			}}
			m, err := r.Correspondence(d, content)
			if err == nil {
				var data []byte
				if data, err = m.Bytes(); err == nil {
					_, err = server.Send(b.Context(), Envelope{ID: id, From: "support@desk.test", To: "noa@shop.test"}, data)
				}
			}
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}
