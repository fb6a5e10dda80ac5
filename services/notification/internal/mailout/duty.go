package mailout

import (
	"fmt"
	"net/mail"
	"strconv"
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
	Steps       string
	Fallback    bool
}

// dutyWords are the languages of these mails, in the order of spoken.
var dutyWords = []struct {
	template, clock string
	unverified      string // subject of a gap in which somebody may get a mail
	subjects        map[domain.DutyKind]string
}{
	{"duty", "Mon 2 January 2006, 15:04 MST", "On call without a verified contact: %s", map[domain.DutyKind]string{
		domain.DutyBegins: "You are on call: %s",
		domain.DutyEnds:   "You are no longer on call: %s",
		domain.GapAhead:   "Nobody will be on call: %s",
		domain.GapNow:     "Nobody is on call: %s",
		domain.PolicyGap:  "Part of the escalation policy reaches nobody%s",
	}},
	{"duty.de", "02.01.2006, 15:04 MST", "Bereitschaft ohne bestätigten Kontakt: %s", map[domain.DutyKind]string{
		domain.DutyBegins: "Sie haben Bereitschaft: %s",
		domain.DutyEnds:   "Ihre Bereitschaft ist zu Ende: %s",
		domain.GapAhead:   "Niemand wird Bereitschaft haben: %s",
		domain.GapNow:     "Niemand hat Bereitschaft: %s",
		domain.PolicyGap:  "Ein Teil des Eskalationsplans erreicht niemanden%s",
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
	for i, step := range d.Notice.Steps {
		if i > 0 {
			v.Steps += ", "
		}
		v.Steps += strconv.Itoa(step)
	}
	v.Fallback = d.Notice.Fallback
	subject := words.subjects[v.Kind]
	if v.OnCall != "" && (v.Kind == domain.GapAhead || v.Kind == domain.GapNow) {
		subject = words.unverified
	}
	p := d.Recipient.Person
	m := Message{
		ID: messageID, From: r.From, To: mail.Address{Name: p.Name, Address: p.Email}, Date: d.CreatedAt, Submitted: Generated,
		Subject: fmt.Sprintf(subject, v.Name),
	}
	return m, r.bodies(&m, words.template, v)
}
