package domain_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// memory is a store for one ticket after another, where everybody sees everything.
type memory struct {
	tickets  map[int64]domain.Ticket
	messages []domain.Message
	used     map[domain.Request]domain.UsedRequest
	changes  []domain.Change
	number   int64
	urgent   bool   // of the last Update
	between  func() // what others do before the next Update
	files    map[string]domain.Attachment
}

func (m *memory) NextNumber(context.Context) (int64, error) { m.number++; return m.number, nil }

func (m *memory) Create(ctx context.Context, c domain.Change) error { return m.Save(ctx, c) }

func (m *memory) Update(ctx context.Context, urgent bool, fn func(context.Context, domain.Tx) error) error {
	m.urgent = urgent
	if m.between != nil {
		m.between()
	}
	return fn(ctx, inTx{m})
}

func key(r domain.Request) domain.Request { r.Hash = ""; return r }

func (m *memory) Remember(_ context.Context, r domain.Request) error {
	if _, ok := m.used[key(r)]; ok {
		return domain.ErrRequestUsed
	}
	m.used[key(r)] = domain.UsedRequest{Hash: r.Hash}
	return nil
}

func (m *memory) Used(_ context.Context, r domain.Request) (domain.UsedRequest, error) {
	u, ok := m.used[key(r)]
	if !ok {
		return u, fault.NotFound
	}
	return u, nil
}

func (m *memory) MailTicket(_ context.Context, mail string) (int64, error) {
	for _, c := range m.changes {
		if c.Mail != nil && c.Mail.ID == mail {
			return c.After.Number, nil
		}
	}
	return 0, fault.NotFound
}

func (m *memory) Ticket(_ context.Context, _ string, number int64) (domain.Ticket, error) {
	t, ok := m.tickets[number]
	if !ok {
		return t, fault.NotFound
	}
	return t, nil
}

func (m *memory) Full(ctx context.Context, viewer string, number int64) (domain.Ticket, error) {
	return m.Ticket(ctx, viewer, number)
}

func (m *memory) Message(_ context.Context, number, sequence int64) (domain.Message, error) {
	i := slices.IndexFunc(m.messages, func(msg domain.Message) bool { return msg.Number == number && msg.Sequence == sequence })
	if i < 0 {
		return domain.Message{}, fault.NotFound
	}
	return m.messages[i], nil
}

func (m *memory) find(number int64, id string) int {
	return slices.IndexFunc(m.messages, func(msg domain.Message) bool { return msg.Number == number && msg.ID == id })
}

// inTx is the memory as a transaction, whose Message takes an id.
type inTx struct{ *memory }

func (m inTx) Message(_ context.Context, number int64, id string) (domain.Message, error) {
	i := m.find(number, id)
	if i < 0 {
		return domain.Message{}, fault.NotFound
	}
	return m.messages[i], nil
}

func (m inTx) MessageAt(ctx context.Context, number, sequence int64) (domain.Message, error) {
	return m.memory.Message(ctx, number, sequence)
}

func (m *memory) Claimable(_ context.Context, _ string, ids []string) (list []domain.Attachment, err error) {
	for _, id := range ids {
		if a, ok := m.files[id]; ok {
			list = append(list, a)
		}
	}
	return list, nil
}

// Quoting: nothing here comes by mail.
func (m *memory) Quoting(context.Context, int64) ([]domain.Message, error) { return nil, nil }

func (m *memory) Conversation(_ context.Context, number int64) (list []domain.Message, err error) {
	for _, msg := range m.messages {
		if msg.Number == number && !msg.Note {
			list = append(list, msg)
		}
	}
	return list, nil
}

func (m *memory) History(_ context.Context, number int64, field string) (list []domain.Event, err error) {
	for _, c := range m.changes {
		if c.Event.Number == number && slices.ContainsFunc(c.Event.Changes, func(f domain.FieldChange) bool { return f.Field == field }) {
			list = append(list, c.Event)
		}
	}
	return list, nil
}

func (m *memory) MergedInto(_ context.Context, number int64) (int64, error) {
	for _, t := range m.tickets {
		if t.MergedInto == number {
			return t.Number, nil
		}
	}
	return 0, nil
}

func (m *memory) AddAttachment(_ context.Context, _ string, a domain.Attachment, written string) (domain.Attachment, string, error) {
	return a, written, nil
}

func (m *memory) Save(_ context.Context, c domain.Change) error {
	if c.Request != nil {
		if _, ok := m.used[key(*c.Request)]; ok {
			return domain.ErrRequestUsed
		}
		m.used[key(*c.Request)] = domain.UsedRequest{Hash: c.Request.Hash, Number: c.After.Number, Sequence: c.After.Sequence}
	}
	m.tickets[c.After.Number] = c.After
	if c.Message != nil {
		m.messages = append(m.messages, *c.Message)
	}
	if c.Redacted != nil {
		m.messages[m.find(c.Redacted.Number, c.Redacted.ID)] = *c.Redacted
	}
	if c.Field != nil {
		for i := range m.changes {
			for _, e := range c.Field.History {
				if m.changes[i].Event.ID() == e.ID() {
					m.changes[i].Event = e
				}
			}
		}
	}
	m.changes = append(m.changes, c)
	return nil
}

// town is a directory.
type town struct {
	people       []domain.Member
	applications map[string]domain.Application
	environments map[string]domain.Environment
	away         bool
}

func (d *town) IdentityAway() bool { return d.away }

func (d *town) Facts(_ context.Context, ask domain.Ask) (domain.Facts, error) {
	f := domain.Facts{
		Organizations: map[string]domain.Organization{
			"acme": {ID: "acme", Name: "Acme", Plan: "premium"}, "globex": {ID: "globex", Name: "Globex"},
		},
		Applications: map[string]domain.Application{}, Environments: map[string]domain.Environment{},
	}
	for _, p := range d.people {
		if slices.Contains(ask.People, p.ID) || slices.Contains(ask.Emails, strings.ToLower(p.Email)) {
			f.People = append(f.People, p)
		}
	}
	for _, id := range ask.Applications {
		if a, ok := d.applications[id]; ok {
			f.Applications[id] = a
		}
	}
	for _, id := range ask.Environments {
		if e, ok := d.environments[id]; ok {
			f.Environments[id] = e
		}
	}
	return f, nil
}

// bench is a desk over a memory.
type bench struct {
	*domain.Desk
	store *memory
	town  *town
	now   time.Time
}

var (
	uma  = domain.Caller{ID: "uma"}  // a member of acme
	fred = domain.Caller{ID: "fred"} // one limited to the shop
	sam  = domain.Caller{ID: "sam"}  // staff
	sue  = domain.Caller{ID: "sue"}  // a supervisor
)

func person(id, organization string, applications ...string) domain.Member {
	return domain.Member{
		Person:       domain.Person{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Email: id + "@" + organization + ".example", Staff: organization == ""},
		Organization: organization, OrganizationWide: len(applications) == 0, Applications: applications,
	}
}

func setup(testing.TB) *bench {
	b := &bench{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	b.store = &memory{tickets: map[int64]domain.Ticket{}, used: map[domain.Request]domain.UsedRequest{}}
	gone := person("gone", "acme")
	gone.Gone = true
	supervisor := person("sue", "")
	supervisor.Supervisor = true
	b.town = &town{
		people: []domain.Member{
			person("uma", "acme"), person("ann", "acme"), person("fred", "acme", "shop"), person("gina", "globex"),
			person("sam", ""), person("eve", ""), supervisor, gone,
		},
		applications: map[string]domain.Application{
			"shop": {ID: "shop", Organization: "acme", Name: "Shop"}, "blog": {ID: "blog", Organization: "acme", Name: "Blog"},
			"lab": {ID: "lab", Organization: "globex", Name: "Lab"},
		},
		environments: map[string]domain.Environment{"shop-prod": {ID: "shop-prod", Application: "shop", Name: "production"}},
	}
	ids := 0
	b.Desk = &domain.Desk{
		Store: b.store, Directory: b.town, CloseAfter: 7 * 24 * time.Hour,
		Now:   func() time.Time { b.now = b.now.Add(time.Second); return b.now },
		NewID: func() string { ids++; return fmt.Sprintf("id-%d", ids) },
	}
	return b
}

func question() domain.NewTicket {
	return domain.NewTicket{
		Type: domain.Question, Subject: "How?", Description: "Please.",
		Scope: domain.Scope{Targets: []domain.Target{{Application: "shop"}}},
	}
}

func incident(p domain.Priority) domain.NewTicket {
	n := question()
	n.Type, n.Priority = domain.Incident, p
	return n
}

func (b *bench) create(t require.TestingT, who domain.Caller, n domain.NewTicket) domain.Ticket {
	ticket, err := b.Create(context.Background(), who, n, domain.Request{})
	require.NoError(t, err)
	return ticket
}

func (b *bench) last() domain.Change { return b.store.changes[len(b.store.changes)-1] }

// fields returns "path REASON" of each offending field.
func fields(err error) (list []string) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return nil
	}
	for _, field := range f.Fields {
		list = append(list, field.Path+" "+field.Reason)
	}
	return list
}
