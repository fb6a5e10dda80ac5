-- +goose Up
-- URLs under which calendar programs read who is on call. Of each the hash of its token is kept.
CREATE TABLE calendar_feeds (
  id         TEXT PRIMARY KEY,
  person     TEXT NOT NULL, -- the owner
  schedule   TEXT NOT NULL, -- '' = the owner's own duties
  token_hash TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX calendar_feeds_owner ON calendar_feeds (person, schedule);

-- +goose Down
DROP TABLE calendar_feeds;
