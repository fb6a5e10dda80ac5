package oncall

import (
	"fmt"
	"slices"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func zone(t require.TestingT, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loc
}

func everybody(string) bool { return true }

// walker is a layer as somebody lives it who looks at the clock on the wall each minute: counts down what is open, and
// crosses the next hand-over off when the clock shows it.
type walker struct {
	l    Layer
	turn int       // -1 = not begun
	next time.Time // hand-over, on the wall
	done int       // hand-overs
	open []int     // minutes left of each restriction
	over bool
}

func newWalker(l Layer) *walker {
	return &walker{l: l, turn: -1, next: l.Start, open: make([]int, len(l.Restrictions))}
}

// tick is told every minute of the wall, in order, those that the clock skips as well.
func (w *walker) tick(wall time.Time) {
	if wall.Equal(w.l.End) && !w.l.End.IsZero() {
		w.over = true
	}
	for wall.Equal(w.next) {
		w.turn++
		w.done += w.l.Length
		switch w.l.Unit {
		case Hour:
			w.next = w.next.Add(time.Duration(w.l.Length) * time.Hour)
		case Day:
			w.next = w.next.AddDate(0, 0, w.l.Length)
		case Week:
			w.next = w.next.AddDate(0, 0, 7*w.l.Length)
		case Month:
			// The latest day that the month has.
			for date := w.l.Start.Day(); ; date-- {
				n := time.Date(w.l.Start.Year(), w.l.Start.Month()+time.Month(w.done), date, w.l.Start.Hour(), w.l.Start.Minute(), 0, 0, time.UTC)
				if n.Day() == date {
					w.next = n
					break
				}
			}
		}
	}
	for i, r := range w.l.Restrictions {
		if w.open[i] > 0 {
			w.open[i]--
		}
		meant := len(r.Weekdays) == 0
		for _, d := range r.Weekdays {
			meant = meant || d == wall.Weekday()
		}
		if meant && wall.Hour()*60+wall.Minute() == int(r.From.Minutes()) {
			w.open[i] = int((r.Until - r.From).Minutes())
			if w.open[i] <= 0 {
				w.open[i] += 24 * 60
			}
		}
	}
}

func (w *walker) person() string {
	open := len(w.open) == 0
	for _, left := range w.open {
		open = open || left > 0
	}
	if w.turn < 0 || w.over || !open {
		return ""
	}
	return w.l.People[w.turn%len(w.l.People)]
}

// walk is the whole schedule.
type walk struct {
	s      Schedule
	layers []*walker
	temps  map[string][]*walker
	wall   time.Time // the last minute that was ticked
}

func newWalk(s Schedule, from time.Time) *walk {
	w := &walk{s: s, temps: map[string][]*walker{}}
	for _, l := range s.Layers {
		w.layers = append(w.layers, newWalker(l))
	}
	for _, o := range s.Overrides {
		for _, l := range o.Layers {
			w.temps[o.ID] = append(w.temps[o.ID], newWalker(l))
		}
	}
	w.wall = clock(from, s.Zone).Add(-time.Minute)
	return w
}

func clock(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	h, minute, _ := t.In(zone).Clock()
	return time.Date(y, m, d, h, minute, 0, 0, time.UTC)
}

func (w *walk) minute(t time.Time) {
	for shown := clock(t, w.s.Zone); w.wall.Before(shown); {
		w.wall = w.wall.Add(time.Minute)
		for _, l := range w.layers {
			l.tick(w.wall)
		}
		for _, layers := range w.temps {
			for _, l := range layers {
				l.tick(w.wall)
			}
		}
	}
}

func (w *walk) people(t time.Time) []string {
	turn := func(layers []*walker) (people []string) {
		for _, l := range layers {
			if p := l.person(); p != "" {
				people = []string{p}
			}
		}
		return people
	}
	people := turn(w.layers)
	for _, o := range w.s.Overrides {
		if t.Before(o.Start) || !t.Before(o.End) {
			continue
		}
		switch o.Kind {
		case ReplaceAll:
			people = []string{o.Person}
		case Add:
			people = append(people, o.Person)
		case Replace:
			for i := range people {
				if people[i] == o.Replaced {
					people[i] = o.Person
				}
			}
		case Temporary:
			people = turn(w.temps[o.ID])
		}
	}
	var once []string
	for _, p := range people {
		if !slices.Contains(once, p) {
			once = append(once, p)
		}
	}
	return once
}

var units = []Unit{Hour, Day, Week, Month}

func drawLayer(t *rapid.T, begin time.Time, people []string) Layer {
	minutes := func(label string, low, high int) time.Duration {
		return time.Duration(rapid.IntRange(low, high).Draw(t, label)) * 15 * time.Minute
	}
	l := Layer{
		Unit: rapid.SampledFrom(units).Draw(t, "unit"), Length: rapid.IntRange(1, 3).Draw(t, "length"),
		Start:  begin.Add(minutes("start", -30*96, 3*96)),
		People: people[:rapid.IntRange(1, len(people)).Draw(t, "people")],
	}
	if rapid.Bool().Draw(t, "ends") {
		l.End = l.Start.Add(minutes("end", 1, 40*96))
	}
	for range rapid.IntRange(0, 2).Draw(t, "restrictions") {
		l.Restrictions = append(l.Restrictions, Restriction{
			Weekdays: rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(0, 6), func(n int) time.Weekday { return time.Weekday(n) }), 0, 7, rapid.ID).Draw(t, "weekdays"),
			From:     minutes("from", 0, 95), Until: minutes("until", 0, 96),
		})
	}
	return l
}

// drawSchedule draws a schedule in a zone, with overrides around a day.
func drawSchedule(t *rapid.T, zone *time.Location, day time.Time) Schedule {
	s := Schedule{ID: "s", Zone: zone}
	people := []string{"a", "b", "c"}
	for range rapid.IntRange(0, 3).Draw(t, "layers") {
		s.Layers = append(s.Layers, drawLayer(t, day, people))
	}
	begin := day.Add(-48 * time.Hour)
	for i := range rapid.IntRange(0, 4).Draw(t, "overrides") {
		o := Override{
			ID: fmt.Sprint("o", i), Kind: rapid.SampledFrom([]Kind{ReplaceAll, Replace, Add, Temporary}).Draw(t, "kind"),
			Start: begin.Add(time.Duration(rapid.IntRange(0, 96*60).Draw(t, "begins")) * time.Minute),
		}
		o.End = o.Start.Add(time.Duration(rapid.IntRange(0, 48*60).Draw(t, "lasts")) * time.Minute) // of no length too
		if o.Kind == Temporary {
			o.Layers = []Layer{drawLayer(t, day, []string{"x", "y"})}
		} else {
			o.Person = rapid.SampledFrom([]string{"a", "b", "d"}).Draw(t, "person")
			o.Replaced = rapid.SampledFrom([]string{"a", "b", "d"}).Draw(t, "replaced")
		}
		s.Overrides = append(s.Overrides, o)
	}
	return s
}

// agree holds who is on call in the two days before and after a day against the clock on the wall.
func agree(t *rapid.T, s Schedule, day time.Time) {
	begin, end := day.Add(-48*time.Hour), day.Add(48*time.Hour)
	from := day.Add(-32 * 24 * time.Hour) // before every start
	w := newWalk(s, from)
	shifts := s.Shifts(begin, end, everybody)
	require.True(t, shifts[0].Start.Equal(begin) && shifts[len(shifts)-1].End.Equal(end))
	for m := from; m.Before(end); m = m.Add(time.Minute) {
		w.minute(m)
		if m.Before(begin) {
			continue
		}
		want := w.people(m)
		if got := persons(s.at(m, everybody)); !slices.Equal(got, want) {
			t.Fatalf("at %s: %v, the clock says %v", m.In(s.Zone), got, want)
		}
		for !m.Before(shifts[0].End) {
			require.True(t, shifts[0].End.Equal(shifts[1].Start), "no break, no overlap")
			shifts = shifts[1:]
		}
		if got := persons(shifts[0]); !slices.Equal(got, want) {
			t.Fatalf("at %s: the calendar says %v, the clock %v", m.In(s.Zone), got, want)
		}
	}
	// What begins now ends as the calendar says.
	at := begin.Add(time.Duration(rapid.IntRange(0, 96*60-1).Draw(t, "at")) * time.Minute)
	got, calendar := s.OnCall(at, everybody), s.Shifts(at, at.Add(Horizon+1), everybody)
	if len(calendar) == 1 {
		require.Zero(t, got.End)
		return
	}
	require.Equal(t, calendar[0], got)
}

func persons(s Shift) (people []string) {
	for _, d := range s.Duties {
		people = append(people, d.Person)
	}
	return people
}
