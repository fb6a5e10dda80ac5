-- +goose Up
-- The clock of all SQL, in microseconds. STABLE, so that it may stand in an index condition; a volatile one could not.
-- The statement's instant rather than the transaction's: a lease taken late in a long transaction is a whole lease.
CREATE FUNCTION altis_now() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
AS 'SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint';

-- +goose Down
DROP FUNCTION altis_now();
