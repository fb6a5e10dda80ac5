-- +goose Up
-- What was seen of each schedule when it was last looked at. Of its tasks only the one of the generation counts.
CREATE TABLE duty_watches (
  schedule   TEXT PRIMARY KEY,
  generation BIGINT NOT NULL,
  looked_at  BIGINT NOT NULL,
  named      BIGINT NOT NULL, -- 1 = by the escalation policy
  on_call    TEXT NOT NULL, -- JSON list of person ids
  gap_since  BIGINT NOT NULL, -- 0 = there was none
  gap_told   BIGINT NOT NULL -- beginning of the coming gap that was told last
);

-- The ledger of mails about on-call: one row per notice and address.
CREATE TABLE duty_mails (
  id               TEXT PRIMARY KEY,
  schedule         TEXT NOT NULL,
  document         TEXT NOT NULL, -- JSON
  person           TEXT NOT NULL,
  name             TEXT NOT NULL,
  address          TEXT NOT NULL,
  state            TEXT NOT NULL,
  attempts         BIGINT NOT NULL,
  last_answer      TEXT NOT NULL, -- what the mail server said
  last_answer_kind BIGINT NOT NULL, -- 0 = none yet
  created_at       BIGINT NOT NULL,
  queued_at        BIGINT NOT NULL,
  accepted_at      BIGINT NOT NULL,
  next_at          BIGINT NOT NULL
);
CREATE INDEX duty_mails_created ON duty_mails (created_at);
CREATE INDEX duty_mails_queued ON duty_mails (queued_at) WHERE state = 'queued';

-- +goose Down
DROP TABLE duty_mails;
DROP TABLE duty_watches;
