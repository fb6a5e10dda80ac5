// Package demo fills a new suite with two customers and ninety days of their
// tickets, through the services' own API and with the suite's clock moved, so
// that everything in it came about as it would in earnest.
package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/rpc"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
)

// past is how far back the desk begins.
const past = 90 * day

// Rewind moves the clock to where the desk begins. It comes before the services
// start: what they make then, such as keys, must not lie in the desk's future.
func Rewind(clock *Clock) { clock.Set(clock.Now().Add(-past)) }

// Desk is the suite that is filled.
type Desk struct {
	// Conn reaches all services, as tooling does.
	Conn  grpc.ClientConnInterface
	Clock *Clock
	// Bootstrap makes the first admin of the staff.
	Bootstrap func(ctx context.Context, name, email, password string) (string, error)
	// Settle returns when no service has work that is due.
	Settle func(ctx context.Context) error
	// WebhookURL is where pages of a person go.
	WebhookURL func(person string) string
	// AddContact adds a contact that needs no code.
	AddContact AddContact
}

// Account is a login of the desk.
type Account struct {
	Name, Email, Password, Role string
}

// Result is what a visitor needs.
type Result struct {
	Accounts []Account
	// APIToken belongs to the first account, a customer's.
	APIToken string
	Tickets  int
}

// filler is the state of one Fill.
type filler struct {
	Desk
	now     time.Time
	tokens  map[who]*token
	people  map[who]string // ids
	orgs    map[string]string
	targets map[string]target // "application/environment" and "application"
	result  Result
}

type target struct{ organization, application, environment string }

// token is a person's API token with the access token made of it.
type token struct {
	secret, access string
	expires        time.Time
}

// Fill writes the desk, after Rewind. The clock is back at the present when it returns.
func Fill(ctx context.Context, desk Desk) (*Result, error) {
	f := &filler{
		Desk: desk, now: desk.Clock.present(),
		tokens: map[who]*token{}, people: map[who]string{}, orgs: map[string]string{}, targets: map[string]target{},
	}
	defer f.Clock.Reset()
	for _, stage := range []func(context.Context) error{f.admin, f.directory, f.onCall, f.tickets, f.tokenOfVisitor} {
		if err := stage(ctx); err != nil {
			return nil, fmt.Errorf("fill the demo desk: %w", err)
		}
	}
	return &f.result, nil
}

func (f *filler) admin(ctx context.Context) error {
	password := newPassword()
	id, err := f.Bootstrap(ctx, AdminName, AdminEmail, password)
	if err != nil {
		return err
	}
	f.people[elif] = id
	f.account(AdminName, elif, password, "staff admin")
	return f.login(ctx, elif, password)
}

func (f *filler) directory(ctx context.Context) error {
	client := identityv1.NewDirectoryServiceClient(f.Conn)
	as, err := f.as(ctx, elif)
	if err != nil {
		return err
	}
	for _, o := range organizations {
		created, err := client.CreateOrganization(as, &identityv1.CreateOrganizationRequest{
			Organization: &identityv1.Organization{Name: o.name, Plan: o.plan, MembersSeeAll: true},
		})
		if err != nil {
			return err
		}
		f.orgs[o.name] = created.GetId()
		for _, name := range o.applications {
			app, err := client.CreateApplication(as, &identityv1.CreateApplicationRequest{
				Application: &identityv1.Application{Organization: created.GetId(), Name: name, Environments: environments},
			})
			if err != nil {
				return err
			}
			f.targets[name] = target{created.GetId(), app.GetId(), ""}
			for _, e := range app.GetEnvironments() {
				f.targets[name+"/"+e.GetName()] = target{created.GetId(), app.GetId(), e.GetId()}
			}
		}
	}
	if err := f.members(as, client); err != nil {
		return err
	}
	if err := f.staff(as, client); err != nil {
		return err
	}
	return f.Settle(ctx)
}

func (f *filler) members(ctx context.Context, client identityv1.DirectoryServiceClient) error {
	for _, m := range members {
		var applications []string
		for _, name := range m.applications {
			applications = append(applications, f.targets[name].application)
		}
		password := newPassword()
		created, err := client.CreateMember(ctx, &identityv1.CreateMemberRequest{
			Member: &identityv1.Member{
				Organization: f.orgs[m.organization], Name: m.name, Email: string(m.email),
				Role: m.role, Applications: applications, TimeZone: m.zone, Locale: "en",
			},
			Password: password,
		})
		if err != nil {
			return err
		}
		f.people[m.email] = created.GetId()
		f.account(m.name, m.email, password, "customer, "+m.organization)
		if err := f.login(ctx, m.email, password); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) staff(ctx context.Context, client identityv1.DirectoryServiceClient) error {
	for _, c := range staff {
		password := newPassword()
		created, err := client.CreateStaff(ctx, &identityv1.CreateStaffRequest{
			Staff:    &identityv1.Staff{Name: c.name, Email: string(c.email), Role: c.role, TimeZone: c.zone, Locale: "en", Teams: c.teams},
			Password: password,
		})
		if err != nil {
			return err
		}
		f.people[c.email] = created.GetId()
		role := "agent"
		if c.role == identityv1.StaffRole_STAFF_ROLE_ENGINEER {
			role = "on-call engineer"
		}
		f.account(c.name, c.email, password, role)
		if err := f.login(ctx, c.email, password); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) account(name string, email who, password, role string) {
	f.result.Accounts = append(f.result.Accounts, Account{Name: name, Email: string(email), Password: password, Role: role})
}

// login makes an API token for a person: login sessions would end while the clock jumps.
func (f *filler) login(ctx context.Context, email who, password string) error {
	return f.atTheScreen(ctx, string(email), password, func(as context.Context) error {
		secret, err := f.newAPIToken(as, "filling the demo desk", 2*past)
		f.tokens[email] = &token{secret: secret}
		return err
	})
}

// atTheScreen does something that a person does in a login session.
func (f *filler) atTheScreen(ctx context.Context, email, password string, do func(as context.Context) error) error {
	client := identityv1.NewAuthServiceClient(f.Conn)
	login, err := client.Login(ctx, &identityv1.LoginRequest{Email: email, Password: password})
	if err != nil {
		return err
	}
	access, err := client.ExchangeToken(ctx, &identityv1.ExchangeTokenRequest{Token: login.GetSessionToken()})
	if err != nil {
		return err
	}
	if err := do(rpc.WithToken(ctx, access.GetAccessToken())); err != nil {
		return err
	}
	_, err = client.Logout(ctx, &identityv1.LogoutRequest{SessionToken: login.GetSessionToken()})
	return err
}

func (f *filler) newAPIToken(ctx context.Context, name string, lifetime time.Duration) (string, error) {
	res, err := identityv1.NewAccountServiceClient(f.Conn).CreateApiToken(ctx, &identityv1.CreateApiTokenRequest{
		Name: name, Lifetime: durationpb.New(lifetime),
	})
	return res.GetSecret(), err
}

// as returns a context whose calls are made by a person at the clock's instant.
func (f *filler) as(ctx context.Context, person who) (context.Context, error) {
	t := f.tokens[person]
	if now := f.Clock.Now(); !now.Before(t.expires) {
		res, err := identityv1.NewAuthServiceClient(f.Conn).ExchangeToken(ctx, &identityv1.ExchangeTokenRequest{Token: t.secret})
		if err != nil {
			return nil, err
		}
		t.access, t.expires = res.GetAccessToken(), now.Add(res.GetLifetime().AsDuration()/2)
	}
	return rpc.WithToken(ctx, t.access), nil
}

// tokenOfVisitor takes all API tokens back and gives the visitor a new one.
func (f *filler) tokenOfVisitor(ctx context.Context) error {
	f.Clock.Reset()
	client := identityv1.NewAccountServiceClient(f.Conn)
	for _, account := range f.result.Accounts {
		err := f.atTheScreen(ctx, account.Email, account.Password, func(as context.Context) error {
			// One page: nobody has more than fit into it.
			old, err := client.ListApiTokens(as, &identityv1.ListApiTokensRequest{PageSize: 100})
			if err != nil {
				return err
			}
			for _, t := range old.GetApiTokens() {
				if _, err := client.DeleteApiToken(as, &identityv1.DeleteApiTokenRequest{ApiToken: t.GetId()}); err != nil {
					return err
				}
			}
			if account.Email == string(priya) {
				f.result.APIToken, err = f.newAPIToken(as, "curl", 90*day)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	// Customers first: they are whom a visitor wants to be.
	slices.SortStableFunc(f.result.Accounts, func(a, b Account) int { return rank(a) - rank(b) })
	return f.Settle(ctx)
}

func rank(a Account) int {
	switch {
	case a.Email == string(priya):
		return 0
	case a.Email == AdminEmail:
		return 2
	default:
		return 1
	}
}

// newPassword is random and can be typed: 78 bits of Base32.
func newPassword() string {
	text := rand.Text()
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:16]
}
