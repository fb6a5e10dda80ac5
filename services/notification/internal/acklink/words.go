package acklink

import (
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// words is what the page says, in one language.
type words struct {
	Lang                                    string // as HTML names it
	Impact, CallBack, Customer, Since       string
	Acknowledge                             string // with the name of the holder
	Mine, Others                            string // with the instant
	Ticket                                  string // with the number
	AllPages                                string
	pages                                   string // with their number
	bundleDone                              string
	over, earlier, expired, invalid, failed string
	invalidTitle, failedTitle               string
	layout, clock                           string // of instants, and of the time of day
}

var english = words{
	Lang: "en", Impact: "Impact", CallBack: "Call back", Customer: "Customer", Since: "Paged since",
	Acknowledge: "Acknowledge as %s", Mine: "You acknowledged at %s.", Others: "acknowledged at %s.", Ticket: "Ticket #%d in the dashboard",
	AllPages: "All open pages in the dashboard", pages: "%d pages", bundleDone: "None of these pages waits for an acknowledgement.",
	over:         "This incident is over.",
	earlier:      "This link is of an earlier round of paging. Please use the newest one, or the dashboard.",
	expired:      "This link has expired. Please use a newer one, or the dashboard.",
	invalidTitle: "Link not valid", invalid: "This link is not valid. Please use the dashboard.",
	failedTitle: "Please try again", failed: "The page could not be read or changed just now. Please try again in a moment.",
	layout: "2 January 2006, 15:04:05", clock: "15:04",
}

var german = words{
	Lang: "de", Impact: "Auswirkung", CallBack: "Rückruf", Customer: "Kunde", Since: "Alarm seit",
	Acknowledge: "Als %s bestätigen", Mine: "Sie haben am %s bestätigt.", Others: "hat am %s bestätigt.", Ticket: "Ticket #%d im Dashboard",
	AllPages: "Alle offenen Alarme im Dashboard", pages: "%d Alarme", bundleDone: "Keiner dieser Alarme wartet auf eine Bestätigung.",
	over:         "Diese Störung ist vorbei.",
	earlier:      "Dieser Link gehört zu einer früheren Runde des Alarms. Bitte verwenden Sie den neuesten, oder das Dashboard.",
	expired:      "Dieser Link ist abgelaufen. Bitte verwenden Sie einen neueren, oder das Dashboard.",
	invalidTitle: "Ungültiger Link", invalid: "Dieser Link ist ungültig. Bitte verwenden Sie das Dashboard.",
	failedTitle: "Bitte noch einmal versuchen", failed: "Der Alarm konnte gerade nicht gelesen oder geändert werden. Bitte versuchen Sie es gleich noch einmal.",
	layout: "02.01.2006, 15:04:05", clock: "15:04",
}

var (
	spoken  = []words{english, german}
	matcher = language.NewMatcher([]language.Tag{language.English, language.German})
)

// wordsFor are those of the language that the browser likes best. Who holds a link need not be logged in anywhere.
func wordsFor(r *http.Request) words {
	tags, _, _ := language.ParseAcceptLanguage(r.Header.Get("Accept-Language")) // none that can be read: English
	_, index, _ := matcher.Match(tags...)
	return spoken[index]
}

// instant is what the clock of a zone shows, and UTC beside it, which everybody has in common.
func (w words) instant(t time.Time, zone *time.Location) string {
	utc := t.UTC()
	t = t.In(zone)
	name, _ := t.Zone()
	switch {
	case name == "UTC":
		return utc.Format(w.layout) + " UTC"
	case strings.ContainsAny(name, "+-"): // it has none
		name = "UTC" + t.Format("-07:00")
	}
	beside := utc.Format(w.clock)
	if utc.YearDay() != t.YearDay() {
		beside = utc.Format(w.layout)
	}
	return t.Format(w.layout) + " " + name + " (" + beside + " UTC)"
}
