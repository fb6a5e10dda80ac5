package sqldb

import "context"

const deleteChunk = 1000

// DeleteInChunks runs a DELETE until it finds nothing more, in soft transactions so small that nobody waits for them. Its
// parameters are args and, after them, the most rows that it may delete at once.
func (db *DB) DeleteInChunks(ctx context.Context, statement string, args ...any) error {
	args = append(args[:len(args):len(args)], deleteChunk)
	for deleted := int64(deleteChunk); deleted == deleteChunk; {
		err := db.Do(ctx, Op{Soft: true}, func(ctx context.Context, tx Tx) error {
			result, err := tx.ExecContext(ctx, statement, args...)
			if err != nil {
				return err
			}
			deleted, err = result.RowsAffected()
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
