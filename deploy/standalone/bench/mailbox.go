package main

import (
	"fmt"
	"time"

	"github.com/emersion/go-smtp"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
)

// measureMailbox sends mails to a process of the emergency mailbox, one after the other, and returns the time from the end of
// each to the arrival of its page. Both the mail and the page are synchronized to the disk between.
func (b *bench) measureMailbox(mails int) spread {
	m := (*harness.Suite)(nil).Mailbox(b.runner, "--pages-per-window=1000000", "--no-receipts", "--log-level=info")
	pages := newArrivals()
	pages.watch(m.Pager, "")
	c, err := smtp.Dial(m.SMTP)
	b.must(err)
	var took []time.Duration
	for n := range mails {
		id := fmt.Sprintf("bench-%d", n)
		b.must(c.Mail(fmt.Sprintf("p%d@shop.example", n), nil))
		b.must(c.Rcpt(harness.EmergencyAddress, nil))
		data, err := c.Data()
		b.must(err)
		_, err = fmt.Fprintf(data, "From: Mia <p%d@shop.example>\r\nMessage-ID: <%[1]d@shop.example>\r\nSubject: %s the shop is down\r\n\r\nNobody can pay.\r\n", n, id)
		b.must(err)
		began := time.Now()
		b.must(data.Close())
		if missing := pages.wait(b.ctx, []string{id}, pageLimit); len(missing) > 0 {
			b.must(fmt.Errorf("the page of mail %d did not arrive within %s", n, pageLimit))
		}
		took = append(took, pages.at(id).Sub(began))
	}
	b.must(c.Quit())
	return spreadOf(took)
}
