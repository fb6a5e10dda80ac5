package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
)

const (
	apiTokenPrefix = "altis_"
	// renewBefore is how long before its end an access token is not used any more.
	renewBefore     = time.Minute
	exchangeTimeout = 5 * time.Second
	// awayPause is how long identity is not asked for a credential again after it did not answer.
	awayPause = 5 * time.Second
	// maxCached bounds the memory of access tokens; each is about 1 KiB.
	maxCached = 20_000
)

// credential is how a request proves who makes it; the zero value is not at all.
type credential struct {
	accessToken string // given by the client, who has exchanged it: passed on
	secret      string // of an API token or a login session: exchanged here
	key         string // hash of either: names it in memory and in counts
	ip          string
}

type credentialKey struct{}

func credentialOf(ctx context.Context) credential {
	c, _ := ctx.Value(credentialKey{}).(credential)
	return c
}

// readCredential takes the credential out of a request: an authorization header, else the cookie.
func (g *Gateway) readCredential(r *http.Request) (c credential, err error) {
	c.ip = g.clientIP(r)
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" || len(r.Header.Values("Authorization")) > 1 {
			return c, fault.New(fault.Unauthenticated, "TOKEN_INVALID", "authorization must be one Bearer token")
		}
		if strings.HasPrefix(token, apiTokenPrefix) {
			c.secret = token
		} else {
			c.accessToken = token
		}
	} else if cookie, err := r.Cookie(g.cookieName()); err == nil {
		c.secret = cookie.Value
	}
	if proof := c.secret + c.accessToken; proof != "" {
		c.key = hash(proof)
	}
	return c, nil
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// tokens keeps the access tokens of credentials until shortly before they expire.
type tokens struct {
	identity identityv1.AuthServiceClient
	limits   limits
	now      func() time.Time
	flight   singleflight.Group

	mu     sync.Mutex
	cached map[string]accessToken // by credential.key
}

type accessToken struct {
	value string
	until time.Time
}

func newTokens(identity identityv1.AuthServiceClient, limits limits, now func() time.Time) *tokens {
	return &tokens{identity: identity, limits: limits, now: now, cached: map[string]accessToken{}}
}

// get returns an access token, "" without a credential, and whether it was made for an earlier request. Requests that come
// together share one exchange. While identity is away the last token is returned although it has expired: some methods
// accept such ones then.
func (t *tokens) get(ctx context.Context, c credential) (token string, cached bool, err error) {
	if c.secret == "" {
		return c.accessToken, false, nil
	}
	t.mu.Lock()
	have := t.cached[c.key]
	t.mu.Unlock()
	if t.now().Before(have.until) {
		return have.value, true, nil
	}
	result := t.flight.DoChan(c.key, func() (any, error) {
		// Shared: it must not end with the request that happened to be first.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), exchangeTimeout)
		defer cancel()
		return t.exchange(ctx, c)
	})
	select {
	case r := <-result:
		if fault.KindOf(r.Err) == fault.Unavailable && have.value != "" {
			t.keep(c.key, have.value, awayPause)
			return have.value, true, nil
		}
		token, _ = r.Val.(string)
		return token, false, r.Err
	case <-ctx.Done():
		return "", false, ctx.Err()
	}
}

func (t *tokens) exchange(ctx context.Context, c credential) (string, error) {
	// Guessing secrets costs its address, and leaves identity alone.
	if err := t.limits.anonymous(ctx, c.ip); err != nil {
		return "", err
	}
	resp, err := t.identity.ExchangeToken(ctx, &identityv1.ExchangeTokenRequest{Token: c.secret})
	if fault.KindOf(err) == fault.Unauthenticated {
		t.drop(c.key)
	}
	if err != nil {
		return "", err
	}
	t.keep(c.key, resp.GetAccessToken(), resp.GetLifetime().AsDuration()-renewBefore)
	return resp.GetAccessToken(), nil
}

// keep uses a token for some time. Beyond that it stays as the last one.
func (t *tokens) keep(key, token string, life time.Duration) {
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.cached) >= maxCached {
		for key, old := range t.cached {
			if now.After(old.until) {
				delete(t.cached, key)
			}
		}
		if len(t.cached) >= maxCached {
			clear(t.cached) // it is only a cache
		}
	}
	t.cached[key] = accessToken{value: token, until: now.Add(life)}
}

// expire ends the use of a token that was refused; "" means whichever there is.
func (t *tokens) expire(key, token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if have, ok := t.cached[key]; ok && (token == "" || have.value == token) {
		t.cached[key] = accessToken{value: have.value}
	}
}

// drop forgets all of a credential that has ended.
func (t *tokens) drop(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.cached, key)
}

// tokenConn makes calls with the access token of the request.
type tokenConn struct {
	conn   grpc.ClientConnInterface
	tokens *tokens
}

// Invoke makes a call. When a token from the cache turns out to be revoked, as all of a person's are when the role changes,
// the credential may still be good for a new one: a call refused for its token was not carried out and is made again.
func (c *tokenConn) Invoke(ctx context.Context, method string, req, reply any, opts ...grpc.CallOption) error {
	if err := checkQuery(ctx, req); err != nil {
		return err
	}
	setRequestID(ctx, req)
	cred := credentialOf(ctx)
	token, cached, err := c.tokens.get(ctx, cred)
	if err != nil {
		return err
	}
	err = c.conn.Invoke(withToken(ctx, token), method, req, reply, opts...)
	c.tokens.limits.proven.note(cred, err)
	if !cached || !refused(err) {
		return err
	}
	c.tokens.expire(cred.key, token)
	renewed, _, err := c.tokens.get(ctx, cred)
	if err != nil {
		return err
	}
	if renewed == token {
		return fault.New(fault.Unavailable, "IDENTITY_UNAVAILABLE", "the login cannot be renewed at the moment")
	}
	return c.conn.Invoke(withToken(ctx, renewed), method, req, reply, opts...)
}

func refused(err error) bool {
	reason := fault.ReasonOf(err)
	return reason == "TOKEN_REVOKED" || reason == "TOKEN_EXPIRED" || reason == "TOKEN_INVALID"
}

// NewStream opens a stream with the access token of the request. A refusal shows only when the stream is read.
func (c *tokenConn) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	token, _, err := c.tokens.get(ctx, credentialOf(ctx))
	if err != nil {
		return nil, err
	}
	return c.conn.NewStream(withToken(ctx, token), desc, method, opts...)
}

func withToken(ctx context.Context, token string) context.Context {
	if token == "" {
		return ctx
	}
	return rpc.WithToken(ctx, token)
}

// setRequestID gives a message that has a request_id, but none set, the one of the header Idempotency-Key.
func setRequestID(ctx context.Context, req any) {
	key, _ := ctx.Value(idempotencyKey{}).(string)
	m, ok := req.(proto.Message)
	if key == "" || !ok {
		return
	}
	field := m.ProtoReflect().Descriptor().Fields().ByName("request_id")
	if field != nil && field.Kind() == protoreflect.StringKind && !m.ProtoReflect().Has(field) {
		m.ProtoReflect().Set(field, protoreflect.ValueOfString(key))
	}
}
