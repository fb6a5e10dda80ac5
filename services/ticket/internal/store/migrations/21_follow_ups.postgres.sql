-- +goose NO TRANSACTION
-- +goose Up
-- For a redaction, which also finds what follow-ups quote.
CREATE INDEX CONCURRENTLY tickets_follow_ups ON tickets (follow_up_of) WHERE follow_up_of > 0;

-- +goose Down
DROP INDEX tickets_follow_ups;
