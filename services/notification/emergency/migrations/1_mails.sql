-- +goose Up
-- What the emergency mailbox took, and what became of it. The mail itself is the file of that id in the spool.
CREATE TABLE emergency_mails (
  id            TEXT PRIMARY KEY,
  fingerprint   TEXT NOT NULL, -- the same for the same mail, '' = it has none
  received_at   BIGINT NOT NULL,
  envelope_from TEXT NOT NULL, -- '' = the null sender
  sender        TEXT NOT NULL, -- address of the author, '' = none that can be read
  sender_name   TEXT NOT NULL,
  subject       TEXT NOT NULL,
  verdict       TEXT NOT NULL, -- 'paged', 'held', 'bundled', 'automatic' or 'reply'
  reason        TEXT NOT NULL, -- of the verdict, '' = none needed
  page          TEXT NOT NULL, -- '' = none
  paged_at      BIGINT NOT NULL,
  verified      BIGINT NOT NULL, -- 1 = its domain vouches for the author, who is in the directory
  copies        BIGINT NOT NULL -- how often it came
);
CREATE UNIQUE INDEX emergency_mails_fingerprint ON emergency_mails (fingerprint) WHERE fingerprint <> '';
CREATE INDEX emergency_mails_received ON emergency_mails (received_at);
CREATE INDEX emergency_mails_paged ON emergency_mails (paged_at) WHERE verdict = 'paged' AND verified = 0;
CREATE INDEX emergency_mails_held ON emergency_mails (received_at) WHERE verdict = 'held';

-- +goose Down
DROP TABLE emergency_mails;
