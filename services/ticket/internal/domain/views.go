package domain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// MaxViews is how many views one person can have.
const MaxViews = 50

const (
	maxViewName  = 80
	maxViewOrder = 64
	maxFilter    = 500
)

// SavedView is a filter of lists with a name.
type SavedView struct {
	ID         string
	Owner      Person
	Name       string
	Filter     string // understood by the query parser
	OrderBy    string
	Shared     bool // all staff have it
	Position   int64
	CreateTime time.Time
	UpdateTime time.Time
}

// ViewFields are what can be changed of a view.
var ViewFields = []string{"name", "filter", "order_by", "shared", "position"}

// ViewStore keeps views. A person finds their own and, if they are of the staff,
// the shared ones; others are NotFound.
type ViewStore interface {
	// CreateView commits a new view, and returns the one that the same request has made before.
	// Faults: Precondition TOO_MANY_VIEWS, the owner has MaxViews; Exists REQUEST_ID_REUSED;
	// NotFound if what the request has made is gone.
	CreateView(ctx context.Context, v SavedView, request Request) (SavedView, error)
	// ChangeView commits what change makes of a view, in one transaction, and returns
	// it. change may run again; nil as its view removes it.
	ChangeView(ctx context.Context, viewer, id string, change func(SavedView) (*SavedView, error)) (SavedView, error)
}

// Views is where staff keep their views. Its methods may be called concurrently.
type Views struct {
	Store     ViewStore
	Directory Directory
	Now       func() time.Time
	NewID     func() string
}

// Create adds a view of the caller. Faults: Denied for members, and SUPERVISOR_ONLY
// for what is shared, Invalid with the fields, and those of ViewStore.
func (s *Views) Create(ctx context.Context, caller Caller, v SavedView, request Request) (SavedView, error) {
	actor, err := s.staff(ctx, caller)
	if err != nil {
		return SavedView{}, err
	}
	if err := v.check(actor, v.Shared); err != nil {
		return SavedView{}, err
	}
	v.ID, v.Owner, v.CreateTime = s.idFor(request), actor.Person, s.Now().UTC().Truncate(time.Microsecond)
	v.UpdateTime = v.CreateTime
	return s.Store.CreateView(ctx, v, request)
}

// idFor returns the id of what a request makes: a repetition finds it by that.
func (s *Views) idFor(r Request) string {
	if r.ID == "" {
		return s.NewID()
	}
	sum := sha256.Sum256([]byte(r.Principal + "\x00" + r.Method + "\x00" + r.ID))
	return hex.EncodeToString(sum[:16])
}

// Update changes the fields of a view. Faults as of Create, NotFound.
func (s *Views) Update(ctx context.Context, caller Caller, v SavedView, fields []string) (SavedView, error) {
	actor, err := s.staff(ctx, caller)
	if err != nil {
		return SavedView{}, err
	}
	return s.Store.ChangeView(ctx, actor.ID, v.ID, func(before SavedView) (*SavedView, error) {
		after, err := before.merge(v, fields)
		if err != nil {
			return nil, err
		}
		after.UpdateTime = s.Now().UTC().Truncate(time.Microsecond)
		return &after, after.check(actor, before.Shared || after.Shared)
	})
}

// Delete removes a view. Faults as of Update.
func (s *Views) Delete(ctx context.Context, caller Caller, id string) error {
	actor, err := s.staff(ctx, caller)
	if err != nil {
		return err
	}
	_, err = s.Store.ChangeView(ctx, actor.ID, id, func(v SavedView) (*SavedView, error) {
		return nil, mayShare(actor, v.Shared)
	})
	return err
}

func (s *Views) staff(ctx context.Context, caller Caller) (Actor, error) {
	facts, err := s.Directory.Facts(ctx, Ask{People: []string{caller.ID}})
	if err != nil {
		return Actor{}, err
	}
	actor, err := facts.actor(caller)
	if err == nil && !actor.Staff {
		err = fault.New(fault.Denied, "STAFF_ONLY", "only staff have views")
	}
	return actor, err
}

func mayShare(actor Actor, shared bool) error {
	if shared && !actor.Supervisor {
		return fault.New(fault.Denied, "SUPERVISOR_ONLY", "only supervisors and admins change what all have")
	}
	return nil
}

func (v SavedView) check(actor Actor, shared bool) error {
	if err := mayShare(actor, shared); err != nil {
		return err
	}
	f := &faults{}
	f.text("view.name", v.Name, 1, maxViewName, true)
	f.text("view.filter", v.Filter, 0, maxFilter, true)
	f.text("view.order_by", v.OrderBy, 0, maxViewOrder, true)
	if v.Position < 0 {
		f.add("view.position", "INVALID_POSITION", "must not be negative")
	}
	return f.err()
}

func (v SavedView) merge(from SavedView, fields []string) (SavedView, error) {
	for _, field := range fields {
		switch field {
		case "name":
			v.Name = from.Name
		case "filter":
			v.Filter = from.Filter
		case "order_by":
			v.OrderBy = from.OrderBy
		case "shared":
			v.Shared = from.Shared
		case "position":
			v.Position = from.Position
		default:
			return v, fault.InvalidField("update_mask", "UNKNOWN_FIELD", fmt.Sprintf("%s is none of %s", field, strings.Join(ViewFields, ", ")))
		}
	}
	if len(fields) == 0 {
		return v, fault.InvalidField("update_mask", "REQUIRED", "name at least one field")
	}
	return v, nil
}
