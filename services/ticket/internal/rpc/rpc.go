// Package rpc serves the services of package ticketv1: it reads requests, has the desk or the store
// do the work, and writes answers.
package rpc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/live"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/presence"
	"altis-dxp.com/support/services/ticket/internal/store"
	"altis-dxp.com/support/services/ticket/internal/watch"
)

const (
	defaultPage = 50
	maxPage     = 100
)

// Server implements ticketv1.TicketServiceServer, ViewServiceServer and PresenceServiceServer.
type Server struct {
	ticketv1.UnimplementedTicketServiceServer
	ticketv1.UnimplementedViewServiceServer
	ticketv1.UnimplementedPresenceServiceServer
	Desk     *domain.Desk
	Views    *domain.Views
	Store    *store.Store
	Tail     *watch.Tail
	Presence *presence.Board
	Hub      live.Hub
	Now      func() time.Time
}

// caller returns the person who calls; every method's policy demands one.
func caller(ctx context.Context) (domain.Caller, bool, error) {
	u := auth.FromContext(ctx).User
	if u == nil {
		return domain.Caller{}, false, fault.New(fault.Unauthenticated, "TOKEN_REQUIRED", "this call needs a user")
	}
	return domain.Caller{ID: u.ID, Graced: u.Graced}, u.Staff, nil
}

// identified is a request with an id that makes repetitions harmless.
type identified interface {
	proto.Message
	GetRequestId() string
}

// request returns how a request is remembered. Its hash covers everything but its
// id, and whether it may go elsewhere: who asks again because it would is told that it has gone before.
func request(c domain.Caller, method string, r identified) (domain.Request, error) {
	if r.GetRequestId() == "" {
		return domain.Request{}, nil
	}
	content := proto.Clone(r)
	m := content.ProtoReflect()
	for _, name := range []protoreflect.Name{"request_id", "only_here"} {
		if field := m.Descriptor().Fields().ByName(name); field != nil {
			m.Clear(field)
		}
	}
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(content)
	if err != nil {
		return domain.Request{}, err
	}
	sum := sha256.Sum256(b)
	return domain.Request{Principal: c.ID, Method: method, ID: r.GetRequestId(), Hash: hex.EncodeToString(sum[:])}, nil
}
