package rpc

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"

	"altis-dxp.com/support/pkg/cursor"

	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/ical"
	"altis-dxp.com/support/services/notification/internal/store"
)

type calendarServer struct {
	notificationv1.UnimplementedCalendarServiceServer
	Deps
}

// tokenHash is what is kept of a token: whoever reads the database can read no calendar with it. The token is random enough
// to need no more than a hash.
func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// CreateCalendarFeed implements notificationv1.CalendarServiceServer.
func (s *calendarServer) CreateCalendarFeed(ctx context.Context, req *notificationv1.CreateCalendarFeedRequest) (*notificationv1.CalendarFeed, error) {
	u, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	if req.GetSchedule() != "" {
		roster, _, err := s.Store.Roster(ctx)
		if err != nil {
			return nil, err
		}
		if _, ok := roster.Schedules[req.GetSchedule()]; !ok {
			return nil, scheduleUnknown()
		}
	}
	token := rand.Text() // 130 bits
	f := domain.CalendarFeed{ID: s.NewID(), Person: u.ID, Schedule: req.GetSchedule()}
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		f, err = tx.PutCalendarFeed(ctx, f, tokenHash(token))
		return err
	})
	if err != nil {
		return nil, err
	}
	out := feed(f)
	out.Url = s.CalendarURL(token)
	return out, nil
}

// ListCalendarFeeds implements notificationv1.CalendarServiceServer.
func (s *calendarServer) ListCalendarFeeds(ctx context.Context, req *notificationv1.ListCalendarFeedsRequest) (*notificationv1.ListCalendarFeedsResponse, error) {
	u, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	feeds, next, err := cursor.Page(req, "calendar feeds "+u.ID, defaultPage, maxPage, func(after store.FeedPosition, n int) ([]domain.CalendarFeed, error) {
		return s.Store.CalendarFeeds(ctx, u.ID, after, n)
	}, func(f domain.CalendarFeed) store.FeedPosition {
		return store.FeedPosition{Any: true, Schedule: f.Schedule}
	})
	if err != nil {
		return nil, err
	}
	response := &notificationv1.ListCalendarFeedsResponse{NextPageToken: next}
	for _, f := range feeds {
		response.CalendarFeeds = append(response.CalendarFeeds, feed(f))
	}
	return response, nil
}

// DeleteCalendarFeed implements notificationv1.CalendarServiceServer.
func (s *calendarServer) DeleteCalendarFeed(ctx context.Context, req *notificationv1.DeleteCalendarFeedRequest) (*notificationv1.DeleteCalendarFeedResponse, error) {
	u, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	owner := u.ID
	if supervises(u) {
		owner = ""
	}
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		return tx.DeleteCalendarFeed(ctx, req.GetCalendarFeed(), owner)
	})
	return &notificationv1.DeleteCalendarFeedResponse{}, err
}

// ReadCalendar implements notificationv1.CalendarServiceServer. It tells names and times only: the link is all that a reader
// has to show.
func (s *calendarServer) ReadCalendar(ctx context.Context, req *notificationv1.ReadCalendarRequest) (*notificationv1.ReadCalendarResponse, error) {
	f, err := s.Store.CalendarFeed(ctx, tokenHash(req.GetToken()))
	if err != nil {
		return nil, err
	}
	roster, now, err := s.Store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	mentioned := roster.Mentions(f)
	usable, err := usable(ctx, s.Store, mentioned)
	if err != nil {
		return nil, err
	}
	names, err := s.Store.Names(ctx, append(mentioned, f.Person))
	if err != nil {
		return nil, err
	}
	name := func(person string) string {
		if n := names[person].Name; n != "" {
			return n
		}
		return "On call"
	}
	c := ical.Calendar{Name: "On call: " + name(f.Person), Stamp: now}
	if f.Schedule != "" {
		c.Name = "On call: " + f.Schedule
		if schedule, ok := roster.Schedules[f.Schedule]; ok {
			c.Name = "On call: " + schedule.Name
		}
	}
	for _, d := range roster.Calendar(f, now, usable) {
		e := ical.Event{UID: d.ID + "@" + s.CalendarHost, Start: d.Start, End: d.End, Summary: name(d.Person)}
		if f.Schedule == "" {
			e.Summary = "On call: " + d.Schedule
		}
		c.Events = append(c.Events, e)
	}
	if f.ReadUnnoted(now) {
		s.FeedReads.Note(f.ID)
	}
	return &notificationv1.ReadCalendarResponse{Text: c.String()}, nil
}

func feed(f domain.CalendarFeed) *notificationv1.CalendarFeed {
	return &notificationv1.CalendarFeed{Id: f.ID, Schedule: f.Schedule, CreateTime: stamp(f.CreatedAt), LastReadTime: stamp(f.ReadAt)}
}
