-- +goose Up
-- The page that goes on instead of this one, since their tickets were merged; '' = there is none. Who acknowledges this one
-- acknowledges that one.
ALTER TABLE pages ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE pages DROP COLUMN merged_into;
