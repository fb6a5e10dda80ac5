-- +goose Up
-- Why the last code of a contact was refused for good.
ALTER TABLE contacts ADD COLUMN code_answer TEXT NOT NULL DEFAULT ''; -- JSON; '' = it was not

-- +goose Down
ALTER TABLE contacts DROP COLUMN code_answer;
