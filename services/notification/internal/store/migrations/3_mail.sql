-- +goose Up
-- What is mailed, once for all recipients.
CREATE TABLE mail_contents (
  id         TEXT PRIMARY KEY,
  ticket     BIGINT NOT NULL,
  document   TEXT NOT NULL, -- JSON
  created_at BIGINT NOT NULL
);
CREATE INDEX mail_contents_created ON mail_contents (created_at);

-- The thread of a ticket in a recipient's mail program: its first and its last message.
CREATE TABLE mail_threads (
  ticket    BIGINT NOT NULL,
  recipient TEXT NOT NULL, -- address in lower case
  root      TEXT NOT NULL, -- Message-IDs
  parent    TEXT NOT NULL,
  last      TEXT NOT NULL,
  PRIMARY KEY (ticket, recipient)
);

-- The ledger: one row per content and recipient.
CREATE TABLE mail_deliveries (
  id               TEXT PRIMARY KEY,
  content          TEXT NOT NULL REFERENCES mail_contents (id),
  ticket           BIGINT NOT NULL,
  ordinal          BIGINT NOT NULL, -- among those of one content
  person           TEXT NOT NULL,
  name             TEXT NOT NULL,
  address          TEXT NOT NULL,
  reason           TEXT NOT NULL, -- 'requester' or 'cc'
  message          TEXT NOT NULL, -- id of the message of the conversation, '' for a notice
  message_id       TEXT NOT NULL,
  root             TEXT NOT NULL, -- Message-IDs of the thread, '' for its first mail
  parent           TEXT NOT NULL,
  subject          TEXT NOT NULL,
  state            TEXT NOT NULL,
  attempts         BIGINT NOT NULL,
  last_answer      TEXT NOT NULL, -- what the mail server said
  last_answer_kind BIGINT NOT NULL, -- 0 = none yet
  created_at       BIGINT NOT NULL,
  queued_at        BIGINT NOT NULL, -- the last time that it was to be sent
  accepted_at      BIGINT NOT NULL,
  next_at          BIGINT NOT NULL
);
CREATE INDEX mail_deliveries_ticket ON mail_deliveries (ticket, created_at, id);
CREATE INDEX mail_deliveries_content ON mail_deliveries (content);

-- +goose Down
DROP TABLE mail_deliveries;
DROP TABLE mail_threads;
DROP TABLE mail_contents;
