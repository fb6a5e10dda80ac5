package emergency

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/mailauth"
	"altis-dxp.com/support/services/notification/internal/mailin"
)

// kindExamine is the task that finds out whether the sender of a mail is who it says. It asks DNS, which may be down, and
// nothing urgent waits for it: a mail that is held back pages at once when the sender is verified, and with the others else.
const kindExamine = "emergency.examine"

// examineFor is how long DNS is asked again while it cannot tell.
const examineFor = time.Hour

type examineTask struct {
	Mail string `json:"mail"`
}

func examination(id string) durable.Spec {
	payload, err := json.Marshal(examineTask{id})
	if err != nil {
		panic(err) // a string always marshals
	}
	return durable.Spec{Kind: kindExamine, Lane: durable.LaneReply, Key: id, Payload: payload}
}

func (s *Service) examine(ctx context.Context, task durable.Task) error {
	var p examineTask
	if err := json.Unmarshal(task.Payload, &p); err != nil {
		return fmt.Errorf("%w: %w", durable.ErrUndecodable, err)
	}
	m, ok, err := readMail(ctx, s.deps.DB.Reader(), p.Mail)
	if err != nil || !ok {
		return err
	}
	raw, e, err := s.spool.Read(m.ID)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	scanner := mailin.NewScanner()
	_, _ = scanner.Write(raw) // never fails
	h := scanner.Head(e.From)
	known, err := inDirectory(ctx, s.deps.DB.Reader(), m.Sender)
	if err != nil || !known || !h.OneAuthor {
		return err
	}
	verified, err := mailauth.Verified(ctx, raw, m.Sender, s.deps.LookupTXT)
	if err != nil && s.deps.Now().Sub(task.CreatedAt) > examineFor {
		s.deps.Logger.WarnContext(ctx, "the sender of a mail could not be verified", slog.String("mail", m.ID), slog.Any("error", err))
		return nil
	}
	if err != nil || !verified {
		return err
	}
	return s.verified(ctx, m, h)
}

// verified notes that the sender is who it says, and pages about a mail that was held back.
func (s *Service) verified(ctx context.Context, m mail, h mailin.Head) error {
	about := incident(m, h)
	about.Reason = reasonVerified
	return s.queue.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *durable.Tx) error {
		result, err := tx.ExecContext(ctx, `
UPDATE emergency_mails SET verified = 1, verdict = 'paged', reason = '', page = $2, paged_at = altis_now() WHERE id = $1 AND verdict = 'held'`,
			m.ID, pageID(m))
		if err != nil {
			return err
		}
		released, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if released == 0 { // it has been paged about, alone or with others
			_, err := tx.ExecContext(ctx, `UPDATE emergency_mails SET verified = 1 WHERE id = $1`, m.ID)
			return err
		}
		_, err = s.open(ctx, tx, pageID(m), "mail:"+m.ID, about)
		return err
	})
}
