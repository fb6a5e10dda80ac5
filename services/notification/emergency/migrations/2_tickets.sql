-- +goose Up
-- Mails become tickets, or notes of one. Those that were taken before become none.
ALTER TABLE emergency_mails ADD COLUMN message_id TEXT NOT NULL DEFAULT ''; -- '' = none
ALTER TABLE emergency_mails ADD COLUMN outage TEXT NOT NULL DEFAULT ''; -- of a note: the mail whose ticket it belongs to
ALTER TABLE emergency_mails ADD COLUMN ticket BIGINT NOT NULL DEFAULT -1; -- 0 = it has none yet, -1 = it becomes none
ALTER TABLE emergency_mails ADD COLUMN examined BIGINT NOT NULL DEFAULT 0; -- 1 = whether its sender is verified is known
CREATE INDEX emergency_mails_message_id ON emergency_mails (message_id) WHERE message_id <> '';
CREATE INDEX emergency_mails_outage ON emergency_mails (outage) WHERE outage <> '';
CREATE INDEX emergency_mails_without_ticket ON emergency_mails (paged_at) WHERE ticket = 0;

-- +goose Down
DROP INDEX emergency_mails_without_ticket;
DROP INDEX emergency_mails_outage;
DROP INDEX emergency_mails_message_id;
ALTER TABLE emergency_mails DROP COLUMN examined;
ALTER TABLE emergency_mails DROP COLUMN ticket;
ALTER TABLE emergency_mails DROP COLUMN outage;
ALTER TABLE emergency_mails DROP COLUMN message_id;
