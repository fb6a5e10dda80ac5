-- +goose Up
-- The mail that tells the sender of a mail what happens now, or why there is none.
CREATE TABLE emergency_receipts (
  mail       TEXT PRIMARY KEY,
  address    TEXT NOT NULL, -- whom it is for
  message_id TEXT NOT NULL,
  code       TEXT NOT NULL, -- what its holder may have engineers paged again with
  state      TEXT NOT NULL, -- 'queued', 'sent', 'refused' or 'suppressed'
  answer     TEXT NOT NULL, -- of the mail server, or why it is suppressed
  created_at BIGINT NOT NULL
);
CREATE INDEX emergency_receipts_created ON emergency_receipts (created_at) WHERE state <> 'suppressed';
CREATE INDEX emergency_receipts_address ON emergency_receipts (address, created_at) WHERE state <> 'suppressed';
CREATE INDEX emergency_receipts_message_id ON emergency_receipts (message_id);
CREATE INDEX emergency_receipts_code ON emergency_receipts (code);

ALTER TABLE emergency_mails ADD COLUMN escalated_at BIGINT NOT NULL DEFAULT 0; -- when its receipt was last answered by paging again

-- +goose Down
ALTER TABLE emergency_mails DROP COLUMN escalated_at;
DROP TABLE emergency_receipts;
