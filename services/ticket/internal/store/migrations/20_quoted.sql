-- +goose Up
-- What the mail quotes that brought the message. It stands elsewhere in the conversation, so that the index of words leaves it out.
ALTER TABLE messages ADD COLUMN quoted TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE messages DROP COLUMN quoted;
