package mailout

import (
	"fmt"
	"net/mail"
	"time"

	"golang.org/x/text/language"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// drillWords are the languages of mails about drills, in the order of spoken.
var drillWords = []struct {
	template, clock string
	subjects        map[domain.DutyKind]string
}{
	{"drill", "Mon 2 January 2006, 15:04:05 MST", map[domain.DutyKind]string{
		domain.DrillMissedAccept:      "Drill missed: no page arrived within %s",
		domain.DrillMissedAcknowledge: "Drill missed: nobody acknowledged within %s",
	}},
	{"drill.de", "02.01.2006, 15:04:05 MST", map[domain.DutyKind]string{
		domain.DrillMissedAccept:      "Übung verfehlt: kein Alarm kam innerhalb von %s an",
		domain.DrillMissedAcknowledge: "Übung verfehlt: niemand hat innerhalb von %s bestätigt",
	}},
}

// drill writes the mail to a supervisor about a drill that missed a target.
func (r *Renderer) drill(d domain.DutyMail, messageID string) (Message, error) {
	_, index := language.MatchStrings(spoken, d.Locale)
	words, p := drillWords[index], d.Recipient.Person
	m := Message{
		ID: messageID, From: r.From, To: mail.Address{Name: p.Name, Address: p.Email}, Date: d.CreatedAt, Submitted: Generated,
		Subject: fmt.Sprintf(words.subjects[d.Notice.Kind], d.Notice.Name),
	}
	return m, r.bodies(&m, words.template, map[string]any{
		"Accepted": d.Notice.Kind == domain.DrillMissedAcknowledge, "Within": d.Notice.Name, "Drill": d.Notice.Schedule,
		"Began": d.Notice.Start.In(time.UTC).Format(words.clock),
	})
}
