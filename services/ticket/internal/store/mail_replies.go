package store

import (
	"context"
	"database/sql"
	"errors"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

var _ domain.MailReplies = (*Store)(nil)

// MailReply implements domain.MailReplies.
func (s *Store) MailReply(ctx context.Context, mail string) (used domain.UsedRequest, err error) {
	err = s.DB.Reader().QueryRowContext(ctx, "SELECT number, sequence FROM mail_replies WHERE mail = $1", mail).Scan(&used.Number, &used.Sequence)
	if errors.Is(err, sql.ErrNoRows) {
		return used, fault.New(fault.NotFound, "MAIL_NOT_FOUND", "the mail has made no message")
	}
	return used, sqldb.Classify(err)
}

// DropUploads implements domain.MailReplies.
func (s *Store) DropUploads(ctx context.Context, uploader string) error {
	return s.DB.Do(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM attachments WHERE uploader = $1 AND number IS NULL", uploader)
		return err
	})
}
