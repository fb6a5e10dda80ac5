-- +goose Up
CREATE TABLE views (
  id          TEXT PRIMARY KEY,
  owner       TEXT NOT NULL, -- person
  name        TEXT NOT NULL,
  filter      TEXT NOT NULL,
  order_by    TEXT NOT NULL,
  shared      BIGINT NOT NULL, -- 1 = all staff have it
  position    BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL
);
CREATE INDEX views_owner ON views (owner);
CREATE INDEX views_shared ON views (position, id) WHERE shared = 1;

-- +goose Down
DROP TABLE views;
