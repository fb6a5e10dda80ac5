-- +goose Up
-- 1 = marked as spam, 2 = deleted, and when.
ALTER TABLE tickets ADD COLUMN hidden BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN hidden_time BIGINT NOT NULL DEFAULT 0;
CREATE INDEX tickets_hidden ON tickets (hidden, hidden_time) WHERE hidden > 0;

-- What is left of tickets that were purged.
CREATE TABLE purged_tickets (
  number       BIGINT PRIMARY KEY,
  organization TEXT NOT NULL,
  deleted_by   TEXT NOT NULL, -- person
  delete_time  BIGINT NOT NULL,
  purge_time   BIGINT NOT NULL -- of the database's clock
);

-- +goose Down
DROP TABLE purged_tickets;
DROP INDEX tickets_hidden;
ALTER TABLE tickets DROP COLUMN hidden_time;
ALTER TABLE tickets DROP COLUMN hidden;
