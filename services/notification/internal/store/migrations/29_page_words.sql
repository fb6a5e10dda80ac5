-- +goose Up
-- The ticket whose words a page has, where that is another one than whose page it is: a duplicate's, which was merged. 0 = the same.
ALTER TABLE pages ADD COLUMN words_of BIGINT NOT NULL DEFAULT 0;
CREATE INDEX pages_words_of ON pages (words_of) WHERE words_of <> 0;

-- +goose Down
DROP INDEX pages_words_of;
ALTER TABLE pages DROP COLUMN words_of;
