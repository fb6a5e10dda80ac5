package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"altis-dxp.com/support/pkg/sqldb"
)

// A copy of ticket's database does not know what the original did since. Two things of it must not happen again: a number that
// a customer knows, and that mails and pages go by, would be another ticket; and a browser that has read the original's feed
// further than the copy's would wait for what has long passed. The same statements stand in the documentation, for copies that
// are not made by this program.

const (
	ticketService = "ticket"
	// numbersInBlock is how many numbers a replica of ticket takes at once.
	numbersInBlock = 32
)

func (c Config) blocks() int { return (c.SkipNumbers + numbersInBlock - 1) / numbersInBlock }

// renew has a schema begin a feed of its own, and numbers go on further up. Ids of transactions are those of another server:
// what is older than this one's comes first.
func (c Config) renew(ctx context.Context, p postgres) error {
	for _, statement := range []string{
		"UPDATE ticket_events SET xid = 0",
		"UPDATE ticket_feed SET epoch = gen_random_uuid()::text",
		fmt.Sprintf("SELECT setval('ticket_number_blocks', nextval('ticket_number_blocks') + %d)", c.blocks()),
	} {
		if _, err := p.conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("database of %s: %w", p.service, err)
		}
	}
	return nil
}

// renewFile is renew for the one process.
func (c Config) renewFile(ctx context.Context) (err error) {
	file := filepath.Join(c.Data, ticketService+".db")
	if c.Data == "" {
		return nil
	}
	if _, err := os.Stat(file); err != nil {
		return nil // it was copied before its first start
	}
	db, err := sqldb.Open(ctx, sqldb.Config{DSN: "sqlite:" + file})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE ticket_feed SET epoch = $1", uuid.NewString())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE ticket_number_blocks SET value = value + $1", c.blocks())
		return err
	})
}
