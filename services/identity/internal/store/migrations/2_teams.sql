-- +goose Up
-- The teams of staff, one a line.
ALTER TABLE people ADD COLUMN teams TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE people DROP COLUMN teams;
