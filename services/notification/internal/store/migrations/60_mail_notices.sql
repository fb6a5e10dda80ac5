-- +goose Up
-- How many mails were held in the quarantine, of a notice about that.
ALTER TABLE notices ADD COLUMN mails BIGINT NOT NULL DEFAULT 0;

-- What the staff is told of the quarantine: one row.
CREATE TABLE quarantine_notices (
  id      BIGINT PRIMARY KEY, -- 1
  told_at BIGINT NOT NULL,    -- the last time, 0 = never
  due_at  BIGINT NOT NULL     -- when the task runs that tells the next, 0 = nothing new is held
);
INSERT INTO quarantine_notices (id, told_at, due_at) VALUES (1, 0, 0);

-- +goose Down
DROP TABLE quarantine_notices;
ALTER TABLE notices DROP COLUMN mails;
