-- +goose Up
-- Drills: each is a page without an incident, of the same id.
CREATE TABLE drills (
  id                 TEXT PRIMARY KEY,
  starter            TEXT NOT NULL, -- JSON of the person, '' of the schedule
  state              TEXT NOT NULL,
  started_at         BIGINT NOT NULL,
  accept_within      BIGINT NOT NULL, -- in microseconds, as all durations
  acknowledge_within BIGINT NOT NULL,
  accepted_at        BIGINT NOT NULL,
  acknowledger       TEXT NOT NULL, -- JSON of the person, '' without
  acknowledged_at    BIGINT NOT NULL,
  alarmed_at         BIGINT NOT NULL,
  ended_at           BIGINT NOT NULL
);
CREATE UNIQUE INDEX drills_running ON drills (ended_at) WHERE ended_at = 0;
CREATE INDEX drills_started ON drills (started_at, id);

-- When there is one each week. Of its tasks only the one of the generation counts.
CREATE TABLE drill_schedule (
  id                 BIGINT PRIMARY KEY CHECK (id = 1),
  enabled            BIGINT NOT NULL,
  weekday            BIGINT NOT NULL, -- 1 = Monday
  minute             BIGINT NOT NULL, -- of the day
  zone               TEXT NOT NULL, -- IANA
  accept_within      BIGINT NOT NULL,
  acknowledge_within BIGINT NOT NULL,
  next_at            BIGINT NOT NULL, -- 0 unless enabled
  generation         BIGINT NOT NULL
);
INSERT INTO drill_schedule (id, enabled, weekday, minute, zone, accept_within, acknowledge_within, next_at, generation)
VALUES (1, 0, 1, 600, 'UTC', 15000000, 300000000, 0, 0);

-- +goose Down
DROP TABLE drill_schedule;
DROP TABLE drills;
