package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
)

// system is the suite on one of the engines.
type system struct {
	name   string // as the tables call it
	suite  *harness.Suite
	world  *harness.World
	pages  *arrivals
	crowd  *crowd
	rest   *restClient
	grpc   *grpcClient
	tables taskTables

	postmaster int // process of PostgreSQL, 0 without
	redis      int // process of Redis, 0 without
}

const (
	onPostgres = "five processes, PostgreSQL"
	onSQLite   = "one process, SQLite"
)

// unlimited is so high a rate limit that it refuses nobody, and yet counts requests as in production.
const unlimited = "--requests-per-minute=10000000"

// noReceipts has a ticket mail nobody unless it has CCs, so that creations can be measured with and without mail.
const noReceipts = "--no-receipts"

// postgresSystem starts the five daemons; args are more flags by service.
func (b *bench) postgresSystem(args map[string][]string) *system {
	all := map[string][]string{harness.Gateway: {unlimited}, harness.Notification: {noReceipts}}
	for _, service := range append(harness.Services(), harness.Gateway) {
		all[service] = append(append(all[service], "--log-level=info"), args[service]...)
	}
	s := b.system(onPostgres, harness.Processes(b.runner, harness.Options{Args: all}))
	tables := &postgresTables{}
	b.Cleanup(tables.close)
	for _, service := range harness.Services() {
		b.must(tables.open(b.ctx, service, s.suite.Processes[service].Database()))
	}
	s.tables = tables
	var err error
	s.postmaster, err = tables.postmaster(b.ctx)
	b.must(err)
	s.redis, err = redisProcess(b.ctx, s.suite.Redis.URL)
	b.must(err)
	return s
}

// sqliteSystem starts the one process.
func (b *bench) sqliteSystem() *system {
	s := b.system(onSQLite, harness.Standalone(b.runner, "--gateway-"+unlimited[2:], "--notification-"+noReceipts[2:]))
	s.tables = sqliteTables{dir: s.processes()[0].Data()}
	return s
}

// system fills a suite with people. Pages have one step, which reaches one engineer, and no second within the time of the run.
func (b *bench) system(name string, suite *harness.Suite) *system {
	s := &system{name: name, suite: suite, world: harness.NewWorld(b.runner, suite)}
	b.employ(s)
	s.pages = newArrivals()
	s.pages.watch(s.world.Pager, "")
	s.crowd = b.gather(s)
	var err error
	s.rest, err = newRESTClient(s.world)
	b.must(err)
	s.grpc = newGRPCClient(s.world)
	return s
}

// creator returns how preload creates tickets in the system.
func (s *system) creator() func(ctx context.Context, client int, d draft) (int64, error) {
	return func(ctx context.Context, _ int, d draft) (int64, error) { return s.grpc.create(ctx, d) }
}

// pageOnly makes pages go to these people, by one step and at once.
func (s *system) pageOnly(ctx context.Context, people ...string) error {
	targets := make([]string, len(people))
	for i, id := range people {
		targets[i] = "person:" + id
	}
	return s.world.EscalateBy(ctx, harness.Step(24*time.Hour, targets...))
}

// processes are those of the suite, in the order of their names.
func (s *system) processes() (list []*harness.Process) {
	for _, name := range slices.Sorted(maps.Keys(s.suite.Processes)) {
		list = append(list, s.suite.Processes[name])
	}
	return list
}

func redisProcess(ctx context.Context, url string) (pid int, err error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return 0, err
	}
	client := redis.NewClient(options)
	defer client.Close()
	info := client.InfoMap(ctx, "server")
	if err := info.Err(); err != nil {
		return 0, err
	}
	_, err = fmt.Sscan(info.Item("Server", "process_id"), &pid)
	return pid, err
}

// usage is CPU time: of the suite's processes, of the database and Redis, and of the clients.
type usage struct{ suite, database, client time.Duration }

// server is what answering costs, apart from asking.
func (u usage) server() time.Duration { return u.suite + u.database }

func (u usage) all() time.Duration { return u.suite + u.database + u.client }

func (u usage) plus(v usage) usage {
	return usage{u.suite + v.suite, u.database + v.database, u.client + v.client}
}

func (u usage) minus(v usage) usage {
	return usage{u.suite - v.suite, u.database - v.database, u.client - v.client}
}

// used returns what was used since the processes began.
func (s *system) used() (u usage, err error) {
	var pids []int
	for _, p := range s.processes() {
		pids = append(pids, p.PID())
	}
	if u.suite, err = cpuOf(pids); err != nil {
		return u, err
	}
	if s.postmaster != 0 {
		if u.database, err = cpuOfFamily(s.postmaster); err != nil {
			return u, err
		}
		redis, err := cpuOf([]int{s.redis})
		if err != nil {
			return u, err
		}
		u.database += redis
	}
	u.client, err = ownCPU()
	return u, err
}

// settleLimit bounds the wait for tasks to end: a backlog of minutes is a result of its own.
const settleLimit = 2 * time.Minute

// delivered waits until ticket has no task: what was created and answered has reached notification and triage.
func (s *system) delivered(ctx context.Context) error { return s.idle(ctx, harness.Ticket) }

// settled waits until no service has a task that is due.
func (s *system) settled(ctx context.Context) error { return s.idle(ctx, harness.Services()...) }

func (s *system) idle(ctx context.Context, services ...string) error {
	limit := time.Now().Add(settleLimit)
	// Twice: what one service ends may have begun work in another that was asked before.
	for quiet := 0; quiet < min(2, len(services)); {
		busy, err := s.tables.busy(ctx, services)
		if err != nil {
			return err
		}
		if busy == "" {
			quiet++
			continue
		}
		if time.Now().After(limit) {
			return fmt.Errorf("%s: tasks are left after %s, such as %s", s.name, settleLimit, busy)
		}
		quiet = 0
		pause(ctx, 20*time.Millisecond) // more often, the question would cost as much as what it waits for
	}
	return nil
}
