-- +goose Up
-- The teams of staff, a JSON list.
ALTER TABLE directory_people ADD COLUMN teams TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE directory_people DROP COLUMN teams;
