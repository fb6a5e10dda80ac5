-- +goose Up
-- When text of the message was last redacted, 0 = never.
ALTER TABLE messages ADD COLUMN redact_time BIGINT NOT NULL DEFAULT 0;

-- Deleted words leave the file of the index at once, not when its parts are merged.
INSERT INTO messages_words (messages_words, rank) VALUES ('secure-delete', 1);

-- +goose StatementBegin
CREATE TRIGGER messages_words_changed AFTER UPDATE OF body ON messages BEGIN
  INSERT INTO messages_words (messages_words, rowid, body) VALUES ('delete', old.position, old.body);
  INSERT INTO messages_words (rowid, body) VALUES (new.position, new.body);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER messages_words_changed;
INSERT INTO messages_words (messages_words, rank) VALUES ('secure-delete', 0);
ALTER TABLE messages DROP COLUMN redact_time;
