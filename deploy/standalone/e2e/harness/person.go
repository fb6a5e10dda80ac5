package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	policyv1 "altis-dxp.com/support/proto/gen/go/altis/support/policy/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// Person is somebody with an account, who calls the suite. The zero Person
// apart from its suite calls without a token.
type Person struct {
	ID, Name, Email, Password string
	Organization              string // of members
	Staff                     bool
	// APIToken is for REST; access tokens for gRPC are made of it.
	APIToken string

	suite *Suite
	mu    sync.Mutex
	token string // access token
	until time.Time
}

// Anonymous is a caller without a token.
func (s *Suite) Anonymous() *Person { return &Person{suite: s} }

// GRPC returns a connection to all services that carries the person's access token.
func (p *Person) GRPC() grpc.ClientConnInterface { return bearer{p, router(p.suite.tooling)} }

// Through returns a connection that adds the person's access token to the calls of conn.
func (p *Person) Through(conn grpc.ClientConnInterface) grpc.ClientConnInterface {
	return bearer{p, conn}
}

// REST returns a connection that carries the calls of generated clients over REST.
func (p *Person) REST() grpc.ClientConnInterface {
	return restConn{base: p.suite.URL, token: p.APIToken, client: p.suite.http}
}

// RESTAnew is REST with a connection of its own for each call, as curl makes them.
func (p *Person) RESTAnew() grpc.ClientConnInterface {
	return restConn{base: p.suite.URL, token: p.APIToken, client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
}

// RESTAt is REST at a gateway of one's choice.
func (p *Person) RESTAt(gateway *Process) grpc.ClientConnInterface {
	return restConn{base: gateway.URL(), token: p.APIToken, client: p.suite.http}
}

// Tickets calls the ticket service over gRPC.
func (p *Person) Tickets() ticketv1.TicketServiceClient {
	return ticketv1.NewTicketServiceClient(p.GRPC())
}

// Pages calls the page service over gRPC.
func (p *Person) Pages() notificationv1.PageServiceClient {
	return notificationv1.NewPageServiceClient(p.GRPC())
}

// OnCall calls the on-call service over gRPC.
func (p *Person) OnCall() notificationv1.OnCallServiceClient {
	return notificationv1.NewOnCallServiceClient(p.GRPC())
}

// Directory calls the directory over gRPC.
func (p *Person) Directory() identityv1.DirectoryServiceClient {
	return identityv1.NewDirectoryServiceClient(p.GRPC())
}

// Account calls the account service over gRPC.
func (p *Person) Account() identityv1.AccountServiceClient {
	return identityv1.NewAccountServiceClient(p.GRPC())
}

// Token returns an access token that lasts five minutes at least while identity
// answers, and else the last one.
func (p *Person) Token(ctx context.Context) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.token != "" && now.Before(p.until.Add(-5*time.Minute)) {
		return p.token, nil
	}
	res, err := identityv1.NewAuthServiceClient(p.suite.tooling[Identity]).
		ExchangeToken(ctx, &identityv1.ExchangeTokenRequest{Token: p.APIToken})
	if err != nil {
		if p.token != "" && now.Before(p.until) {
			return p.token, nil
		}
		return "", err
	}
	p.token, p.until = res.GetAccessToken(), now.Add(res.GetLifetime().AsDuration())
	p.suite.secrets.add("an access token", p.token)
	return p.token, nil
}

// Login opens a login session and returns its secret.
func (p *Person) Login(ctx context.Context) (string, error) {
	return p.suite.login(ctx, p.Email, p.Password)
}

func (s *Suite) login(ctx context.Context, email, password string) (string, error) {
	res, err := identityv1.NewAuthServiceClient(s.tooling[Identity]).
		Login(ctx, &identityv1.LoginRequest{Email: email, Password: password})
	if err != nil {
		return "", err
	}
	s.secrets.add("a session token", res.GetSessionToken())
	return res.GetSessionToken(), nil
}

// Exchange returns the access token for a session or API token.
func (s *Suite) Exchange(ctx context.Context, secret string) (string, error) {
	res, err := identityv1.NewAuthServiceClient(s.tooling[Identity]).
		ExchangeToken(ctx, &identityv1.ExchangeTokenRequest{Token: secret})
	if err != nil {
		return "", err
	}
	s.secrets.add("an access token", res.GetAccessToken())
	return res.GetAccessToken(), nil
}

// WithAccess returns a connection over gRPC that carries any access token.
func (s *Suite) WithAccess(token string) grpc.ClientConnInterface {
	return s.Bearing(token, router(s.tooling))
}

// Bearing returns a connection that adds any access token to the calls of conn.
func (s *Suite) Bearing(token string, conn grpc.ClientConnInterface) grpc.ClientConnInterface {
	p := &Person{suite: s, token: token, until: time.Now().Add(time.Hour)}
	return p.Through(conn)
}

func (s *Suite) changePassword(ctx context.Context, email, old, password string) error {
	session, err := s.login(ctx, email, old)
	if err != nil {
		return err
	}
	access, err := s.Exchange(ctx, session)
	if err != nil {
		return err
	}
	_, err = identityv1.NewAccountServiceClient(s.tooling[Identity]).UpdateSelf(rpc.WithToken(ctx, access),
		&identityv1.UpdateSelfRequest{NewPassword: &password, OldPassword: old})
	return err
}

// Limited returns the person with a new API token that is limited to scopes.
func (p *Person) Limited(ctx context.Context, scopes ...policyv1.Scope) (*Person, error) {
	limited := &Person{
		ID: p.ID, Name: p.Name, Email: p.Email, Password: p.Password, Organization: p.Organization, Staff: p.Staff, suite: p.suite,
	}
	_, err := limited.newToken(ctx, scopes...)
	return limited, err
}

// newToken logs the person in and leaves an API token. It returns the context of
// the login session's calls.
func (p *Person) newToken(ctx context.Context, scopes ...policyv1.Scope) (context.Context, error) {
	session, err := p.Login(ctx)
	if err != nil {
		return nil, err
	}
	access, err := p.suite.Exchange(ctx, session)
	if err != nil {
		return nil, err
	}
	ctx = rpc.WithToken(ctx, access)
	made, err := identityv1.NewAccountServiceClient(p.suite.tooling[Identity]).CreateApiToken(ctx,
		&identityv1.CreateApiTokenRequest{Name: "e2e", Lifetime: durationpb.New(24 * time.Hour), Scopes: scopes})
	if err != nil {
		return nil, err
	}
	p.APIToken = made.GetSecret()
	p.suite.secrets.add("an API token", p.APIToken)
	return ctx, nil
}

// enter makes the person ready to call.
func (p *Person) enter(ctx context.Context) error {
	ctx, err := p.newToken(ctx)
	if err != nil {
		return err
	}
	self, err := identityv1.NewAccountServiceClient(p.suite.tooling[Identity]).GetSelf(ctx, &identityv1.GetSelfRequest{})
	if err != nil {
		return err
	}
	p.ID = self.GetMember().GetId() + self.GetStaff().GetId()
	if p.ID == "" {
		return errors.New("harness: GetSelf names nobody")
	}
	return nil
}

// bearer adds the person's access token to calls.
type bearer struct {
	person *Person
	conn   grpc.ClientConnInterface
}

func (b bearer) context(ctx context.Context) (context.Context, error) {
	if b.person.APIToken == "" && b.person.token == "" {
		return ctx, nil
	}
	token, err := b.person.Token(ctx)
	if err != nil {
		return nil, err
	}
	return rpc.WithToken(ctx, token), nil
}

// Invoke implements grpc.ClientConnInterface.
func (b bearer) Invoke(ctx context.Context, method string, req, reply any, opts ...grpc.CallOption) error {
	ctx, err := b.context(ctx)
	if err != nil {
		return err
	}
	return b.conn.Invoke(ctx, method, req, reply, opts...)
}

// NewStream implements grpc.ClientConnInterface.
func (b bearer) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	ctx, err := b.context(ctx)
	if err != nil {
		return nil, err
	}
	return b.conn.NewStream(ctx, desc, method, opts...)
}

// Answer is what the REST API said.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Problem is an RFC 9457 answer.
type Problem struct {
	Type    string         `json:"type"`
	Title   string         `json:"title"`
	Status  int            `json:"status"`
	Detail  string         `json:"detail"`
	Reason  string         `json:"reason"`
	Fields  []ProblemField `json:"fields"`
	TraceID string         `json:"traceId"`
}

// ProblemField is one offending field of a Problem.
type ProblemField struct {
	Path        string `json:"path"`
	Reason      string `json:"reason"`
	Description string `json:"description"`
}

// Problem decodes the answer as one.
func (a Answer) Problem() (Problem, error) {
	var p Problem
	decoder := json.NewDecoder(bytes.NewReader(a.Body))
	return p, decoder.Decode(&p)
}

// fault is what a generated client would have returned over gRPC.
func (a Answer) fault() error {
	problem, err := a.Problem()
	if err != nil {
		return fault.Wrap(fault.Internal, "NOT_A_PROBLEM", errors.New(strconv.Itoa(a.Status)+" "+string(a.Body)))
	}
	kind, ok := map[int]fault.Kind{
		http.StatusBadRequest: fault.Invalid, http.StatusNotFound: fault.NotFound, http.StatusForbidden: fault.Denied,
		http.StatusUnauthorized: fault.Unauthenticated, http.StatusTooManyRequests: fault.Exhausted,
		http.StatusServiceUnavailable: fault.Unavailable, http.StatusRequestEntityTooLarge: fault.Exhausted,
	}[a.Status]
	if !ok {
		kind = fault.Internal
	}
	f := &fault.Error{Kind: kind, Reason: problem.Reason, Msg: problem.Detail}
	if seconds, err := strconv.Atoi(a.Header.Get("Retry-After")); err == nil {
		f.RetryAfter = time.Duration(seconds) * time.Second
	}
	for _, field := range problem.Fields {
		f.Fields = append(f.Fields, fault.Field(field))
	}
	return f
}

// Do sends a request to the REST API with the person's API token, if any. header
// may be nil; its values replace the usual ones.
func (p *Person) Do(t testing.TB, method, path string, body []byte, header http.Header) Answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, p.suite.URL+path, bytes.NewReader(body))
	must(t, err)
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	if p.APIToken != "" {
		request.Header.Set("Authorization", "Bearer "+p.APIToken)
	}
	for key, values := range header {
		request.Header[http.CanonicalHeaderKey(key)] = values
	}
	return p.suite.Send(t, request)
}

// Send sends any request with the suite's HTTP client, which follows no redirect.
func (s *Suite) Send(t testing.TB, request *http.Request) Answer {
	t.Helper()
	res, err := s.http.Do(request)
	must(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(t, err)
	return Answer{Status: res.StatusCode, Header: res.Header, Body: text}
}

// at is the same person at a copy of the suite.
func (p *Person) at(s *Suite) *Person {
	s.secrets.add("a password", p.Password)
	s.secrets.add("an API token", p.APIToken)
	return &Person{
		ID: p.ID, Name: p.Name, Email: p.Email, Password: p.Password, Organization: p.Organization, Staff: p.Staff, APIToken: p.APIToken, suite: s,
	}
}
