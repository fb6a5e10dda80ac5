package directory

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

// ErrUnknown is returned for a kind of thing that this release does not know: a newer one will.
var ErrUnknown = errors.New("directory: unknown kind of thing")

// Apply writes what the event says unless a newer version is there already. Applying an event again changes nothing.
func Apply(ctx context.Context, tx sqldb.Tx, ev *eventv1.DirectoryEvent) error {
	w := writer{tx: tx, version: ev.GetVersion(), removed: ev.GetRemoved()}
	switch e := ev.GetEntity().(type) {
	case *eventv1.DirectoryEvent_Organization:
		return w.organization(ctx, e.Organization)
	case *eventv1.DirectoryEvent_Application:
		return w.application(ctx, e.Application)
	case *eventv1.DirectoryEvent_Environment:
		return w.environment(ctx, e.Environment)
	case *eventv1.DirectoryEvent_Person:
		return w.person(ctx, e.Person)
	case *eventv1.DirectoryEvent_Key:
		return w.key(ctx, e.Key)
	case *eventv1.DirectoryEvent_Revocation:
		return w.revocation(ctx, e.Revocation)
	default:
		return ErrUnknown
	}
}

// writer writes one version of a thing. An equal version is written again: after an upgrade it brings columns that the
// previous release did not keep. A tombstone is written without the contents, whatever the event carries, so that the
// row does not depend on the order of events.
type writer struct {
	tx      sqldb.Tx
	version int64
	removed bool
}

func (w writer) organization(ctx context.Context, o *eventv1.DirectoryOrganization) error {
	if w.removed {
		o = &eventv1.DirectoryOrganization{Id: o.GetId()}
	}
	_, err := w.tx.ExecContext(ctx, `
INSERT INTO directory_organizations (id, version, removed, name, plan, sees_all)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, removed = excluded.removed,
  name = excluded.name, plan = excluded.plan, sees_all = excluded.sees_all
WHERE directory_organizations.version <= excluded.version`,
		o.GetId(), w.version, flag(w.removed), o.GetName(), o.GetPlan(), flag(o.GetSeesAll()))
	return err
}

func (w writer) application(ctx context.Context, a *eventv1.DirectoryApplication) error {
	if w.removed {
		a = &eventv1.DirectoryApplication{Id: a.GetId()}
	}
	_, err := w.tx.ExecContext(ctx, `
INSERT INTO directory_applications (id, version, removed, organization, name)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, removed = excluded.removed,
  organization = excluded.organization, name = excluded.name
WHERE directory_applications.version <= excluded.version`,
		a.GetId(), w.version, flag(w.removed), a.GetOrganization(), a.GetName())
	return err
}

func (w writer) environment(ctx context.Context, e *eventv1.DirectoryEnvironment) error {
	if w.removed {
		e = &eventv1.DirectoryEnvironment{Id: e.GetId()}
	}
	_, err := w.tx.ExecContext(ctx, `
INSERT INTO directory_environments (id, version, removed, application, organization, name, kind)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, removed = excluded.removed,
  application = excluded.application, organization = excluded.organization, name = excluded.name, kind = excluded.kind
WHERE directory_environments.version <= excluded.version`,
		e.GetId(), w.version, flag(w.removed), e.GetApplication(), e.GetOrganization(), e.GetName(), e.GetKind())
	return err
}

func (w writer) person(ctx context.Context, p *eventv1.DirectoryPerson) error {
	if w.removed {
		p = &eventv1.DirectoryPerson{Id: p.GetId()}
	}
	_, err := w.tx.ExecContext(ctx, `
INSERT INTO directory_people (id, version, removed, organization, name, email, email_lower, staff, role,
  organization_wide, applications, zone, locale, disabled, teams)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, removed = excluded.removed,
  organization = excluded.organization, name = excluded.name, email = excluded.email, email_lower = excluded.email_lower,
  staff = excluded.staff, role = excluded.role, organization_wide = excluded.organization_wide,
  applications = excluded.applications, zone = excluded.zone, locale = excluded.locale, disabled = excluded.disabled,
  teams = excluded.teams
WHERE directory_people.version <= excluded.version`,
		p.GetId(), w.version, flag(w.removed), p.GetOrganization(), p.GetName(), p.GetEmail(), strings.ToLower(p.GetEmail()),
		flag(p.GetStaff()), p.GetRole(), flag(p.GetOrganizationWide()), sqldb.List(p.GetApplications()),
		p.GetTimeZone(), p.GetLocale(), flag(p.GetDisabled()), sqldb.List(p.GetTeams()))
	return err
}

func (w writer) key(ctx context.Context, k *eventv1.DirectoryKey) error {
	if w.removed {
		k = &eventv1.DirectoryKey{Id: k.GetId()}
	}
	_, err := w.tx.ExecContext(ctx, `
INSERT INTO directory_keys (id, version, removed, public_key, not_before, not_after)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, removed = excluded.removed,
  public_key = excluded.public_key, not_before = excluded.not_before, not_after = excluded.not_after
WHERE directory_keys.version <= excluded.version`,
		k.GetId(), w.version, flag(w.removed), base64.StdEncoding.EncodeToString(k.GetPublicKey()),
		micros(k.GetNotBefore()), micros(k.GetNotAfter()))
	return err
}

func (w writer) revocation(ctx context.Context, r *eventv1.DirectoryRevocation) error {
	if w.removed {
		r = &eventv1.DirectoryRevocation{Id: r.GetId()}
	}
	_, err := w.tx.ExecContext(ctx, `
INSERT INTO directory_revocations (id, version, removed, person, login_session, issued_before)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, removed = excluded.removed,
  person = excluded.person, login_session = excluded.login_session, issued_before = excluded.issued_before
WHERE directory_revocations.version <= excluded.version`,
		r.GetId(), w.version, flag(w.removed), r.GetPerson(), r.GetLoginSession(), micros(r.GetIssuedBefore()))
	return err
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func micros(t *timestamppb.Timestamp) int64 {
	if t == nil {
		return 0
	}
	return sqldb.Micros(t.AsTime().Truncate(time.Microsecond))
}
