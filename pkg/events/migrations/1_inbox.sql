-- +goose Up
-- One row per event that was applied or refused, written with its effect.
CREATE TABLE inbox (
  source      TEXT NOT NULL,
  event       TEXT NOT NULL,
  aggregate   TEXT NOT NULL,
  sequence    BIGINT NOT NULL,
  verdict     TEXT NOT NULL, -- 'applied' or 'refused'
  reason      TEXT NOT NULL, -- why refused: a code and a sentence
  received_at BIGINT NOT NULL,
  PRIMARY KEY (source, event)
);
CREATE INDEX inbox_received_at ON inbox (received_at);

-- +goose Down
DROP TABLE inbox;
