package demo

import "time"

// story is one ticket of the demo desk: how it began and what followed.
type story struct {
	// at is when it was opened, before the moment the desk was set up.
	at      ago
	by      who
	kind    kind
	urgency urgency
	// scope lists "application" or "application/environment"; empty means all.
	scope   []string
	ccs     []string
	subject string
	text    string
	// detail is the type's own part.
	detail detail
	then   []step
}

// step follows the one before it.
type step struct {
	after  time.Duration
	by     who
	do     deed
	text   string
	status status
}

// ago is an instant before the set-up: days and the wall clock in UTC, or a plain distance.
type ago struct {
	days     int
	clock    string // "15:04"
	distance time.Duration
}

type (
	who     string
	kind    int
	urgency int
	status  int
	deed    int
)

// The people of the desk.
const (
	mara  who = "mara.lindqvist@fjordlight.example"
	theo  who = "theo.okafor@fjordlight.example"
	priya who = "priya.raman@brickyard.example"
	sam   who = "sam@whitlock.example"
	jonas who = "jonas.weber@altis.example"
	elif  who = "elif.kaya@altis.example"
	ada   who = "ada.park@altis.example"
	diego who = "diego.marin@altis.example"
)

const (
	incident kind = iota
	problem
	task
	question
)

const (
	unset urgency = iota
	low
	normal
	high
	urgent
)

// The statuses a staff reply can leave behind.
const (
	pending status = iota
	open
	onHold
	solved
)

const (
	reply deed = iota
	note
	solve
	assign
	acknowledge
	nothing // lets happen what is due by then
)

// detail holds what the types ask for; only the fields of the story's type are used.
type detail struct {
	impact, callback                string
	since                           time.Duration // before the ticket was opened
	risk                            bool
	expected, actual, steps, traces string
	requirements                    string
	earliest, latest                time.Duration // after the ticket was opened
}

func at(days int, clock string) ago { return ago{days: days, clock: clock} }

func before(d time.Duration) ago { return ago{distance: d} }

// instant is where the story stands in the past of now.
func (a ago) instant(now time.Time) time.Time {
	if a.distance > 0 {
		return now.Add(-a.distance)
	}
	clock, err := time.Parse("15:04", a.clock)
	if err != nil {
		panic("demo: " + err.Error()) // a slip in the stories of this package, which its test finds
	}
	y, m, d := now.UTC().AddDate(0, 0, -a.days).Date()
	return time.Date(y, m, d, clock.Hour(), clock.Minute(), 0, 0, time.UTC)
}

const day = 24 * time.Hour
