package harness

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// PageRequests are the webhooks of pages: not those that bring codes.
func (w *World) PageRequests() []testkit.Request {
	return slices.DeleteFunc(w.Pager.Requests(), BringsCode)
}

// BringsCode reports whether a webhook brings the code of a contact.
func BringsCode(r testkit.Request) bool {
	return strings.Contains(string(r.Body), "contact.verification.v1")
}

// VerifyWebhook enters the code that a receiver got for a contact.
func (w *World) VerifyWebhook(t testing.TB, receiver *testkit.Hook, contact string) {
	t.Helper()
	var code string
	testkit.Eventually(t, func() bool {
		for _, r := range receiver.Requests() {
			var sent notificationv1.ContactVerification
			if protojson.Unmarshal(r.Body, &sent) == nil && sent.GetData().GetContact() == contact {
				code = sent.GetData().GetCode()
			}
		}
		return code != ""
	}, "no code came")
	w.verify(t, contact, code)
}

var codeSubject = regexp.MustCompile("^([0-9]{6}) is your code$")

// VerifyMail enters the code that was mailed to a contact last.
func (w *World) VerifyMail(t testing.TB, contact *notificationv1.Contact) {
	t.Helper()
	var code string
	testkit.Eventually(t, func() bool {
		for _, m := range w.SMTP.Messages() {
			header := m.Parse(t).Header
			subject, err := header.Subject()
			if found := codeSubject.FindStringSubmatch(subject); err == nil && found != nil && slices.Contains(m.To, contact.GetAddress()) {
				code = found[1]
			}
		}
		return code != ""
	}, "no code came")
	w.verify(t, contact.GetId(), code)
}

func (w *World) verify(t testing.TB, contact, code string) {
	t.Helper()
	verified, err := w.Admin.OnCall().VerifyContact(t.Context(), &notificationv1.VerifyContactRequest{Contact: contact, Code: code})
	require.NoError(t, err)
	require.NotNil(t, verified.GetVerifyTime())
}
