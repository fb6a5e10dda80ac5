package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// ticketColumns are the columns of tickets in the order of ticketRow.fields. Those
// before mutable never change.
var ticketColumns = strings.Fields(`
	number follow_up_of create_time
	organization type excerpt organization_name requester requester_name requester_email
	priority priority_reason priority_set status subject
	scope_all scope applications scope_unverified ccs
	assignee assignee_name assignee_email team tags details
	first_response_due resolution_due first_response sla_policy triage_sequence
	page_state page page_occurrence page_sequence page_by page_time
	update_time solve_time close_time sequence
	public_sequence public_author newest_sequence newest_author hidden hidden_time merged_into`)

const mutable = 3

// unlisted are the columns that lists do not read: what may be long, and what only
// changes need. Each column of a list of fifty costs as much as reading a ticket.
var unlisted = strings.Fields(`
	excerpt priority_set applications details sla_policy triage_sequence page_occurrence page_sequence
	public_sequence public_author newest_sequence newest_author merged_into`)

func listed(name string) bool { return !slices.Contains(unlisted, name) }

// ticketRow is a ticket as stored. It can be scanned into again.
type ticketRow struct {
	t                                                    domain.Ticket
	scope, applications, ccs, tags, details, pageBy      string
	create, update, solve, closed, hidden                int64
	firstResponseDue, resolutionDue, firstResponse, page int64

	// scopes are targets that were read before, by their JSON: many tickets of a list are
	// about the same, and share the slice, which nobody may write into. Nil: none are kept.
	scopes map[string][]domain.Target
}

// fields returns pointers to the values of columns(full).
func (r *ticketRow) fields(full bool) []any {
	t := &r.t
	all := []any{
		&t.Number, &t.FollowUpOf, &r.create,
		&t.Organization, &t.Type, &t.Excerpt, &t.OrganizationName, &t.Requester.ID, &t.Requester.Name, &t.Requester.Email,
		&t.Priority, &t.PriorityReason, &t.PrioritySet, &t.Status, &t.Subject,
		&t.Scope.All, &r.scope, &r.applications, &t.ScopeUnverified, &r.ccs,
		&t.Assignee.ID, &t.Assignee.Name, &t.Assignee.Email, &t.Team, &r.tags, &r.details,
		&r.firstResponseDue, &r.resolutionDue, &r.firstResponse, &t.SLAPolicy, &t.TriageSequence,
		&t.Page.State, &t.Page.ID, &t.Page.Occurrence, &t.Page.Sequence, &r.pageBy, &r.page,
		&r.update, &r.solve, &r.closed, &t.Sequence,
		&t.Public.Sequence, &t.Public.Author, &t.Newest.Sequence, &t.Newest.Author,
		&t.Hidden, &r.hidden, &t.MergedInto,
	}
	if full {
		return all
	}
	var list []any
	for i, name := range ticketColumns {
		if listed(name) {
			list = append(list, all[i])
		}
	}
	return list
}

// ticket returns the row that was scanned as a ticket.
func (r *ticketRow) ticket() (domain.Ticket, error) {
	t := &r.t // not a copy, which would be one more allocation for each row
	t.Scope.Targets, t.CCs, t.Tags, t.Details, t.Page.By = nil, nil, nil, domain.Details{}, domain.Person{}
	scope := r.scope
	if targets, known := r.scopes[scope]; known {
		t.Scope.Targets, scope = targets, ""
	}
	for _, column := range []struct {
		text string
		into any
	}{
		{scope, &t.Scope.Targets},
		{r.ccs, &t.CCs},
		{r.tags, &t.Tags},
		{r.details, &t.Details},
		{r.pageBy, &t.Page.By},
	} {
		if column.text == "" || column.text == "[]" || column.text == "{}" {
			continue
		}
		if err := json.Unmarshal([]byte(column.text), column.into); err != nil {
			return *t, fmt.Errorf("store: ticket %d: %w", t.Number, err)
		}
	}
	if r.scopes != nil {
		t.Scope.Targets = slices.Clip(t.Scope.Targets) // shared: who appends to those of one ticket must not write into another's
		r.scopes[r.scope] = t.Scope.Targets
	}
	t.Assignee.Staff = t.Assignee.ID != ""
	t.CreateTime, t.UpdateTime = sqldb.Time(r.create), sqldb.Time(r.update)
	t.SolveTime, t.CloseTime = sqldb.Time(r.solve), sqldb.Time(r.closed)
	t.FirstResponseDue, t.ResolutionDue = sqldb.Time(r.firstResponseDue), sqldb.Time(r.resolutionDue)
	t.HiddenTime = sqldb.Time(r.hidden)
	t.FirstResponse, t.Page.Time = sqldb.Time(r.firstResponse), sqldb.Time(r.page)
	return *t, nil
}

// ticketValues returns what is stored of a ticket, in the order of ticketColumns.
func ticketValues(t domain.Ticket) []any {
	return []any{
		t.Number, t.FollowUpOf, sqldb.Micros(t.CreateTime),
		t.Organization, int64(t.Type), t.Excerpt, t.OrganizationName, t.Requester.ID, t.Requester.Name, t.Requester.Email,
		int64(t.Priority), t.PriorityReason, flag(t.PrioritySet), int64(t.Status), t.Subject,
		flag(t.Scope.All), list(t.Scope.Targets), list(t.Scope.Applications()), flag(t.ScopeUnverified), list(t.CCs),
		t.Assignee.ID, t.Assignee.Name, t.Assignee.Email, t.Team, list(t.Tags), text(t.Details),
		sqldb.Micros(t.FirstResponseDue), sqldb.Micros(t.ResolutionDue), sqldb.Micros(t.FirstResponse), t.SLAPolicy, t.TriageSequence,
		int64(t.Page.State), t.Page.ID, t.Page.Occurrence, t.Page.Sequence, text(t.Page.By), sqldb.Micros(t.Page.Time),
		sqldb.Micros(t.UpdateTime), sqldb.Micros(t.SolveTime), sqldb.Micros(t.CloseTime), t.Sequence,
		t.Public.Sequence, t.Public.Author, t.Newest.Sequence, t.Newest.Author,
		int64(t.Hidden), sqldb.Micros(t.HiddenTime), t.MergedInto,
	}
}

// columns returns the column list of tickets t, or of lists.
func columns(full bool) string {
	var names []string
	for _, name := range ticketColumns {
		if full || listed(name) {
			names = append(names, "t."+name)
		}
	}
	return strings.Join(names, ", ")
}

const messageColumns = "number, sequence, id, note, author, author_name, author_email, author_staff, body, create_time, redact_time, attachments, quoted"

func messageValues(m domain.Message) []any {
	return []any{
		m.Number, m.Sequence, m.ID, flag(m.Note), m.Author.ID, m.Author.Name, m.Author.Email, flag(m.Author.Staff),
		m.Body, sqldb.Micros(m.Time), sqldb.Micros(m.RedactTime), list(m.Attachments), m.Quoted,
	}
}

func scanMessage(scan func(...any) error) (m domain.Message, err error) {
	var at, redacted int64
	var attachments string
	err = scan(&m.Number, &m.Sequence, &m.ID, &m.Note, &m.Author.ID, &m.Author.Name, &m.Author.Email, &m.Author.Staff, &m.Body, &at, &redacted,
		&attachments, &m.Quoted)
	m.Time, m.RedactTime = sqldb.Time(at), sqldb.Time(redacted)
	if err != nil || attachments == "[]" {
		return m, err
	}
	return m, json.Unmarshal([]byte(attachments), &m.Attachments)
}

const eventColumns = "number, sequence, kind, actor, actor_name, actor_email, actor_staff, service, create_time, changes, summary, message, internal, graced, other"

func eventValues(e domain.Event) []any {
	return []any{
		e.Number, e.Sequence, int64(e.Kind), e.Actor.ID, e.Actor.Name, e.Actor.Email, flag(e.Actor.Staff), e.Service,
		sqldb.Micros(e.Time), list(e.Changes), e.Summary, e.Message, flag(e.Internal), flag(e.Graced), e.Other,
	}
}

// scanEvent reads eventColumns, and more columns after them.
func scanEvent(scan func(...any) error, more ...any) (e domain.Event, err error) {
	var at int64
	var changes string
	err = scan(append([]any{
		&e.Number, &e.Sequence, &e.Kind, &e.Actor.ID, &e.Actor.Name, &e.Actor.Email, &e.Actor.Staff, &e.Service,
		&at, &changes, &e.Summary, &e.Message, &e.Internal, &e.Graced, &e.Other,
	}, more...)...)
	if err != nil {
		return e, err
	}
	e.Time = sqldb.Time(at)
	return e, json.Unmarshal([]byte(changes), &e.Changes)
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// list returns JSON that is never null.
func list[T any](values []T) string {
	if len(values) == 0 {
		return "[]"
	}
	return text(values)
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // structs of strings and numbers always marshal, and so do instants of this era
	}
	return string(b)
}
