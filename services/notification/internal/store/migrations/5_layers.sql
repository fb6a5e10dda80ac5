-- +goose Up
-- A schedule has layers instead of one rotation by days. A stored rotation becomes the only layer; the clock on the wall at
-- its start is a matter of its zone, which the reader knows.
ALTER TABLE schedules ADD COLUMN layers TEXT NOT NULL DEFAULT '[]'; -- JSON
UPDATE schedules SET layers = '[{"unit":"day","length":' || CAST(shift_days AS TEXT) || ',"start_at":' || CAST(start_at AS TEXT)
  || ',"people":' || people || '}]';
ALTER TABLE schedules DROP COLUMN start_at;
ALTER TABLE schedules DROP COLUMN shift_days;
ALTER TABLE schedules DROP COLUMN people;

ALTER TABLE overrides ADD COLUMN kind TEXT NOT NULL DEFAULT 'replace_all';
ALTER TABLE overrides ADD COLUMN replaced TEXT NOT NULL DEFAULT ''; -- person
ALTER TABLE overrides ADD COLUMN layers TEXT NOT NULL DEFAULT '[]'; -- JSON, of a temporary schedule

-- +goose Down
DELETE FROM overrides WHERE kind <> 'replace_all';
ALTER TABLE overrides DROP COLUMN layers;
ALTER TABLE overrides DROP COLUMN replaced;
ALTER TABLE overrides DROP COLUMN kind;
ALTER TABLE schedules ADD COLUMN people TEXT NOT NULL DEFAULT '[]';
ALTER TABLE schedules ADD COLUMN shift_days BIGINT NOT NULL DEFAULT 1;
ALTER TABLE schedules ADD COLUMN start_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE schedules DROP COLUMN layers;
