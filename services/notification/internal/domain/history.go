package domain

import (
	"fmt"
	"time"
)

// EntryKind is what an entry of a page's history tells.
type EntryKind int

// The kinds, with the numbers of the contract, and the values that each has.
const (
	EntryCalled         EntryKind = iota + 1 // Step, Loop, Person, Why; Channel when by another contact as their rules say
	EntrySkipped                             // Step, Loop: nobody to call there
	EntryAccepted                            // Person, Channel, Answer
	EntryFailed                              // Person, Channel, Answer, NextContact
	EntryUnsent                              // Person, Channel, After, NextContact: no outcome for so long
	EntryExhausted                           // nothing is left but the supervisors, who are told
	EntryUnheard                             // nothing is left, and no supervisor either
	EntryEscalated                           // Person
	EntryAcknowledged                        // Person
	EntryReopened                            // Person, AcknowledgedAt: that led to nothing
	EntryPagedAgain                          // Title: while the page was open
	EntrySuppressed                          // Event, EndedBy: over before anybody was paged
	EntrySolved                              // Person, if one did it
	EntryNotUrgent                           // Person, if one did it
	EntryUrgentAgain                         // Event: another page has begun
	EntryPagesSent                           // the suite sends pages again, which this page was about
	EntryTakenOver                           // notification goes on where the emergency mailbox has paged
	EntryUnacknowledged                      // Person, Reason
	EntrySnoozed                             // Person, Until
	EntrySnoozeEnded                         // Person, who had acknowledged
)

// More kinds. The numbers between belong to nobody yet.
const (
	EntryAcceptedTogether EntryKind = iota + 31 // Person, Channel, Answer, Count: pages of the message
	EntryFolded                                 // Count: how often it was urgent; Until: nobody is called again before
	EntryDrillBegun                             // Person, if one began it
	EntryDrillOver
)

// Of merges.
const (
	EntryMergedInto EntryKind = iota + 40 // Ticket, Person: the ticket was merged into that one
	EntryMergedFrom                       // Ticket, Person: that one was merged into the ticket, and its page goes on
)

// Of what goes on after an end.
const (
	EntryBegunAgain  EntryKind = iota + 50 // Person, Reason: no step was left, and paging begins again
	EntryUndelivered                       // Person, Channel, Answer, NextContact: the provider had taken it
)

// Entry is something that happened to a page, as data: each reader has it in their own language.
type Entry struct {
	Kind           EntryKind     `json:"kind"`
	Person         string        `json:"person,omitempty"` // Label
	Channel        Channel       `json:"channel,omitempty"`
	Answer         Answer        `json:"answer,omitzero"`
	NextContact    bool          `json:"next_contact,omitempty"` // the person's next contact is tried
	Step           int           `json:"step,omitempty"`         // 0 = the fallback list
	Loop           int           `json:"loop,omitempty"`
	Why            Why           `json:"why,omitzero"`
	After          time.Duration `json:"after,omitempty"`
	AcknowledgedAt time.Time     `json:"acknowledged_at,omitzero"`
	Title          string        `json:"title,omitempty"`
	Event          int64         `json:"event,omitempty"`    // sequence of the ticket event that made it urgent
	EndedBy        int64         `json:"ended_by,omitempty"` // sequence of the one that ended that
	Reason         string        `json:"reason,omitempty"`   // in the person's words
	Until          time.Time     `json:"until,omitzero"`
	Count          int           `json:"count,omitempty"`
	Ticket         int64         `json:"ticket,omitempty"` // the other one
}

// Text is the entry in English.
func (e Entry) Text() string {
	switch e.Kind {
	case EntryCalled:
		text := e.position() + ": " + e.Person + ", " + e.Why.Text()
		if e.Channel != "" {
			text += fmt.Sprintf("; by %s now, as their rules say", e.Channel)
		}
		return text
	case EntrySkipped:
		return e.position() + ": skipped, nobody is on call or within reach"
	case EntryAccepted:
		return fmt.Sprintf("%s: %s accepted it (%s)", e.Person, e.Channel, e.Answer.Text())
	case EntryFailed:
		return fmt.Sprintf("%s: %s failed (%s)", e.Person, e.Channel, e.Answer.Text()) + e.next()
	case EntryUnsent:
		return fmt.Sprintf("%s: %s not delivered within %s", e.Person, e.Channel, e.After) + e.next()
	case EntryExhausted:
		return "Exhausted: nobody acknowledged; the supervisors are told"
	case EntryUnheard:
		return "Exhausted: nobody acknowledged, and no supervisor is within reach"
	case EntryEscalated:
		return e.Person + " escalated"
	case EntryAcknowledged:
		return e.Person + " acknowledged"
	case EntryReopened:
		return fmt.Sprintf("Acknowledged by %s at %s, and nothing since: paging again", e.Person, clockText(e.AcknowledgedAt))
	case EntryPagedAgain:
		return "Paged again while open: " + e.Title
	case EntrySuppressed:
		return fmt.Sprintf("Nobody was paged: event %d of the ticket made it urgent, and its event %d had ended that already", e.Event, e.EndedBy)
	case EntrySolved:
		return "The incident is over: the ticket is solved" + e.by()
	case EntryNotUrgent:
		return "The incident is over: the ticket is not urgent any more" + e.by()
	case EntryUrgentAgain:
		return fmt.Sprintf("The incident is over: the ticket became urgent again by its event %d", e.Event)
	case EntryPagesSent:
		return "The incident is over: pages are sent again"
	case EntryUnacknowledged:
		return e.Person + " took the acknowledgement back, paging again: " + e.Reason
	case EntrySnoozed:
		return e.Person + " snoozed it until " + e.Until.UTC().Format("2006-01-02 15:04 UTC")
	case EntrySnoozeEnded:
		return "The snooze is over and the incident is not, which " + e.Person + " had acknowledged: paging again"
	case EntryAcceptedTogether:
		return fmt.Sprintf("%s: %s accepted it in one message about %d pages (%s)", e.Person, e.Channel, e.Count, e.Answer.Text())
	case EntryFolded:
		return fmt.Sprintf("Urgent %d times within %s, and people were called: they are called again if it lasts until %s",
			e.Count, windowText(FlapWindow), clockText(e.Until))
	case EntryDrillBegun:
		return "A drill" + e.by() + ": there is no incident"
	case EntryDrillOver:
		return "The drill is over"
	case EntryMergedInto:
		return fmt.Sprintf("The ticket was merged into #%d%s", e.Ticket, e.by())
	case EntryMergedFrom:
		return fmt.Sprintf("#%d was merged into the ticket%s: its page goes on instead", e.Ticket, e.by())
	case EntryBegunAgain:
		text := "Nobody had acknowledged and no step was left: " + e.Person + " has paging begin again"
		if e.Reason != "" {
			text += ": " + e.Reason
		}
		return text
	case EntryUndelivered:
		text := fmt.Sprintf("%s: %s did not arrive (%s)", e.Person, e.Channel, e.Answer.Text())
		if e.NextContact {
			text += e.next()
		}
		return text
	case EntryTakenOver:
		return "The emergency mailbox has paged about it; notification goes on from there"
	}
	return ""
}

func (e Entry) position() string {
	if e.Step == 0 {
		return "Fallback list"
	}
	return fmt.Sprintf("Step %d of round %d", e.Step, e.Loop)
}

func (e Entry) next() string {
	if e.NextContact {
		return ", trying the next contact"
	}
	return ", and there is no other contact"
}

func (e Entry) by() string {
	if e.Person == "" {
		return ""
	}
	return ", by " + e.Person
}

func windowText(d time.Duration) string { return fmt.Sprintf("%d minutes", int(d.Minutes())) }

func clockText(t time.Time) string { return t.UTC().Format("15:04:05 UTC") }
