-- +goose Up
-- Until when an acknowledged page is snoozed, and when its cycle began; 0 = it is not, and with the page.
ALTER TABLE pages ADD COLUMN snoozed_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN reopened_at BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE pages DROP COLUMN reopened_at;
ALTER TABLE pages DROP COLUMN snoozed_until;
