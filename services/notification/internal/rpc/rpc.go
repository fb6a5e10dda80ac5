// Package rpc serves notification's API: pages, on-call and the ledger of mail.
package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/tasks"
)

const (
	defaultPage = 50
	maxPage     = 100
)

// Deps are what the handlers work with.
type Deps struct {
	Store  *store.Store
	Pager  domain.Pager
	NewID  func() string
	Tester domain.ContactTester
	// CalendarURL returns the link of a calendar feed; CalendarHost names this installation in its events.
	CalendarURL  func(token string) string
	CalendarHost string
	FeedReads    *tasks.FeedReads
	AllowPrivate bool        // webhooks may go to private addresses
	SMS          bool        // text messages can be sent
	Inbox        tasks.Inbox // the mails that came in; nil = none do
	Copies       Copies
}

// Register adds the services of notification to a server.
func Register(r grpc.ServiceRegistrar, d Deps) {
	notificationv1.RegisterDrillServiceServer(r, &drillServer{Deps: d})
	notificationv1.RegisterCalendarServiceServer(r, &calendarServer{Deps: d})
	notificationv1.RegisterPageServiceServer(r, &pageServer{Deps: d})
	notificationv1.RegisterOnCallServiceServer(r, &onCallServer{Deps: d})
	notificationv1.RegisterMailServiceServer(r, &mailServer{Deps: d})
	notificationv1.RegisterNoticeServiceServer(r, &noticeServer{Deps: d})
	notificationv1.RegisterEmergencyServiceServer(r, &emergencyServer{Deps: d})
}

// caller returns the user of the call, who the policy has made sure is there.
func caller(ctx context.Context) (*auth.User, error) {
	if u := auth.FromContext(ctx).User; u != nil {
		return u, nil
	}
	return nil, fault.New(fault.Unauthenticated, "TOKEN_REQUIRED", "an access token is required")
}

// self returns the user of the call with the name that others know.
func (d Deps) self(ctx context.Context) (domain.Person, error) {
	u, err := caller(ctx)
	if err != nil {
		return domain.Person{}, err
	}
	names, err := d.Store.Names(ctx, []string{u.ID})
	if err != nil {
		return domain.Person{}, err
	}
	return named(names, u.ID), nil
}

// named returns a person by id, who may be unknown here.
func named(names map[string]domain.Person, id string) domain.Person {
	if p, ok := names[id]; ok {
		return p
	}
	return domain.Person{ID: id, Staff: true}
}

func person(p domain.Person) *ticketv1.Person {
	if p == (domain.Person{}) {
		return nil
	}
	return &ticketv1.Person{Id: p.ID, Name: p.Name, Email: p.Email, Staff: p.Staff}
}

func stamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
