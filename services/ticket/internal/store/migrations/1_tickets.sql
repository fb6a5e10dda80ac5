-- +goose Up
CREATE TABLE tickets (
  number             BIGINT PRIMARY KEY,
  organization       TEXT NOT NULL,
  organization_name  TEXT NOT NULL, -- names and addresses are those at the newest change
  requester          TEXT NOT NULL,
  requester_name     TEXT NOT NULL,
  requester_email    TEXT NOT NULL,
  type               BIGINT NOT NULL,
  priority           BIGINT NOT NULL,
  priority_reason    TEXT NOT NULL,
  priority_set       BIGINT NOT NULL,
  status             BIGINT NOT NULL,
  subject            TEXT NOT NULL,
  excerpt            TEXT NOT NULL,
  scope_all          BIGINT NOT NULL,
  scope              TEXT NOT NULL, -- JSON list of targets
  applications       TEXT NOT NULL, -- JSON list of the targets' distinct applications
  scope_unverified   BIGINT NOT NULL,
  ccs                TEXT NOT NULL, -- JSON list of people; ticket_ccs finds tickets by them
  assignee           TEXT NOT NULL,
  assignee_name      TEXT NOT NULL,
  assignee_email     TEXT NOT NULL,
  team               TEXT NOT NULL,
  tags               TEXT NOT NULL, -- JSON list
  details            TEXT NOT NULL, -- JSON
  first_response_due BIGINT NOT NULL,
  resolution_due     BIGINT NOT NULL,
  first_response     BIGINT NOT NULL,
  sla_policy         TEXT NOT NULL,
  triage_sequence    BIGINT NOT NULL,
  page_state         BIGINT NOT NULL,
  page               TEXT NOT NULL,
  page_occurrence    BIGINT NOT NULL,
  page_sequence      BIGINT NOT NULL,
  page_by            TEXT NOT NULL, -- JSON person
  page_time          BIGINT NOT NULL,
  follow_up_of       BIGINT NOT NULL,
  create_time        BIGINT NOT NULL,
  update_time        BIGINT NOT NULL,
  solve_time         BIGINT NOT NULL,
  close_time         BIGINT NOT NULL,
  sequence           BIGINT NOT NULL,
  public_sequence    BIGINT NOT NULL, -- newest public message and its author
  public_author      TEXT NOT NULL,
  newest_sequence    BIGINT NOT NULL, -- newest message, notes included
  newest_author      TEXT NOT NULL
);

-- One index per list: of an organization, of a requester, of staff, and of staff's open work.
CREATE INDEX tickets_organization_updated ON tickets (organization, update_time, number);
CREATE INDEX tickets_organization_created ON tickets (organization, create_time, number);
CREATE INDEX tickets_requester_updated ON tickets (requester, update_time, number);
CREATE INDEX tickets_updated ON tickets (update_time, number);
CREATE INDEX tickets_created ON tickets (create_time, number);
CREATE INDEX tickets_active_updated ON tickets (update_time, number) WHERE status <= 4;

CREATE TABLE ticket_ccs (
  number BIGINT NOT NULL REFERENCES tickets (number),
  email  TEXT NOT NULL, -- in lower case
  person TEXT NOT NULL, -- '' without an account
  PRIMARY KEY (number, email)
);
CREATE INDEX ticket_ccs_email ON ticket_ccs (email, number);
CREATE INDEX ticket_ccs_person ON ticket_ccs (person, number) WHERE person <> '';

-- How far a person has read a ticket.
CREATE TABLE ticket_reads (
  person   TEXT NOT NULL,
  number   BIGINT NOT NULL REFERENCES tickets (number),
  sequence BIGINT NOT NULL,
  PRIMARY KEY (person, number)
);

-- What a request id made, so that a repetition makes nothing. Rows count for 24 hours.
CREATE TABLE requests (
  principal   TEXT NOT NULL,
  method      TEXT NOT NULL,
  id          TEXT NOT NULL,
  hash        TEXT NOT NULL,
  number      BIGINT NOT NULL,
  sequence    BIGINT NOT NULL,
  create_time BIGINT NOT NULL, -- of the database's clock
  PRIMARY KEY (principal, method, id)
);
CREATE INDEX requests_created ON requests (create_time);

-- +goose Down
DROP TABLE requests;
DROP TABLE ticket_reads;
DROP TABLE ticket_ccs;
DROP TABLE tickets;
