-- +goose Up
-- The history of each ticket, which is also the feed of changes. Rows are never changed or deleted.
CREATE TABLE ticket_events (
  position     INTEGER PRIMARY KEY,
  number       BIGINT NOT NULL REFERENCES tickets (number),
  sequence     BIGINT NOT NULL,
  organization TEXT NOT NULL,
  kind         BIGINT NOT NULL,
  actor        TEXT NOT NULL,
  actor_name   TEXT NOT NULL,
  actor_email  TEXT NOT NULL,
  actor_staff  BIGINT NOT NULL,
  service      TEXT NOT NULL,
  create_time  BIGINT NOT NULL,
  changes      TEXT NOT NULL, -- JSON list
  summary      TEXT NOT NULL,
  message      TEXT NOT NULL,
  internal     BIGINT NOT NULL, -- only for staff
  graced       BIGINT NOT NULL, -- by a token that had expired while identity was away
  xid          BIGINT NOT NULL DEFAULT 0 -- there is one writer: positions commit in their order
);
CREATE UNIQUE INDEX ticket_events_sequence ON ticket_events (number, sequence);
CREATE INDEX ticket_events_feed ON ticket_events (xid, position);

-- Which feed this is: tokens of another one, such as that of a restored copy made anew, are too old.
CREATE TABLE ticket_feed (epoch TEXT NOT NULL);
INSERT INTO ticket_feed (epoch) VALUES (lower(hex(randomblob(16))));

-- +goose Down
DROP TABLE ticket_feed;
DROP TABLE ticket_events;
