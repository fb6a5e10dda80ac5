-- +goose Up
-- Whether the emergency mailbox was asked for a page of the same incident: '' = no, 'asked' = it had none or did not answer,
-- 'taken' = its page was taken over.
ALTER TABLE pages ADD COLUMN mailbox TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE pages DROP COLUMN mailbox;
