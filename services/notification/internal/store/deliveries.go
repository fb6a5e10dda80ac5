package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

const deliveryColumns = `d.id, d.page, d.cycle, d.loop, d.step, d.person, d.person_name, d.person_email, d.contact, d.channel,
  d.address, d.position, d.why, d.why_schedule, d.body, d.state, d.attempts,
  d.last_answer, d.last_answer_kind, d.last_answer_after, d.created_at, d.accepted_at, d.bundle`

type deliveryRow struct {
	ID, Page, Person, PersonName, PersonEmail, Contact, Channel, Address, WhySchedule, Body, State, LastAnswer, Bundle string

	Cycle, Loop, Step, Position, Why, Attempts, LastAnswerKind int
	LastAnswerAfter, CreatedAt, AcceptedAt                     int64
}

func (r deliveryRow) delivery() domain.Delivery {
	return domain.Delivery{
		ID: r.ID, Page: r.Page, Position: domain.Position{Cycle: r.Cycle, Loop: r.Loop, Step: r.Step},
		Person: domain.Person{ID: r.Person, Name: r.PersonName, Email: r.PersonEmail, Staff: true},
		Contact: domain.Contact{
			ID: r.Contact, Person: r.Person, Channel: domain.Channel(r.Channel), Address: r.Address, Position: r.Position,
		},
		Why:  domain.Why{Kind: domain.WhyKind(r.Why), Schedule: r.WhySchedule},
		Body: r.Body, State: domain.DeliveryState(r.State), Attempts: r.Attempts,
		LastAnswer: domain.Answer{
			Kind: domain.AnswerKind(r.LastAnswerKind), Said: r.LastAnswer, After: time.Duration(r.LastAnswerAfter) * time.Microsecond,
		},
		CreatedAt: sqldb.Time(r.CreatedAt), AcceptedAt: sqldb.Time(r.AcceptedAt), Bundle: r.Bundle,
	}
}

// InsertDeliveries implements domain.PageTx.
func (tx *Tx) InsertDeliveries(deliveries []domain.Delivery) {
	for i, d := range deliveries {
		tx.insertDelivery(i, d)
		payload := toJSON(DeliverTask{Page: d.Page, Delivery: d.ID, Host: host(d.Contact)})
		tx.specs = append(tx.specs, durable.Spec{Kind: KindDeliver, Lane: durable.LanePage, Key: d.Page, Payload: []byte(payload)})
	}
}

// ImportDeliveries implements domain.PageTx.
func (tx *Tx) ImportDeliveries(page string, deliveries []domain.Delivery) {
	for i, d := range deliveries {
		d.Page = page
		tx.insertDelivery(i, d)
	}
}

func (tx *Tx) insertDelivery(ordinal int, d domain.Delivery) {
	tx.collect(`
INSERT INTO page_deliveries (id, page, cycle, loop, step, ordinal, person, person_name, person_email, contact, channel, address,
  position, why, why_schedule, body, state, attempts, last_answer, last_answer_kind, last_answer_after, created_at, accepted_at) VALUES`,
		` ON CONFLICT (id) DO NOTHING`, []any{
			d.ID, d.Page, d.Cycle, d.Loop, d.Step, ordinal, d.Person.ID, d.Person.Name, d.Person.Email, d.Contact.ID, string(d.Contact.Channel),
			d.Contact.Address, d.Contact.Position, int(d.Why.Kind), d.Why.Schedule, d.Body, string(d.State), d.Attempts,
			d.LastAnswer.Said, int(d.LastAnswer.Kind), d.LastAnswer.After.Microseconds(), sqldb.Micros(d.CreatedAt), sqldb.Micros(d.AcceptedAt),
		})
}

// host names whom a delivery depends on: one dead receiver must not hold up the others, however many addresses it has.
func host(c domain.Contact) string {
	switch c.Channel {
	case domain.ChannelEmail:
		return "mail"
	case domain.ChannelSMS:
		return "sms"
	}
	u, err := url.Parse(c.Address)
	if err != nil {
		return c.Address
	}
	return u.Host
}

// Delivery implements domain.PageTx.
func (tx *Tx) Delivery(ctx context.Context, id string) (domain.Delivery, error) {
	var row deliveryRow
	err := one(ctx, tx.q, &row, "DELIVERY_UNKNOWN", `SELECT `+deliveryColumns+` FROM page_deliveries d WHERE d.id = $1`, id)
	return row.delivery(), err
}

// DeliveriesByID implements domain.PageTx.
func (tx *Tx) DeliveriesByID(ctx context.Context, ids []string) (map[string]domain.Delivery, error) {
	var rows []deliveryRow
	err := all(ctx, tx.q, &rows, `SELECT `+deliveryColumns+` FROM page_deliveries d WHERE d.id `+tx.s.db.In(1), sqldb.List(ids))
	deliveries := make(map[string]domain.Delivery, len(rows))
	for _, row := range rows {
		deliveries[row.ID] = row.delivery()
	}
	return deliveries, err
}

// SaveDelivery implements domain.PageTx.
func (tx *Tx) SaveDelivery(ctx context.Context, d domain.Delivery) error {
	return tx.SaveDeliveries(ctx, []domain.Delivery{d})
}

// SaveDeliveries implements domain.PageTx.
func (tx *Tx) SaveDeliveries(ctx context.Context, deliveries []domain.Delivery) error {
	type row struct {
		ID       string `json:"id"`
		State    string `json:"state"`
		Attempts int    `json:"attempts"`
		Said     string `json:"said"`
		Kind     int    `json:"kind"`
		After    int64  `json:"after"`
		Accepted int64  `json:"accepted"`
	}
	rows, ids := make([]row, len(deliveries)), make([]string, len(deliveries))
	for i, d := range deliveries {
		ids[i] = d.ID
		rows[i] = row{
			d.ID, string(d.State), d.Attempts, d.LastAnswer.Said, int(d.LastAnswer.Kind), d.LastAnswer.After.Microseconds(), sqldb.Micros(d.AcceptedAt),
		}
	}
	source := sqldb.RowSource(tx.s.db.Engine(), 1, "id text", "state text", "attempts bigint", "said text", "kind bigint", "after bigint", "accepted bigint")
	return tx.q.Post(ctx, `
UPDATE page_deliveries SET state = x.state, attempts = x.attempts, last_answer = x.said, last_answer_kind = x.kind, last_answer_after = x.after,
  accepted_at = x.accepted
FROM `+source+` WHERE page_deliveries.id = x.id AND page_deliveries.id `+tx.s.db.In(2), toJSON(rows), sqldb.List(ids))
}

// CancelDeliveries implements domain.PageTx.
func (tx *Tx) CancelDeliveries(ctx context.Context, page string) error {
	err := tx.q.Post(ctx, `UPDATE page_deliveries SET state = 'cancelled' WHERE page = $1 AND state = 'queued'`, page)
	if err != nil {
		return err
	}
	_, err = tx.q.Cancel(ctx, KindDeliver, page)
	return err
}

// CloseAlerts implements domain.PageTx. A delivery that was given up counts: its last attempt may have arrived.
func (tx *Tx) CloseAlerts(ctx context.Context, page string, over bool) error {
	var rows []struct{ ID, Address, Bundle string }
	err := all(ctx, tx.q, &rows, `SELECT id, address, bundle FROM page_deliveries WHERE page = $1 AND channel IN ($2, $3)`,
		page, string(domain.ChannelPagerDuty), string(domain.ChannelOpsgenie))
	for _, row := range rows {
		payload := toJSON(CloseTask{Delivery: row.ID, Host: host(domain.Contact{Address: row.Address}), Over: over, Bundle: row.Bundle})
		tx.specs = append(tx.specs, durable.Spec{Kind: KindClose, Lane: durable.LaneNotice, Key: page, Payload: []byte(payload)})
	}
	return err
}

// Tried implements domain.PageTx.
func (tx *Tx) Tried(ctx context.Context, page string, at domain.Position, person string) (contacts []string, err error) {
	err = all(ctx, tx.q, &contacts, `
SELECT contact FROM page_deliveries WHERE page = $1 AND cycle = $2 AND loop = $3 AND step = $4 AND person = $5`,
		page, at.Cycle, at.Loop, at.Step, person)
	return contacts, err
}

// Paged implements domain.PageTx.
func (tx *Tx) Paged(ctx context.Context, page string) ([]domain.Person, error) {
	var rows []struct{ Person, PersonName, PersonEmail string }
	err := all(ctx, tx.q, &rows, `
SELECT person, person_name, person_email FROM page_deliveries WHERE page = $1
GROUP BY person, person_name, person_email ORDER BY MIN(created_at), MIN(ordinal)`, page)
	people := make([]domain.Person, len(rows))
	for i, row := range rows {
		people[i] = domain.Person{ID: row.Person, Name: row.PersonName, Email: row.PersonEmail, Staff: true}
	}
	return people, err
}

// Alive implements domain.PageTx.
func (tx *Tx) Alive(ctx context.Context, page string, at domain.Position) (int, error) {
	var n int
	err := tx.q.QueryRowContext(ctx, `
SELECT COUNT(*) FROM page_deliveries
WHERE page = $1 AND cycle = $2 AND loop = $3 AND step = $4 AND state IN ('queued', 'accepted')`,
		page, at.Cycle, at.Loop, at.Step).Scan(&n)
	return n, err
}

// PageDeliveries returns the deliveries of a page, oldest first.
func (s *Store) PageDeliveries(ctx context.Context, page string) ([]domain.Delivery, error) {
	return deliveriesOf(ctx, s.db.Reader(), page)
}

// Deliveries implements domain.PageTx.
func (tx *Tx) Deliveries(ctx context.Context, page string) ([]domain.Delivery, error) {
	return deliveriesOf(ctx, tx.q, page)
}

func deliveriesOf(ctx context.Context, q sqldb.Queryer, page string) ([]domain.Delivery, error) {
	var rows []deliveryRow
	err := all(ctx, q, &rows, `SELECT `+deliveryColumns+` FROM page_deliveries d WHERE d.page = $1 ORDER BY d.created_at, d.ordinal, d.id`, page)
	if err != nil {
		return nil, err
	}
	deliveries := make([]domain.Delivery, len(rows))
	for i, row := range rows {
		deliveries[i] = row.delivery()
	}
	return deliveries, nil
}

// Sending is what an attempt needs to know.
type Sending struct {
	domain.Delivery
	Secret string // of the webhook
	Gone   bool   // the contact was deleted since
	Over   bool   // nobody waits for it any more: acknowledged or resolved
	// Age is how long ago the delivery was made, if the emergency mailbox may have its page, of which no provider took anything
	// yet, and was not asked; else 0.
	Age time.Duration
	// At is when this was read.
	At time.Time
	// Locale is the person's language (BCP 47), "" = not known.
	Locale string
	// Crowd is how many other incidents the contact was paged about shortly before, up to what was asked for.
	Crowd int
}

// Sending returns a delivery about to be sent. Its crowd is counted up to a number. NotFound.
func (s *Store) Sending(ctx context.Context, id string, crowd int) (Sending, error) {
	found, err := s.Sendings(ctx, []string{id}, crowd)
	if err != nil {
		return Sending{}, err
	}
	sending, ok := found[id]
	if !ok {
		return sending, fault.New(fault.NotFound, "DELIVERY_UNKNOWN", "no such delivery")
	}
	return sending, nil
}

// Sendings is Sending for several, by their ids; those that are not there are left out.
func (s *Store) Sendings(ctx context.Context, ids []string, crowd int) (map[string]Sending, error) {
	var rows []struct {
		deliveryRow
		Secret    sql.NullString
		Locale    string
		PageState string
		Age       int64
		Moment    int64
		Crowd     int
	}
	which, arg := s.db.In(1), sqldb.List(ids)
	if len(ids) == 1 { // a pager waits: no plan may be made for many
		which, arg = "= $1", ids[0]
	}
	err := all(ctx, s.db.PageReader(), &rows, `
SELECT d.id, d.page, d.cycle, d.loop, d.step, d.person, d.contact, d.channel, d.address, d.body, d.state, d.attempts,
  d.person_name, d.why, d.why_schedule, d.created_at, c.secret, COALESCE((SELECT l.locale FROM directory_people l WHERE l.id = d.person), '') AS locale,
  p.state AS page_state, altis_now() AS moment,
  CASE WHEN p.ticket > 0 AND p.state = 'paging' AND p.mailbox = '' THEN altis_now() - d.created_at ELSE 0 END AS age, d.bundle,
  (SELECT COUNT(*) FROM (
    SELECT DISTINCT o.page FROM page_deliveries o
    WHERE o.person = d.person AND o.contact = d.contact AND o.page <> d.page
      AND o.created_at > d.created_at - $2 AND (o.created_at, o.id) < (d.created_at, d.id) LIMIT $3
  ) others) AS crowd
FROM page_deliveries d JOIN pages p ON p.id = d.page LEFT JOIN contacts c ON c.id = d.contact WHERE d.id `+which,
		arg, domain.BundleWindow.Microseconds(), crowd)
	sendings := make(map[string]Sending, len(rows))
	for _, row := range rows {
		sendings[row.ID] = Sending{
			Delivery: row.delivery(), Secret: row.Secret.String,
			Gone: row.Contact != domain.ImplicitContact && !row.Secret.Valid,
			Over: !domain.State(row.PageState).Waiting(),
			Age:  time.Duration(row.Age) * time.Microsecond, Crowd: row.Crowd, At: sqldb.Time(row.Moment), Locale: row.Locale,
		}
	}
	return sendings, err
}

// PersonOf returns a person as named by the deliveries of a page. NotFound, also for one who may not act any more.
func (s *Store) PersonOf(ctx context.Context, page, person string) (domain.Person, error) {
	p := domain.Person{ID: person, Staff: true}
	err := s.db.Reader().QueryRowContext(ctx, `
SELECT d.person_name, d.person_email FROM page_deliveries d LEFT JOIN directory_people p ON p.id = d.person
WHERE d.page = $1 AND d.person = $2 AND COALESCE(p.removed + p.disabled, 0) = 0 ORDER BY d.created_at DESC LIMIT 1`, page, person).
		Scan(&p.Name, &p.Email)
	if errors.Is(err, sql.ErrNoRows) {
		return p, fault.New(fault.NotFound, "PERSON_UNKNOWN", "this person was not paged")
	}
	return p, sqldb.Classify(err)
}

// ZoneOf returns the zone of a person who was paged: their own, else that of the schedule by which they were. UTC when neither
// is known.
func (s *Store) ZoneOf(ctx context.Context, page, person string) (*time.Location, error) {
	var own, schedule string
	err := s.db.Reader().QueryRowContext(ctx, `
SELECT COALESCE(p.zone, ''), COALESCE(s.zone, '') FROM page_deliveries d LEFT JOIN directory_people p ON p.id = d.person
LEFT JOIN schedules s ON s.name = d.why_schedule WHERE d.page = $1 AND d.person = $2 ORDER BY d.created_at DESC, s.id LIMIT 1`, page, person).
		Scan(&own, &schedule)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, sqldb.Classify(err)
	}
	for _, name := range []string{own, schedule} {
		if zone, err := time.LoadLocation(name); err == nil && name != "" {
			return zone, nil
		}
	}
	return time.UTC, nil
}
