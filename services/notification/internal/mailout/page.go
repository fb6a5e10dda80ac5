package mailout

import (
	"fmt"
	"net/mail"
	"time"

	"golang.org/x/text/language"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// call is what the templates of pages see.
type call struct {
	*notificationv1.PageNotice
	Since, NextStep time.Time
	Why             string
}

// pageWords are the languages of pages, in the order of spoken. Titles stay as they are on every other channel: people have their
// filters and ring tones by what they begin with.
var pageWords = []struct {
	page, bundle, test string // templates
	bundled            string // subject; "" = the title of the bundle
	tested, code       string // subjects
	why                map[domain.WhyKind]string
}{
	{page: "page", bundle: "page_bundle", test: "contact_test", tested: "[Test] Pages arrive here", code: "%s is your code"},
	{
		page: "page.de", bundle: "page_bundle.de", test: "contact_test.de", bundled: "%d Alarme: %s und %d weitere",
		tested: "[Test] Alarme kommen hier an", code: "%s ist Ihr Code",
		why: map[domain.WhyKind]string{
			domain.WhySchedule: "Bereitschaft nach dem Plan %s", domain.WhyOverride: "Bereitschaft nach dem Plan %s (Vertretung)",
			domain.WhyNamed: "im Eskalationsplan genannt", domain.WhyFallback: "auf der Ersatzliste", domain.WhySupervisor: "Leitung: niemand hat bestätigt",
		},
	},
}

// whyIn returns why somebody is paged; in English as the notice has it, which says so to every channel.
func whyIn(words map[domain.WhyKind]string, w domain.Why, n *notificationv1.PageNotice) string {
	text, ok := words[w.Kind]
	switch {
	case !ok:
		return n.GetWhy()
	case w.Kind == domain.WhySchedule, w.Kind == domain.WhyOverride:
		return fmt.Sprintf(text, oneLine(w.Schedule))
	}
	return text
}

// Page writes the mail that pages an engineer.
func (r *Renderer) Page(d domain.Delivery, locale string, n *notificationv1.PageNotice, messageID string) (Message, error) {
	_, index := language.MatchStrings(spoken, locale)
	words := pageWords[index]
	c := call{PageNotice: n, Why: whyIn(words.why, d.Why, n)}
	if t := n.GetSinceTime(); t != nil {
		c.Since = t.AsTime()
	}
	if t := n.GetNextStepTime(); t != nil {
		c.NextStep = t.AsTime()
	}
	m := Message{
		ID: messageID, From: r.From, To: mail.Address{Name: d.Person.Name, Address: d.Contact.Address},
		Subject: n.GetTitle(), Date: n.GetOpenTime().AsTime(), Submitted: Generated,
	}
	return m, r.bodies(&m, words.page, c)
}

// Bundle writes the mail that pages an engineer about many incidents at once.
func (r *Renderer) Bundle(to domain.Person, address, locale string, b *notificationv1.PagesBundled, messageID string) (Message, error) {
	_, index := language.MatchStrings(spoken, locale)
	words, data := pageWords[index], b.GetData()
	subject := data.GetTitle()
	if words.bundled != "" && len(data.GetPages()) > 0 {
		subject = fmt.Sprintf(words.bundled, data.GetCount(), data.GetPages()[0].GetTitle(), data.GetCount()-1)
	}
	m := Message{
		ID: messageID, From: r.From, To: mail.Address{Name: to.Name, Address: address},
		Subject: oneLine(subject), Date: b.GetTimestamp().AsTime(), Submitted: Generated,
	}
	return m, r.bodies(&m, words.bundle, struct {
		*notificationv1.PageBundleNotice
		Title string
	}{data, subject})
}

// ContactTest writes the mail that tries whether pages arrive at an address, or that brings a code to it.
func (r *Renderer) ContactTest(t domain.ContactTest, locale, messageID string) (Message, error) {
	_, index := language.MatchStrings(spoken, locale)
	words := pageWords[index]
	m := Message{
		ID: messageID, From: r.From, To: mail.Address{Name: t.To.Name, Address: t.Contact.Address}, Date: t.At, Submitted: Generated,
		Subject: words.tested,
	}
	if t.Code != "" {
		m.Subject = fmt.Sprintf(words.code, t.Code)
	}
	return m, r.bodies(&m, words.test, map[string]string{"To": oneLine(t.To.Label()), "Tester": oneLine(t.Tester.Label()), "Code": t.Code})
}
