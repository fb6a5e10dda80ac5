package mailout

import (
	"fmt"

	"golang.org/x/text/language"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// heldWords are the languages of mails about the quarantine, in the order of spoken.
var heldWords = []struct{ template, subject string }{
	{"held", "Mails in quarantine: %d"},
	{"held.de", "E-Mails in Quarantäne: %d"},
}

// held writes what waits for a person's word. Of the mails themselves it tells nothing: strangers write them.
func (r *Renderer) held(d domain.MailDelivery, h domain.HeldMails) (Message, error) {
	_, index := language.MatchStrings(spoken, d.Locale)
	words := heldWords[index]
	m := r.toColleague(d, fmt.Sprintf(words.subject, h.All))
	return m, r.bodies(&m, words.template, struct {
		domain.HeldMails
		URL string
	}{h, r.QuarantineURL})
}
