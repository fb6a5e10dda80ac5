-- +goose Up
-- Which ticket a mail of the emergency mailbox became, or became a message of. Rows
-- stay when the ticket is purged: the mailbox may ask again however late.
CREATE TABLE mail_tickets (
  mail   TEXT PRIMARY KEY, -- id in the mailbox
  number BIGINT NOT NULL
);

-- +goose Down
DROP TABLE mail_tickets;
