-- +goose Up
-- JSON list of persons who wanted the mail at once, '' = that was not noted.
ALTER TABLE notices ADD COLUMN mailed TEXT NOT NULL DEFAULT '';

-- The highest sequence that hid or purged the ticket, 0 = none: the staff is told nothing of before.
ALTER TABLE tickets ADD COLUMN hidden_sequence BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE tickets DROP COLUMN hidden_sequence;
ALTER TABLE notices DROP COLUMN mailed;
