package domain

import (
	"context"
	"errors"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// PageKind is what happened to a page. The numbers are those of the event.
type PageKind int64

// What may happen to a page.
const (
	PageOpened PageKind = 1 + iota
	PageWasDelivered
	PageWasAcknowledged
	PageEscalated
	PageWasExhausted
	PageWasResolved
	PageReopened
	PageWasFolded
	PageWasMerged
	PageWasUndelivered
)

// PageChange is what notification tells of a page.
type PageChange struct {
	Page       string
	Sequence   int64 // rises with every change of the page
	Number     int64
	Occurrence int64 // sequence of the ticket's event that made it urgent
	Kind       PageKind
	State      PageState
	People     []Person // who acknowledged
	Time       time.Time
	Hold       time.Duration // until people are called, of PageWasFolded
}

// callsIn returns how long it is until people are called, nil unless that is later than the incident became urgent: then the
// page was folded first, and its opening is not its first event.
// The page of a duplicate may have reached nobody: the watch over it begins anew here. So it does when what was delivered did
// not arrive.
func (p PageChange) callsIn() *time.Duration {
	switch p.Kind {
	case PageWasFolded, PageWasMerged, PageWasUndelivered:
		return &p.Hold
	case PageOpened:
		if p.Sequence > 1 {
			return &p.Hold
		}
	}
	return nil
}

// ApplyPage records a page's progress on its ticket. What is older than what the
// ticket knows changes nothing, but who acknowledged is recorded even then.
// Fault Invalid: there is no such ticket.
func (d *Desk) ApplyPage(ctx context.Context, tx Tx, p PageChange) error {
	t, err := serviceTicket(ctx, tx, p.Number)
	if err != nil {
		return err
	}
	if t.MergedInto != 0 { // its page ended with it, or is the other ticket's
		return nil
	}
	acknowledged := (p.Kind == PageWasAcknowledged || p.Kind == PageWasMerged) && len(p.People) > 0
	late := p.Occurrence < t.Page.Occurrence || p.Occurrence == t.Page.Occurrence && p.Sequence <= t.Page.Sequence
	overtaken := acknowledged && p.Occurrence == t.Page.Occurrence && p.Sequence < t.Page.Sequence
	after := t
	switch {
	case late && !overtaken:
		return nil
	case late:
		// Of a page that is not over, the acknowledgement no longer holds: that news came first.
		if t.Page.State == PageResolved && p.Time.After(t.Page.Time) {
			after.Page.By, after.Page.Time = p.People[0], p.Time
		}
	default:
		after.Page.ID, after.Page.Occurrence, after.Page.Sequence, after.Page.State = p.Page, p.Occurrence, p.Sequence, p.State
		if acknowledged {
			after.Page.By, after.Page.Time = p.People[0], p.Time
		} else if p.Kind == PageReopened || p.Occurrence != t.Page.Occurrence {
			after.Page.By, after.Page.Time = Person{}, time.Time{}
		}
	}
	c := d.change(Actor{Service: ServiceNotification}, EventPageChanged, t, after)
	c.Event.Summary, c.CallsIn = p.summary(), p.callsIn()
	return tx.Save(ctx, c)
}

func (p PageChange) summary() string {
	switch p.Kind {
	case PageOpened:
		return "The on-call engineers are being paged"
	case PageWasDelivered:
		return "The page was delivered"
	case PageWasAcknowledged:
		names := make([]string, 0, len(p.People))
		for _, person := range p.People {
			if person.Name != "" {
				names = append(names, person.Name)
			}
		}
		if len(names) == 0 {
			return "An engineer acknowledged the page"
		}
		return strings.Join(names, ", ") + " acknowledged the page"
	case PageEscalated:
		return "More engineers are being paged"
	case PageWasExhausted:
		return "Nobody has acknowledged the page"
	case PageWasResolved:
		return "Paging has ended"
	case PageReopened:
		return "The acknowledgement no longer holds: paging again"
	case PageWasFolded:
		return "The on-call engineers were paged a few minutes ago; they are paged again if it lasts"
	case PageWasMerged:
		return "The page of the ticket that was merged into this one goes on here"
	case PageWasUndelivered:
		return "The page did not arrive: paging goes on"
	default:
		return ""
	}
}

// Triage is what triage decided on a ticket.
type Triage struct {
	Number           int64
	Sequence         int64    // rises with every decision on the ticket
	Priority         Priority // 0 = none chosen
	PriorityReason   string
	FirstResponseDue time.Time
	ResolutionDue    time.Time
	SLAPolicy        string
	Team             string // "" = as it is
}

// ApplyTriage takes over due instants, a team where there is none, and the
// priority of types that nobody gave one. An older decision changes nothing, and
// neither does one on a ticket that was closed meanwhile.
// Fault Invalid: there is no such ticket.
func (d *Desk) ApplyTriage(ctx context.Context, tx Tx, v Triage) error {
	t, err := serviceTicket(ctx, tx, v.Number)
	if err != nil {
		return err
	}
	if v.Sequence <= t.TriageSequence || t.Status == Closed {
		return nil
	}
	after := t
	after.TriageSequence = v.Sequence
	after.FirstResponseDue, after.ResolutionDue, after.SLAPolicy = v.FirstResponseDue, v.ResolutionDue, v.SLAPolicy
	if t.Type != Incident && !t.PrioritySet && v.Priority >= Low && v.Priority <= High {
		after.Priority, after.PriorityReason = v.Priority, v.PriorityReason
	}
	if t.Team == "" {
		after.Team = v.Team
	}
	if len(diff(t, after)) == 0 {
		return tx.Save(ctx, Change{Before: t, After: after}) // the next older decision must not win
	}
	return tx.Save(ctx, d.change(Actor{Service: ServiceTriage}, EventTriaged, t, after))
}

func serviceTicket(ctx context.Context, tx Tx, number int64) (Ticket, error) {
	t, err := tx.Ticket(ctx, ServiceViewer, number)
	if errors.Is(err, fault.NotFound) {
		return t, fault.Newf(fault.Invalid, "UNKNOWN_TICKET", "there is no ticket %d", number)
	}
	return t, err
}
