package emergency

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
	"altis-dxp.com/support/services/notification/internal/schedulepb"
	"altis-dxp.com/support/services/notification/internal/store"
)

const (
	// maxRoster bounds the answer with everybody in the directory.
	maxRoster   = 256 << 20
	rosterCall  = 10 * time.Second
	rosterAlert = 10 * time.Minute // age from which a roster is called old
)

// roster keeps the newest schedules, overrides, policies, people and contacts that notification told: in a file, which is
// what is known of them, and in the private database, where they are looked up at the instant a step fires. The file's time
// is when notification last said that it holds.
type roster struct {
	path     string
	every    time.Duration
	repeat   time.Duration
	fallback fallback
	store    *store.Store
	client   notificationv1.EmergencyServiceClient // nil = nobody to ask
	now      func() time.Time
	logger   *slog.Logger

	version   string
	confirmed atomic.Pointer[time.Time] // nil = there is no roster
}

// load brings what the file holds, and the fallback contacts, into the database.
func (r *roster) load(ctx context.Context) error {
	raw, err := os.ReadFile(r.path)
	if errors.Is(err, os.ErrNotExist) {
		r.logger.WarnContext(ctx, "there is no roster yet: pages go to the fallback contacts", slog.Int("contacts", len(r.fallback.contacts)))
		return r.bring(ctx, &notificationv1.Roster{})
	}
	if err != nil {
		return fmt.Errorf("emergency: roster: %w", err)
	}
	info, err := os.Stat(r.path)
	if err != nil {
		return fmt.Errorf("emergency: roster: %w", err)
	}
	known := &notificationv1.Roster{}
	if err := proto.Unmarshal(raw, known); err != nil {
		// The database still has what it held; notification will be asked for all of it.
		r.logger.ErrorContext(ctx, "the file of the roster cannot be read", slog.Any("error", err))
		return nil
	}
	if slices.ContainsFunc(known.GetSchedules(), func(s *notificationv1.Schedule) bool { return len(s.GetLayers()) == 0 }) {
		// Written before there were layers: the database's migration has made them of what it held.
		r.logger.WarnContext(ctx, "the file of the roster is of an earlier release, it is fetched again")
		return nil
	}
	if err := r.bring(ctx, known); err != nil {
		return err
	}
	r.version = known.GetVersion()
	at := info.ModTime()
	r.confirmed.Store(&at)
	return nil
}

// run asks notification until ctx ends. It returns nil.
func (r *roster) run(ctx context.Context) error {
	if r.client == nil {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(r.every)
	defer tick.Stop()
	failing := false
	for {
		err := r.fetch(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !failing:
			r.logger.WarnContext(ctx, "the roster cannot be fetched, going on with the one there is", slog.String("roster", r.note()), slog.Any("error", err))
		case err == nil && failing:
			r.logger.InfoContext(ctx, "the roster is fetched again")
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (r *roster) fetch(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, rosterCall)
	defer cancel()
	got, err := r.client.GetRoster(ctx, &notificationv1.GetRosterRequest{KnownVersion: r.version}, grpc.MaxCallRecvMsgSize(maxRoster))
	if err != nil {
		return err
	}
	if !got.GetUnchanged() {
		if err := r.bring(ctx, got); err != nil {
			return err
		}
		if err := r.write(got); err != nil {
			return err
		}
		r.version = got.GetVersion()
		r.logger.InfoContext(ctx, "there is a new roster", slog.String("version", r.version))
	}
	at := r.now()
	if err := os.Chtimes(r.path, at, at); err != nil {
		return fmt.Errorf("emergency: roster: %w", err)
	}
	r.confirmed.Store(&at)
	return nil
}

// write replaces the file, which is whole at any time.
func (r *roster) write(got *notificationv1.Roster) error {
	raw, err := proto.Marshal(got)
	if err != nil {
		return fmt.Errorf("emergency: roster: %w", err)
	}
	file, err := os.OpenFile(r.path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // it holds secrets
	if err != nil {
		return fmt.Errorf("emergency: roster: %w", err)
	}
	_, err = file.Write(raw)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(r.path+".new", r.path)
	}
	if err != nil {
		return fmt.Errorf("emergency: roster: %w", err)
	}
	return nil
}

// bring replaces what the database knows, with the fallback contacts beside it and a policy that does not tire.
func (r *roster) bring(ctx context.Context, got *notificationv1.Roster) error {
	e, err := export(got)
	if err != nil {
		return err
	}
	policy := e.Roster.Policy
	e.Roster.Policy = nil
	e.People = append(e.People, r.fallback.people...)
	e.Contacts = append(e.Contacts, r.fallback.contacts...)
	return r.store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Import(ctx, e); err != nil {
			return err
		}
		staff, err := tx.Staff(ctx)
		if err != nil {
			return err
		}
		return tx.PutPolicy(ctx, domain.PolicyID, domain.Untiring(policy, staff, r.fallback.ids(), r.repeat))
	})
}

// age returns how long ago notification said that the roster holds; false when there is none.
func (r *roster) age() (time.Duration, bool) {
	at := r.confirmed.Load()
	if at == nil {
		return 0, false
	}
	return max(r.now().Sub(*at), 0), true
}

// note says in words how good the roster is.
func (r *roster) note() string {
	age, ok := r.age()
	switch {
	case !ok:
		return "there is no roster: the fallback contacts"
	case age > rosterAlert:
		return "the roster is old: " + age.Round(time.Second).String()
	}
	return "the roster is " + age.Round(time.Second).String() + " old"
}

// export turns what notification told into what a store takes.
func export(got *notificationv1.Roster) (e store.Export, err error) {
	e = store.Export{Version: got.GetVersion(), Roster: domain.Roster{Schedules: map[string]oncall.Schedule{}}}
	for _, in := range got.GetSchedules() {
		schedule, err := schedulepb.ToSchedule("schedule "+in.GetId(), in)
		if err != nil {
			return e, fmt.Errorf("emergency: %w", err)
		}
		e.Roster.Schedules[in.GetId()] = schedule
	}
	if in := got.GetPolicy(); in != nil {
		e.Roster.Policy = &domain.Policy{Loops: int(in.GetLoops()), Fallback: in.GetFallback()}
		for _, step := range in.GetSteps() {
			e.Roster.Policy.Steps = append(e.Roster.Policy.Steps, domain.Step{Targets: step.GetTargets(), Timeout: step.GetTimeout().AsDuration()})
		}
	}
	for _, p := range got.GetPeople() {
		e.People = append(e.People, store.Directed{
			ID: p.GetId(), Organization: p.GetOrganization(), Name: p.GetName(), Email: p.GetEmail(), Role: p.GetRole(), Locale: p.GetLocale(),
			Staff: p.GetStaff(), Disabled: p.GetDisabled(),
		})
	}
	for _, c := range got.GetContacts() {
		channel, ok := channels[c.GetChannel()]
		if !ok {
			continue // of a newer release, which this one cannot page by
		}
		e.Contacts = append(e.Contacts, store.SecretContact{Secret: c.GetSecret(), Contact: domain.Contact{
			ID: c.GetId(), Person: c.GetPerson(), Channel: channel, Address: c.GetAddress(), Position: int(c.GetPosition()),
		}})
	}
	return e, nil
}

var channels = map[notificationv1.Contact_Channel]domain.Channel{
	notificationv1.Contact_CHANNEL_WEBHOOK:    domain.ChannelWebhook,
	notificationv1.Contact_CHANNEL_EMAIL:      domain.ChannelEmail,
	notificationv1.Contact_CHANNEL_PAGERDUTY:  domain.ChannelPagerDuty,
	notificationv1.Contact_CHANNEL_TEAMS:      domain.ChannelTeams,
	notificationv1.Contact_CHANNEL_MATTERMOST: domain.ChannelMattermost,
	notificationv1.Contact_CHANNEL_OPSGENIE:   domain.ChannelOpsgenie,
	notificationv1.Contact_CHANNEL_SMS:        domain.ChannelSMS,
}
