package domain

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

const (
	// BundleWindow is the time in which a contact is paged about so many incidents one by one, and about the others together.
	BundleWindow = time.Minute
	// MaxBundle bounds the pages of one message: all of them are named in it.
	MaxBundle = 500
)

// BundleMember is a delivery that goes together with others.
type BundleMember struct {
	Delivery
	Title            string
	OrganizationName string
	Ticket           int64
	OpenedAt         time.Time
	PageState        State
	PageCycle        int
	// Age is that of a page that the emergency mailbox may have and was not asked about; else 0.
	Age time.Duration
}

// Waits reports whether the page still waits for an acknowledgement of this delivery.
func (m BundleMember) Waits() bool { return m.PageState.Waiting() && m.PageCycle == m.Cycle }

// Bundle is one message to a contact about many pages.
type Bundle struct {
	ID      string
	Named   int    // pages that the body names; 0 = it is not made yet
	Body    string // what is sent, complete: the same for every attempt
	Members []BundleMember
}

// BundleNotice is all that a bundle tells.
type BundleNotice struct {
	Bundle   string
	Person   Person
	Members  []BundleMember
	SentAt   time.Time
	AckURL   string
	PagesURL string
	// TicketURL returns the link of a ticket in the dashboard.
	TicketURL func(number int64) string
}

// BundleTitle is a bundle in one line.
func BundleTitle(first string, pages int) string {
	return fmt.Sprintf("%d pages: %s and %d more", pages, first, pages-1)
}

// BundleTx is what bundles need of a transaction, beside PageTx.
type BundleTx interface {
	PageTx
	// LockBundle returns a bundle, which takes no more deliveries from then on, with its members, oldest first. NotFound.
	LockBundle(ctx context.Context, id string) (Bundle, error)
	// SaveBundle writes the body and how many pages it names.
	SaveBundle(ctx context.Context, b Bundle) error
	// Unbundle has a delivery sent alone.
	Unbundle(ctx context.Context, d Delivery) error
}

// Gather makes the message of a bundle, once: later calls return it as it was made, with its members as they are. Of those,
// only what is queued and waits is named. One alone is left to go as any page does; then, and when nothing waits any more,
// the bundle has no body.
func (g Pager) Gather(ctx context.Context, tx BundleTx, id string) (Bundle, error) {
	b, err := tx.LockBundle(ctx, id)
	if err != nil || b.Named > 0 {
		return b, err
	}
	b.Members = slices.DeleteFunc(b.Members, func(m BundleMember) bool { return m.State != DeliveryQueued || !m.Waits() })
	switch len(b.Members) {
	case 0:
		return b, nil
	case 1:
		return b, tx.Unbundle(ctx, b.Members[0].Delivery)
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return b, err
	}
	key, err := tx.AckKey(ctx)
	if err != nil {
		return b, err
	}
	to := b.Members[0].Person
	b.Named = len(b.Members)
	b.Body, err = g.RenderBundle(BundleNotice{
		Bundle: b.ID, Person: to, Members: b.Members, SentAt: now, PagesURL: g.PagesURL, TicketURL: g.TicketURL,
		AckURL: g.AckURL(key, AckClaim{Page: b.ID, Person: to.ID, Cycle: BundleCycle, Expires: now.Add(ackLifetime)}),
	})
	if err != nil {
		return b, err
	}
	return b, tx.SaveBundle(ctx, b)
}

// BundleCycle marks the claim of a bundle's link, whose page is the bundle: the cycles of pages count from 1.
const BundleCycle = 0

// AcknowledgeMembers acknowledges the pages of a bundle that still wait for that. The others stay as they are: somebody was
// first, they are over, or paging began again since.
func (g Pager) AcknowledgeMembers(ctx context.Context, tx PageTx, members []BundleMember, by Person) error {
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.Page
	}
	goingOn, err := tx.GoingOn(ctx, ids)
	if err != nil {
		return err
	}
	if _, err := tx.LockPages(ctx, slices.Collect(maps.Values(goingOn))); err != nil { // all at once, in the order of everybody
		return err
	}
	for _, m := range members {
		p, cycle, err := lockGoingOnAs(ctx, tx, m.Page, m.Cycle)
		if err != nil {
			return err
		}
		if !p.State.Waiting() || p.Cycle != cycle {
			continue
		}
		if err := g.acknowledge(ctx, tx, p, by, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}
