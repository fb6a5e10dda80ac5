-- +goose Up
-- Mails that came in: one row each, whatever became of it. The mail itself is an object outside of the database.
CREATE TABLE inbound_mails (
  id             TEXT PRIMARY KEY,
  dedupe         TEXT NOT NULL UNIQUE, -- of Message-ID, author, body and the address that it came to
  object         TEXT NOT NULL, -- '' = forgotten
  size           BIGINT NOT NULL,
  envelope_from  TEXT NOT NULL,
  recipient      TEXT NOT NULL,
  remote         TEXT NOT NULL,
  tls            BIGINT NOT NULL,
  message_id     TEXT NOT NULL,
  sender         TEXT NOT NULL,
  sender_name    TEXT NOT NULL,
  subject        TEXT NOT NULL,
  received_at    BIGINT NOT NULL,
  copies         BIGINT NOT NULL,
  verdict        TEXT NOT NULL,
  reason         TEXT NOT NULL,
  detail         TEXT NOT NULL,
  verified       BIGINT NOT NULL,
  decided_at     BIGINT NOT NULL,
  ticket         BIGINT NOT NULL, -- 0 = none
  holder         TEXT NOT NULL, -- person, '' = one without an account
  holder_name    TEXT NOT NULL,
  holder_address TEXT NOT NULL,
  delivery       TEXT NOT NULL,
  released_by    TEXT NOT NULL, -- person
  released_at    BIGINT NOT NULL,
  reply_ticket   BIGINT NOT NULL,
  message        TEXT NOT NULL -- that it became
);
CREATE INDEX inbound_mails_received ON inbound_mails (received_at, id);
CREATE INDEX inbound_mails_verdict ON inbound_mails (verdict, received_at, id);
CREATE INDEX inbound_mails_ticket ON inbound_mails (ticket, received_at, id);
CREATE INDEX inbound_mails_reply ON inbound_mails (reply_ticket) WHERE reply_ticket <> 0;
CREATE INDEX inbound_mails_object ON inbound_mails (object);
CREATE INDEX inbound_mails_message ON inbound_mails (message) WHERE message <> '';

-- Addresses that get no correspondence for now.
CREATE TABLE suppressions (
  id         TEXT PRIMARY KEY,
  address    TEXT NOT NULL UNIQUE, -- in lower case
  reason     TEXT NOT NULL, -- 'bounce' or 'complaint'
  detail     TEXT NOT NULL,
  delivery   TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ends_at    BIGINT NOT NULL
);
CREATE INDEX suppressions_created ON suppressions (created_at, id);

-- Of an address, how many mails came back.
CREATE INDEX mail_deliveries_bounced ON mail_deliveries (address) WHERE state = 'bounced';

-- +goose Down
DROP INDEX mail_deliveries_bounced;
DROP TABLE suppressions;
DROP TABLE inbound_mails;
