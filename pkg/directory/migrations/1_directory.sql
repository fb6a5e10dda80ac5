-- +goose Up
-- What identity tells, one row per thing. Removed things keep their row, with removed = 1 and nothing but id and version,
-- so that an older state that arrives later does not bring them back.
CREATE TABLE directory_organizations (
  id       TEXT PRIMARY KEY,
  version  BIGINT NOT NULL,
  removed  BIGINT NOT NULL,
  name     TEXT NOT NULL,
  plan     TEXT NOT NULL,
  sees_all BIGINT NOT NULL
);

CREATE TABLE directory_applications (
  id           TEXT PRIMARY KEY,
  version      BIGINT NOT NULL,
  removed      BIGINT NOT NULL,
  organization TEXT NOT NULL,
  name         TEXT NOT NULL
);
CREATE INDEX directory_applications_organization ON directory_applications (organization);

CREATE TABLE directory_environments (
  id           TEXT PRIMARY KEY,
  version      BIGINT NOT NULL,
  removed      BIGINT NOT NULL,
  application  TEXT NOT NULL,
  organization TEXT NOT NULL,
  name         TEXT NOT NULL,
  kind         TEXT NOT NULL
);
CREATE INDEX directory_environments_application ON directory_environments (application);
CREATE INDEX directory_environments_organization ON directory_environments (organization);

CREATE TABLE directory_people (
  id                TEXT PRIMARY KEY,
  version           BIGINT NOT NULL,
  removed           BIGINT NOT NULL,
  organization      TEXT NOT NULL,
  name              TEXT NOT NULL,
  email             TEXT NOT NULL,
  email_lower       TEXT NOT NULL,
  staff             BIGINT NOT NULL,
  role              TEXT NOT NULL,
  organization_wide BIGINT NOT NULL,
  applications      TEXT NOT NULL, -- JSON list of ids
  zone              TEXT NOT NULL,
  locale            TEXT NOT NULL,
  disabled          BIGINT NOT NULL
);
CREATE INDEX directory_people_email ON directory_people (email_lower);
CREATE INDEX directory_people_staff ON directory_people (name, id) WHERE staff = 1;

CREATE TABLE directory_keys (
  id         TEXT PRIMARY KEY,
  version    BIGINT NOT NULL,
  removed    BIGINT NOT NULL,
  public_key TEXT NOT NULL, -- base64
  not_before BIGINT NOT NULL,
  not_after  BIGINT NOT NULL
);

CREATE TABLE directory_revocations (
  id            TEXT PRIMARY KEY,
  version       BIGINT NOT NULL,
  removed       BIGINT NOT NULL,
  person        TEXT NOT NULL,
  login_session TEXT NOT NULL,
  issued_before BIGINT NOT NULL
);
CREATE INDEX directory_revocations_issued_before ON directory_revocations (issued_before);

-- How far the changes of identity have been read, and by which generation of the reader: a newer one reads them all again.
CREATE TABLE directory_cursor (
  id         BIGINT PRIMARY KEY CHECK (id = 1),
  version    BIGINT NOT NULL,
  generation BIGINT NOT NULL
);

-- +goose Down
DROP TABLE directory_cursor;
DROP TABLE directory_revocations;
DROP TABLE directory_keys;
DROP TABLE directory_people;
DROP TABLE directory_environments;
DROP TABLE directory_applications;
DROP TABLE directory_organizations;
