-- +goose Up
-- The cycle of the page that goes on when the tickets were merged: a link of the one holds for the other until that pages again.
ALTER TABLE pages ADD COLUMN merged_cycle BIGINT NOT NULL DEFAULT 0;
UPDATE pages SET merged_cycle = COALESCE((SELECT s.cycle FROM pages s WHERE s.id = pages.merged_into), 0) WHERE merged_into <> '';

-- +goose Down
ALTER TABLE pages DROP COLUMN merged_cycle;
