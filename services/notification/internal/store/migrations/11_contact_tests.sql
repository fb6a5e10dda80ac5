-- +goose Up
-- When a test was last sent to a contact; 0 = never.
ALTER TABLE contacts ADD COLUMN tested_at BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE contacts DROP COLUMN tested_at;
