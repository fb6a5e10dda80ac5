package domain

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// onePage is a transaction about one page with one delivery to Ada.
type onePage struct {
	PageTx   // what a test does not need
	page     Page
	delivery Delivery
	contacts []Contact
	passedOn bool
	started  []Delivery
	lines    []string
}

func (tx *onePage) Now(context.Context) (time.Time, error) {
	return tx.page.OpenedAt.Add(2 * time.Second), nil
}
func (tx *onePage) LockPage(context.Context, string) (*Page, error)    { return &tx.page, nil }
func (tx *onePage) Delivery(context.Context, string) (Delivery, error) { return tx.delivery, nil }
func (tx *onePage) SaveDelivery(_ context.Context, d Delivery) error   { tx.delivery = d; return nil }
func (tx *onePage) Paged(context.Context, string) ([]Person, error)    { return nil, nil }
func (tx *onePage) AckKey(context.Context) (AckKey, error)             { return AckKey{ID: 1}, nil }

func (tx *onePage) InsertDeliveries(d []Delivery) { tx.started = append(tx.started, d...) }

func (tx *onePage) Log(_ string, _ time.Time, entries ...Entry) {
	for _, e := range entries {
		tx.lines = append(tx.lines, e.Text())
	}
}
func (tx *onePage) Alive(context.Context, string, Position) (int, error) { return 1, nil }

func (tx *onePage) Reach(context.Context, []string) ([]Reach, error) {
	return []Reach{{Person: tx.delivery.Person, Contacts: tx.contacts}}, nil
}

func (tx *onePage) Tried(context.Context, string, Position, string) ([]string, error) {
	tried := []string{tx.delivery.Contact.ID}
	for _, d := range tx.started {
		tried = append(tried, d.Contact.ID)
	}
	return tried, nil
}

func (tx *onePage) PassOn(context.Context, string) (bool, error) {
	first := !tx.passedOn
	tx.passedOn = true
	return first, nil
}

func newOnePage() *onePage {
	contacts := []Contact{{ID: "c1", Channel: ChannelWebhook, Position: 1}, {ID: "c2", Channel: ChannelEmail, Position: 2}}
	at := Position{Cycle: 1, Loop: 1, Step: 1}
	return &onePage{
		page:     Page{ID: "p", State: StatePaging, Position: at, OpenedAt: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)},
		delivery: Delivery{ID: "d", Page: "p", Position: at, Person: Person{ID: "ada", Name: "Ada"}, Contact: contacts[0], State: DeliveryQueued},
		contacts: contacts,
	}
}

func TestADeliveryWithoutAnOutcomeStartsTheNextContactOnce(t *testing.T) {
	pager := Pager{
		Render: func(Notice) (string, error) { return "{}", nil }, AckURL: func(AckKey, AckClaim) string { return "" },
	}
	unsent := func(tx *onePage) {
		require.NoError(t, pager.Unsent(t.Context(), tx, "p", "d", 2*time.Second))
	}
	failed := func(tx *onePage) {
		require.NoError(t, pager.Attempted(t.Context(), tx, "p", "d", Attempt{Number: 1, Answer: Answer{Kind: AnswerProvider, Said: "500 no"}}))
	}
	const late, refused = "Ada: webhook not delivered within 2s, trying the next contact", "Ada: webhook failed (500 no), trying the next contact"
	tests := []struct {
		name   string
		change func(tx *onePage)
		does   []func(*onePage)
		want   []string // the history; one contact is started for each "trying"
		starts int
	}{
		{"nothing known", nil, []func(*onePage){unsent}, []string{late}, 1},
		{"another replica looks too", nil, []func(*onePage){unsent, unsent}, []string{late}, 1},
		{"the attempt fails afterwards", nil, []func(*onePage){unsent, failed}, []string{late}, 1},
		{"the attempt failed before", nil, []func(*onePage){failed, unsent}, []string{refused}, 1},
		{"on the page's way to the next step", func(tx *onePage) { tx.page.Step = 2 }, []func(*onePage){unsent}, []string{late}, 1},
		{
			"no other contact",
			func(tx *onePage) { tx.contacts = tx.contacts[:1] },
			[]func(*onePage){unsent, unsent},
			[]string{"Ada: webhook not delivered within 2s, and there is no other contact"},
			0,
		},
		{"acknowledged", func(tx *onePage) { tx.page.State = StateAcknowledged }, []func(*onePage){unsent}, nil, 0},
		{"accepted meanwhile", func(tx *onePage) { tx.delivery.State = DeliveryAccepted }, []func(*onePage){unsent}, nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tx := newOnePage()
			if tt.change != nil {
				tt.change(tx)
			}
			for _, do := range tt.does {
				do(tx)
			}
			require.Equal(t, tt.want, tx.lines)
			require.Len(t, tx.started, tt.starts)
			for _, d := range tx.started {
				require.Equal(t, "c2", d.Contact.ID)
				require.Equal(t, tx.delivery.Position, d.Position)
			}
		})
	}
}
