-- +goose Up
-- Which message a mail has made. Rows stay for good: however late a mail is told again, it makes no other. They hold nothing
-- of the mail.
CREATE TABLE mail_replies (
  mail     TEXT PRIMARY KEY,
  number   BIGINT NOT NULL,
  sequence BIGINT NOT NULL -- of the message
);

-- +goose Down
DROP TABLE mail_replies;
