-- +goose Up
-- Numbers are taken in blocks, so that creating tickets need not ask for each.
CREATE SEQUENCE ticket_number_blocks;

-- +goose Down
DROP SEQUENCE ticket_number_blocks;
