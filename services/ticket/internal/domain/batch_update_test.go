package domain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func TestBatchItem(t *testing.T) {
	eve, nobody, unknown := "eve", "", "uma"
	for _, test := range []struct {
		name   string
		kind   domain.Type
		status domain.Status // of the ticket
		item   domain.BatchItem
		want   func(t *domain.Ticket) // what changes
		fields []string
		reason string
	}{
		{"solve", domain.Question, domain.Open, domain.BatchItem{Status: domain.Solved}, func(t *domain.Ticket) { t.Status = domain.Solved }, nil, ""},
		{"take", domain.Question, domain.New, domain.BatchItem{Assignee: &eve}, func(t *domain.Ticket) { t.Assignee.ID, t.Status = "eve", domain.Open }, nil, ""},
		{
			"take and put on hold", domain.Question, domain.New,
			domain.BatchItem{Assignee: &eve, Status: domain.OnHold},
			func(t *domain.Ticket) { t.Assignee.ID, t.Status = "eve", domain.OnHold }, nil, "",
		},
		{"give to nobody", domain.Question, domain.Open, domain.BatchItem{Assignee: &nobody}, func(*domain.Ticket) {}, nil, ""},
		{"team", domain.Question, domain.New, domain.BatchItem{Team: " billing "}, func(t *domain.Ticket) { t.Team = "billing" }, nil, ""},
		{"priority", domain.Question, domain.Open, domain.BatchItem{Priority: domain.High}, func(t *domain.Ticket) { t.Priority = domain.High }, nil, ""},
		{"urgent", domain.Incident, domain.Open, domain.BatchItem{Priority: domain.Urgent}, func(t *domain.Ticket) { t.Priority = domain.Urgent }, nil, ""},
		{
			"tags", domain.Question, domain.Open,
			domain.BatchItem{AddTags: []string{"b", "c"}, RemoveTags: []string{"a"}},
			func(t *domain.Ticket) { t.Tags = []string{"b", "c"} }, nil, "",
		},
		{"nothing", domain.Question, domain.Open, domain.BatchItem{}, func(*domain.Ticket) {}, nil, ""},
		{"urgent question", domain.Question, domain.Open, domain.BatchItem{Priority: domain.Urgent}, nil, []string{"ticket.priority INCIDENTS_ONLY"}, ""},
		{"closing", domain.Question, domain.Open, domain.BatchItem{Status: domain.Closed}, nil, []string{"ticket.status INVALID_STATUS"}, ""},
		{"no staff", domain.Question, domain.Open, domain.BatchItem{Assignee: &unknown}, nil, []string{"assignee UNKNOWN_STAFF"}, ""},
		{"bad tag", domain.Question, domain.Open, domain.BatchItem{AddTags: []string{"B"}}, nil, []string{"ticket.tags[0] INVALID_TAG"}, ""},
		{"closed", domain.Question, domain.Closed, domain.BatchItem{Status: domain.Open}, nil, nil, "TICKET_CLOSED"},
		{"changed since", domain.Question, domain.Open, domain.BatchItem{ETag: "9", Status: domain.Solved}, nil, nil, "ETAG_MISMATCH"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			n := question()
			n.Type = test.kind
			before := b.at(t, n, test.status)
			before.Tags = []string{"a"}
			b.store.tickets[before.Number] = before
			test.item.Number = before.Number
			results, err := b.BatchUpdate(t.Context(), sam, []domain.BatchItem{test.item}, domain.Request{})
			require.NoError(t, err)
			require.Len(t, results, 1)
			after := b.store.tickets[before.Number]
			if test.want == nil {
				require.Equal(t, before, after)
				require.Error(t, results[0].Err)
				require.Equal(t, test.fields, fields(results[0].Err))
				if test.reason != "" {
					require.Equal(t, test.reason, fault.ReasonOf(results[0].Err))
				}
				return
			}
			require.NoError(t, results[0].Err)
			want := before
			test.want(&want)
			require.Equal(t,
				[]any{want.Status, want.Priority, want.Assignee.ID, want.Team, want.Tags},
				[]any{after.Status, after.Priority, after.Assignee.ID, after.Team, after.Tags})
			require.Equal(t, after.Sequence, results[0].Ticket.Sequence)
		})
	}
}

func TestBatchIsStaffsAndNamesEachTicketOnce(t *testing.T) {
	b := setup(t)
	n := b.create(t, uma, question()).Number
	_, err := b.BatchUpdate(t.Context(), uma, []domain.BatchItem{{Number: n, Team: "x"}}, domain.Request{})
	require.ErrorIs(t, err, fault.Denied)
	_, err = b.BatchUpdate(t.Context(), sam, []domain.BatchItem{{Number: n, Team: "x"}, {Number: 99}, {Number: n}}, domain.Request{})
	require.Equal(t, []string{"updates[2].ticket DUPLICATE_TICKET"}, fields(err))
	require.Empty(t, b.store.tickets[n].Team, "nothing was changed")
}
