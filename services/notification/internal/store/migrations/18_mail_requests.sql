-- +goose Up
-- A mail to the desk's own address becomes a ticket.
ALTER TABLE inbound_mails ADD COLUMN request BIGINT NOT NULL DEFAULT 0;
CREATE INDEX inbound_mails_request ON inbound_mails (sender, received_at) WHERE request = 1;

-- +goose Down
DROP INDEX inbound_mails_request;
ALTER TABLE inbound_mails DROP COLUMN request;
