package domain

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPositionsOfTheMailboxAreAdopted(t *testing.T) {
	p := Policy{Steps: []Step{{}, {}}, Loops: 3}
	for _, tt := range []struct {
		name       string
		held, want Position
	}{
		{"where it begins", Position{1, 1, 1}, Position{1, 1, 1}},
		{"the second step", Position{1, 1, 2}, Position{1, 1, 2}},
		{"the last step once more", Position{1, 2, 2}, Position{1, 2, 2}},
		{"the last step again and again", Position{1, 90, 2}, Position{1, 3, 2}},
		{"everybody and the fallback list", Position{1, 90, 3}, Position{1, 3, 3}},
		{"a policy that had more steps then", Position{1, 1, 9}, Position{1, 3, 3}},
		{"nothing is known", Position{}, Position{1, 1, 1}},
	} {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, p.adopted(tt.held)) })
	}
	require.True(t, p.isFallback(p.adopted(Position{1, 1, 3})))
	require.Equal(t, Position{1, 1, 1}, Policy{}.adopted(Position{1, 4, 3}), "a policy without anybody")
}

func TestWhoIsLeftToCall(t *testing.T) {
	delivery := func(person, contact string, state DeliveryState) Delivery {
		return Delivery{Person: Person{ID: person}, Contact: Contact{ID: contact}, State: state}
	}
	all := []called{
		{Reach: Reach{Person: Person{ID: "ada"}, Contacts: []Contact{{ID: "a1"}, {ID: "a2"}}}},
		{Reach: Reach{Person: Person{ID: "ben"}, Contacts: []Contact{{ID: "b1"}}}},
	}
	for _, tt := range []struct {
		name string
		held []Delivery
		want map[string][]string
	}{
		{"nobody was called", nil, map[string][]string{"ada": {"a1", "a2"}, "ben": {"b1"}}},
		{"one was reached", []Delivery{delivery("ada", "a2", DeliveryAccepted)}, map[string][]string{"ben": {"b1"}}},
		{"reached by another contact of then", []Delivery{delivery("ben", "old", DeliveryAccepted)}, map[string][]string{"ada": {"a1", "a2"}}},
		{"one was on its way", []Delivery{delivery("ada", "a1", DeliveryCancelled)}, map[string][]string{"ada": {"a1", "a2"}, "ben": {"b1"}}},
		{"a contact refused for good", []Delivery{delivery("ada", "a1", DeliveryFailed)}, map[string][]string{"ada": {"a2"}, "ben": {"b1"}}},
		{"all contacts did", []Delivery{delivery("ben", "b1", DeliveryFailed)}, map[string][]string{"ada": {"a1", "a2"}}},
		{"all were reached", []Delivery{delivery("ada", "a1", DeliveryAccepted), delivery("ben", "b1", DeliveryAccepted)}, map[string][]string{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := map[string][]string{}
			for _, c := range (Held{Deliveries: tt.held}).left(all) {
				for _, contact := range c.Contacts {
					got[c.Person.ID] = append(got[c.Person.ID], contact.ID)
				}
			}
			require.Equal(t, tt.want, got)
			require.Len(t, all[0].Contacts, 2, "what is asked about stays as it is")
		})
	}
}

func TestOnlyWhatIsOverIsImported(t *testing.T) {
	at := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	h := Held{Position: Position{1, 2, 1}, Deliveries: []Delivery{
		{ID: "a", State: DeliveryAccepted, Position: Position{1, 1, 1}, CreatedAt: at},
		{ID: "b", State: DeliveryCancelled, Position: Position{1, 2, 1}, CreatedAt: at.Add(time.Minute)},
		{ID: "c", State: DeliveryFailed, Position: Position{1, 2, 1}, CreatedAt: at.Add(2 * time.Minute)},
		{ID: "d", State: DeliveryQueued, Position: Position{1, 3, 1}, CreatedAt: at.Add(time.Hour)},
	}}
	var ids []string
	for _, d := range h.outcomes() {
		ids = append(ids, d.ID)
	}
	require.Equal(t, []string{"a", "c"}, ids)
	require.Equal(t, at.Add(2*time.Minute), h.began(), "the last call of its position")
	require.True(t, h.delivered())
	require.False(t, Held{Deliveries: h.Deliveries[1:]}.delivered())
	require.Zero(t, Held{}.began())
}
