package mailout

import (
	"net/mail"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain"
)

func TestAMailAboutOnCallSpeaksItsRecipientsLanguageByTheClockOfTheSchedule(t *testing.T) {
	r := NewRenderer(mail.Address{Address: "support@desk.test"}, "", func(int64) string { return "" })
	start := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		kind          domain.DutyKind
		locale        string
		end           time.Time
		onCall        []string
		subject, text string
	}{
		{
			kind: domain.DutyBegins, end: start.Add(24 * time.Hour), subject: "You are on call: Primary <1>",
			text: "You are on call from Tue 24 November 2026, 09:00 CET until Wed 25 November 2026, 09:00 CET.",
		},
		{kind: domain.DutyBegins, subject: "You are on call: Primary <1>", text: "You are on call from Tue 24 November 2026, 09:00 CET."},
		{
			kind: domain.DutyEnds, onCall: []string{"Ada", "Ben"}, subject: "You are no longer on call: Primary <1>",
			text: "You are no longer on call since Tue 24 November 2026, 09:00 CET. On call now: Ada, Ben.",
		},
		{kind: domain.DutyEnds, locale: "de", subject: "Ihre Bereitschaft ist zu Ende: Primary <1>", text: "Ihre Bereitschaft ist seit 24.11.2026, 09:00 CET zu Ende. Niemand hat jetzt Bereitschaft."},
		{
			kind: domain.GapAhead, locale: "de-AT", end: start.Add(time.Hour), subject: "Niemand wird Bereitschaft haben: Primary <1>",
			text: "Niemand wird Bereitschaft haben ab 24.11.2026, 09:00 CET bis 24.11.2026, 10:00 CET. Bitte tragen Sie jemanden ein.",
		},
		{kind: domain.GapNow, locale: "fr", subject: "Nobody is on call: Primary <1>", text: "Nobody is on call since Tue 24 November 2026, 09:00 CET. Urgent incidents go to"},
		{
			kind: domain.GapNow, onCall: []string{"Ada"}, subject: "On call without a verified contact: Primary <1>",
			text: "Ada is on call since Tue 24 November 2026, 09:00 CET, without a verified contact:",
		},
		{
			kind: domain.GapAhead, locale: "de", onCall: []string{"Ada"}, subject: "Bereitschaft ohne bestätigten Kontakt: Primary <1>",
			text: "Ada wird Bereitschaft haben ab 24.11.2026, 09:00 CET, ohne bestätigten Kontakt:",
		},
	} {
		d := domain.DutyMail{Notice: domain.DutyNotice{Kind: c.kind, Name: "Primary <1>", Zone: "Europe/Berlin", Start: start, End: c.end, OnCall: c.onCall}}
		d.Recipient.Person, d.Locale = domain.Person{Name: "Ada", Email: "ada@altis.test"}, c.locale
		m, err := r.Duty(d, "d@desk.test")
		require.NoError(t, err)
		require.Equal(t, c.subject, m.Subject)
		require.Contains(t, m.Text, c.text)
		require.Contains(t, m.HTML, c.text)
		require.Contains(t, m.HTML, "Primary &lt;1&gt;")
		require.Equal(t, Generated, m.Submitted)
	}
}

func TestAMailAboutThePolicySaysWhatReachesNobody(t *testing.T) {
	r := NewRenderer(mail.Address{Address: "support@desk.test"}, "", func(int64) string { return "" })
	for _, c := range []struct {
		locale   string
		steps    []int
		fallback bool
		text     string
	}{
		{"en", []int{1, 3}, false, "Of the escalation policy nobody is certain to be reached by step 1, 3:"},
		{"en", []int{1}, true, "Of the escalation policy nobody is certain to be reached by step 1, nor by the fallback list:"},
		{"en", nil, true, "Of the escalation policy the fallback list reaches nobody for certain:"},
		{"de", []int{2}, true, "Im Eskalationsplan erreicht Schritt 2 und die Ersatzliste niemanden sicher:"},
		{"de", nil, true, "Im Eskalationsplan erreicht die Ersatzliste niemanden sicher:"},
	} {
		d := domain.DutyMail{Notice: domain.DutyNotice{Kind: domain.PolicyGap, Schedule: domain.PolicyWatch, Zone: "UTC", Steps: c.steps, Fallback: c.fallback}}
		d.Recipient.Person, d.Locale = domain.Person{Name: "Ada", Email: "ada@altis.test"}, c.locale
		m, err := r.Duty(d, "d@desk.test")
		require.NoError(t, err)
		require.Contains(t, m.Text, c.text)
		require.Contains(t, m.HTML, c.text)
		require.NotContains(t, m.Subject, "%")
	}
}
