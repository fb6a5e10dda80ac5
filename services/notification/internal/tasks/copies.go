package tasks

import (
	"context"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/replytoken"
)

// Copies implements rpc.Copies.
func (t *Tasks) Copies(ctx context.Context, token string) (int64, error) {
	subject, person, err := t.copied(ctx, token)
	if err != nil || person == nil {
		return 0, err
	}
	return subject.Ticket(), nil
}

// StopCopies implements rpc.Copies.
func (t *Tasks) StopCopies(ctx context.Context, token string) (int64, error) {
	subject, person, err := t.copied(ctx, token)
	if err != nil {
		return 0, err
	}
	return subject.Ticket(), t.leave(ctx, subject.Ticket(), *person)
}

// copied returns whom the token of a link was given to. Fault NotFound.
func (t *Tasks) copied(ctx context.Context, token string) (replytoken.Subject, *domain.Person, error) {
	subject, ok := t.Addresses.ReadStop(token, time.Now())
	if !ok {
		return subject, nil, fault.New(fault.NotFound, "LINK_INVALID", "the link is not valid, or not any more")
	}
	person, err := t.recipient(ctx, subject)
	if err == nil && person == nil { // of a ticket that is gone
		err = fault.New(fault.NotFound, "LINK_INVALID", "the link is not valid any more")
	}
	return subject, person, err
}

// recipient returns who has had mails about a ticket and is meant by a subject, nil = nobody.
func (t *Tasks) recipient(ctx context.Context, subject replytoken.Subject) (*domain.Person, error) {
	people, err := t.Store.Recipients(ctx, subject.Ticket())
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		if subject.IsFor(p.Email) {
			return &p, nil
		}
	}
	return nil, nil
}

// leave takes a CC off a ticket.
func (t *Tasks) leave(ctx context.Context, ticket int64, p domain.Person) error {
	err := t.Replies.Leave(ctx, ticket, p.Email)
	if err == nil {
		t.Logger.InfoContext(ctx, "a CC wants no more copies", slog.Int64("ticket", ticket))
	}
	return err
}

// stopCopies does what a mail to the address for it wants. Whoever has the address has a copy, as with the link.
func (t *Tasks) stopCopies(ctx context.Context, m domain.InboundMail, subject replytoken.Subject, expired bool) (domain.InboundMail, error) {
	if expired {
		return decided(m, domain.InboundIgnored, domain.ReasonExpired, ""), nil
	}
	p, err := t.recipient(ctx, subject)
	if err != nil {
		return m, err
	}
	if p == nil {
		return decided(m, domain.InboundIgnored, domain.ReasonUnknown, ""), nil
	}
	m.Ticket, m.Holder = subject.Ticket(), *p
	if err := t.leave(ctx, m.Ticket, *p); err != nil && fault.KindOf(err) != fault.NotFound {
		return m, err
	}
	return decided(m, domain.InboundRecorded, domain.ReasonCopiesStopped, ""), nil
}
