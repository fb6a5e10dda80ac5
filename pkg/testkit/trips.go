package testkit

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// RoundTrips counts how often clients have waited for PostgreSQL.
type RoundTrips struct {
	DSN   string // of the database, by way of the count
	count atomic.Int64
}

// Count returns how many round trips there were so far.
func (r *RoundTrips) Count() int { return int(r.count.Load()) }

// CountRoundTrips stands between a database and those who connect by the DSN that it returns, until the test ends.
func CountRoundTrips(t testing.TB, dsn string) *RoundTrips {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	must(t, err)
	network, address := pgconn.NetworkAddress(config.Host, config.Port)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	through := url.URL{
		Scheme: "postgres", User: url.UserPassword(config.User, config.Password), Host: listener.Addr().String(),
		Path: "/" + config.Database, RawQuery: "sslmode=disable",
	}
	r := &RoundTrips{DSN: through.String()}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial(network, address)
			if err != nil {
				_ = client.Close()
				continue
			}
			context.AfterFunc(ctx, func() { _, _ = client.Close(), server.Close() })
			conns.Go(func() { _, _ = io.Copy(client, server); _ = client.Close() })
			conns.Go(func() { r.pass(server, client); _ = server.Close() })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		stop()
		conns.Wait()
	})
	return r
}

// pass passes on what a client sends: a message without a type, and then messages of a type, a length and a body. The
// client waits after each Sync and each simple Query.
func (r *RoundTrips) pass(server io.Writer, client io.Reader) {
	in := bufio.NewReader(client)
	for kind := byte(0); ; {
		head := make([]byte, 4)
		if _, err := io.ReadFull(in, head); err != nil {
			return
		}
		message := append(head, make([]byte, binary.BigEndian.Uint32(head)-4)...)
		if _, err := io.ReadFull(in, message[4:]); err != nil {
			return
		}
		if kind == 'S' || kind == 'Q' {
			r.count.Add(1)
		}
		if kind != 0 {
			message = append([]byte{kind}, message...)
		}
		if _, err := server.Write(message); err != nil {
			return
		}
		var err error
		if kind, err = in.ReadByte(); err != nil {
			return
		}
	}
}
