-- +goose Up
-- One message to a contact about many pages, when there are too many for one each.
CREATE TABLE page_bundles (
  id         TEXT PRIMARY KEY,
  person     TEXT NOT NULL,
  contact    TEXT NOT NULL,
  state      TEXT NOT NULL, -- 'open' takes deliveries, 'full' takes no more, 'made' has its body
  held       BIGINT NOT NULL, -- deliveries that it was given
  named      BIGINT NOT NULL, -- pages that the body names
  body       TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX page_bundles_open ON page_bundles (person, contact) WHERE state = 'open';
CREATE INDEX page_bundles_created ON page_bundles (created_at);

ALTER TABLE page_deliveries ADD COLUMN bundle TEXT NOT NULL DEFAULT '';
CREATE INDEX page_deliveries_bundle ON page_deliveries (bundle) WHERE bundle <> '';
CREATE INDEX page_deliveries_contact ON page_deliveries (person, contact, created_at, id);

-- +goose Down
DROP INDEX page_deliveries_contact;
DROP INDEX page_deliveries_bundle;
ALTER TABLE page_deliveries DROP COLUMN bundle;
DROP TABLE page_bundles;
