package domain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func TestHide(t *testing.T) {
	const spam, gone, back = "spam", "delete", "restore"
	for _, test := range []struct {
		name   string
		from   domain.Hidden
		do     string
		want   domain.Hidden
		kind   domain.EventKind // 0 = nothing happens
		reason string
	}{
		{"spam", domain.Shown, spam, domain.Spam, domain.EventMarkedSpam, ""},
		{"spam again", domain.Spam, spam, domain.Spam, 0, ""},
		{"deleted is no spam", domain.Deleted, spam, domain.Deleted, 0, "TICKET_HIDDEN"},
		{"delete", domain.Shown, gone, domain.Deleted, domain.EventDeleted, ""},
		{"delete spam", domain.Spam, gone, domain.Deleted, domain.EventDeleted, ""},
		{"delete again", domain.Deleted, gone, domain.Deleted, 0, ""},
		{"restore spam", domain.Spam, back, domain.Shown, domain.EventRestored, ""},
		{"restore what was deleted", domain.Deleted, back, domain.Shown, domain.EventRestored, ""},
		{"restore what is there", domain.Shown, back, domain.Shown, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			ticket := b.at(t, incident(domain.Urgent), domain.Open)
			ticket.Hidden = test.from
			if test.from != domain.Shown {
				ticket.HiddenTime = b.now
			}
			b.store.tickets[ticket.Number] = ticket
			call := map[string]func(c domain.Caller) (domain.Ticket, error){
				spam: func(c domain.Caller) (domain.Ticket, error) { return b.MarkSpam(t.Context(), c, ticket.Number, "") },
				gone: func(c domain.Caller) (domain.Ticket, error) { return b.Delete(t.Context(), c, ticket.Number, "") },
				back: func(c domain.Caller) (domain.Ticket, error) { return b.Restore(t.Context(), c, ticket.Number, "") },
			}[test.do]
			_, err := call(uma)
			require.ErrorIs(t, err, fault.Denied)
			before := len(b.store.changes)
			got, err := call(sam)
			require.Equal(t, test.reason, fault.ReasonOf(err))
			require.Equal(t, test.want, b.store.tickets[ticket.Number].Hidden)
			if test.kind == 0 {
				require.Len(t, b.store.changes, before)
				return
			}
			require.Equal(t, test.want == domain.Shown, got.HiddenTime.IsZero())
			require.Equal(t, test.want == domain.Deleted, !got.PurgeTime().IsZero())
			c := b.last()
			require.Equal(t, test.kind, c.Event.Kind)
			require.Equal(t, []domain.FieldChange{{Field: "hidden", Old: test.from.String(), New: test.want.String()}}, c.Event.Changes[:1])
			require.Equal(t, ticket.UpdateTime, got.UpdateTime, "it does not move in the customer's list")
			require.Equal(t, test.from == domain.Shown, c.EndedUrgency())
			require.Equal(t, test.want == domain.Shown, c.BecameUrgent(), "a real outage pages after all")
		})
	}
}

func TestHiddenTicketsAreNotWorkedOn(t *testing.T) {
	b := setup(t)
	ticket := b.at(t, incident(domain.Normal), domain.Solved)
	n := ticket.Number
	_, err := b.MarkSpam(t.Context(), sam, n, "")
	require.NoError(t, err)
	for what, do := range map[string]func() error{
		"reply": func() error {
			_, _, err := b.Reply(t.Context(), sam, domain.Reply{Number: n, Body: "x"}, domain.Request{})
			return err
		},
		"note":   func() error { _, err := b.Note(t.Context(), sam, n, "x", domain.Request{}); return err },
		"reopen": func() error { _, err := b.Reopen(t.Context(), sam, n, ""); return err },
		"assign": func() error {
			_, err := b.Assign(t.Context(), sam, domain.Assignment{Number: n, Assignee: "eve"})
			return err
		},
		"type": func() error {
			_, err := b.ChangeType(t.Context(), sam, domain.NewType{Number: n, Type: domain.Task})
			return err
		},
		"update": func() error {
			_, err := b.Update(t.Context(), sam, domain.Update{Number: n, Fields: []string{"priority"}, Values: domain.Ticket{Priority: domain.High}})
			return err
		},
	} {
		require.Equal(t, "TICKET_HIDDEN", fault.ReasonOf(do()), what)
	}
	b.now = b.now.Add(b.CloseAfter)
	_, err = b.Close(t.Context(), n)
	require.NoError(t, err, "but time goes on")
	require.Equal(t, domain.Closed, b.store.tickets[n].Status)
}
