-- +goose Up
-- One mail to a ticket's address and to the desk's is one message.
ALTER TABLE inbound_mails ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';
CREATE INDEX inbound_mails_fingerprint ON inbound_mails (fingerprint) WHERE fingerprint <> '';

-- +goose Down
DROP INDEX inbound_mails_fingerprint;
ALTER TABLE inbound_mails DROP COLUMN fingerprint;
