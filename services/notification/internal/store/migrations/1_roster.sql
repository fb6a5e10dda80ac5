-- +goose Up
-- Who is on call and how they are reached. roster.version rises with every change of schedules, overrides and policies, so
-- that a transaction learns with one number whether what it remembers still holds.
CREATE TABLE roster (
  id      BIGINT PRIMARY KEY CHECK (id = 1),
  version BIGINT NOT NULL
);
INSERT INTO roster (id, version) VALUES (1, 1);

CREATE TABLE schedules (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  zone       TEXT NOT NULL, -- IANA
  start_at   BIGINT NOT NULL,
  shift_days BIGINT NOT NULL,
  people     TEXT NOT NULL -- JSON list of person ids
);

CREATE TABLE overrides (
  id         TEXT PRIMARY KEY, -- rises with time: the later one wins
  schedule   TEXT NOT NULL REFERENCES schedules (id),
  person     TEXT NOT NULL,
  start_at   BIGINT NOT NULL,
  end_at     BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX overrides_end ON overrides (end_at);

CREATE TABLE escalation_policies (
  id       TEXT PRIMARY KEY,
  document TEXT NOT NULL -- JSON
);

CREATE TABLE contacts (
  id         TEXT PRIMARY KEY,
  person     TEXT NOT NULL,
  channel    TEXT NOT NULL, -- 'webhook' or 'email'
  address    TEXT NOT NULL,
  secret     TEXT NOT NULL, -- of a webhook
  position   BIGINT NOT NULL, -- order among the person's contacts, from 1
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX contacts_person ON contacts (person, position);

-- Keys that sign acknowledgement links; the highest id signs, all of them verify.
CREATE TABLE ack_keys (
  id         BIGINT PRIMARY KEY CHECK (id BETWEEN 1 AND 255),
  secret     TEXT NOT NULL, -- base64
  created_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE ack_keys;
DROP TABLE contacts;
DROP TABLE escalation_policies;
DROP TABLE overrides;
DROP TABLE schedules;
DROP TABLE roster;
