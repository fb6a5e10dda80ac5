package emergency

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/acklink"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// kindForward is the task that tells notification of an acknowledgement.
const kindForward = "emergency.acknowledged"

const (
	forwardTimeout = 5 * time.Second
	forwardPause   = 2 * time.Second
)

type forwardTask struct {
	Page   string        `json:"page"`
	Person domain.Person `json:"person"`
	At     time.Time     `json:"at"`
	Taken  bool          `json:"taken"` // notification has the page, or is about to
}

// links are the Pages of the acknowledgement links. What is acknowledged here counts for notification's page as well.
type links struct {
	acklink.Stored
	s *Service
}

// Acknowledge implements acklink.Pages.
func (l links) Acknowledge(ctx context.Context, page string, by domain.Person) (p *domain.Page, err error) {
	err = l.s.queue.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, outer *durable.Tx) error {
		var before *domain.Page
		err := l.s.store.Within(ctx, outer, func(ctx context.Context, tx *store.Tx) error {
			if before, err = tx.LockPage(ctx, page); err != nil {
				return err
			}
			p, err = l.Pager.Acknowledge(ctx, tx, page, by)
			return err
		})
		taken := err == nil && before.State == domain.StateHandedOver
		// Before a mail is a ticket, or its page is taken over, notification knows nothing of it.
		if err != nil || before.State == p.State || before.Ticket == 0 && !taken {
			return err
		}
		payload, err := json.Marshal(forwardTask{Page: page, Person: by, At: p.AcknowledgedAt, Taken: taken})
		if err != nil {
			return err
		}
		return outer.Enqueue(ctx, durable.Spec{Kind: kindForward, Lane: durable.LanePage, Key: page, Payload: payload})
	})
	return p, err
}

// forward tells notification of an acknowledgement. A page that it does not know, and was not handed, will be taken over with
// its acknowledgement.
func (s *Service) forward(ctx context.Context, task durable.Task) error {
	var f forwardTask
	if err := json.Unmarshal(task.Payload, &f); err != nil {
		return fmt.Errorf("%w: %w", durable.ErrUndecodable, err)
	}
	if s.roster.client == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, forwardTimeout)
	defer cancel()
	_, err := s.roster.client.ForwardAcknowledgement(ctx, &notificationv1.ForwardAcknowledgementRequest{
		Page: f.Page, AcknowledgeTime: timestamppb.New(f.At),
		Person: &ticketv1.Person{Id: f.Person.ID, Name: f.Person.Name, Email: f.Person.Email, Staff: true},
	})
	switch kind := fault.KindOf(err); {
	case err == nil, kind == fault.Precondition, kind == fault.NotFound && !f.Taken:
		return nil
	}
	return durable.RetryAfter(forwardPause, err)
}

func (s *Service) brokenForward(ctx context.Context, task durable.Task, cause error) error {
	s.deps.Logger.ErrorContext(ctx, "an acknowledgement cannot be told to notification", slog.String("page", task.Key), slog.Any("error", cause))
	return nil
}
