package domain

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAContactIsDueOnceWhileThePageWaits(t *testing.T) {
	due := ContactTimer{Person: "ada", Contact: "c2", Why: Why{Kind: WhyNamed}}
	for _, c := range []struct {
		name   string
		change func(tx *onePage)
		want   []string
	}{
		{"it waits", func(*onePage) {}, []string{"c2"}},
		{"the page has moved on", func(tx *onePage) { tx.page.Step = 2 }, []string{"c2"}},
		{"everybody was called, in vain", func(tx *onePage) { tx.page.State = StateExhausted }, []string{"c2"}},
		{"acknowledged", func(tx *onePage) { tx.page.State = StateAcknowledged }, nil},
		{"over", func(tx *onePage) { tx.page.State = StateResolved }, nil},
		{"acknowledged, and paging again", func(tx *onePage) { tx.page.Cycle = 2 }, nil},
		{"it was tried when another failed", func(tx *onePage) { tx.delivery.Contact.ID = "c2" }, nil},
		{"the contact is gone", func(tx *onePage) { tx.contacts = tx.contacts[:1] }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			tx := newOnePage()
			tx.page.Policy = Policy{Steps: []Step{{}}, Loops: 1}
			at := tx.page.Position
			c.change(tx)
			g := Pager{Render: func(Notice) (string, error) { return "body", nil }, AckURL: func(AckKey, AckClaim) string { return "link" }}
			for range 2 {
				_, err := g.ContactDue(t.Context(), tx, "p", at, due)
				require.NoError(t, err)
			}
			var started []string
			for _, d := range tx.started {
				require.Equal(t, at, d.Position)
				started = append(started, d.Contact.ID)
			}
			require.Equal(t, c.want, started)
			if c.want != nil {
				require.Equal(t, []string{"Step 1 of round 1: Ada, named by the escalation policy; by email now, as their rules say"}, tx.lines)
			}
		})
	}
}
