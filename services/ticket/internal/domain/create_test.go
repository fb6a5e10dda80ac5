package domain_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func TestCreateRefuses(t *testing.T) {
	addresses := func(n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf("cc%d@x.example", i))
		}
		return list
	}
	targets := func(list ...domain.Target) domain.Scope { return domain.Scope{Targets: list} }
	tests := []struct {
		name   string
		who    domain.Caller
		change func(*domain.NewTicket)
		want   []string
	}{
		{"no type", uma, func(n *domain.NewTicket) { n.Type = 0 }, []string{"ticket.type REQUIRED"}},
		{"empty subject", uma, func(n *domain.NewTicket) { n.Subject = "" }, []string{"ticket.subject REQUIRED"}},
		{"blank subject", uma, func(n *domain.NewTicket) { n.Subject = " \u00a0 " }, []string{"ticket.subject REQUIRED"}},
		{"long subject", uma, func(n *domain.NewTicket) { n.Subject = strings.Repeat("ä", 201) }, []string{"ticket.subject TOO_LONG"}},
		{"line break in the subject", uma, func(n *domain.NewTicket) { n.Subject = "a\r\nBcc: x" }, []string{"ticket.subject CONTROL_CHARACTER"}},
		{"subject not UTF-8", uma, func(n *domain.NewTicket) { n.Subject = "a\xff" }, []string{"ticket.subject INVALID_UTF8"}},
		{"no description", uma, func(n *domain.NewTicket) { n.Description = "\n" }, []string{"ticket.description REQUIRED"}},
		{"long description", uma, func(n *domain.NewTicket) { n.Description = strings.Repeat("ä", 65537) }, []string{"ticket.description TOO_LONG"}},
		{"NUL in the description", uma, func(n *domain.NewTicket) { n.Description = "a\x00" }, []string{"ticket.description CONTROL_CHARACTER"}},
		{"several faults at once", uma, func(n *domain.NewTicket) { n.Subject, n.Description = "", "" }, []string{"ticket.subject REQUIRED", "ticket.description REQUIRED"}},

		{"priority of a question by a member", uma, func(n *domain.NewTicket) { n.Priority = domain.High }, []string{"ticket.priority INCIDENTS_ONLY"}},
		{"urgent question by staff", sam, func(n *domain.NewTicket) { n.Priority = domain.Urgent }, []string{"ticket.priority INCIDENTS_ONLY"}},
		{"unknown priority", sam, func(n *domain.NewTicket) { n.Priority = 9 }, []string{"ticket.priority INVALID_PRIORITY"}},
		{"tags by a member", uma, func(n *domain.NewTicket) { n.Tags = []string{"vip"} }, []string{"ticket.tags STAFF_ONLY"}},
		{"bad tag", sam, func(n *domain.NewTicket) { n.Tags = []string{"ok", "-Bad"} }, []string{"ticket.tags[0] INVALID_TAG"}},

		{"details of another type", uma, func(n *domain.NewTicket) { n.Details.Task = &domain.TaskDetails{} }, []string{"ticket.details WRONG_TYPE"}},
		{"long impact", uma, func(n *domain.NewTicket) {
			n.Type, n.Details.Incident = domain.Incident, &domain.IncidentDetails{Impact: strings.Repeat("x", 2001)}
		}, []string{"ticket.incident.impact TOO_LONG"}},
		{"call-back number with letters", uma, func(n *domain.NewTicket) {
			n.Type, n.Details.Incident = domain.Incident, &domain.IncidentDetails{Callback: "call me"}
		}, []string{"ticket.incident.callback_number INVALID_NUMBER"}},
		{"reversed window", uma, func(n *domain.NewTicket) {
			at := time.Unix(1e9, 0)
			n.Type, n.Details.Task = domain.Task, &domain.TaskDetails{Earliest: at, Latest: at.Add(-1)}
		}, []string{"ticket.task.latest_time WINDOW_REVERSED"}},

		{"unknown application", uma, func(n *domain.NewTicket) { n.Scope = targets(domain.Target{Application: "nope"}) }, []string{"ticket.scope.targets[0].application UNKNOWN_APPLICATION"}},
		{"another organization's application", uma, func(n *domain.NewTicket) {
			n.Scope = targets(domain.Target{Application: "shop"}, domain.Target{Application: "lab"})
		}, []string{"ticket.scope.targets[1].application UNKNOWN_APPLICATION"}},
		{"unknown environment", uma, func(n *domain.NewTicket) {
			n.Scope = targets(domain.Target{Application: "shop", Environment: "x"})
		}, []string{"ticket.scope.targets[0].environment UNKNOWN_ENVIRONMENT"}},
		{"another application's environment", uma, func(n *domain.NewTicket) {
			n.Scope = targets(domain.Target{Application: "blog", Environment: "shop-prod"})
		}, []string{"ticket.scope.targets[0].environment UNKNOWN_ENVIRONMENT"}},
		{"no scope", uma, func(n *domain.NewTicket) { n.Scope = domain.Scope{} }, []string{"ticket.scope REQUIRED"}},
		{"all and some", uma, func(n *domain.NewTicket) { n.Scope.All = true }, []string{"ticket.scope SCOPE_AMBIGUOUS"}},
		{"all by a limited member", fred, func(n *domain.NewTicket) { n.Scope = domain.Scope{All: true} }, []string{"ticket.scope.all APPLICATION_DENIED"}},
		{"application beyond the limit", fred, func(n *domain.NewTicket) { n.Scope = targets(domain.Target{Application: "blog"}) }, []string{"ticket.scope.targets[0].application APPLICATION_DENIED"}},

		{"bad address", uma, func(n *domain.NewTicket) { n.CCs = []string{"ok@x.example", "nobody"} }, []string{"ticket.ccs[1].email INVALID_ADDRESS"}},
		{"address with a name", uma, func(n *domain.NewTicket) { n.CCs = []string{"Bob <bob@x.example>"} }, []string{"ticket.ccs[0].email INVALID_ADDRESS"}},
		{"address with a line break", uma, func(n *domain.NewTicket) { n.CCs = []string{"a@x.example\r\nBcc: b@x.example"} }, []string{"ticket.ccs[0].email INVALID_ADDRESS"}},
		{"49 CCs", uma, func(n *domain.NewTicket) { n.CCs = addresses(49) }, []string{"ticket.ccs TOO_MANY"}},

		{"organization by a member", uma, func(n *domain.NewTicket) { n.Organization = "globex" }, []string{"ticket.organization NOT_YOURS"}},
		{"requester by a member", uma, func(n *domain.NewTicket) { n.Requester = "ann" }, []string{"ticket.requester NOT_YOU"}},
		{"staff without organization", sam, func(n *domain.NewTicket) { n.Organization = "" }, []string{"ticket.organization REQUIRED", "ticket.requester.id UNKNOWN_MEMBER", "ticket.scope.targets[0].application UNKNOWN_APPLICATION"}},
		{"staff without requester", sam, func(n *domain.NewTicket) { n.Requester = "" }, []string{"ticket.requester.id REQUIRED"}},
		{"requester of another organization", sam, func(n *domain.NewTicket) { n.Requester = "gina" }, []string{"ticket.requester.id UNKNOWN_MEMBER"}},
		{"requester who is gone", sam, func(n *domain.NewTicket) { n.Requester = "gone" }, []string{"ticket.requester.id UNKNOWN_MEMBER"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			n := question()
			if test.who == sam {
				n.Organization, n.Requester = "acme", "uma"
			}
			test.change(&n)
			_, err := b.Create(t.Context(), test.who, n, domain.Request{})
			require.ErrorIs(t, err, fault.Invalid)
			require.Equal(t, test.want, fields(err))
			require.Empty(t, b.store.changes)
		})
	}
}

func TestCreate(t *testing.T) {
	t.Run("defaults and distinct values", func(t *testing.T) {
		b := setup(t)
		n := question()
		n.CCs = []string{"UMA@acme.example", "ann@ACME.example", "Ann@acme.example", " x@y.example ", "gina@globex.example"}
		n.Scope.Targets = []domain.Target{{Application: "shop"}, {Application: "shop", Environment: "shop-prod"}, {Application: "shop"}}
		got := b.create(t, uma, n)
		require.Equal(t, domain.New, got.Status)
		require.Zero(t, got.Priority, "hidden from members")
		require.Equal(t, domain.Normal, b.last().After.Priority)
		require.False(t, b.last().After.PrioritySet)
		require.Equal(t, "acme", got.Organization)
		require.Equal(t, "uma", got.Requester.ID)
		require.Equal(t, []domain.Person{
			{ID: "ann", Name: "Ann", Email: "ann@acme.example"},
			{Email: "x@y.example"},
			{Email: "gina@globex.example"}, // nobody learns that this is somebody's account
		}, got.CCs)
		require.Equal(t, []domain.Target{
			{Application: "shop", ApplicationName: "Shop"},
			{Application: "shop", Environment: "shop-prod", ApplicationName: "Shop", EnvironmentName: "production"},
		}, got.Scope.Targets)
		require.False(t, b.last().BecameUrgent())
	})
	t.Run("limits are in characters", func(t *testing.T) {
		b := setup(t)
		n := question()
		n.Subject, n.Description = strings.Repeat("ä", 200), strings.Repeat("ö", 65536)
		for i := range 48 {
			n.CCs = append(n.CCs, fmt.Sprintf("cc%d@x.example", i))
		}
		got := b.create(t, uma, n)
		require.Len(t, got.CCs, 48)
		require.Equal(t, strings.Repeat("ö", 1000), got.Excerpt)
	})
	t.Run("urgent", func(t *testing.T) {
		b := setup(t)
		got := b.create(t, fred, incident(domain.Urgent))
		require.True(t, b.last().BecameUrgent())
		require.Equal(t, domain.Page{State: domain.PagePaging, Occurrence: 1}, got.Page)
	})
	t.Run("by staff", func(t *testing.T) {
		b := setup(t)
		n := question()
		n.Organization, n.Requester, n.Priority, n.Tags = "acme", "uma", domain.High, []string{"b", "a", "b"}
		got := b.create(t, sam, n)
		require.Equal(t, domain.High, got.Priority)
		require.Equal(t, []string{"a", "b"}, got.Tags)
		require.Equal(t, "uma", got.Requester.ID)
		require.Equal(t, "sam", b.last().Message.Author.ID)
	})
	t.Run("an unknown application while identity is away", func(t *testing.T) {
		b := setup(t)
		b.town.away = true
		n := incident(domain.Urgent)
		n.Scope.Targets = append(n.Scope.Targets, domain.Target{Application: "brand-new", Environment: "e"})
		got := b.create(t, uma, n)
		require.True(t, got.ScopeUnverified)
		require.True(t, b.last().BecameUrgent())

		n.Scope.Targets[1].Application = "lab" // known to be another organization's
		_, err := b.Create(t.Context(), uma, n, domain.Request{})
		require.Equal(t, []string{"ticket.scope.targets[1].application UNKNOWN_APPLICATION"}, fields(err))
		n.Scope.Targets[1].Application = "brand-new"
		_, err = b.Create(t.Context(), fred, n, domain.Request{})
		require.Equal(t, []string{"ticket.scope.targets[1].application APPLICATION_DENIED"}, fields(err))
		n.Type, n.Priority = domain.Question, 0
		_, err = b.Create(t.Context(), uma, n, domain.Request{})
		require.Equal(t, []string{"ticket.scope.targets[1].application UNKNOWN_APPLICATION"}, fields(err))
	})
	t.Run("a repetition that would be refused now", func(t *testing.T) {
		b := setup(t)
		r := domain.Request{Principal: "uma", Method: "CreateTicket", ID: "1", Hash: "h"}
		first, err := b.Create(t.Context(), uma, question(), r)
		require.NoError(t, err)
		delete(b.town.applications, "shop")
		again, err := b.Create(t.Context(), uma, question(), r)
		require.NoError(t, err)
		require.Equal(t, first.Number, again.Number)
		r.Hash = "other"
		_, err = b.Create(t.Context(), uma, question(), r)
		require.ErrorIs(t, err, fault.Exists)
	})
}
