package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
)

// yardstick is what this machine needs for the least that an operation can consist of.
type yardstick struct{ post, fsync, postgres, sqlite spread }

const (
	yardstickCount = 500
	yardstickWarm  = 50
	yardstickBytes = 1024
)

// measureYardstick does the four things in turn.
func (b *bench) measureYardstick(floor *postgresFloor, lite *sqliteFloor) (y yardstick) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body) // the client sees what is missing
	}))
	defer server.Close()
	file, err := os.Create(filepath.Join(b.TempDir(), "yardstick"))
	b.must(err)
	defer file.Close()
	body := bytes.Repeat([]byte{'x'}, yardstickBytes)

	measures := []struct {
		into *spread
		do   func(ctx context.Context) error
	}{
		{&y.post, func(ctx context.Context) error {
			request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, bytes.NewReader(body))
			if err != nil {
				return err
			}
			response, err := server.Client().Do(request)
			if err != nil {
				return err
			}
			defer response.Body.Close()
			_, err = io.Copy(io.Discard, response.Body)
			return err
		}},
		{&y.fsync, func(context.Context) error {
			if _, err := file.Write(body); err != nil {
				return err
			}
			return file.Sync()
		}},
		{&y.postgres, func(ctx context.Context) error {
			_, err := floor.conns[0].Exec(ctx, "UPDATE task_owners SET started_at = $1", time.Now().UnixMicro())
			return err
		}},
		{&y.sqlite, func(ctx context.Context) error {
			return lite.db.Do(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
				_, err := tx.ExecContext(ctx, "UPDATE task_owners SET started_at = $1", time.Now().UnixMicro())
				return err
			})
		}},
	}
	insert := "INSERT INTO task_owners (id, started_at) VALUES ('yardstick', 0)"
	_, err = floor.conns[0].Exec(b.ctx, insert)
	b.must(err)
	b.must(lite.db.Do(b.ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, insert)
		return err
	}))
	taken := make([][]time.Duration, len(measures))
	for i := range yardstickWarm + yardstickCount {
		for m, measure := range measures {
			began := time.Now()
			b.must(measure.do(b.ctx))
			if i >= yardstickWarm {
				taken[m] = append(taken[m], time.Since(began))
			}
		}
	}
	for m, measure := range measures {
		*measure.into = spreadOf(taken[m])
	}
	return y
}
