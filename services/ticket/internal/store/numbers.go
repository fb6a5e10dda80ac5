package store

import (
	"context"
	"sync"

	"altis-dxp.com/support/pkg/sqldb"
)

// numberBlock is how many numbers a process takes at once. A restart leaves a gap.
const numberBlock = 32

// numbers are those that this process has taken and not used.
type numbers struct {
	mu        sync.Mutex
	next, end int64
}

// NextNumber implements domain.Store.
func (s *Store) NextNumber(ctx context.Context) (int64, error) {
	s.numbers.mu.Lock()
	defer s.numbers.mu.Unlock()
	if s.numbers.next == s.numbers.end {
		var block int64 // 1 is the first
		// Urgent incidents wait for the block too. A power cut can only undo a block of
		// which no ticket was committed: durable commits keep all that was written before.
		err := s.DB.Do(ctx, sqldb.Op{Page: true, Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
			return tx.QueryRowContext(ctx, s.nextBlock()).Scan(&block)
		})
		if err != nil {
			return 0, err
		}
		s.numbers.next, s.numbers.end = (block-1)*numberBlock+1, block*numberBlock+1
	}
	n := s.numbers.next
	s.numbers.next++
	return n, nil
}
