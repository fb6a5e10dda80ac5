-- +goose Up
CREATE TABLE messages (
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
  -- Punctuation goes first: the parser would keep hosts and addresses whole, and their parts could not be found.
  words        tsvector NOT NULL GENERATED ALWAYS AS
    (to_tsvector('simple', regexp_replace(body, '[!-/:-@\[-`{-~]+', ' ', 'g'))) STORED,
  PRIMARY KEY (number, sequence)
);
CREATE INDEX messages_words ON messages USING gin (words);

ALTER TABLE tickets ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS
  (to_tsvector('simple', regexp_replace(subject, '[!-/:-@\[-`{-~]+', ' ', 'g'))) STORED;
CREATE INDEX tickets_words ON tickets USING gin (words);

-- +goose Down
ALTER TABLE tickets DROP COLUMN words;
DROP TABLE messages;
