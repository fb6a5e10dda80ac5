package mailout

import (
	"fmt"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/text/language"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// duty is what the templates of mails about on-call see.
type duty struct {
	Kind        domain.DutyKind
	Name        string
	From, Until string // on the wall of the schedule; Until may be ""
	OnCall      string
}

// dutyWords are the languages of these mails, in the order of spoken.
var dutyWords = []struct {
	template, clock string
	subjects        map[domain.DutyKind]string
}{
	{"duty", "Mon 2 January 2006, 15:04 MST", map[domain.DutyKind]string{
		domain.DutyBegins: "You are on call: %s",
		domain.DutyEnds:   "You are no longer on call: %s",
		domain.GapAhead:   "Nobody will be on call: %s",
		domain.GapNow:     "Nobody is on call: %s",
	}},
	{"duty.de", "02.01.2006, 15:04 MST", map[domain.DutyKind]string{
		domain.DutyBegins: "Sie haben Bereitschaft: %s",
		domain.DutyEnds:   "Ihre Bereitschaft ist zu Ende: %s",
		domain.GapAhead:   "Niemand wird Bereitschaft haben: %s",
		domain.GapNow:     "Niemand hat Bereitschaft: %s",
	}},
}

// Duty writes a mail about on-call.
func (r *Renderer) Duty(d domain.DutyMail, messageID string) (Message, error) {
	if d.Notice.Kind.Drill() {
		return r.drill(d, messageID)
	}
	zone, err := time.LoadLocation(d.Notice.Zone)
	if err != nil {
		return Message{}, fmt.Errorf("mailout: zone of a schedule: %w", err)
	}
	_, index := language.MatchStrings(spoken, d.Locale)
	words := dutyWords[index]
	v := duty{Kind: d.Notice.Kind, Name: oneLine(d.Notice.Name), From: d.Notice.Start.In(zone).Format(words.clock)}
	if !d.Notice.End.IsZero() {
		v.Until = d.Notice.End.In(zone).Format(words.clock)
	}
	v.OnCall = oneLine(strings.Join(d.Notice.OnCall, ", "))
	p := d.Recipient.Person
	m := Message{
		ID: messageID, From: r.From, To: mail.Address{Name: p.Name, Address: p.Email}, Date: d.CreatedAt, Submitted: Generated,
		Subject: fmt.Sprintf(words.subjects[v.Kind], v.Name),
	}
	return m, r.bodies(&m, words.template, v)
}
