-- +goose Up
-- Numbers are taken in blocks, so that creating tickets need not ask for each.
CREATE TABLE ticket_number_blocks (value BIGINT NOT NULL);
INSERT INTO ticket_number_blocks (value) VALUES (0);

-- +goose Down
DROP TABLE ticket_number_blocks;
