-- +goose Up
-- Mails that are still to be sent are few and looked for often.
CREATE INDEX mail_deliveries_queued ON mail_deliveries (queued_at) WHERE state = 'queued';

-- +goose Down
DROP INDEX mail_deliveries_queued;
