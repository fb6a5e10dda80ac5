-- +goose Up
-- Messages of which text was redacted, as they are now: an older event of theirs may still arrive.
CREATE TABLE redactions (
  ticket   BIGINT NOT NULL,
  message  TEXT NOT NULL,
  sequence BIGINT NOT NULL, -- of the event that told of it
  body     TEXT NOT NULL,
  excerpt  TEXT NOT NULL, -- of the ticket's first message
  PRIMARY KEY (ticket, message)
);

-- +goose Down
DROP TABLE redactions;
