-- +goose Up
-- What the domain of a mail's envelope sender said of the server that brought it (SPF).
ALTER TABLE inbound_mails ADD COLUMN spf TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE inbound_mails DROP COLUMN spf;
