package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// KindBundle sends a message about many pages. Its key is the bundle's id.
const KindBundle = "page.bundle"

// BundleTask is the payload of KindBundle. Host is whom it talks to.
type BundleTask struct {
	Bundle string `json:"bundle"`
	Host   string `json:"host"`
}

// Hold gives queued deliveries to the open bundles of their contacts, which are sent after a pause; the first one opens it. One
// that is in a bundle stays there: that may have been sent.
func (tx *Tx) Hold(ctx context.Context, deliveries []domain.Delivery, pause time.Duration) error {
	ids := make([]string, len(deliveries))
	byID := make(map[string]domain.Delivery, len(deliveries))
	for i, d := range deliveries {
		ids[i], byID[d.ID] = d.ID, d
	}
	var free []string
	err := all(ctx, tx.q, &free, `
UPDATE page_deliveries SET bundle = '' WHERE id `+tx.s.db.In(1)+` AND state = 'queued' AND bundle = '' RETURNING id`, sqldb.List(ids))
	if err != nil {
		return err
	}
	contacts := map[[2]string][]string{} // deliveries by person and contact
	for _, id := range free {
		d := byID[id]
		key := [2]string{d.Person.ID, d.Contact.ID}
		contacts[key] = append(contacts[key], id)
	}
	// In the order in which everybody locks bundles.
	for _, key := range slices.SortedFunc(maps.Keys(contacts), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		for left := contacts[key]; len(left) > 0; {
			if left, err = tx.bundle(ctx, byID[left[0]], left, pause); err != nil {
				return err
			}
		}
	}
	return nil
}

// bundle gives deliveries to the open bundle of their contact, that of d, and returns those that find no room in it.
func (tx *Tx) bundle(ctx context.Context, d domain.Delivery, ids []string, pause time.Duration) (left []string, err error) {
	var id string
	var held int
	err = tx.q.QueryRowContext(ctx, `
INSERT INTO page_bundles (id, person, contact, state, held, named, body, created_at) VALUES ($1, $2, $3, 'open', $4, 0, '', altis_now())
ON CONFLICT (person, contact) WHERE state = 'open' DO UPDATE SET held = page_bundles.held + excluded.held
RETURNING id, held`, domain.Hash("bundle", tx.s.o.NewID()), d.Person.ID, d.Contact.ID, len(ids)).Scan(&id, &held)
	if err != nil {
		return nil, err
	}
	if held == len(ids) {
		payload := toJSON(BundleTask{Bundle: id, Host: host(d.Contact)})
		tx.specs = append(tx.specs, durable.Spec{Kind: KindBundle, Lane: durable.LanePage, Key: id, Payload: []byte(payload), Delay: pause})
	}
	if held >= domain.MaxBundle {
		room := len(ids) - (held - domain.MaxBundle)
		ids, left = ids[:room], ids[room:]
		if _, err := tx.q.ExecContext(ctx, `UPDATE page_bundles SET state = 'full', held = $2 WHERE id = $1`, id, domain.MaxBundle); err != nil {
			return nil, err
		}
	}
	_, err = tx.q.ExecContext(ctx, `UPDATE page_deliveries SET bundle = $2 WHERE id `+tx.s.db.In(1), sqldb.List(ids), id)
	return left, err
}

// LockBundle implements domain.BundleTx.
func (tx *Tx) LockBundle(ctx context.Context, id string) (domain.Bundle, error) {
	var row bundleRow
	err := one(ctx, tx.q, &row, "BUNDLE_UNKNOWN",
		`UPDATE page_bundles SET state = CASE WHEN state = 'open' THEN 'full' ELSE state END WHERE id = $1 RETURNING id, named, body`, id)
	if err != nil {
		return domain.Bundle{}, err
	}
	return row.bundle(ctx, tx.q)
}

// SaveBundle implements domain.BundleTx.
func (tx *Tx) SaveBundle(ctx context.Context, b domain.Bundle) error {
	_, err := tx.q.ExecContext(ctx, `UPDATE page_bundles SET state = 'made', named = $2, body = $3 WHERE id = $1`, b.ID, b.Named, b.Body)
	return err
}

// Unbundle implements domain.BundleTx.
func (tx *Tx) Unbundle(ctx context.Context, d domain.Delivery) error {
	payload := toJSON(DeliverTask{Page: d.Page, Delivery: d.ID, Host: host(d.Contact), Alone: true})
	tx.specs = append(tx.specs, durable.Spec{Kind: KindDeliver, Lane: durable.LanePage, Key: d.Page, Payload: []byte(payload)})
	_, err := tx.q.ExecContext(ctx, `UPDATE page_deliveries SET bundle = '' WHERE id = $1`, d.ID)
	return err
}

// forgetInBundles takes a ticket out of what messages about many pages say.
func (tx *Tx) forgetInBundles(ctx context.Context, ticket int64) error {
	return tx.rewriteBundles(ctx, ticket, func(data, page map[string]any) {
		delete(page, "title")
		delete(page, "organizationName")
		delete(data, "title") // it may be the one in it
	})
}

// rewriteBundles changes what messages about many pages say of those of a ticket.
func (tx *Tx) rewriteBundles(ctx context.Context, ticket int64, change func(data, page map[string]any)) error {
	var ids []string
	if err := all(ctx, tx.q, &ids, `SELECT id FROM pages WHERE ticket = $1 OR words_of = $1`, ticket); err != nil {
		return err
	}
	return tx.rewrite(ctx, "page_bundles", "body", `
SELECT DISTINCT b.id, b.body AS document FROM page_bundles b JOIN page_deliveries d ON d.bundle = b.id JOIN pages p ON p.id = d.page
WHERE (p.ticket = $1 OR p.words_of = $1) AND d.bundle <> '' AND b.named > 0`, ticket, func(document []byte) (any, error) {
		notice, data, err := decodeNotice(document)
		pages, _ := data["pages"].([]any)
		for _, p := range pages {
			page, _ := p.(map[string]any)
			if id, _ := page["page"].(string); slices.Contains(ids, id) {
				change(data, page)
			}
		}
		return notice, err
	})
}

// Bundle returns a bundle with its members, oldest first. NotFound.
func (s *Store) Bundle(ctx context.Context, id string) (domain.Bundle, error) {
	var row bundleRow
	if err := one(ctx, s.db.PageReader(), &row, "BUNDLE_UNKNOWN", `SELECT id, named, body FROM page_bundles WHERE id = $1`, id); err != nil {
		return domain.Bundle{}, err
	}
	return row.bundle(ctx, s.db.PageReader())
}

type bundleRow struct {
	ID    string
	Named int
	Body  string
}

func (r bundleRow) bundle(ctx context.Context, q sqldb.Queryer) (domain.Bundle, error) {
	b := domain.Bundle{ID: r.ID, Named: r.Named, Body: r.Body}
	var rows []struct {
		deliveryRow
		Incident, PageState   string
		Ticket, OpenedAt, Age int64
		PageCycle             int
	}
	err := all(ctx, q, &rows, `
SELECT `+deliveryColumns+`, p.incident, p.ticket, p.opened_at, p.state AS page_state, p.cycle AS page_cycle,
  CASE WHEN p.ticket > 0 AND p.state = 'paging' AND p.mailbox = '' THEN altis_now() - d.created_at ELSE 0 END AS age
FROM page_deliveries d JOIN pages p ON p.id = d.page WHERE d.bundle = $1 AND d.bundle <> '' ORDER BY d.created_at, d.id`, r.ID)
	for _, row := range rows {
		var incident domain.Incident
		if err := json.Unmarshal([]byte(row.Incident), &incident); err != nil {
			return b, fmt.Errorf("%w: page %s: %w", durable.ErrUndecodable, row.Page, err)
		}
		b.Members = append(b.Members, domain.BundleMember{
			Delivery: row.delivery(), Title: incident.Title(), OrganizationName: incident.OrganizationName, Ticket: row.Ticket,
			OpenedAt: sqldb.Time(row.OpenedAt), PageState: domain.State(row.PageState), PageCycle: row.PageCycle, Age: time.Duration(row.Age) * time.Microsecond,
		})
	}
	return b, err
}

// PruneBundles deletes the bundles that were made longer ago than age.
func (s *Store) PruneBundles(ctx context.Context, age time.Duration) error {
	return s.prune(ctx, age, old{
		choose:  `SELECT id FROM page_bundles WHERE created_at < altis_now() - $1 AND %s ORDER BY created_at LIMIT $2`,
		lock:    `SELECT id FROM page_bundles WHERE id `,
		deletes: []string{`DELETE FROM page_bundles WHERE id `},
	})
}
