-- A schema and a login role for each service; the database is reached from this network only.
CREATE ROLE identity LOGIN PASSWORD 'identity' CONNECTION LIMIT 30;
CREATE SCHEMA identity AUTHORIZATION identity;
ALTER ROLE identity SET search_path = identity;
CREATE ROLE ticket LOGIN PASSWORD 'ticket' CONNECTION LIMIT 30;
CREATE SCHEMA ticket AUTHORIZATION ticket;
ALTER ROLE ticket SET search_path = ticket;
CREATE ROLE triage LOGIN PASSWORD 'triage' CONNECTION LIMIT 30;
CREATE SCHEMA triage AUTHORIZATION triage;
ALTER ROLE triage SET search_path = triage;
-- Notification has no limit, so that the others leave it what it needs.
CREATE ROLE notification LOGIN PASSWORD 'notification' CONNECTION LIMIT -1;
CREATE SCHEMA notification AUTHORIZATION notification;
ALTER ROLE notification SET search_path = notification;
