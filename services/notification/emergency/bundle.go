package emergency

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// kindBundle is the task that pages about the mails that were held back.
const kindBundle = "emergency.bundle"

// bundleExcerpt is how many of the mails the page with a count names.
const bundleExcerpt = 20

// holdBack sees to it that the mails that wait are paged about once the oldest separate page counts no more.
func (s *Service) holdBack(ctx context.Context, tx *durable.Tx) error {
	held, err := heldMails(ctx, tx)
	if err != nil || len(held) > 1 {
		return err // the first one has made the task
	}
	left, err := windowLeft(ctx, tx, s.cfg.PageWindow)
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, durable.Spec{Kind: kindBundle, Lane: durable.LanePage, Key: kindBundle, Payload: []byte(`{}`), Delay: max(left, 0)})
}

// bundle pages about the mails that wait: one page with their count.
func (s *Service) bundle(ctx context.Context, task durable.Task) error {
	var count int
	err := s.queue.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *durable.Tx) error {
		held, err := heldMails(ctx, tx)
		if count = len(held); err != nil || count == 0 {
			return err
		}
		page := domain.Hash("emergency", "bundle", task.ID)
		if _, err := s.openPage(ctx, tx, domain.Opening{ID: page, Topic: "mails:" + task.ID, Incident: bundled(held)}); err != nil {
			return err
		}
		for i, m := range held {
			m.Verdict, m.Reason, m.Page, m.Ticket = verdictBundled, reasonHeld, page, s.ticketDue()
			if i > 0 {
				m.Outage = held[0].ID // one ticket, as there is one page
			}
			if err := errors.Join(changeMail(ctx, tx, m), s.follow(ctx, tx, m)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && count > 0 {
		s.deps.Logger.WarnContext(ctx, "many mails came to the emergency address: one page tells of those held back", slog.Int("mails", count))
	}
	return err
}

// brokenBundle has the task tried again: a mail that waits must be told of.
func (s *Service) brokenBundle(ctx context.Context, _ durable.Task, cause error) error {
	s.deps.Logger.ErrorContext(ctx, "the page about mails held back could not be made", slog.Any("error", cause))
	return errors.Join(errBundle, cause)
}

// bundled is what the page with a count tells.
func bundled(held []mail) domain.Incident {
	var list strings.Builder
	for _, m := range held[:min(len(held), bundleExcerpt)] {
		fmt.Fprintf(&list, "%s: %s\n", cmp.Or(m.Sender, "somebody"), cmp.Or(m.Subject, "without a subject"))
	}
	if more := len(held) - bundleExcerpt; more > 0 {
		fmt.Fprintf(&list, "and %d more\n", more)
	}
	subject := fmt.Sprintf("%d more mails to the emergency address", len(held))
	if len(held) == 1 {
		subject = "one more mail to the emergency address: " + cmp.Or(held[0].Subject, "without a subject")
	}
	return domain.Incident{
		Subject: subject, Urgent: true, Excerpt: list.String(),
		Reason: "so many mails came to the emergency address that not each has a page of its own; who sent them is not verified",
	}
}
