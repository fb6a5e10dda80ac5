-- +goose Up
-- Mailboxes whose mails are fetched by IMAP: by whom now, and how far.
CREATE TABLE imap_mailboxes (
  mailbox      TEXT PRIMARY KEY, -- hash of server, user and folder
  holder       TEXT NOT NULL, -- process
  held_until   BIGINT NOT NULL,
  uid_validity BIGINT NOT NULL,
  last_uid     BIGINT NOT NULL
);

-- +goose Down
DROP TABLE imap_mailboxes;
