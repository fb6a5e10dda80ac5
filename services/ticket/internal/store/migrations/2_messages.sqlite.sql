-- +goose Up
CREATE TABLE messages (
  position     INTEGER PRIMARY KEY, -- what messages_words refers to; an implicit one may change
  number       BIGINT NOT NULL REFERENCES tickets (number),
  sequence     BIGINT NOT NULL, -- of the event that added it
  id           TEXT NOT NULL,
  note         BIGINT NOT NULL, -- only for staff
  author       TEXT NOT NULL,
  author_name  TEXT NOT NULL,
  author_email TEXT NOT NULL,
  author_staff BIGINT NOT NULL,
  body         TEXT NOT NULL,
  create_time  BIGINT NOT NULL,
  UNIQUE (number, sequence)
);

-- Words only: the texts themselves stay in messages and tickets.
CREATE VIRTUAL TABLE messages_words USING fts5 (body, content = '', tokenize = 'unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE tickets_words USING fts5 (subject, content = '', tokenize = 'unicode61 remove_diacritics 0');

-- +goose StatementBegin
CREATE TRIGGER messages_words_added AFTER INSERT ON messages BEGIN
  INSERT INTO messages_words (rowid, body) VALUES (new.position, new.body);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tickets_words_added AFTER INSERT ON tickets BEGIN
  INSERT INTO tickets_words (rowid, subject) VALUES (new.number, new.subject);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tickets_words_changed AFTER UPDATE OF subject ON tickets BEGIN
  INSERT INTO tickets_words (tickets_words, rowid, subject) VALUES ('delete', old.number, old.subject);
  INSERT INTO tickets_words (rowid, subject) VALUES (new.number, new.subject);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER tickets_words_changed;
DROP TRIGGER tickets_words_added;
DROP TRIGGER messages_words_added;
DROP TABLE tickets_words;
DROP TABLE messages_words;
DROP TABLE messages;
