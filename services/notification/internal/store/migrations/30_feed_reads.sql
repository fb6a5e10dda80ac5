-- +goose Up
-- When the link of a feed was last read, so that its owner can tell one that has leaked, or that nothing reads any more.
ALTER TABLE calendar_feeds ADD COLUMN read_at BIGINT NOT NULL DEFAULT 0; -- 0 = never

-- +goose Down
ALTER TABLE calendar_feeds DROP COLUMN read_at;
