package supportctl

import (
	"bytes"
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// suite answers as the services do, as far as the commands look.
type suite struct {
	identityv1.UnimplementedAuthServiceServer
	identityv1.UnimplementedAccountServiceServer
	identityv1.UnimplementedDirectoryServiceServer
	ticketv1.UnimplementedTicketServiceServer
	onCall  *onCallFake // nil = not served
	created *ticketv1.CreateTicketRequest
	merged  *ticketv1.MergeTicketRequest
	listed  *ticketv1.ListTicketsRequest
	tokens  []string
}

func (s *suite) ExchangeToken(_ context.Context, req *identityv1.ExchangeTokenRequest) (*identityv1.ExchangeTokenResponse, error) {
	return &identityv1.ExchangeTokenResponse{AccessToken: "access-for-" + req.GetToken()}, nil
}

func (s *suite) GetSelf(context.Context, *identityv1.GetSelfRequest) (*identityv1.Self, error) {
	return &identityv1.Self{
		Person:       &identityv1.Self_Member{Member: &identityv1.Member{Name: "Mia Sol"}},
		Organization: &identityv1.Organization{Id: "o1", Name: "Shop"},
	}, nil
}

// ListApplications has two pages.
func (s *suite) ListApplications(_ context.Context, req *identityv1.ListApplicationsRequest) (*identityv1.ListApplicationsResponse, error) {
	if req.GetPageToken() == "" {
		return &identityv1.ListApplicationsResponse{Applications: []*identityv1.Application{{Id: "a0", Name: "other"}}, NextPageToken: "2"}, nil
	}
	return &identityv1.ListApplicationsResponse{Applications: []*identityv1.Application{
		{Id: "a1", Name: "shop", Environments: []*identityv1.Environment{{Id: "e1", Name: "production"}}},
	}}, nil
}

func (s *suite) CreateTicket(ctx context.Context, req *ticketv1.CreateTicketRequest) (*ticketv1.Ticket, error) {
	s.created = req
	md, _ := metadata.FromIncomingContext(ctx)
	s.tokens = md.Get("authorization")
	if len(req.GetTicket().GetSubject()) > 200 {
		return nil, rpc.ToStatus(fault.InvalidField("ticket.subject", "TOO_LONG", "at most 200 characters")).Err()
	}
	t := req.GetTicket()
	t.Number = 42
	return t, nil
}

func (s *suite) MergeTicket(_ context.Context, req *ticketv1.MergeTicketRequest) (*ticketv1.Ticket, error) {
	s.merged = req
	if req.GetInto() == 9 {
		return nil, rpc.ToStatus(fault.New(fault.Precondition, "INTO_MERGED", "#9 was merged into #8: merge into that one")).Err()
	}
	return &ticketv1.Ticket{Number: req.GetTicket(), Status: ticketv1.TicketStatus_TICKET_STATUS_CLOSED, MergedInto: req.GetInto()}, nil
}

func (s *suite) ListTickets(_ context.Context, req *ticketv1.ListTicketsRequest) (*ticketv1.ListTicketsResponse, error) {
	s.listed = req
	return &ticketv1.ListTicketsResponse{Tickets: []*ticketv1.Ticket{{Number: 7, Subject: "Slow search"}}}, nil
}

// start serves s and returns how to run a command against it.
func start(t *testing.T, s *suite) func(stdin string, args ...string) (string, error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := grpc.NewServer()
	identityv1.RegisterAuthServiceServer(server, s)
	identityv1.RegisterAccountServiceServer(server, s)
	identityv1.RegisterDirectoryServiceServer(server, s)
	ticketv1.RegisterTicketServiceServer(server, s)
	if s.onCall != nil {
		notificationv1.RegisterPageServiceServer(server, s.onCall)
		notificationv1.RegisterOnCallServiceServer(server, s.onCall)
		notificationv1.RegisterDrillServiceServer(server, s.onCall)
		notificationv1.RegisterCalendarServiceServer(server, s.onCall)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Stop()
		require.NoError(t, <-done)
	})
	return func(stdin string, args ...string) (string, error) {
		var out bytes.Buffer
		err := Run(t.Context(), append([]string{"--plaintext", "--address", l.Addr().String()}, args...), strings.NewReader(stdin), &out)
		return out.String(), err
	}
}

func TestCreateNamesWhatPeopleName(t *testing.T) {
	t.Setenv("ALTIS_TOKEN", "altis_secret")
	s := &suite{}
	run := start(t, s)
	out, err := run("Every checkout fails.\n", "ticket", "create", "--type", "incident", "--priority", "urgent",
		"--impact", "Nobody can buy.", "--since", "2026-11-24T10:58:00+01:00", "--callback", "+44 20 7946 0012",
		"--app", "Shop/production", "--cc", "noa@shop.test", "Checkout returns 502\x1b[31m")
	require.NoError(t, err)
	require.Contains(t, out, "#42")
	require.NotContains(t, out, "\x1b", "a subject does not steer the terminal")
	require.Equal(t, []string{"Bearer access-for-altis_secret"}, s.tokens)
	got := s.created.GetTicket()
	require.Equal(t, ticketv1.TicketType_TICKET_TYPE_INCIDENT, got.GetType())
	require.Equal(t, ticketv1.Priority_PRIORITY_URGENT, got.GetPriority())
	require.Equal(t, "Every checkout fails.", got.GetDescription())
	require.Equal(t, "Nobody can buy.", got.GetIncident().GetImpact())
	require.Equal(t, time.Date(2026, 11, 24, 9, 58, 0, 0, time.UTC), got.GetIncident().GetSinceTime().AsTime())
	require.Equal(t, "+44 20 7946 0012", got.GetIncident().GetCallbackNumber())
	require.Equal(t, "a1", got.GetScope().GetTargets()[0].GetApplication())
	require.Equal(t, "e1", got.GetScope().GetTargets()[0].GetEnvironment())
	require.Equal(t, "noa@shop.test", got.GetCcs()[0].GetEmail())
	require.NotEmpty(t, s.created.GetRequestId(), "a retry must not open a second ticket")
}

func TestListByTheDaysOfAZone(t *testing.T) {
	t.Setenv("ALTIS_TOKEN", "altis_x")
	s := &suite{}
	run := start(t, s)
	out, err := run("", "ticket", "list", "--time-zone", "Europe/Berlin", "created:2026-11-01", "sort:due")
	require.NoError(t, err)
	require.Contains(t, out, "Slow search")
	require.Equal(t, "created:2026-11-01 sort:due", s.listed.GetFilter())
	require.Equal(t, "Europe/Berlin", s.listed.GetTimeZone())
	_, err = run("", "ticket", "list")
	require.NoError(t, err)
	require.Equal(t, "UTC", s.listed.GetTimeZone())
}

func TestMerge(t *testing.T) {
	t.Setenv("ALTIS_TOKEN", "altis_x")
	s := &suite{}
	run := start(t, s)
	out, err := run("", "ticket", "merge", "7", "8")
	require.NoError(t, err)
	require.Contains(t, out, "#8")
	require.EqualValues(t, 7, s.merged.GetTicket())
	require.EqualValues(t, 8, s.merged.GetInto())
	require.NotEmpty(t, s.merged.GetRequestId(), "a retry finds what was done")
	_, err = run("", "ticket", "merge", "7", "9")
	require.ErrorContains(t, err, "#9 was merged into #8: merge into that one")
}

func TestErrorsSayWhatToChange(t *testing.T) {
	run := start(t, &suite{})
	tests := []struct {
		name  string
		token string
		args  []string
		want  string
	}{
		{"no token", "", []string{"whoami"}, "set ALTIS_TOKEN"},
		{"an application that is not there", "altis_x", []string{"ticket", "create", "--type", "question", "--app", "blog", "s", "d"}, `there is no "blog"`},
		{"what only incidents have", "altis_x", []string{"ticket", "create", "--type", "question", "--callback", "+44 20 7946 0012", "s", "d"}, "for incidents only"},
		{"fields", "altis_x", []string{"ticket", "create", "--type", "question", strings.Repeat("s", 201), "d"}, "ticket.subject: at most 200 characters"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("ALTIS_TOKEN", tt.token)
			_, err := run("", tt.args...)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestWhoamiAsTextAndJSON(t *testing.T) {
	t.Setenv("ALTIS_TOKEN", "altis_x")
	run := start(t, &suite{})
	out, err := run("", "whoami")
	require.NoError(t, err)
	require.Contains(t, out, "Mia Sol")
	out, err = run("", "--json", "whoami")
	require.NoError(t, err)
	require.Contains(t, out, `"organization"`)
}
