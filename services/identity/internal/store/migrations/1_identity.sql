-- +goose Up

-- The version of the directory: one row, locked by every change until its commit.
CREATE TABLE directory_version (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  version BIGINT NOT NULL
);
INSERT INTO directory_version (id, version) VALUES (1, 0);

-- The newest change of each thing as it is told to other services, removed things included.
CREATE TABLE changes (
  kind TEXT NOT NULL,
  thing TEXT NOT NULL,
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (kind, thing)
);
CREATE UNIQUE INDEX changes_by_version ON changes (version);

CREATE TABLE organizations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  plan TEXT NOT NULL,
  members_see_all BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX organizations_by_name ON organizations (name, id);

CREATE TABLE applications (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL
);
CREATE UNIQUE INDEX applications_by_name ON applications (organization, name_key);

CREATE TABLE environments (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL
);
CREATE UNIQUE INDEX environments_by_application ON environments (application, position);

-- Members have an organization, staff has none.
CREATE TABLE people (
  id TEXT PRIMARY KEY,
  organization TEXT REFERENCES organizations (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  role TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  locale TEXT NOT NULL,
  disabled BIGINT NOT NULL,
  tokens_from BIGINT NOT NULL,
  password_hash TEXT NOT NULL
);
CREATE UNIQUE INDEX people_by_email ON people (email_key);
CREATE INDEX people_by_organization ON people (organization, name, id);

-- What members are limited to. An application cannot go while somebody is: nobody becomes organization-wide by accident.
CREATE TABLE person_applications (
  person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  application TEXT NOT NULL REFERENCES applications (id),
  PRIMARY KEY (person, application)
);
CREATE INDEX person_applications_by_application ON person_applications (application, person);

CREATE TABLE login_sessions (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  secret_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX login_sessions_by_secret ON login_sessions (secret_hash);
CREATE INDEX login_sessions_by_person ON login_sessions (person, created_at, id);

CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  secret_hash TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL, -- what it is limited to, joined by commas; '' = all that its owner may do
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX api_tokens_by_secret ON api_tokens (secret_hash);
CREATE INDEX api_tokens_by_person ON api_tokens (person, created_at, id);

CREATE TABLE signing_keys (
  id TEXT PRIMARY KEY,
  public_key TEXT NOT NULL,
  private_key TEXT NOT NULL,
  not_before BIGINT NOT NULL,
  not_after BIGINT NOT NULL
);

CREATE TABLE revocations (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  credential TEXT NOT NULL,
  issued_before BIGINT NOT NULL
);
CREATE INDEX revocations_by_time ON revocations (issued_before);
