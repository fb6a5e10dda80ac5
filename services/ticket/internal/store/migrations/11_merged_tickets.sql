-- +goose Up
-- The ticket that this one was merged into, 0 = none.
ALTER TABLE tickets ADD COLUMN merged_into BIGINT NOT NULL DEFAULT 0;
CREATE INDEX tickets_merged ON tickets (merged_into) WHERE merged_into > 0;

-- The other ticket of a merge, 0 = the entry is about something else.
ALTER TABLE ticket_events ADD COLUMN other BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE ticket_events DROP COLUMN other;
DROP INDEX tickets_merged;
ALTER TABLE tickets DROP COLUMN merged_into;
