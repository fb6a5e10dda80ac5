package domain_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func TestMergeRefuses(t *testing.T) {
	other := func(b *bench, change func(*domain.Ticket)) func(t *testing.T, source, into domain.Ticket) {
		return func(_ *testing.T, _, into domain.Ticket) {
			change(&into)
			b.store.tickets[into.Number] = into
		}
	}
	source := func(b *bench, change func(*domain.Ticket)) func(t *testing.T, source, into domain.Ticket) {
		return func(_ *testing.T, source, _ domain.Ticket) {
			change(&source)
			b.store.tickets[source.Number] = source
		}
	}
	for _, test := range []struct {
		name    string
		who     domain.Caller
		prepare func(b *bench) func(t *testing.T, source, into domain.Ticket)
		merge   func(m *domain.Merge)
		reason  string
		fields  []string
		says    string
	}{
		{name: "by a member", who: uma, reason: "STAFF_ONLY"},
		{name: "itself", merge: func(m *domain.Merge) { m.Into = m.Number }, fields: []string{"into SAME_TICKET"}},
		{name: "into what is not there", merge: func(m *domain.Merge) { m.Into = 99 }, reason: ""},
		{name: "changed since", merge: func(m *domain.Merge) { m.ETag = "7" }, reason: "ETAG_MISMATCH"},
		{name: "of another organization", reason: "OTHER_ORGANIZATION", prepare: func(b *bench) func(*testing.T, domain.Ticket, domain.Ticket) {
			return other(b, func(o *domain.Ticket) { o.Organization = "globex" })
		}},
		{name: "of nobody knows whom", reason: "UNASSIGNED", prepare: func(b *bench) func(*testing.T, domain.Ticket, domain.Ticket) {
			return func(_ *testing.T, s, o domain.Ticket) {
				s.Organization, o.Organization = domain.Unassigned, domain.Unassigned
				b.store.tickets[s.Number], b.store.tickets[o.Number] = s, o
			}
		}},
		{name: "hidden", reason: "TICKET_HIDDEN", prepare: func(b *bench) func(*testing.T, domain.Ticket, domain.Ticket) {
			return source(b, func(s *domain.Ticket) { s.Hidden = domain.Spam })
		}},
		{name: "closed", reason: "TICKET_CLOSED", prepare: func(b *bench) func(*testing.T, domain.Ticket, domain.Ticket) {
			return source(b, func(s *domain.Ticket) { s.Status = domain.Closed })
		}},
		{name: "into what is hidden", reason: "INTO_HIDDEN", prepare: func(b *bench) func(*testing.T, domain.Ticket, domain.Ticket) {
			return other(b, func(o *domain.Ticket) { o.Hidden = domain.Spam })
		}},
		{name: "into what is closed", reason: "INTO_CLOSED", prepare: func(b *bench) func(*testing.T, domain.Ticket, domain.Ticket) {
			return other(b, func(o *domain.Ticket) { o.Status = domain.Closed })
		}},
		{name: "merged already", reason: "ALREADY_MERGED", says: "into #77 already", prepare: func(b *bench) func(*testing.T, domain.Ticket, domain.Ticket) {
			return source(b, func(s *domain.Ticket) { s.Status, s.MergedInto = domain.Closed, 77 })
		}},
		{name: "into what is merged", reason: "INTO_MERGED", says: "merged into #77", prepare: func(b *bench) func(*testing.T, domain.Ticket, domain.Ticket) {
			return other(b, func(o *domain.Ticket) { o.Status, o.MergedInto = domain.Closed, 77 })
		}},
		{name: "what has duplicates", reason: "HAS_DUPLICATES", says: "the other way round", prepare: func(b *bench) func(*testing.T, domain.Ticket, domain.Ticket) {
			return func(t *testing.T, s, _ domain.Ticket) {
				third := b.at(t, question(), domain.Closed)
				third.MergedInto = s.Number
				b.store.tickets[third.Number] = third
			}
		}},
		{name: "too many CCs", fields: []string{"into TOO_MANY"}, prepare: func(b *bench) func(*testing.T, domain.Ticket, domain.Ticket) {
			return func(_ *testing.T, s, o domain.Ticket) {
				s.CCs = []domain.Person{{Email: "ANN@acme.example"}}
				for i := range domain.MaxCCs {
					o.CCs = append(o.CCs, domain.Person{Email: fmt.Sprintf("cc%d@x.example", i)})
				}
				b.store.tickets[s.Number], b.store.tickets[o.Number] = s, o
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			from, into := b.at(t, question(), domain.Open), b.at(t, question(), domain.Open)
			if test.prepare != nil {
				test.prepare(b)(t, from, into)
			}
			before := b.store.tickets[from.Number]
			m := domain.Merge{Number: from.Number, Into: into.Number}
			if test.merge != nil {
				test.merge(&m)
			}
			who := sam
			if test.who.ID != "" {
				who = test.who
			}
			_, err := b.Merge(t.Context(), who, m, domain.Request{})
			require.Error(t, err)
			require.Equal(t, test.fields, fields(err))
			if test.fields == nil {
				require.Equal(t, test.reason, fault.ReasonOf(err))
			}
			require.ErrorContains(t, err, test.says)
			require.Equal(t, before, b.store.tickets[from.Number], "nothing is half merged")
		})
	}
}

func TestWhoFollowsADuplicate(t *testing.T) {
	b := setup(t)
	n := question()
	n.CCs = []string{"ANN@acme.example", "x@y.example", "gina@globex.example", "gone@acme.example"}
	from := b.create(t, fred, n)
	into := b.create(t, uma, question())
	merged, err := b.Merge(t.Context(), sam, domain.Merge{Number: from.Number, Into: into.Number}, domain.Request{})
	require.NoError(t, err)
	require.Equal(t, domain.Closed, merged.Status)
	require.Equal(t, into.Number, merged.MergedInto)
	require.False(t, merged.SolveTime.IsZero())
	var ccs []string
	for _, p := range b.store.tickets[into.Number].CCs {
		ccs = append(ccs, p.ID)
	}
	require.Equal(t, []string{"fred", "ann"}, ccs, "members of the organization only")
	closed, goesOn := b.store.changes[len(b.store.changes)-2], b.last()
	require.Equal(t, domain.EventMergedInto, closed.Event.Kind)
	require.Equal(t, into.Number, closed.Event.Other)
	require.Len(t, closed.Followers, 2)
	require.Equal(t, domain.EventMergedFrom, goesOn.Event.Kind)
	require.Equal(t, from.Number, goesOn.Event.Other)
	require.False(t, goesOn.Event.Internal)
}

func TestWhatChangesADuplicateBesideItsMerge(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*domain.Ticket)
		reason string
	}{
		{name: "its queue", change: func(t *domain.Ticket) { t.Team = "hosting" }},
		{name: "who follows it", change: func(t *domain.Ticket) { t.CCs = []domain.Person{{ID: "ann", Email: "ann@acme.example"}} }, reason: "ETAG_MISMATCH"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			from, into := b.create(t, uma, question()), b.create(t, uma, question())
			b.store.between = func() {
				now := b.store.tickets[from.Number]
				test.change(&now)
				now.Sequence++
				b.store.tickets[from.Number] = now
			}
			merged, err := b.Merge(t.Context(), sam, domain.Merge{Number: from.Number, Into: into.Number}, domain.Request{})
			require.Equal(t, test.reason, fault.ReasonOf(err))
			if test.reason == "" {
				require.Equal(t, into.Number, merged.MergedInto)
			}
		})
	}
}

// What an urgent duplicate makes of the other ticket, and of its page.
func TestMergeOfWhatIsUrgent(t *testing.T) {
	page := func(state domain.PageState) domain.Page {
		return domain.Page{State: state, ID: "p1", Occurrence: 1, Sequence: 4, By: domain.Person{ID: "eve"}}
	}
	for _, test := range []struct {
		name       string
		source     domain.PageState
		into       domain.NewTicket
		status     domain.Status
		intoPage   domain.PageState // of what is urgent
		urgent     bool             // engineers must be paged from this on
		want       domain.PageState // of the other afterwards
		occurrence int64
		unpaged    bool
	}{
		{name: "a question becomes an urgent incident", source: domain.PagePaging, into: question(), urgent: true, want: domain.PagePaging, occurrence: 2, unpaged: true},
		{name: "it is solved: it opens again", source: domain.PageDelivered, into: incident(domain.Low), status: domain.Solved, urgent: true, want: domain.PageDelivered, occurrence: 2},
		{name: "an acknowledgement counts", source: domain.PageAcknowledged, into: incident(domain.High), urgent: true, want: domain.PageAcknowledged, occurrence: 2},
		{name: "both are urgent", source: domain.PagePaging, into: incident(domain.Urgent), intoPage: domain.PageDelivered, want: domain.PageDelivered, occurrence: 1},
		{name: "both are, and somebody has the duplicate's", source: domain.PageAcknowledged, into: incident(domain.Urgent), intoPage: domain.PagePaging, want: domain.PagePaging, occurrence: 1, unpaged: true},
		{name: "nobody has answered about the other", source: domain.PagePaging, into: incident(domain.Urgent), intoPage: domain.PageExhausted, urgent: true, want: domain.PagePaging, occurrence: 2, unpaged: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			from := b.at(t, incident(domain.Urgent), domain.Open)
			from.Page = page(test.source)
			b.store.tickets[from.Number] = from
			into := b.at(t, test.into, max(test.status, domain.Open))
			if test.intoPage != 0 {
				into.Page = page(test.intoPage)
				into.Page.ID = "p2"
				b.store.tickets[into.Number] = into
			}
			_, err := b.Merge(t.Context(), sam, domain.Merge{Number: from.Number, Into: into.Number}, domain.Request{})
			require.NoError(t, err)
			require.True(t, b.store.urgent, "it goes ahead of other work")
			i := len(b.store.changes) - 1
			for b.store.changes[i].Source == nil {
				i--
			}
			c, closed := b.store.changes[i], b.store.changes[i-1]
			require.True(t, closed.EndedUrgency())
			require.Equal(t, domain.PageResolved, closed.After.Page.State)
			require.Equal(t, test.urgent, c.BecameUrgent())
			after := b.store.tickets[into.Number]
			require.True(t, after.Urgent())
			require.Equal(t, test.want, after.Page.State)
			require.Equal(t, test.occurrence, after.Page.Occurrence)
			require.Equal(t, test.unpaged, after.Unpaged(test.occurrence))
			require.Equal(t, test.source, c.SourcePage.State)

			// Notification tells whose page it is now; of the duplicate nothing counts any more.
			require.NoError(t, b.ApplyPage(t.Context(), inTx{b.store}, domain.PageChange{
				Page: "p1", Sequence: 5, Number: from.Number, Occurrence: 1, Kind: domain.PageWasDelivered, State: domain.PageDelivered,
			}))
			require.Equal(t, domain.PageResolved, b.store.tickets[from.Number].Page.State)
			require.NoError(t, b.ApplyPage(t.Context(), inTx{b.store}, domain.PageChange{
				Page: "p1", Sequence: 6, Number: into.Number, Occurrence: 2, Kind: domain.PageWasMerged, State: domain.PageAcknowledged,
				People: []domain.Person{{ID: "eve", Name: "Eve"}}, Time: b.now,
			}))
			after = b.store.tickets[into.Number]
			require.Equal(t, domain.PageAcknowledged, after.Page.State)
			require.Equal(t, "p1", after.Page.ID)
			require.Equal(t, "eve", after.Page.By.ID)
		})
	}
}

func TestWhatAQuestionLosesAsAnIncidentIsKept(t *testing.T) {
	b := setup(t)
	from := b.at(t, incident(domain.Urgent), domain.Open)
	n := question()
	n.Type, n.Details.Task = domain.Task, &domain.TaskDetails{Requirements: "PHP 8.4"}
	into := b.at(t, n, domain.Open)
	_, err := b.Merge(t.Context(), sam, domain.Merge{Number: from.Number, Into: into.Number}, domain.Request{})
	require.NoError(t, err)
	require.Contains(t, b.last().Message.Body, "PHP 8.4")
	require.True(t, b.last().Message.Note)
}
