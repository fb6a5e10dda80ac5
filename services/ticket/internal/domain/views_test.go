package domain_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// viewMemory is one view, or none.
type viewMemory struct{ view *domain.SavedView }

func (m *viewMemory) CreateView(_ context.Context, v domain.SavedView, _ domain.Request) (domain.SavedView, error) {
	m.view = &v
	return v, nil
}

func (m *viewMemory) ChangeView(_ context.Context, _, id string, change func(domain.SavedView) (*domain.SavedView, error)) (domain.SavedView, error) {
	if m.view == nil || m.view.ID != id {
		return domain.SavedView{}, fault.NotFound
	}
	after, err := change(*m.view)
	if err != nil {
		return domain.SavedView{}, err
	}
	m.view = after
	if after == nil {
		return domain.SavedView{}, nil
	}
	return *after, nil
}

func TestViews(t *testing.T) {
	own, shared := domain.SavedView{Name: "Mine", Filter: "is:open"}, domain.SavedView{Name: "Ours", Shared: true}
	for _, test := range []struct {
		name   string
		who    domain.Caller
		before *domain.SavedView // nil: create
		fields []string          // nil: delete, if there is one before
		view   domain.SavedView
		want   *domain.SavedView
		kind   fault.Kind
		reason []string
	}{
		{name: "create", who: sam, view: own, want: &own},
		{name: "create by a member", who: uma, view: own, kind: fault.Denied},
		{name: "share", who: sam, view: shared, kind: fault.Denied},
		{name: "a supervisor shares", who: sue, view: shared, want: &shared},
		{name: "nameless", who: sam, view: domain.SavedView{Name: " ", Position: -1}, kind: fault.Invalid, reason: []string{"view.name REQUIRED", "view.position INVALID_POSITION"}},
		{name: "rename", who: sam, before: &own, fields: []string{"name", "position"}, view: domain.SavedView{Name: "New", Position: 3}, want: &domain.SavedView{Name: "New", Filter: "is:open", Position: 3}},
		{name: "share later", who: sam, before: &own, fields: []string{"shared"}, view: domain.SavedView{Shared: true}, kind: fault.Denied},
		{name: "change what is shared", who: sam, before: &shared, fields: []string{"name"}, view: domain.SavedView{Name: "X"}, kind: fault.Denied},
		{name: "take back what is shared", who: sam, before: &shared, fields: []string{"shared"}, kind: fault.Denied},
		{name: "a supervisor changes it", who: sue, before: &shared, fields: []string{"filter", "order_by"}, view: domain.SavedView{Filter: "is:new", OrderBy: "create_time"}, want: &domain.SavedView{Name: "Ours", Shared: true, Filter: "is:new", OrderBy: "create_time"}},
		{name: "no field", who: sam, before: &own, fields: []string{}, kind: fault.Invalid, reason: []string{"update_mask REQUIRED"}},
		{name: "a field of nobody", who: sam, before: &own, fields: []string{"owner"}, kind: fault.Invalid, reason: []string{"update_mask UNKNOWN_FIELD"}},
		{name: "delete", who: sam, before: &own},
		{name: "delete what is shared", who: sam, before: &shared, kind: fault.Denied},
		{name: "a supervisor deletes it", who: sue, before: &shared},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			m := &viewMemory{}
			s := &domain.Views{Store: m, Directory: b.town, Now: b.Now, NewID: b.NewID}
			var err error
			if test.before == nil {
				_, err = s.Create(t.Context(), test.who, test.view, domain.Request{})
			} else {
				before := *test.before
				before.ID = "v"
				m.view = &before
				test.view.ID = "v"
				if test.fields == nil {
					err = s.Delete(t.Context(), test.who, "v")
				} else {
					_, err = s.Update(t.Context(), test.who, test.view, test.fields)
				}
			}
			if test.kind != 0 {
				require.ErrorIs(t, err, test.kind)
				require.Equal(t, test.reason, fields(err))
				require.Equal(t, test.before != nil, m.view != nil)
				return
			}
			require.NoError(t, err)
			if test.want == nil {
				require.Nil(t, m.view)
				return
			}
			got := *m.view
			require.NotEmpty(t, got.ID)
			require.False(t, got.UpdateTime.IsZero())
			got.ID, got.Owner, got.CreateTime, got.UpdateTime = "", domain.Person{}, test.want.CreateTime, test.want.UpdateTime
			require.Equal(t, *test.want, got)
		})
	}
}
