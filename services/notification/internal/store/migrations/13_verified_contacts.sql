-- +goose Up
-- Contacts are used once they are verified: those of before are. Codes are not kept: they are made of the key of links, the
-- contact and the round.
ALTER TABLE contacts ADD COLUMN verified_at BIGINT NOT NULL DEFAULT 0; -- 0 = not yet
ALTER TABLE contacts ADD COLUMN code_round BIGINT NOT NULL DEFAULT 0; -- rises with every code
ALTER TABLE contacts ADD COLUMN code_at BIGINT NOT NULL DEFAULT 0; -- when it was made
ALTER TABLE contacts ADD COLUMN code_tries BIGINT NOT NULL DEFAULT 0; -- how often a wrong one was entered
UPDATE contacts SET verified_at = created_at;

-- +goose Down
ALTER TABLE contacts DROP COLUMN code_tries;
ALTER TABLE contacts DROP COLUMN code_at;
ALTER TABLE contacts DROP COLUMN code_round;
ALTER TABLE contacts DROP COLUMN verified_at;
