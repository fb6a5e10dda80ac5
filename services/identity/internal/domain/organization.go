package domain

import (
	"context"
	"time"
)

// Organization is a customer.
type Organization struct {
	ID            string
	Name          string
	Plan          string // "standard", "premium" or "enterprise"
	MembersSeeAll bool   // organization-wide members see all tickets of the organization, else their own
	CreatedAt     time.Time
}

// Position is where the organization stands in a list.
func (o Organization) Position() Position { return Position{Name: o.Name, ID: o.ID} }

func (o Organization) check() error {
	p := problems{prefix: "organization."}
	p.name("name", o.Name)
	p.plan(o.Plan)
	return p.err()
}

// CreateOrganization makes an organization of o's name, plan and setting.
func (i *Identity) CreateOrganization(ctx context.Context, c Caller, o Organization) (Organization, error) {
	o.ID, o.CreatedAt = i.NewID(), i.Now()
	if err := o.check(); err != nil {
		return Organization{}, err
	}
	err := i.changeAs(ctx, c, func(ctx context.Context, tx Tx) error { return tx.PutOrganization(ctx, o) })
	return o, err
}

// UpdateOrganization applies edit to the organization. NotFound ORGANIZATION_NOT_FOUND.
func (i *Identity) UpdateOrganization(ctx context.Context, c Caller, id string, edit func(*Organization) error) (o Organization, err error) {
	err = i.changeAs(ctx, c, func(ctx context.Context, tx Tx) error {
		if o, err = tx.Organization(ctx, id); err != nil {
			return err
		}
		if err := edit(&o); err != nil {
			return err
		}
		if err := o.check(); err != nil {
			return err
		}
		return tx.PutOrganization(ctx, o)
	})
	return o, err
}
