// Package webhook pages people by Standard Webhooks (https://www.standardwebhooks.com): a signed POST whose webhook-id is
// the delivery's, so that a receiver recognizes a repetition.
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
)

const (
	scope        = "altis-dxp.com/support/services/notification/webhook"
	secretPrefix = "whsec_"
	// maxAnswer is how much of an answer is read, so that its connection can be used again, and how much of it is kept.
	maxAnswer, keptAnswer = 64 << 10, 200
	idlePerHost           = 128
)

// NewSecret returns a new signing secret: "whsec_" and 32 random bytes in base64.
func NewSecret() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// CheckSecret returns an error for a secret that cannot sign: it is "whsec_" and 24 to 64 bytes in base64.
func CheckSecret(secret string) error {
	key, err := decodeSecret(secret)
	if err == nil && (len(key) < 24 || len(key) > 64) {
		err = errors.New("the secret must have 24 to 64 bytes")
	}
	return err
}

func decodeSecret(secret string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(secret, secretPrefix)
	if !ok {
		return nil, errors.New(`the secret must begin with "whsec_"`)
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, errors.New("the secret is not base64")
	}
	return key, nil
}

// Message is one webhook to send.
type Message struct {
	ID     string // webhook-id
	URL    string
	Secret string
	Body   string
	At     time.Time // signed: receivers refuse what is some minutes off, so it is the database's clock, which all replicas share
}

// Answer is what a receiver said. Without an error from Send it was received.
type Answer struct {
	What       domain.Answer // for the history: status and beginning of the body, or what went wrong
	Status     int           // of HTTP; 0 = no answer came
	Final      bool          // the receiver wants no more of it
	RetryAfter time.Duration // what it asked for; 0 = nothing
	Receipt    string        // by what it can be asked whether the message arrived; "" = it cannot
}

// Sender sends webhooks. It is safe for concurrent use.
type Sender struct {
	client http.Client
	now    func() time.Time
}

// NewSender returns a sender. allowPrivate admits receivers on loopback and private networks.
func NewSender(allowPrivate bool, now func() time.Time) *Sender {
	dialer := net.Dialer{Timeout: 3 * time.Second, KeepAlive: 15 * time.Second, Control: guard(allowPrivate)}
	return &Sender{now: now, client: http.Client{
		// A redirect would carry the page to somewhere that nobody has entered.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			// No proxy: the guard must see the address that is really dialled.
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
			MaxIdleConns: 8 * idlePerHost, MaxIdleConnsPerHost: idlePerHost, IdleConnTimeout: 90 * time.Second,
			TLSHandshakeTimeout: 3 * time.Second,
		},
	}}
}

// Close ends idle connections.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// Send posts the message once. Only 2xx is success; the answer tells of any outcome.
func (s *Sender) Send(ctx context.Context, m Message) (Answer, error) {
	req, err := s.request(ctx, m)
	if err != nil {
		return Answer{What: said(err.Error()), Final: true}, err
	}
	return s.Do(req)
}

// Do sends a request of any provider that answers in the way of HTTP: once, to addresses that are allowed. Only 2xx is
// success, 404 and 410 are final.
func (s *Sender) Do(req *http.Request) (Answer, error) {
	a, _, err := s.Ask(req)
	return a, err
}

// Ask is Do that also returns the body of the answer.
func (s *Sender) Ask(req *http.Request) (a Answer, body []byte, err error) {
	// By hand: instrumented clients record the whole URL, in which receivers keep their tokens.
	ctx, span := trace.SpanFromContext(req.Context()).TracerProvider().Tracer(scope).
		Start(req.Context(), "page provider", trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
			attribute.String("http.request.method", req.Method), attribute.String("server.address", req.URL.Hostname()),
		))
	defer func() {
		if err != nil {
			span.SetStatus(codes.Error, "not accepted") // the answer may name people
		}
		span.End()
	}()
	res, err := s.client.Do(req.WithContext(ctx))
	if err != nil {
		err = withoutURL(err)
		return failure(err), nil, err
	}
	defer res.Body.Close()
	span.SetAttributes(attribute.Int("http.response.status_code", res.StatusCode))
	body, _ = io.ReadAll(io.LimitReader(res.Body, maxAnswer)) // the status has decided; the body is for the history
	a = Answer{
		What:   said(strings.ToValidUTF8(strings.TrimSpace(res.Status+" "+string(body[:min(len(body), keptAnswer)])), "")),
		Status: res.StatusCode,
	}
	if res.StatusCode/100 == 2 {
		return a, body, nil
	}
	a.Final = res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone
	a.RetryAfter = retryAfter(res.Header.Get("Retry-After"), s.now())
	return a, body, fmt.Errorf("webhook: the receiver answered %d", res.StatusCode)
}

func (s *Sender) request(ctx context.Context, m Message) (*http.Request, error) {
	key, err := decodeSecret(m.Secret)
	if err != nil {
		return nil, err
	}
	req, err := NewRequest(ctx, m.URL, m.Body)
	if err != nil {
		return nil, err
	}
	timestamp := strconv.FormatInt(m.At.Unix(), 10)
	mac := hmac.New(sha256.New, key)
	_, _ = io.WriteString(mac, m.ID+"."+timestamp+"."+m.Body) // a hash never fails
	req.Header.Set("Webhook-Id", m.ID)
	req.Header.Set("Webhook-Timestamp", timestamp)
	req.Header.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return req, nil
}

// NewRequest returns a POST of JSON for Do. Its errors do not contain the URL, which may be a secret.
func NewRequest(ctx context.Context, to, body string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(body))
	if err != nil {
		return nil, errors.New("the URL cannot be used")
	}
	if req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return nil, errors.New("the URL is neither http nor https")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Altis-Support/1")
	return req, nil
}

// withoutURL returns what is the matter with a request, without its URL, which may contain a token.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// failure describes an error for the history.
func failure(err error) Answer {
	switch {
	case errors.Is(err, ErrForbidden):
		return Answer{What: domain.Answer{Kind: domain.AnswerForbidden}, Final: true}
	case errors.Is(err, context.DeadlineExceeded):
		return Answer{What: domain.Answer{Kind: domain.AnswerLate}}
	}
	return Answer{What: said(err.Error())}
}

func said(text string) domain.Answer { return domain.Answer{Kind: domain.AnswerProvider, Said: text} }

// retryAfter reads a Retry-After header: seconds or a date. 0 = none.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseInt(header, 10, 32); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// CheckURL returns an Invalid fault about the field for a URL that is never sent to.
func CheckURL(field, address string, allowPrivate bool) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fault.InvalidField(field, "URL_INVALID", "must be an http or https URL")
	case u.User != nil:
		return fault.InvalidField(field, "URL_INVALID", "must not contain a user name or password")
	}
	if ip := net.ParseIP(u.Hostname()); ip != nil && !allowed(ip, allowPrivate) {
		return fault.InvalidField(field, "URL_FORBIDDEN", fmt.Sprintf("%s: %s", ip, ErrForbidden))
	}
	return nil
}
