-- +goose Up
-- What is known of each ticket: its newest snapshot, and the highest sequence that ended its urgency, which may arrive
-- before the one that began it. The row also orders the transactions of a ticket.
CREATE TABLE tickets (
  number         BIGINT PRIMARY KEY,
  sequence       BIGINT NOT NULL,
  ended_sequence BIGINT NOT NULL,
  snapshot       TEXT NOT NULL, -- JSON of altis.support.event.v1.TicketSnapshot
  changed_at     BIGINT NOT NULL
);

CREATE TABLE pages (
  id              TEXT PRIMARY KEY,
  version         BIGINT NOT NULL,
  topic           TEXT NOT NULL,
  ticket          BIGINT NOT NULL, -- 0 for a page about the suite itself
  occurrence      BIGINT NOT NULL,
  title           TEXT NOT NULL,
  incident        TEXT NOT NULL, -- JSON
  policy          TEXT NOT NULL, -- JSON: as it was at the opening
  state           TEXT NOT NULL,
  cycle           BIGINT NOT NULL,
  loop            BIGINT NOT NULL,
  step            BIGINT NOT NULL,
  acknowledger    TEXT NOT NULL, -- JSON of the person, '' without
  acknowledged_at BIGINT NOT NULL,
  opened_at       BIGINT NOT NULL,
  next_step_at    BIGINT NOT NULL,
  answered        BIGINT NOT NULL,
  suppressed_by   BIGINT NOT NULL, -- sequence of the ticket event because of which nobody was paged
  events          BIGINT NOT NULL
);
CREATE UNIQUE INDEX pages_open ON pages (topic) WHERE state <> 'resolved';
CREATE INDEX pages_opened ON pages (opened_at, id);
CREATE INDEX pages_waiting ON pages (opened_at, id) WHERE state IN ('paging', 'delivered', 'exhausted');
CREATE INDEX pages_ticket ON pages (ticket, opened_at, id);

CREATE TABLE page_deliveries (
  id                TEXT PRIMARY KEY,
  page              TEXT NOT NULL REFERENCES pages (id),
  cycle             BIGINT NOT NULL,
  loop              BIGINT NOT NULL,
  step              BIGINT NOT NULL,
  ordinal           BIGINT NOT NULL, -- among those made in one transaction
  person            TEXT NOT NULL,
  person_name       TEXT NOT NULL,
  person_email      TEXT NOT NULL,
  contact           TEXT NOT NULL,
  channel           TEXT NOT NULL,
  address           TEXT NOT NULL,
  position          BIGINT NOT NULL,
  why               BIGINT NOT NULL, -- kind
  why_schedule      TEXT NOT NULL, -- name of the schedule, '' without
  body              TEXT NOT NULL,
  state             TEXT NOT NULL,
  attempts          BIGINT NOT NULL,
  last_answer       TEXT NOT NULL, -- what the provider said
  last_answer_kind  BIGINT NOT NULL, -- 0 = none yet
  last_answer_after BIGINT NOT NULL, -- in microseconds
  created_at        BIGINT NOT NULL,
  accepted_at       BIGINT NOT NULL,
  passed_on         BIGINT NOT NULL DEFAULT 0 -- 1 = the person's next contact was started because of this one
);
CREATE INDEX page_deliveries_page ON page_deliveries (page, created_at, ordinal);
CREATE INDEX page_deliveries_unsent ON page_deliveries (created_at) WHERE state = 'queued' AND attempts = 0 AND passed_on = 0;

-- The history of a page. Rows are only ever added.
CREATE TABLE page_log (
  id    TEXT PRIMARY KEY, -- rises with time
  page  TEXT NOT NULL REFERENCES pages (id),
  at    BIGINT NOT NULL,
  entry TEXT NOT NULL -- JSON
);
CREATE INDEX page_log_page ON page_log (page, id);

-- +goose Down
DROP TABLE page_log;
DROP TABLE page_deliveries;
DROP TABLE pages;
DROP TABLE tickets;
