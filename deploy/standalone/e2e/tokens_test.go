package e2e

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	policyv1 "altis-dxp.com/support/proto/gen/go/altis/support/policy/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
)

// testTokens shows the ticket service tokens that it must refuse. They are
// signed with a key that it trusts, so that the signature is not the reason.
func testTokens(t *testing.T, w *harness.World) {
	t.Run("refused", func(t *testing.T) { testRefusedTokens(t, w) })
	t.Run("revoked", func(t *testing.T) { testRevoked(t, w) })
	t.Run("limited", func(t *testing.T) { testLimited(t, w) })
	t.Run("cookie", func(t *testing.T) { testCookie(t, w) })
}

// trust makes the ticket service trust a key, as if identity had published it.
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

func testRefusedTokens(t *testing.T, w *harness.World) {
	const kid, kind = "e2e", "at+jwt"
	key := trust(t, w, kid)
	_, foreign, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	at := func(d time.Duration) float64 { return float64(time.Now().Add(d).Unix()) }
	good := auth.Claims{
		Issuer: auth.Issuer, Audience: jwt.Audience{auth.Audience}, Subject: w.Requester.ID, TokenID: "e2e", SessionID: "e2e",
		IssuedAt: at(-time.Minute), Expiry: at(5 * time.Minute), Organization: w.Requester.Organization, Role: auth.RoleDeveloper,
	}
	change := func(edit func(*auth.Claims)) auth.Claims { c := good; edit(&c); return c }
	make := func(edit func(*auth.Claims)) string {
		return signed(t, kid, kind, jose.EdDSA, key, change(edit))
	}
	tests := []struct {
		name   string
		token  string
		reason string // "": accepted
	}{
		{name: "control", token: make(func(*auth.Claims) {})},
		{name: "expired", token: make(func(c *auth.Claims) { c.IssuedAt, c.Expiry = at(-15*time.Minute), at(-6*time.Minute) }), reason: "TOKEN_EXPIRED"},
		{name: "for another audience", token: make(func(c *auth.Claims) { c.Audience = jwt.Audience{"billing"} }), reason: "TOKEN_INVALID"},
		{name: "for several audiences", token: make(func(c *auth.Claims) { c.Audience = jwt.Audience{auth.Audience, "billing"} }), reason: "TOKEN_INVALID"},
		{name: "by another issuer", token: make(func(c *auth.Claims) { c.Issuer = "someone" }), reason: "TOKEN_INVALID"},
		{name: "for too long", token: make(func(c *auth.Claims) { c.Expiry = at(time.Hour) }), reason: "TOKEN_INVALID"},
		{name: "from the future", token: make(func(c *auth.Claims) { c.IssuedAt, c.Expiry = at(5*time.Minute), at(10*time.Minute) }), reason: "TOKEN_INVALID"},
		{name: "a member without organization", token: make(func(c *auth.Claims) { c.Organization = "" }), reason: "TOKEN_INVALID"},
		{name: "a role that is none", token: make(func(c *auth.Claims) { c.Role = "root" }), reason: "TOKEN_INVALID"},
		{name: "of another type", token: signed(t, kid, "JWT", jose.EdDSA, key, good), reason: "TOKEN_INVALID"},
		{name: "forged with another key", token: signed(t, kid, kind, jose.EdDSA, foreign, good), reason: "TOKEN_INVALID"},
		{name: "of an unknown key", token: signed(t, "nobody's", kind, jose.EdDSA, key, good), reason: "TOKEN_INVALID"},
		{name: "HMAC with the public key", token: signed(t, kid, kind, jose.HS256, []byte(key.Public().(ed25519.PublicKey)), good), reason: "TOKEN_INVALID"},
		{name: "no signature", token: unsigned(t, kid, kind, good), reason: "TOKEN_INVALID"},
		{name: "other claims under an old signature", token: grafted(t, make(func(*auth.Claims) {}), change(func(c *auth.Claims) { c.Subject = w.Owner.ID })), reason: "TOKEN_INVALID"},
		{name: "an API token where an access token belongs", token: w.Requester.APIToken, reason: "TOKEN_INVALID"},
		{name: "garbage", token: "x.y.z", reason: "TOKEN_INVALID"},
		{name: "much garbage", token: strings.Repeat("x", 5000), reason: "TOKEN_INVALID"},
	}
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
// tokens. The best of three rounds counts: a busy machine may delay one.
func testRevoked(t *testing.T, w *harness.World) {
	best := time.Hour
	for range 3 {
		session, err := w.Requester.Login(t.Context())
		require.NoError(t, err)
		token, err := w.Exchange(t.Context(), session)
		require.NoError(t, err)
		conn := w.WithAccess(token)
		calls := map[string]func() error{
			harness.Ticket: func() error {
				_, err := tickets(conn).ListTickets(t.Context(), &ticketv1.ListTicketsRequest{})
				return err
			},
			harness.Triage: func() error {
				_, err := triagev1.NewTriageServiceClient(conn).EvaluateTicket(t.Context(), &triagev1.EvaluateTicketRequest{
					Type: ticketv1.TicketType_TICKET_TYPE_QUESTION, Subject: "x",
				})
				return err
			},
			harness.Identity: func() error {
				_, err := identityv1.NewAccountServiceClient(conn).GetSelf(t.Context(), &identityv1.GetSelfRequest{})
				return err
			},
		}
		for _, call := range calls {
			require.NoError(t, call())
		}
		stream, err := tickets(conn).WatchTickets(t.Context(), &ticketv1.WatchTicketsRequest{})
		require.NoError(t, err)
		_, err = stream.Recv()
		require.NoError(t, err)

		_, err = identityv1.NewAuthServiceClient(w.Tooling(harness.Identity)).Logout(t.Context(), &identityv1.LogoutRequest{SessionToken: session})
		require.NoError(t, err)
		start := time.Now()
		for service, call := range calls {
			testkit.EventuallyPasses(t, func(r require.TestingT) {
				require.Equal(r, "TOKEN_REVOKED", fault.ReasonOf(call()))
			}, "%s refuses the token", service)
		}
		best = min(best, time.Since(start))
		for err == nil {
			_, err = stream.Recv()
		}
		require.Equal(t, "TOKEN_REVOKED", fault.ReasonOf(err), "the stream ends too: %v", err)
		_, err = w.Exchange(t.Context(), session)
		require.ErrorIs(t, err, fault.Unauthenticated)
	}
	require.LessOrEqual(t, best, revocationBound)
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
	require.Equal(t, "__Host-altis", cookie.Name)
	require.True(t, cookie.Secure)
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
