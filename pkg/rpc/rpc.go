// Package rpc is how the processes of the suite talk: one gRPC server and one client, over TCP or inside a process.
//
// Both transports run the same server function (guard, size, principal, policy, validation) and the same client
// interceptors, so a handler and its caller cannot tell them apart. Handlers return faults (package fault); the
// status that crosses carries ErrorInfo, BadRequest and RetryInfo, and the client turns it back into the same fault.
//
// The client makes a call that fails Unavailable again where that is safe: methods that their name says to be idempotent
// (Get, List, BatchGet, WhoIs, Evaluate, Explain, Deliver, Acknowledge, ExchangeToken, Jwks), and any request whose
// request_id is set. It does so at most three times, after 20, 60 and 180 ms, and as long as not too many calls of the
// connection fail. Streams are their callers' to open again.
package rpc

import (
	"context"
	"crypto/x509"
	"strings"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"altis-dxp.com/support/pkg/fault"
)

const (
	authorization = "authorization"
	bearer        = "Bearer "
	trustDomain   = "altis-support"
)

// WithToken returns a context whose calls carry the access token of a user, replacing any other.
func WithToken(ctx context.Context, token string) context.Context {
	md, ok := metadata.FromOutgoingContext(ctx)
	if !ok {
		md = metadata.MD{}
	}
	md.Set(authorization, bearer+token)
	return metadata.NewOutgoingContext(ctx, md)
}

// tokenOf returns the access token that came with a call, "" when there is none.
func tokenOf(ctx context.Context) (string, error) {
	values := metadata.ValueFromIncomingContext(ctx, authorization)
	switch len(values) {
	case 0:
		return "", nil
	case 1:
		if len(values[0]) > len(bearer) && strings.EqualFold(values[0][:len(bearer)], bearer) {
			return values[0][len(bearer):], nil
		}
	}
	return "", fault.New(fault.Unauthenticated, "TOKEN_INVALID", "authorization must be one Bearer token")
}

type callerKey struct{}

// withCaller marks the server's context of an in-process call. Clients cannot: their values do not cross.
func withCaller(ctx context.Context, service string) context.Context {
	return context.WithValue(ctx, callerKey{}, service)
}

// callerOf returns the service that makes a call by what the transport knows, "" when it is none of the suite.
func callerOf(ctx context.Context) string {
	if service, ok := ctx.Value(callerKey{}).(string); ok {
		return service
	}
	p, ok := peer.FromContext(ctx)
	if !ok {
		return ""
	}
	info, ok := p.AuthInfo.(credentials.TLSInfo)
	if !ok || len(info.State.VerifiedChains) == 0 {
		return ""
	}
	return serviceOf(info.State.VerifiedChains[0][0])
}

// serviceOf returns the service named by the only URI spiffe://altis-support/<service> of a certificate.
func serviceOf(cert *x509.Certificate) string {
	if len(cert.URIs) != 1 {
		return ""
	}
	u := cert.URIs[0]
	service, ok := strings.CutPrefix(u.Path, "/")
	if u.Scheme != "spiffe" || u.Host != trustDomain || !ok || strings.Contains(service, "/") {
		return ""
	}
	return service
}
