package inbound

import (
	"context"
	"io"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/imapin"
	"altis-dxp.com/support/services/notification/internal/mailin"
	"altis-dxp.com/support/services/notification/internal/spool"
	"altis-dxp.com/support/services/notification/internal/store"
)

// Poller returns what fetches the mails of the desk's mailbox.
func (i *Inbox) Poller(c imapin.Config) *imapin.Poller {
	c.MaxBytes = maxBytes
	return &imapin.Poller{
		Config: c, Holder: i.NewID(), State: store.Mailbox{Store: i.Store, ID: domain.Hash("imap", c.Addr, c.User, c.Folder)},
		Logger: i.Logger,
		Keep: func(ctx context.Context, mail io.Reader) error {
			return i.take(ctx, mail, i.fetched)
		},
	}
}

// fetched says how a mail came that lay in a mailbox: its fields tell what its envelope has told the server there.
func (i *Inbox) fetched(s *mailin.Scanner) (spool.Envelope, mailin.Head) {
	from, to := s.Envelope()
	e := spool.Envelope{From: from, To: i.Support, ReceivedAt: i.Now()}
	for _, address := range to { // an answer may have come to it
		if _, ok := i.Addresses.Read(address, i.Now()); ok {
			e.To = address
			break
		}
	}
	return e, s.Head(from)
}
