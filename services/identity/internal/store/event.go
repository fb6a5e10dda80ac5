package store

import (
	"context"
	"fmt"
	"strconv"

	"github.com/georgysavva/scany/v2/sqlscan"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/identity/internal/domain"
)

const kindRevocation = "revocation"

// thing is what identity keeps, in its present state.
type thing struct {
	kind, id string
	event    *eventv1.DirectoryEvent
}

// record gives an event the next version, keeps it for Changes, and sends it to every other service, all in the
// change's transaction.
func (c *change) record(ctx context.Context, t thing) error {
	e := t.event
	err := c.tx.QueryRowContext(ctx, "UPDATE directory_version SET version = version + 1 WHERE id = 1 RETURNING version").Scan(&e.Version)
	if err != nil {
		return err
	}
	text, err := protojson.Marshal(e)
	if err != nil {
		return fmt.Errorf("store: event of %s %s: %w", t.kind, t.id, err)
	}
	var changedAt int64
	err = c.tx.QueryRowContext(ctx, `INSERT INTO changes (kind, thing, version, changed_at, event) VALUES ($1, $2, $3, altis_now(), $4)
		ON CONFLICT (kind, thing) DO UPDATE SET version = excluded.version, changed_at = excluded.changed_at, event = excluded.event
		RETURNING changed_at`, t.kind, t.id, e.Version, string(text)).Scan(&changedAt)
	if err != nil {
		return err
	}
	id := "directory-" + strconv.FormatInt(e.GetVersion(), 10)
	event := events.NewEvent(ctx, "identity", t.kind+"/"+t.id, e.GetVersion(), id, sqldb.Time(changedAt))
	event.Payload = &eventv1.Event_Directory{Directory: e}
	specs := make([]durable.Spec, len(c.relays))
	for n, relay := range c.relays {
		specs[n] = relay.Spec(durable.LaneNotice, event)
	}
	return c.tx.Enqueue(ctx, specs...)
}

// Changes returns the newest change per thing with a greater version, in the order of versions, and whether there are
// more than limit.
func (s *Store) Changes(ctx context.Context, after int64, limit int) (changes []*eventv1.DirectoryEvent, more bool, err error) {
	var rows []struct{ Event string }
	err = sqlscan.Select(ctx, s.q, &rows, "SELECT event FROM changes WHERE version > $1 ORDER BY version LIMIT $2", after, limit+1)
	if err != nil {
		return nil, false, sqldb.Classify(err)
	}
	more = len(rows) > limit
	for _, row := range rows[:min(len(rows), limit)] {
		e := &eventv1.DirectoryEvent{}
		// A newer release may have written fields that this one does not know.
		if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal([]byte(row.Event), e); err != nil {
			return nil, false, fmt.Errorf("store: stored change: %w", err)
		}
		changes = append(changes, e)
	}
	return changes, more, nil
}

// removed turns the event of a thing into that of its end, which names the thing and no more.
func removed(t thing) thing {
	gone := &eventv1.DirectoryEvent{Removed: true}
	switch t.event.GetEntity().(type) {
	case *eventv1.DirectoryEvent_Application:
		gone.Entity = &eventv1.DirectoryEvent_Application{Application: &eventv1.DirectoryApplication{Id: t.id}}
	case *eventv1.DirectoryEvent_Environment:
		gone.Entity = &eventv1.DirectoryEvent_Environment{Environment: &eventv1.DirectoryEnvironment{Id: t.id}}
	case *eventv1.DirectoryEvent_Person:
		gone.Entity = &eventv1.DirectoryEvent_Person{Person: &eventv1.DirectoryPerson{Id: t.id}}
	case *eventv1.DirectoryEvent_Key:
		gone.Entity = &eventv1.DirectoryEvent_Key{Key: &eventv1.DirectoryKey{Id: t.id}}
	}
	return thing{t.kind, t.id, gone}
}

func organizationEvent(o domain.Organization) thing {
	return thing{"organization", o.ID, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Organization{
		Organization: &eventv1.DirectoryOrganization{Id: o.ID, Name: o.Name, Plan: o.Plan, SeesAll: o.MembersSeeAll},
	}}}
}

func applicationEvent(a domain.Application) thing {
	return thing{"application", a.ID, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Application{
		Application: &eventv1.DirectoryApplication{Id: a.ID, Organization: a.Organization, Name: a.Name},
	}}}
}

func environmentEvent(a domain.Application, env domain.Environment) thing {
	return thing{"environment", env.ID, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Environment{
		Environment: &eventv1.DirectoryEnvironment{Id: env.ID, Application: a.ID, Organization: a.Organization, Name: env.Name, Kind: env.Kind},
	}}}
}

func personEvent(p domain.Person) thing {
	return thing{"person", p.ID, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Person{Person: &eventv1.DirectoryPerson{
		Id: p.ID, Organization: p.Organization, Name: p.Name, Email: p.Email, Staff: p.Staff(), Role: string(p.Role),
		OrganizationWide: !p.Staff() && len(p.Applications) == 0, Applications: p.Applications,
		TimeZone: p.TimeZone, Locale: p.Locale, Disabled: p.Disabled, Teams: p.Teams,
	}}}}
}

func keyEvent(k domain.SigningKey) thing {
	key := &eventv1.DirectoryKey{Id: k.ID, PublicKey: k.Public, NotBefore: timestamppb.New(k.NotBefore)}
	if !k.NotAfter.IsZero() {
		key.NotAfter = timestamppb.New(k.NotAfter)
	}
	return thing{"key", k.ID, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Key{Key: key}}}
}

func revocationEvent(r domain.Revocation) thing {
	return thing{kindRevocation, r.ID, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Revocation{
		Revocation: &eventv1.DirectoryRevocation{Id: r.ID, Person: r.Person, LoginSession: r.Credential, IssuedBefore: timestamppb.New(r.IssuedBefore)},
	}}}
}
