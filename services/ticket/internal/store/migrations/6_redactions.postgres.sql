-- +goose Up
-- When text of the message was last redacted, 0 = never. The index of words follows the body by itself.
ALTER TABLE messages ADD COLUMN redact_time BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE messages DROP COLUMN redact_time;
