package e2e

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	policyv1 "altis-dxp.com/support/proto/gen/go/altis/support/policy/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
)

// testTokens shows the services tokens that they must refuse.
func testTokens(t *testing.T, w *harness.World) {
	t.Run("forged", func(t *testing.T) { testForgedTokens(t, w) })
	if w.DSN != "" {
		t.Run("refused", func(t *testing.T) { testRefusedTokens(t, w) })
	}
	t.Run("revoked", func(t *testing.T) { testRevoked(t, w) })
	t.Run("limited", func(t *testing.T) { testLimited(t, w) })
	t.Run("cookie", func(t *testing.T) { testCookie(t, w) })
}

// trust makes the ticket service trust a key, as if identity had published it,
// and returns once it does.
func trust(t *testing.T, w *harness.World, id string) ed25519.PrivateKey {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	conn, err := pgx.Connect(t.Context(), w.DSN)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), `INSERT INTO ticket.directory_keys (id, version, removed, public_key, not_before, not_after) VALUES ($1, 1, 0, $2, 0, 0)`,
		id, base64.StdEncoding.EncodeToString(public))
	require.NoError(t, err)
	good := tickets(w.WithAccess(signed(t, id, "at+jwt", jose.EdDSA, private, claimsOf(w.Requester, time.Now()))))
	testkit.EventuallyPasses(t, func(r require.TestingT) {
		_, err := good.ListTickets(t.Context(), &ticketv1.ListTicketsRequest{})
		require.NoError(r, err)
	}, "ticket has read the key")
	return private
}

// signed returns a token with the claims, of the given type and key.
func signed(t *testing.T, kid, kind string, alg jose.SignatureAlgorithm, key any, claims auth.Claims) string {
	t.Helper()
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}},
		(&jose.SignerOptions{}).WithType(jose.ContentType(kind)),
	)
	require.NoError(t, err)
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	require.NoError(t, err)
	return token
}

// tokenCase is a token and why it is refused.
type tokenCase struct {
	name   string
	token  string
	reason string // "": accepted
}

// testForgedTokens shows the ticket service tokens that nobody entitled has
// signed, all made of a good one.
func testForgedTokens(t *testing.T, w *harness.World) {
	const kind = "at+jwt"
	good, err := w.Requester.Token(t.Context())
	require.NoError(t, err)
	parsed, err := jwt.ParseSigned(good, []jose.SignatureAlgorithm{jose.EdDSA})
	require.NoError(t, err)
	kid := parsed.Headers[0].KeyID
	var claims auth.Claims
	require.NoError(t, parsed.UnsafeClaimsWithoutVerification(&claims))
	_, foreign, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	other := claims
	other.Subject = w.Owner.ID
	testTokenCases(t, w, []tokenCase{
		{name: "control", token: good},
		{name: "forged with another key", token: signed(t, kid, kind, jose.EdDSA, foreign, claims), reason: "TOKEN_INVALID"},
		{name: "of an unknown key", token: signed(t, "nobody's", kind, jose.EdDSA, foreign, claims), reason: "TOKEN_INVALID"},
		{name: "HMAC with the public key", token: signed(t, kid, kind, jose.HS256, publicKey(t, w, kid), claims), reason: "TOKEN_INVALID"},
		{name: "no signature", token: unsigned(t, kid, kind, claims), reason: "TOKEN_INVALID"},
		{name: "other claims under an old signature", token: grafted(t, good, other), reason: "TOKEN_INVALID"},
		{name: "an API token where an access token belongs", token: w.Requester.APIToken, reason: "TOKEN_INVALID"},
		{name: "garbage", token: "x.y.z", reason: "TOKEN_INVALID"},
		{name: "much garbage", token: strings.Repeat("x", 5000), reason: "TOKEN_INVALID"},
	})
}

// publicKey returns a key that identity publishes.
func publicKey(t *testing.T, w *harness.World, kid string) []byte {
	t.Helper()
	res, err := identityv1.NewAuthServiceClient(w.Tooling(harness.Identity)).Jwks(t.Context(), &identityv1.JwksRequest{})
	require.NoError(t, err)
	for _, key := range res.GetKeys() {
		if key.GetKid() == kid {
			public, err := base64.RawURLEncoding.DecodeString(key.GetX())
			require.NoError(t, err)
			return public
		}
	}
	require.Fail(t, "identity does not publish its key", kid)
	return nil
}

// testRefusedTokens shows the ticket service tokens that are signed with a key
// that it trusts, so that the signature is not the reason for their refusal.
func testRefusedTokens(t *testing.T, w *harness.World) {
	const kid, kind = "e2e", "at+jwt"
	key := trust(t, w, kid)
	make := func(edit func(*auth.Claims)) string {
		claims := claimsOf(w.Requester, time.Now().Add(-time.Minute))
		edit(&claims)
		return signed(t, kid, kind, jose.EdDSA, key, claims)
	}
	at := func(d time.Duration) float64 { return float64(time.Now().Add(d).Unix()) }
	testTokenCases(t, w, []tokenCase{
		{name: "control", token: make(func(*auth.Claims) {})},
		{name: "expired", token: make(func(c *auth.Claims) { c.IssuedAt, c.Expiry = at(-15*time.Minute), at(-6*time.Minute) }), reason: "TOKEN_EXPIRED"},
		{name: "for another audience", token: make(func(c *auth.Claims) { c.Audience = jwt.Audience{"billing"} }), reason: "TOKEN_INVALID"},
		{name: "for several audiences", token: make(func(c *auth.Claims) { c.Audience = jwt.Audience{auth.Audience, "billing"} }), reason: "TOKEN_INVALID"},
		{name: "by another issuer", token: make(func(c *auth.Claims) { c.Issuer = "someone" }), reason: "TOKEN_INVALID"},
		{name: "for too long", token: make(func(c *auth.Claims) { c.Expiry = at(time.Hour) }), reason: "TOKEN_INVALID"},
		{name: "from the future", token: make(func(c *auth.Claims) { c.IssuedAt, c.Expiry = at(5*time.Minute), at(10*time.Minute) }), reason: "TOKEN_INVALID"},
		{name: "a member without organization", token: make(func(c *auth.Claims) { c.Organization = "" }), reason: "TOKEN_INVALID"},
		{name: "a role that is none", token: make(func(c *auth.Claims) { c.Role = "root" }), reason: "TOKEN_INVALID"},
		{name: "of another type", token: signed(t, kid, "JWT", jose.EdDSA, key, claimsOf(w.Requester, time.Now())), reason: "TOKEN_INVALID"},
	})
}

// claimsOf are the claims of a member's token, good for six minutes.
func claimsOf(p *harness.Person, issued time.Time) auth.Claims {
	return auth.Claims{
		Issuer: auth.Issuer, Audience: jwt.Audience{auth.Audience}, Subject: p.ID, TokenID: "e2e", SessionID: "e2e",
		IssuedAt: float64(issued.Unix()), Expiry: float64(issued.Add(6 * time.Minute).Unix()), Organization: p.Organization, Role: auth.RoleDeveloper,
	}
}

// testTokenCases calls the ticket service with each token, directly and over REST.
func testTokenCases(t *testing.T, w *harness.World, tests []tokenCase) {
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tickets(w.WithAccess(tt.token)).ListTickets(t.Context(), &ticketv1.ListTicketsRequest{})
			require.Equal(t, tt.reason, fault.ReasonOf(err), "%v", err)
			if tt.token == w.Requester.APIToken {
				return // REST takes those
			}
			answer := w.Anonymous().Do(t, http.MethodGet, "/v1/tickets", nil, http.Header{"Authorization": {"Bearer " + tt.token}})
			if tt.reason == "" {
				require.Equal(t, http.StatusOK, answer.Status, "%s", answer.Body)
				return
			}
			problem(t, answer, http.StatusUnauthorized, tt.reason)
			require.Equal(t, "Bearer", answer.Header.Get("WWW-Authenticate"))
		})
	}
}

// unsigned returns a token with the algorithm "none".
func unsigned(t *testing.T, kid, kind string, claims auth.Claims) string {
	t.Helper()
	return segment(t, map[string]string{"alg": "none", "kid": kid, "typ": kind}) + "." + segment(t, claims) + "."
}

// grafted returns the token with other claims.
func grafted(t *testing.T, token string, claims auth.Claims) string {
	t.Helper()
	parts := strings.Split(token, ".")
	return parts[0] + "." + segment(t, claims) + "." + parts[2]
}

func segment(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return base64.RawURLEncoding.EncodeToString(text)
}

// revocationBound is how long a revoked token may still be accepted.
const revocationBound = 2 * time.Second

// testRevoked ends login sessions and measures until the services refuse their
// tokens. The median of the rounds counts: a busy machine may delay one.
func testRevoked(t *testing.T, w *harness.World) {
	var took []time.Duration
	for range 3 {
		took = append(took, revoke(t, w))
	}
	slices.Sort(took)
	require.LessOrEqual(t, took[len(took)/2], revocationBound, "%v", took)
}

// session is a login and the access token made for it.
type session struct {
	secret string
	conn   grpc.ClientConnInterface
}

func login(t *testing.T, w *harness.World, p *harness.Person) session {
	t.Helper()
	secret, err := p.Login(t.Context())
	require.NoError(t, err)
	token, err := w.Exchange(t.Context(), secret)
	require.NoError(t, err)
	return session{secret, w.WithAccess(token)}
}

// revoke ends two sessions, of a member and of the staff, and returns how long
// it took until their tokens were refused everywhere.
func revoke(t *testing.T, w *harness.World) time.Duration {
	t.Helper()
	member, staff := login(t, w, w.Requester), login(t, w, w.Agent)
	calls := map[string]func() error{
		harness.Ticket: func() error {
			_, err := tickets(member.conn).ListTickets(t.Context(), &ticketv1.ListTicketsRequest{})
			return err
		},
		harness.Triage: func() error {
			_, err := triagev1.NewTriageServiceClient(member.conn).EvaluateTicket(t.Context(), &triagev1.EvaluateTicketRequest{
				Type: ticketv1.TicketType_TICKET_TYPE_QUESTION, Subject: "x",
			})
			return err
		},
		harness.Identity: func() error {
			_, err := identityv1.NewAccountServiceClient(member.conn).GetSelf(t.Context(), &identityv1.GetSelfRequest{})
			return err
		},
		harness.Notification: func() error {
			_, err := notificationv1.NewPageServiceClient(staff.conn).ListPages(t.Context(), &notificationv1.ListPagesRequest{})
			return err
		},
	}
	for _, call := range calls {
		require.NoError(t, call())
	}
	// The gateway keeps the token that it makes of the session, and does not hear of the session's end.
	cookie := http.Header{"Cookie": {cookieName(w) + "=" + member.secret}}
	rest := func() harness.Answer { return w.Anonymous().Do(t, http.MethodGet, "/v1/tickets", nil, cookie) }
	require.Equal(t, http.StatusOK, rest().Status)
	stream, err := tickets(member.conn).WatchTickets(t.Context(), &ticketv1.WatchTicketsRequest{})
	require.NoError(t, err)
	_, err = stream.Recv()
	require.NoError(t, err)

	for _, s := range []session{member, staff} {
		_, err = identityv1.NewAuthServiceClient(w.Tooling(harness.Identity)).Logout(t.Context(), &identityv1.LogoutRequest{SessionToken: s.secret})
		require.NoError(t, err)
	}
	start := time.Now()
	for service, call := range calls {
		testkit.EventuallyPasses(t, func(r require.TestingT) {
			require.Equal(r, "TOKEN_REVOKED", fault.ReasonOf(call()))
		}, "%s refuses the token", service)
	}
	testkit.Eventually(t, func() bool { return rest().Status == http.StatusUnauthorized }, "REST refuses the session")
	took := time.Since(start)
	problem(t, rest(), http.StatusUnauthorized, "CREDENTIAL_INVALID")
	for err == nil {
		_, err = stream.Recv()
	}
	require.Equal(t, "TOKEN_REVOKED", fault.ReasonOf(err), "the stream ends too: %v", err)
	_, err = w.Exchange(t.Context(), member.secret)
	require.ErrorIs(t, err, fault.Unauthenticated)
	return took
}

// cookieName is the name of the session's cookie. The one process is called
// over plain HTTP, under which browsers refuse the name that binds to a host.
func cookieName(w *harness.World) string {
	if w.Processes == nil {
		return "altis"
	}
	return "__Host-altis"
}

// testLimited uses an API token over REST that is good for reading tickets only.
func testLimited(t *testing.T, w *harness.World) {
	reader, err := w.Requester.Limited(t.Context(), policyv1.Scope_SCOPE_TICKETS_READ)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, reader.Do(t, http.MethodGet, "/v1/tickets", nil, nil).Status)
	require.Equal(t, http.StatusOK, reader.Do(t, http.MethodGet, "/v1/me", nil, nil).Status)
	for path, scope := range map[string]string{
		"/v1/tickets":      "SCOPE_TICKETS_WRITE",
		"/v1/me/apiTokens": "SCOPE_ACCOUNT",
	} {
		answer := reader.Do(t, http.MethodPost, path, []byte(`{}`), nil)
		problem(t, answer, http.StatusForbidden, "SCOPE_MISSING")
		require.Contains(t, string(answer.Body), scope)
	}
}

// testCookie logs in over REST, as a browser does.
func testCookie(t *testing.T, w *harness.World) {
	post := func(path string, body any, header http.Header) harness.Answer {
		text, err := json.Marshal(body)
		require.NoError(t, err)
		return w.Anonymous().Do(t, http.MethodPost, path, text, header)
	}
	credentials := map[string]string{"email": w.Requester.Email, "password": w.Requester.Password}
	in := post("/v1/auth/login", credentials, nil)
	require.Equal(t, http.StatusOK, in.Status, "%s", in.Body)
	cookies := (&http.Response{Header: in.Header}).Cookies()
	require.Len(t, cookies, 1)
	cookie := cookies[0]
	require.Equal(t, cookieName(w), cookie.Name)
	require.Equal(t, strings.HasPrefix(cookie.Name, "__Host-"), cookie.Secure)
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
	require.NotContains(t, string(in.Body), cookie.Value, "scripts must not get at the session")

	header := http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}}
	require.Equal(t, http.StatusOK, w.Anonymous().Do(t, http.MethodGet, "/v1/me", nil, header).Status)
	require.Equal(t, http.StatusNoContent, post("/v1/auth/logout", map[string]string{}, header).Status)
	problem(t, w.Anonymous().Do(t, http.MethodGet, "/v1/me", nil, header), http.StatusUnauthorized, "CREDENTIAL_INVALID")

	credentials["password"] = "not the password"
	wrong := problem(t, post("/v1/auth/login", credentials, nil), http.StatusUnauthorized, "CREDENTIALS_INVALID")
	credentials["email"] = "nobody@quill.example"
	unknown := problem(t, post("/v1/auth/login", credentials, nil), http.StatusUnauthorized, "CREDENTIALS_INVALID")
	require.Equal(t, wrong.Detail, unknown.Detail, "whether an account exists is nobody's business")
}
