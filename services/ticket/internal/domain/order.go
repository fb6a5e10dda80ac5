package domain

import "time"

// Order says how a list is sorted. What is equal in it is sorted by number, in the same direction.
type Order struct {
	By        OrderBy
	Ascending bool
}

// OrderBy is what a list is sorted by.
type OrderBy int

// What lists are sorted by.
const (
	ByUpdate OrderBy = iota // the newest change
	ByCreation
	ByPriority // as the viewer sees it, and then by the newest change. Only descending.
	ByDue      // what support owes next; last come those to which it owes nothing. Only ascending.
)

// Sort is an order by its name in queries; "" is none.
type Sort string

// The names of orders.
const (
	SortUpdatedDesc  Sort = "updated-desc"
	SortUpdatedAsc   Sort = "updated-asc"
	SortCreatedDesc  Sort = "created-desc"
	SortCreatedAsc   Sort = "created-asc"
	SortPriorityDesc Sort = "priority-desc"
	SortDue          Sort = "due"
)

// Or returns the order of this name, or the other one if there is no name.
func (s Sort) Or(other Order) Order {
	switch s {
	case SortUpdatedDesc:
		return Order{By: ByUpdate}
	case SortUpdatedAsc:
		return Order{By: ByUpdate, Ascending: true}
	case SortCreatedDesc:
		return Order{By: ByCreation}
	case SortCreatedAsc:
		return Order{By: ByCreation, Ascending: true}
	case SortPriorityDesc:
		return Order{By: ByPriority}
	case SortDue:
		return Order{By: ByDue, Ascending: true}
	default:
		return other
	}
}

// Position is a place in a list.
type Position struct {
	Priority Priority // of ByPriority only
	Instant  time.Time
	Number   int64
}

// Position returns the ticket's place in a list of this order.
func (t Ticket) Position(o Order) Position {
	switch o.By {
	case ByDue:
		return Position{Instant: t.NextDue(), Number: t.Number}
	case ByCreation:
		return Position{Instant: t.CreateTime, Number: t.Number}
	case ByPriority:
		return Position{Priority: t.Priority, Instant: t.UpdateTime, Number: t.Number}
	default:
		return Position{Instant: t.UpdateTime, Number: t.Number}
	}
}

// NextDue is when support owes something next: the first answer or the resolution. Zero when it owes nothing.
func (t Ticket) NextDue() time.Time {
	var next time.Time
	owe := func(due, done time.Time) {
		if !due.IsZero() && done.IsZero() && (next.IsZero() || due.Before(next)) {
			next = due
		}
	}
	if t.Status.Active() {
		owe(t.FirstResponseDue, t.FirstResponse)
		owe(t.ResolutionDue, t.SolveTime)
	}
	return next
}
