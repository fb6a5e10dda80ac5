package mailout

import (
	"net/mail"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// Bundle writes the mail that pages an engineer about many incidents at once. It is in English, as pages are.
func (r *Renderer) Bundle(to domain.Person, address string, b *notificationv1.PagesBundled, messageID string) (Message, error) {
	m := Message{
		ID: messageID, From: r.From, To: mail.Address{Name: to.Name, Address: address},
		Subject: oneLine(b.GetData().GetTitle()), Date: b.GetTimestamp().AsTime(), Submitted: Generated,
	}
	return m, r.bodies(&m, "page_bundle", b.GetData())
}
