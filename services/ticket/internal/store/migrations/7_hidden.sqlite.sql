-- +goose Up
-- 1 = marked as spam, 2 = deleted, and when.
ALTER TABLE tickets ADD COLUMN hidden BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN hidden_time BIGINT NOT NULL DEFAULT 0;
CREATE INDEX tickets_hidden ON tickets (hidden, hidden_time) WHERE hidden > 0;

-- Words of subjects leave the file of the index with their ticket.
INSERT INTO tickets_words (tickets_words, rank) VALUES ('secure-delete', 1);

-- What is left of tickets that were purged.
CREATE TABLE purged_tickets (
  number       BIGINT PRIMARY KEY,
  organization TEXT NOT NULL,
  deleted_by   TEXT NOT NULL, -- person
  delete_time  BIGINT NOT NULL,
  purge_time   BIGINT NOT NULL -- of the database's clock
);

-- +goose StatementBegin
CREATE TRIGGER messages_words_removed AFTER DELETE ON messages BEGIN
  INSERT INTO messages_words (messages_words, rowid, body) VALUES ('delete', old.position, old.body);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tickets_words_removed AFTER DELETE ON tickets BEGIN
  INSERT INTO tickets_words (tickets_words, rowid, subject) VALUES ('delete', old.number, old.subject);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER tickets_words_removed;
DROP TRIGGER messages_words_removed;
DROP TABLE purged_tickets;
DROP INDEX tickets_hidden;
ALTER TABLE tickets DROP COLUMN hidden_time;
ALTER TABLE tickets DROP COLUMN hidden;
