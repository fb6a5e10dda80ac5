package mailout

import (
	"net/mail"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// ContactTest writes the mail that tries whether pages arrive at an address, or that brings a code to it. It is in English,
// as pages are.
func (r *Renderer) ContactTest(t domain.ContactTest, messageID string) (Message, error) {
	m := Message{
		ID: messageID, From: r.From, To: mail.Address{Name: t.To.Name, Address: t.Contact.Address}, Date: t.At, Submitted: Generated,
		Subject: "[Test] Pages arrive here",
	}
	if t.Code != "" {
		m.Subject = t.Code + " is your code"
	}
	return m, r.bodies(&m, "contact_test", map[string]string{"To": oneLine(t.To.Label()), "Tester": oneLine(t.Tester.Label()), "Code": t.Code})
}
