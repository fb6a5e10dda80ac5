-- +goose Up
-- Who wrote the first message of a ticket, '' while that is not known: nobody is told of their own ticket.
ALTER TABLE tickets ADD COLUMN author TEXT NOT NULL DEFAULT '';

-- What a person of the staff wants to be told by mail: 'mail', 'digest' or 'none' for each kind of notice. Without a row the
-- defaults hold.
CREATE TABLE notice_preferences (
  person       TEXT PRIMARY KEY,
  new_ticket   TEXT NOT NULL,
  reply_mine   TEXT NOT NULL,
  reply_team   TEXT NOT NULL,
  digest_hours TEXT NOT NULL -- JSON list of hours on the person's clock
);
CREATE INDEX notice_preferences_new_ticket ON notice_preferences (person) WHERE new_ticket = 'mail';
CREATE INDEX notice_preferences_reply_team ON notice_preferences (person) WHERE reply_team = 'mail';

-- What the staff can be told of, one row for all of them: each digest picks its own.
CREATE TABLE notices (
  id           TEXT PRIMARY KEY,
  ticket       BIGINT NOT NULL,
  kind         TEXT NOT NULL, -- 'new_ticket' or 'reply'
  team         TEXT NOT NULL,
  assignee     TEXT NOT NULL, -- person, '' = the team's
  authors      TEXT NOT NULL, -- JSON list of persons who are not told
  author_name  TEXT NOT NULL,
  organization TEXT NOT NULL, -- name
  subject      TEXT NOT NULL,
  created_at   BIGINT NOT NULL
);
CREATE INDEX notices_created ON notices (created_at, id);
CREATE INDEX notices_ticket ON notices (ticket);

-- Until when notices have been gathered for each person of the staff. Of the tasks only the one of the generation counts.
CREATE TABLE digests (
  person      TEXT PRIMARY KEY,
  generation  BIGINT NOT NULL,
  gathered_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE digests;
DROP TABLE notices;
DROP TABLE notice_preferences;
ALTER TABLE tickets DROP COLUMN author;
