-- +goose Up
-- How people want to be notified; who has no row has not said so.
CREATE TABLE notification_rules (
  person   TEXT PRIMARY KEY,
  document TEXT NOT NULL -- JSON
);

-- +goose Down
DROP TABLE notification_rules;
