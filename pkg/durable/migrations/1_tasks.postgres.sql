-- +goose Up
-- run_at is when the task may be claimed: its due instant or the end of its lease. So one index finds both the tasks that
-- are due and those whose owner went silent.
-- The table is small and changes all the time: vacuum it by the thousand rows, and leave room in the pages for updates.
CREATE TABLE tasks (
    id         TEXT   PRIMARY KEY,
    kind       TEXT   NOT NULL,
    lane       BIGINT NOT NULL,
    key        TEXT   NOT NULL,
    payload    TEXT   NOT NULL,
    trace      TEXT   NOT NULL,
    run_at     BIGINT NOT NULL,
    attempt    BIGINT NOT NULL,
    fence      BIGINT NOT NULL,
    owner      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    last_error TEXT   NOT NULL DEFAULT '',
    parked_at  BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX tasks_due ON tasks (lane, run_at);
CREATE INDEX tasks_key ON tasks (kind, key) WHERE key <> '';
CREATE INDEX tasks_parked ON tasks (parked_at) WHERE parked_at > 0;

-- Every process that may hold a lease. It proves that it lives by an advisory lock made of its id.
CREATE TABLE task_owners (
    id         TEXT   PRIMARY KEY,
    started_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE task_owners;
DROP TABLE tasks;
