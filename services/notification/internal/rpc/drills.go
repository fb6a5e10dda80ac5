package rpc

import (
	"cmp"
	"context"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

const (
	defaultAcceptWithin      = 15 * time.Second
	defaultAcknowledgeWithin = 5 * time.Minute
)

type drillServer struct {
	notificationv1.UnimplementedDrillServiceServer
	Deps
}

// StartDrill implements notificationv1.DrillServiceServer.
func (s *drillServer) StartDrill(ctx context.Context, req *notificationv1.StartDrillRequest) (*notificationv1.Drill, error) {
	by, err := s.self(ctx)
	if err != nil {
		return nil, err
	}
	schedule, err := s.Store.DrillSchedule(ctx)
	if err != nil {
		return nil, err
	}
	d := domain.Drill{
		ID: domain.Hash("drill", s.NewID()), StartedBy: by,
		AcceptWithin:      cmp.Or(req.GetAcceptWithin().AsDuration(), schedule.AcceptWithin),
		AcknowledgeWithin: cmp.Or(req.GetAcknowledgeWithin().AsDuration(), schedule.AcknowledgeWithin),
	}
	if err := targets(d.AcceptWithin, d.AcknowledgeWithin); err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		d, err = s.Pager.StartDrill(ctx, tx, d)
		return err
	})
	if err != nil {
		return nil, err
	}
	return drill(d), nil
}

// targets refuses an acknowledgement that would be due before the page.
func targets(accept, acknowledge time.Duration) error {
	if acknowledge < accept {
		return fault.InvalidField("acknowledge_within", "TARGETS_INVALID", "must not be less than accept_within")
	}
	return nil
}

// ListDrills implements notificationv1.DrillServiceServer.
func (s *drillServer) ListDrills(ctx context.Context, req *notificationv1.ListDrillsRequest) (*notificationv1.ListDrillsResponse, error) {
	size, err := cursor.PageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return nil, err
	}
	const query = "drills"
	var before store.PagePosition
	if req.GetPageToken() != "" {
		if err := cursor.Decode(query, req.GetPageToken(), &before); err != nil {
			return nil, err
		}
	}
	drills, err := s.Store.Drills(ctx, before, size+1)
	if err != nil {
		return nil, err
	}
	response := &notificationv1.ListDrillsResponse{}
	if len(drills) > size {
		drills = drills[:size]
		last := drills[size-1]
		response.NextPageToken = cursor.Encode(query, store.PagePosition{OpenedAt: sqldb.Micros(last.StartedAt), ID: last.ID})
	}
	for _, d := range drills {
		response.Drills = append(response.Drills, drill(d))
	}
	return response, nil
}

// GetDrill implements notificationv1.DrillServiceServer.
func (s *drillServer) GetDrill(ctx context.Context, req *notificationv1.GetDrillRequest) (*notificationv1.Drill, error) {
	d, err := s.Store.Drill(ctx, req.GetDrill())
	if err != nil {
		return nil, err
	}
	return drill(d), nil
}

// GetDrillSchedule implements notificationv1.DrillServiceServer.
func (s *drillServer) GetDrillSchedule(ctx context.Context, _ *notificationv1.GetDrillScheduleRequest) (*notificationv1.DrillSchedule, error) {
	schedule, err := s.Store.DrillSchedule(ctx)
	if err != nil {
		return nil, err
	}
	return drillSchedule(schedule), nil
}

// SetDrillSchedule implements notificationv1.DrillServiceServer.
func (s *drillServer) SetDrillSchedule(ctx context.Context, req *notificationv1.SetDrillScheduleRequest) (*notificationv1.DrillSchedule, error) {
	zone, err := time.LoadLocation(req.GetTimeZone())
	if err != nil || req.GetTimeZone() == "Local" {
		return nil, fault.InvalidField("time_zone", "TIME_ZONE_UNKNOWN", "must be an IANA time zone")
	}
	at, err := time.Parse("15:04", req.GetTime())
	if err != nil {
		return nil, fault.InvalidField("time", "TIME_INVALID", "must be a time of the day: 10:30")
	}
	schedule := domain.DrillSchedule{
		Enabled: req.GetEnabled(), Weekday: time.Weekday(req.GetWeekday() % 7), Minute: 60*at.Hour() + at.Minute(), Zone: zone,
		AcceptWithin:      cmp.Or(req.GetAcceptWithin().AsDuration(), defaultAcceptWithin),
		AcknowledgeWithin: cmp.Or(req.GetAcknowledgeWithin().AsDuration(), defaultAcknowledgeWithin),
	}
	if err := targets(schedule.AcceptWithin, schedule.AcknowledgeWithin); err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		schedule.NextAt = time.Time{}
		if schedule.Enabled {
			schedule.NextAt = schedule.Next(now)
		}
		return tx.SaveDrillSchedule(ctx, schedule, now)
	})
	if err != nil {
		return nil, err
	}
	return drillSchedule(schedule), nil
}

func drill(d domain.Drill) *notificationv1.Drill {
	return &notificationv1.Drill{
		Id: d.ID, State: drillStates[d.State], Page: d.ID, StartedBy: person(d.StartedBy), CreateTime: stamp(d.StartedAt),
		AcceptWithin: durationpb.New(d.AcceptWithin), AcknowledgeWithin: durationpb.New(d.AcknowledgeWithin), AcceptTime: stamp(d.AcceptedAt),
		AcknowledgeTime: stamp(d.AcknowledgedAt), AcknowledgedBy: person(d.AcknowledgedBy), AlarmTime: stamp(d.AlarmedAt), EndTime: stamp(d.EndedAt),
	}
}

var drillStates = map[domain.DrillState]notificationv1.Drill_State{
	domain.DrillRunning: notificationv1.Drill_STATE_RUNNING, domain.DrillPassed: notificationv1.Drill_STATE_PASSED,
	domain.DrillNotAccepted: notificationv1.Drill_STATE_NOT_ACCEPTED, domain.DrillNotAcknowledged: notificationv1.Drill_STATE_NOT_ACKNOWLEDGED,
}

func drillSchedule(s domain.DrillSchedule) *notificationv1.DrillSchedule {
	return &notificationv1.DrillSchedule{
		Enabled: s.Enabled, Weekday: int32(s.Weekday+6)%7 + 1, Time: s.Time(), TimeZone: s.Zone.String(), AcceptWithin: durationpb.New(s.AcceptWithin),
		AcknowledgeWithin: durationpb.New(s.AcknowledgeWithin), NextTime: stamp(s.NextAt),
	}
}
