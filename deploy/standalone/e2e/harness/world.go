package harness

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
)

// World is a help desk with its customers. Quill, the customer that has
// trouble, lets its members see their own tickets only.
type World struct {
	*Suite
	// Staff. Engineer is on call first, Backup second, the Supervisor is the fallback.
	Admin, Agent, Engineer, Backup, Supervisor *Person
	// Members of Quill: its admin, one who asks, one who is copied in, one who is
	// neither, and one who is limited to the application "blog".
	Owner, Requester, Copied, Colleague, Freelancer *Person
	// Member and admin of Loom, another customer.
	Stranger *Person

	Quill, Loom Customer
	// Pager takes the webhooks of the engineers, at paths that begin with
	// /<person id>/; their signing secrets by person id.
	Pager   *testkit.Hook
	Signing map[string]string
}

// Customer is an organization with its applications by name.
type Customer struct {
	ID, Name     string
	Applications map[string]*identityv1.Application
}

// Scope returns the application, or one environment of it ("shop/production").
func (c Customer) Scope(target string) *ticketv1.Scope {
	name, environment, _ := strings.Cut(target, "/")
	application := c.Applications[name]
	found := &ticketv1.ScopeTarget{Application: application.GetId()}
	for _, e := range application.GetEnvironments() {
		if e.GetName() == environment {
			found.Environment = e.GetId()
		}
	}
	return &ticketv1.Scope{Targets: []*ticketv1.ScopeTarget{found}}
}

// Urgent returns an incident of the customer that pages, with the given CCs.
func (w *World) Urgent(subject string, ccs ...string) *ticketv1.Ticket {
	t := &ticketv1.Ticket{
		Type: ticketv1.TicketType_TICKET_TYPE_INCIDENT, Priority: ticketv1.Priority_PRIORITY_URGENT,
		Subject: subject, Description: "Every checkout fails since 09:58 UTC.\n\nThe error is *502 Bad Gateway*.",
		Scope: w.Quill.Scope("shop/production"),
		Details: &ticketv1.Ticket_Incident{Incident: &ticketv1.IncidentDetails{
			SinceTime: timestamppb.New(time.Now().Add(-10 * time.Minute)), Impact: "Nobody can buy.", CallbackNumber: "+44 20 7946 0012",
		}},
	}
	for _, address := range ccs {
		t.Ccs = append(t.Ccs, &ticketv1.Person{Email: address})
	}
	return t
}

// Question returns a ticket that pages nobody.
func (w *World) Question(subject string, ccs ...string) *ticketv1.Ticket {
	t := w.Urgent(subject, ccs...)
	t.Type, t.Priority, t.Details = ticketv1.TicketType_TICKET_TYPE_QUESTION, ticketv1.Priority_PRIORITY_UNSPECIFIED, nil
	return t
}

// settler is the state of one NewWorld.
type settler struct {
	*World
	t   testing.TB
	ctx context.Context
}

// NewWorld fills an empty suite with people, applications and on-call duty, and
// returns once every service knows them.
func NewWorld(t testing.TB, s *Suite) *World {
	t.Helper()
	w := settler{t: t, ctx: t.Context(), World: &World{Suite: s, Pager: testkit.Receiver(t), Signing: map[string]string{}}}
	w.staff()
	w.customers()
	w.onCall()
	w.known()
	return w.World
}

// person returns somebody with a fresh password; name@domain is the address.
func (w settler) person(name, domain string) *Person {
	p := &Person{
		Name: name, Email: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@" + domain,
		Password: rand.Text(), suite: w.Suite,
	}
	w.secrets.add("a password", p.Password)
	w.secrets.add("an e-mail address", p.Email)
	return p
}

func (w settler) staff() {
	w.t.Helper()
	const domain = "desk.example"
	w.Admin = w.person("Nora Abel", domain)
	w.Admin.Staff = true
	must(w.t, w.bootstrap(w.ctx, w.Admin.Name, w.Admin.Email, w.Admin.Password))
	must(w.t, w.Admin.enter(w.ctx))
	for _, member := range []struct {
		person **Person
		name   string
		role   identityv1.StaffRole
	}{
		{&w.Agent, "Ines Brandt", identityv1.StaffRole_STAFF_ROLE_AGENT},
		{&w.Engineer, "Emil Castro", identityv1.StaffRole_STAFF_ROLE_ENGINEER},
		{&w.Backup, "Bela Duarte", identityv1.StaffRole_STAFF_ROLE_ENGINEER},
		{&w.Supervisor, "Sven Ekman", identityv1.StaffRole_STAFF_ROLE_SUPERVISOR},
	} {
		p := w.person(member.name, domain)
		p.Staff = true
		_, err := w.Admin.Directory().CreateStaff(w.ctx, &identityv1.CreateStaffRequest{
			Staff:    &identityv1.Staff{Name: p.Name, Email: p.Email, Role: member.role, TimeZone: "Europe/Berlin", Locale: "en"},
			Password: p.Password,
		})
		must(w.t, err)
		must(w.t, p.enter(w.ctx))
		*member.person = p
	}
}

func (w settler) customers() {
	w.t.Helper()
	w.Quill = w.customer("Quill Books", "premium", "shop", "blog")
	w.Loom = w.customer("Loom Textiles", "standard", "store")
	blog := []string{w.Quill.Applications["blog"].GetId()}
	for _, member := range []struct {
		person       **Person
		name         string
		organization Customer
		role         identityv1.MemberRole
		applications []string
	}{
		{&w.Owner, "Olga Quill", w.Quill, identityv1.MemberRole_MEMBER_ROLE_ADMIN, nil},
		{&w.Requester, "Rita Falk", w.Quill, identityv1.MemberRole_MEMBER_ROLE_DEVELOPER, nil},
		{&w.Copied, "Carl Gomez", w.Quill, identityv1.MemberRole_MEMBER_ROLE_USER, nil},
		{&w.Colleague, "Kira Hahn", w.Quill, identityv1.MemberRole_MEMBER_ROLE_USER, nil},
		{&w.Freelancer, "Fred Ito", w.Quill, identityv1.MemberRole_MEMBER_ROLE_DEVELOPER, blog},
		{&w.Stranger, "Stella Loom", w.Loom, identityv1.MemberRole_MEMBER_ROLE_ADMIN, nil},
	} {
		p := w.person(member.name, strings.ToLower(strings.Fields(member.organization.Name)[0])+".example")
		p.Organization = member.organization.ID
		_, err := w.Admin.Directory().CreateMember(w.ctx, &identityv1.CreateMemberRequest{
			Member: &identityv1.Member{
				Organization: p.Organization, Name: p.Name, Email: p.Email, Role: member.role,
				Applications: member.applications, TimeZone: "Europe/Berlin", Locale: "en",
			},
			Password: p.Password,
		})
		must(w.t, err)
		must(w.t, p.enter(w.ctx))
		*member.person = p
	}
}

func (w settler) customer(name, plan string, applications ...string) Customer {
	w.t.Helper()
	organization, err := w.Admin.Directory().CreateOrganization(w.ctx, &identityv1.CreateOrganizationRequest{
		Organization: &identityv1.Organization{Name: name, Plan: plan},
	})
	must(w.t, err)
	c := Customer{ID: organization.GetId(), Name: name, Applications: map[string]*identityv1.Application{}}
	for _, application := range applications {
		made, err := w.Admin.Directory().CreateApplication(w.ctx, &identityv1.CreateApplicationRequest{
			Application: &identityv1.Application{Organization: c.ID, Name: application, Environments: []*identityv1.Environment{
				{Name: "production", Kind: identityv1.Environment_KIND_PRODUCTION},
				{Name: "staging", Kind: identityv1.Environment_KIND_STAGING},
			}},
		})
		must(w.t, err)
		c.Applications[application] = made
	}
	return c
}

// onCall puts Engineer and Backup on call, each with a webhook and then mail.
// The first step waits long enough for no test to reach the second unasked.
func (w settler) onCall() {
	w.t.Helper()
	// Notification learns of new staff by events.
	testkit.EventuallyPasses(w.t, func(t require.TestingT) {
		_, err := w.Admin.OnCall().UpdateSchedule(w.ctx, &notificationv1.UpdateScheduleRequest{AllowMissing: true, Schedule: &notificationv1.Schedule{
			Id: "primary", Name: "Primary", TimeZone: "Europe/Berlin",
			Layers: []*notificationv1.Layer{{Unit: notificationv1.Layer_UNIT_WEEK, Length: 1, Start: "2026-03-02T09:00", People: []string{w.Engineer.ID}}},
		}})
		require.NoError(t, err)
	}, "notification takes a schedule")
	for _, p := range []*Person{w.Engineer, w.Backup} {
		// Receivers keep their own secret in the path.
		key := rand.Text()
		w.secrets.add("the URL of a webhook", key)
		var hook *notificationv1.Contact
		testkit.EventuallyPasses(w.t, func(t require.TestingT) {
			var err error
			hook, err = w.addWebhook(w.ctx, p.ID, w.Pager.URL+"/"+p.ID+"/"+key)
			require.NoError(t, err)
		}, "notification takes a contact of %s", p.Name)
		w.Signing[p.ID] = hook.GetSecret()
		w.secrets.add("a signing secret", hook.GetSecret())
		w.VerifyWebhook(w.t, w.Pager, hook.GetId())
		mail, err := w.Admin.OnCall().CreateContact(w.ctx, &notificationv1.CreateContactRequest{Contact: &notificationv1.Contact{
			Person: p.ID, Channel: notificationv1.Contact_CHANNEL_EMAIL, Address: p.Email,
		}})
		must(w.t, err)
		w.VerifyMail(w.t, mail)
	}
	testkit.EventuallyPasses(w.t, func(t require.TestingT) {
		require.NoError(t, w.EscalateInTurn(w.ctx))
	}, "notification takes a policy")
}

func (w *World) addWebhook(ctx context.Context, person, url string) (*notificationv1.Contact, error) {
	return w.Admin.OnCall().CreateContact(ctx, &notificationv1.CreateContactRequest{Contact: &notificationv1.Contact{
		Person: person, Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: url,
	}})
}

// AddEngineer adds an engineer who is paged by a webhook, and returns the id.
func (w *World) AddEngineer(t testing.TB, name string, pager *testkit.Hook) (id string) {
	t.Helper()
	p := settler{World: w}.person(name, "desk.example")
	made, err := w.Admin.Directory().CreateStaff(t.Context(), &identityv1.CreateStaffRequest{
		Staff:    &identityv1.Staff{Name: p.Name, Email: p.Email, Role: identityv1.StaffRole_STAFF_ROLE_ENGINEER, TimeZone: "Europe/Berlin", Locale: "en"},
		Password: p.Password,
	})
	must(t, err)
	// Notification learns of new staff by events.
	var hook *notificationv1.Contact
	testkit.EventuallyPasses(t, func(c require.TestingT) {
		var err error
		hook, err = w.addWebhook(t.Context(), made.GetId(), pager.URL)
		require.NoError(c, err)
	}, "notification takes a contact of %s", name)
	w.VerifyWebhook(t, pager, hook.GetId())
	return made.GetId()
}

// Escalate makes the escalation policy: the steps in order, each with its
// targets ("schedule:ID", "person:ID") and 10 minutes long, gone through once,
// then the supervisor.
func (w *World) Escalate(ctx context.Context, steps ...[]string) error {
	var policy []*notificationv1.EscalationStep
	for _, targets := range steps {
		policy = append(policy, Step(10*time.Minute, targets...))
	}
	return w.EscalateBy(ctx, policy...)
}

// Step returns a step of an escalation policy.
func Step(timeout time.Duration, targets ...string) *notificationv1.EscalationStep {
	return &notificationv1.EscalationStep{Targets: targets, Timeout: durationpb.New(timeout)}
}

// EscalateBy is Escalate with steps that are as long as they say.
func (w *World) EscalateBy(ctx context.Context, steps ...*notificationv1.EscalationStep) error {
	return w.setPolicy(ctx, w.Supervisor, steps...)
}

// EscalateTo makes a policy that names one person only.
func (w *World) EscalateTo(ctx context.Context, p *Person) error {
	return w.setPolicy(ctx, p, Step(10*time.Minute, "person:"+p.ID))
}

func (w *World) setPolicy(ctx context.Context, fallback *Person, steps ...*notificationv1.EscalationStep) error {
	policy := &notificationv1.EscalationPolicy{Id: "default", Steps: steps, Loops: 1, Fallback: []string{fallback.ID}}
	_, err := w.Supervisor.OnCall().UpdateEscalationPolicy(ctx, &notificationv1.UpdateEscalationPolicyRequest{EscalationPolicy: policy, AllowMissing: true})
	return err
}

// EscalateInTurn makes the policy of a new World: who is on call, then Backup.
func (w *World) EscalateInTurn(ctx context.Context) error {
	return w.Escalate(ctx, []string{"schedule:primary"}, []string{"person:" + w.Backup.ID})
}

// known waits until ticket knows everybody and everything, and triage the last
// who came; notification does, or it had taken no policy. Ticket says so of a
// request that it refuses for another reason.
func (w settler) known() {
	w.t.Helper()
	for _, p := range append(w.Team(), w.Members()...) {
		probe := &ticketv1.Ticket{
			Type: ticketv1.TicketType_TICKET_TYPE_QUESTION, Subject: "probe", Description: "probe",
			Scope: &ticketv1.Scope{}, Tags: []string{"staff-only"},
		}
		want := "ticket.tags"
		switch {
		case p.Staff:
			probe.Tags, probe.Scope.All, want = nil, true, "ticket.organization ticket.requester.id"
		case p == w.Stranger:
			probe.Scope = w.Loom.Scope("store/production")
		case p == w.Freelancer:
			probe.Scope = w.Quill.Scope("blog/production")
		default:
			for _, target := range []string{"shop/production", "shop/staging", "blog/production", "blog/staging"} {
				probe.Scope.Targets = append(probe.Scope.Targets, w.Quill.Scope(target).Targets...)
			}
		}
		testkit.EventuallyPasses(w.t, func(t require.TestingT) {
			_, err := p.Tickets().CreateTicket(w.ctx, &ticketv1.CreateTicketRequest{Ticket: probe})
			require.Equal(t, want, strings.Join(FieldsOf(err), " "), "%v", err)
		}, "ticket knows %s", p.Name)
	}
	testkit.EventuallyPasses(w.t, func(t require.TestingT) {
		_, err := triagev1.NewTriageServiceClient(w.Stranger.GRPC()).EvaluateTicket(w.ctx, &triagev1.EvaluateTicketRequest{
			Type: ticketv1.TicketType_TICKET_TYPE_QUESTION, Subject: "probe", Description: "probe", Scope: w.Loom.Scope("store"),
		})
		require.NoError(t, err)
	}, "triage knows everybody")
}

// At is the same world at a copy of its suite.
func (w *World) At(s *Suite) *World {
	moved := *w
	moved.Suite = s
	for _, p := range []**Person{
		&moved.Admin, &moved.Agent, &moved.Engineer, &moved.Backup, &moved.Supervisor,
		&moved.Owner, &moved.Requester, &moved.Copied, &moved.Colleague, &moved.Freelancer, &moved.Stranger,
	} {
		*p = (*p).at(s)
	}
	return &moved
}

// Team returns everybody of the staff.
func (w *World) Team() []*Person {
	return []*Person{w.Admin, w.Agent, w.Engineer, w.Backup, w.Supervisor}
}

// Members returns everybody of the customers.
func (w *World) Members() []*Person {
	return []*Person{w.Owner, w.Requester, w.Copied, w.Colleague, w.Freelancer, w.Stranger}
}

// FieldsOf returns the paths of the offending fields of an error, sorted.
func FieldsOf(err error) []string {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return nil
	}
	paths := make([]string, len(f.Fields))
	for i, field := range f.Fields {
		paths[i] = field.Path
	}
	slices.Sort(paths)
	return paths
}
