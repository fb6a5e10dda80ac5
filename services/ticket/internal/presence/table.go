package presence

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// most is how many pages one person can have at one ticket; the one that was silent
// longest goes first.
const most = 8

// page is one that somebody has open: two tabs of a person are two of them.
type page struct{ person, id string }

// entry is what a page said last.
type entry struct {
	activity Activity
	until    time.Time
	sequence int64
}

// table is what is known of one ticket.
type table map[page]entry

// take puts an entry in, unless it was overtaken. It returns what went from the table,
// and whether the person does something else now.
func (t table) take(of page, e entry, now time.Time) (gone []page, news bool) {
	gone = t.expire(now)
	before := t.doing(of.person)
	switch old, known := t[of]; {
	case e.sequence > 0 && e.sequence < old.sequence:
	case e.activity == Left && e.sequence == 0: // nothing to compare what is under way with
		if delete(t, of); known {
			gone = append(gone, of)
		}
	default:
		t[of] = e
		gone = append(gone, t.limit(of.person)...)
	}
	return gone, t.doing(of.person) != before
}

// expire removes what counts no longer.
func (t table) expire(now time.Time) (gone []page) {
	for p, e := range t {
		if !e.until.After(now) {
			delete(t, p)
			gone = append(gone, p)
		}
	}
	return gone
}

// limit keeps a person from filling the table.
func (t table) limit(person string) (gone []page) {
	for {
		pages := t.of(person)
		if len(pages) <= most {
			return gone
		}
		oldest := slices.MinFunc(pages, func(a, b page) int { return t[a].until.Compare(t[b].until) })
		delete(t, oldest)
		gone = append(gone, oldest)
	}
}

func (t table) of(person string) []page {
	return slices.DeleteFunc(slices.Collect(maps.Keys(t)), func(p page) bool { return p.person != person })
}

// doing is what a person does on any page: who writes on one of them writes.
func (t table) doing(person string) Activity {
	does := Left
	for _, p := range t.of(person) {
		does = busier(does, t[p].activity)
	}
	return does
}

// busier returns the one of two activities that colleagues should know of.
func busier(a, b Activity) Activity {
	for _, one := range []Activity{Typing, Viewing} {
		if a == one || b == one {
			return one
		}
	}
	return Left
}

// people returns who is there, by person.
func (t table) people(now time.Time) []Entry {
	doing := map[string]Activity{}
	for p, e := range t {
		if e.until.After(now) {
			doing[p.person] = busier(doing[p.person], e.activity)
		}
	}
	var entries []Entry
	for person, a := range doing {
		if a != Left {
			entries = append(entries, Entry{Person: person, Activity: a})
		}
	}
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Person, b.Person) })
	return entries
}
