-- +goose Up
CREATE TABLE tickets (
  number                BIGINT PRIMARY KEY,
  version               BIGINT NOT NULL,
  sequence              BIGINT NOT NULL, -- of the newest ticket event that was seen
  organization          TEXT NOT NULL,
  plan                  TEXT NOT NULL,
  type                  TEXT NOT NULL,
  priority              BIGINT NOT NULL, -- 1 low to 4 urgent, 0 none
  priority_sequence     BIGINT NOT NULL, -- of the event the priority was read from, 0 when triage chose it
  priority_reason       TEXT NOT NULL,
  created_at            BIGINT NOT NULL,
  first_response_at     BIGINT NOT NULL,
  solved_at             BIGINT NOT NULL,
  policy                TEXT NOT NULL,
  first_response_due_at BIGINT NOT NULL,
  resolution_due_at     BIGINT NOT NULL,
  answers               BIGINT NOT NULL
);
-- For tickets whose organization has changed its plan.
CREATE INDEX tickets_open ON tickets (organization, plan, number) WHERE solved_at = 0;

-- +goose Down
DROP TABLE tickets;
