-- +goose Up
-- Contents are outside of the database, each once.
CREATE TABLE attachment_contents (
  sha256 TEXT PRIMARY KEY,
  object TEXT NOT NULL UNIQUE -- that holds it; no other content ever has the name
);

CREATE TABLE attachments (
  id           TEXT PRIMARY KEY,
  uploader     TEXT NOT NULL,
  filename     TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size         BIGINT NOT NULL,
  sha256       TEXT NOT NULL REFERENCES attachment_contents (sha256),
  create_time  BIGINT NOT NULL, -- of the database's clock
  number       BIGINT REFERENCES tickets (number) ON DELETE CASCADE, -- NULL until a message claims it
  sequence     BIGINT NOT NULL -- of the message
);
CREATE INDEX attachments_sha256 ON attachments (sha256);
CREATE INDEX attachments_number ON attachments (number, sequence) WHERE number IS NOT NULL;
CREATE INDEX attachments_unclaimed ON attachments (uploader) WHERE number IS NULL;
CREATE INDEX attachments_unclaimed_created ON attachments (create_time) WHERE number IS NULL;

-- When the next sweep is due, for all replicas.
CREATE TABLE attachment_sweep (due BIGINT NOT NULL);
INSERT INTO attachment_sweep (due) VALUES (0);

-- JSON list, so that a conversation is read at once.
ALTER TABLE messages ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE messages DROP COLUMN attachments;
DROP TABLE attachment_sweep;
DROP TABLE attachments;
DROP TABLE attachment_contents;
