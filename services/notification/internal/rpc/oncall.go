package rpc

import (
	"context"
	"maps"
	"slices"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

type onCallServer struct {
	notificationv1.UnimplementedOnCallServiceServer
	Deps
}

// WhoIsOnCall implements notificationv1.OnCallServiceServer.
func (s *onCallServer) WhoIsOnCall(ctx context.Context, req *notificationv1.WhoIsOnCallRequest) (*notificationv1.WhoIsOnCallResponse, error) {
	roster, at, err := s.Store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	if req.GetInstant() != nil {
		at = req.GetInstant().AsTime()
	}
	type answer struct {
		schedule oncall.Schedule
		shift    oncall.Shift
		next     []oncall.Duty
	}
	var answers []answer
	var mentioned, ids []string
	for _, s := range roster.Schedules {
		mentioned = append(mentioned, s.Mentioned()...)
	}
	usable, err := usable(ctx, s.Store, mentioned)
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(roster.Schedules)) {
		a := answer{schedule: roster.Schedules[id]}
		a.shift = a.schedule.OnCall(at, usable)
		if !a.shift.End.IsZero() {
			a.next = a.schedule.Duties(a.shift.End, usable)
		}
		answers = append(answers, a)
		for _, d := range append(slices.Clone(a.shift.Duties), a.next...) {
			ids = append(ids, d.Person)
		}
	}
	var fallback []string
	if roster.Policy != nil {
		fallback = roster.Policy.Fallback
	}
	names, err := s.Store.Names(ctx, append(ids, fallback...))
	if err != nil {
		return nil, err
	}
	response := &notificationv1.WhoIsOnCallResponse{}
	for _, a := range answers {
		shift := &notificationv1.OnCallShift{Schedule: a.schedule.ID, ScheduleName: a.schedule.Name, EndTime: stamp(a.shift.End)}
		for i, d := range a.shift.Duties {
			if i > 0 {
				shift.Others = append(shift.Others, person(named(names, d.Person)))
				continue
			}
			shift.Person, shift.Override = person(named(names, d.Person)), d.Override
		}
		if len(a.next) > 0 {
			shift.Next = person(named(names, a.next[0].Person))
		}
		response.Shifts = append(response.Shifts, shift)
	}
	for _, id := range fallback {
		response.Fallback = append(response.Fallback, person(named(names, id)))
	}
	return response, nil
}

// reacher is a store, or a transaction of it.
type reacher interface {
	Reach(ctx context.Context, ids []string) ([]domain.Reach, error)
}

// usable returns which of the people can be paged.
func usable(ctx context.Context, from reacher, ids []string) (oncall.Usable, error) {
	return who(ctx, from, ids, func(r domain.Reach) bool { return len(r.Contacts) > 0 })
}

// certain is usable for who has a verified contact.
func certain(ctx context.Context, from reacher, ids []string) (oncall.Usable, error) {
	return who(ctx, from, ids, func(r domain.Reach) bool { return r.Explicit })
}

func who(ctx context.Context, from reacher, ids []string, is func(domain.Reach) bool) (oncall.Usable, error) {
	known := map[string]bool{}
	if len(ids) == 0 {
		return func(string) bool { return false }, nil
	}
	reach, err := from.Reach(ctx, ids)
	for _, r := range reach {
		known[r.Person.ID] = is(r)
	}
	return func(person string) bool { return known[person] }, err
}
