package harness

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/testkit"
)

// Options says how the five processes are set up.
type Options struct {
	// OwnPostgres starts a PostgreSQL server of the suite's own, to be stopped and started.
	OwnPostgres bool
	// Standby has that server followed by another one, for which commits wait; all know both.
	Standby bool
	// RedisURL is that of a Redis to use instead of one of the suite's own.
	RedisURL string
	// Emergency has ticket and notification know the emergency mailbox, which Mailbox starts.
	Emergency bool
	// Balanced puts a balancer before each service, by which everybody calls it; Balance adds replicas. Processes serve on
	// for Drain after SIGTERM.
	Balanced bool
	// Serve is a folder with the programs that serve, of another release than those that migrate; "" = the same.
	Serve string
	// Args are more flags by service.
	Args map[string][]string
	// Environment is more of it for every process, NAME=value each.
	Environment []string
	// Prepare fills the empty schemas of the services, whose processes are not started, before they are migrated.
	Prepare func(services map[string]*Process)
	// Key encrypts identity's signing keys; a new one when empty.
	Key string
}

const (
	mailFrom = "support@desk.example"
	// logLevel shows all that a log could give away.
	logLevel = slog.LevelDebug
)

// builder is the state of one Processes.
type builder struct {
	t       testing.TB
	suite   *Suite
	options Options
	dir     string
	dsns    map[string]string // of each service
	redis   string
	grpc    map[string]string // where each service listens
	called  map[string]string // where it is called
	tls     map[string]rpc.TLSFiles
	ack     string
	front   string
	mailbox string // gRPC address of the emergency mailbox
}

// Processes starts identity, ticket, triage, notification and the gateway as a
// process each, on one PostgreSQL database with a schema and a role for each
// service, and on Redis. Among themselves they prove who they are by client
// certificates. When the test ends they end in order, and their logs are
// searched for secrets.
func Processes(t testing.TB, o Options) *Suite {
	t.Helper()
	b := &builder{
		t: t, options: o, dir: t.TempDir(), dsns: map[string]string{}, grpc: map[string]string{}, called: map[string]string{}, tls: map[string]rpc.TLSFiles{},
		suite: &Suite{secrets: newSecrets(), SMTP: testkit.SMTPSink(t), Processes: map[string]*Process{}, roles: map[string]string{}, environment: o.Environment},
	}
	if b.redis = o.RedisURL; b.redis == "" {
		b.suite.Redis = testkit.RedisServer(t)
		b.redis = b.suite.Redis.URL
	}
	if o.OwnPostgres {
		b.suite.Postgres = testkit.PostgresServer(t)
		b.suite.DSN = b.suite.Postgres.Database()
		if o.Standby {
			b.suite.Standby = b.suite.Postgres.Standby()
			b.suite.Postgres.Synchronous("on")
			b.suite.DSN = b.suite.Postgres.WithStandby(b.suite.DSN, b.suite.Standby)
		}
	} else {
		b.suite.DSN = testkit.Postgres(t)
	}
	b.suite.http = newHTTPClient(t)
	b.addresses()
	for _, service := range Services() {
		b.role(service)
	}
	t.Cleanup(b.stop)
	for _, service := range Services() {
		b.suite.Processes[service] = b.service(service)
	}
	if o.Prepare != nil {
		o.Prepare(b.suite.Processes)
	}
	for _, service := range Services() {
		must(t, b.suite.Processes[service].run("migrate", "--schema="+service))
	}
	b.suite.Processes[Gateway] = b.gateway()
	if o.Serve != "" {
		for _, p := range b.suite.Processes {
			p.Run(o.Serve)
		}
	}
	for _, p := range b.suite.Processes {
		p.Start()
	}
	for name, p := range b.suite.Processes {
		p.Ready()
		b.suite.Balance(name, p, 1)
	}
	b.connect()
	b.suite.bootstrap = b.bootstrap
	return b.suite
}

// balance puts a balancer before each service.
func (b *builder) balance() {
	b.suite.balancers, b.suite.ackBalancer = map[string]*Balancer{}, NewBalancer(b.t)
	for _, name := range append(Services(), Gateway) {
		b.suite.balancers[name] = NewBalancer(b.t)
		b.called[name] = b.suite.balancers[name].Addr
	}
	b.suite.URL, b.suite.AckURL = "http://"+b.called[Gateway], "http://"+b.suite.ackBalancer.Addr
}

// addresses gives every listener an address and every process a certificate.
func (b *builder) addresses() {
	free := FreeAddresses(b.t, 2*len(Services())+5)
	authority := testkit.CA(b.t)
	for _, name := range append(Services(), Gateway, Emergency) {
		b.tls[name] = authority.Issue(name)
	}
	for i, service := range Services() {
		b.grpc[service], b.called[service] = free[i], free[i]
	}
	free = free[len(Services()):]
	b.front, b.ack = free[0], free[1]
	for i, name := range append(Services(), Gateway) {
		b.suite.Processes[name] = &Process{Admin: free[2+i]}
	}
	if b.options.Emergency {
		b.mailbox = free[len(free)-1]
		b.suite.mailbox = b.mailbox
	}
	b.suite.Inbox = free[len(free)-2]
	b.suite.URL, b.suite.AckURL = "http://"+b.front, "http://"+b.ack
	if b.options.Balanced {
		b.balance()
	}
}

// service prepares the process of a service and its role and schema.
func (b *builder) service(name string) *Process {
	b.t.Helper()
	env := map[string]string{"DATABASE": b.dsns[name]}
	args := []string{"--schema=" + name, "--grpc=" + b.grpc[name], "--redis=" + b.redis, "--reflection"}
	switch name {
	case Identity:
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		env["KEY_ENCRYPTION_KEY"] = cmp.Or(b.options.Key, base64.StdEncoding.EncodeToString(key))
		b.suite.secrets.add("the key encryption key", env["KEY_ENCRYPTION_KEY"])
		args = append(args, "--password-memory-kib=64", "--password-iterations=1", "--login-tries=1000")
		args = append(args, b.peers(Ticket, Triage, Notification)...)
	case Ticket:
		args = append(args, "--attachments-url=file://"+b.t.TempDir())
		args = append(args, b.peers(Identity, Triage, Notification)...)
	case Triage:
		args = append(args, b.peers(Identity, Ticket)...)
	case Notification:
		args = append(args, "--ack-listen="+b.ack, "--ack-base-url="+b.suite.AckURL, "--dashboard-url="+b.suite.URL,
			"--smtp-addr="+b.suite.SMTP.Addr, "--smtp-tls=none", "--mail-from="+mailFrom, "--mail-retry=500ms", "--allow-private-webhooks",
			"--bundle-after=1000000", "--flap-hold=1ms") // tests count calls, and wait for them
		args = append(args, b.suite.takeMails(b.t, "--")...)
		args = append(args, b.peers(Identity, Ticket)...)
	}
	if b.mailbox != "" && (name == Ticket || name == Notification) {
		args = append(args, "--emergency="+b.mailbox)
	}
	return b.process(name, env, args)
}

func (b *builder) gateway() *Process {
	args := []string{"--http=" + b.front, "--redis=" + b.redis, "--requests-per-minute=0", "--anonymous-per-minute=0"}
	return b.process(Gateway, nil, append(args, b.peers(Services()...)...))
}

func (b *builder) process(name string, env map[string]string, args []string) *Process {
	b.t.Helper()
	binary, err := Binary(name + "d")
	must(b.t, err)
	environment := slices.Clone(b.options.Environment)
	for key, value := range env {
		environment = append(environment, "ALTIS_"+strings.ToUpper(name)+"_"+key+"="+value)
	}
	files, admin := b.tls[name], b.suite.Processes[name].Admin
	argv := []string{
		binary, "serve", "--admin=" + admin, "--log-level=" + logLevel.String(),
		"--tls-cert=" + files.Cert, "--tls-key=" + files.Key, "--tls-ca=" + files.CA,
	}
	argv = append(append(argv, args...), b.options.Args[name]...)
	if b.options.Balanced {
		argv = append(argv, "--drain="+Drain.String())
	}
	return newProcess(b.t, name, b.dir, admin, b.suite.http, environment, argv...)
}

// peers are the flags that name other services.
func (b *builder) peers(names ...string) []string {
	var args []string
	for _, name := range names {
		args = append(args, "--"+name+"="+b.called[name])
	}
	return args
}

// role makes a login role that owns the schema of a service and may touch no
// other.
func (b *builder) role(service string) {
	b.t.Helper()
	ctx := context.WithoutCancel(b.t.Context())
	conn, err := pgx.Connect(ctx, b.suite.DSN)
	must(b.t, err)
	defer func() { must(b.t, conn.Close(ctx)) }()
	role, password := service+"_"+strings.ToLower(rand.Text()[:10]), rand.Text()
	b.suite.secrets.add("a database password", password)
	for _, statement := range []string{
		"CREATE ROLE " + role + " LOGIN CONNECTION LIMIT 40 PASSWORD '" + password + "'",
		"CREATE SCHEMA " + service + " AUTHORIZATION " + role,
	} {
		_, err := conn.Exec(ctx, statement)
		must(b.t, err)
	}
	b.t.Cleanup(func() { b.drop(role) })
	b.suite.roles[service] = role
	u, err := url.Parse(b.suite.DSN)
	must(b.t, err)
	u.User = url.UserPassword(role, password)
	b.dsns[service] = u.String()
}

// drop removes a role, which belongs to the server and not to the database.
func (b *builder) drop(role string) {
	if b.suite.Postgres != nil {
		return // the server goes as a whole
	}
	ctx := context.WithoutCancel(b.t.Context())
	conn, err := pgx.Connect(ctx, b.suite.DSN)
	must(b.t, err)
	defer func() { must(b.t, conn.Close(ctx)) }()
	_, err = conn.Exec(ctx, "DROP OWNED BY "+role+" CASCADE; DROP ROLE "+role)
	must(b.t, err)
}

// connect opens connections to the services, as tooling and as each of them.
func (b *builder) connect() {
	b.t.Helper()
	s := b.suite
	s.tooling, s.authorities = map[string]grpc.ClientConnInterface{}, map[string]string{}
	for _, service := range Services() {
		s.authorities[service] = b.tls[service].CA
		s.tooling[service] = dial(b.t, rpc.TLSFiles{CA: b.tls[service].CA}, b.called[service])
	}
	peers := map[[2]string]grpc.ClientConnInterface{}
	for caller := range b.tls {
		for _, callee := range Services() {
			peers[[2]string{caller, callee}] = dial(b.t, b.tls[caller], b.called[callee])
		}
	}
	s.peer = func(caller, callee string) grpc.ClientConnInterface { return peers[[2]string{caller, callee}] }
	files := b.tls[Emergency]
	s.ofMailbox = []string{"--notification=" + b.called[Notification], "--ticket=" + b.called[Ticket], "--tls-cert=" + files.Cert, "--tls-key=" + files.Key, "--tls-ca=" + files.CA}
	s.toMailbox = func(t testing.TB, caller string) grpc.ClientConnInterface { return dial(t, b.tls[caller], b.mailbox) }
	s.dial = func(t testing.TB, service, address string) grpc.ClientConnInterface {
		return dial(t, rpc.TLSFiles{CA: b.tls[service].CA}, address)
	}
}

func dial(t testing.TB, files rpc.TLSFiles, address string) grpc.ClientConnInterface {
	t.Helper()
	config, err := clientTLS(files)
	must(t, err)
	conn, err := rpc.Dial(address, rpc.DialOptions{TLS: config})
	must(t, err)
	t.Cleanup(func() { must(t, conn.Close()) })
	return conn
}

// Balance has the balancer before a service pass calls on to a process as well, and returns once it does so to n of them.
// Without balancers it does nothing.
func (s *Suite) Balance(service string, p *Process, n int) {
	balancer := s.balancers[service]
	if balancer == nil {
		return
	}
	if service == Gateway {
		balancer.Add(p.flag("http"), p.Admin)
	} else {
		balancer.Add(p.GRPC(), p.Admin)
	}
	if service == Notification {
		s.ackBalancer.Add(p.flag("ack-listen"), p.Admin)
		s.ackBalancer.Ready(n)
	}
	balancer.Ready(n)
}

// Balancer returns the balancer before a service.
func (s *Suite) Balancer(service string) *Balancer { return s.balancers[service] }

// Authority returns the file of the authority that vouches for the processes of a service.
func (s *Suite) Authority(service string) string { return s.authorities[service] }

// clientTLS presents no certificate at all when the files name none.
func clientTLS(files rpc.TLSFiles) (*tls.Config, error) {
	config, err := files.Client()
	if err == nil && files.Cert == "" {
		config.GetClientCertificate = nil
	}
	return config, err
}

var printedPassword = regexp.MustCompile(`password (\S+)`)

// bootstrap makes the first admin with the command that an operator uses, then
// sets the password that the test wants.
func (b *builder) bootstrap(ctx context.Context, name, email, password string) error {
	p := b.suite.Processes[Identity]
	var out, log bytes.Buffer
	cmd := exec.CommandContext(ctx, p.argv[0], "init", "--schema="+Identity, "--name="+name, "--email="+email)
	cmd.Env = append(cleanEnv(), p.env...)
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("identityd init: %w\n%s", err, log.String())
	}
	printed := printedPassword.FindStringSubmatch(out.String())
	if printed == nil {
		return errors.New("identityd init prints no password")
	}
	b.suite.secrets.add("the first admin's password", printed[1])
	return b.suite.changePassword(ctx, email, printed[1], password)
}

// stop ends the processes, the gateway first, and reads their logs.
func (b *builder) stop() {
	order := append([]string{Gateway}, Services()...)
	var errs []error
	for _, name := range order {
		if p := b.suite.Processes[name]; p.t != nil {
			errs = append(errs, p.stop())
		}
	}
	if err := errors.Join(errs...); err != nil {
		b.t.Error(err)
	}
	for _, name := range slices.Sorted(maps.Keys(b.suite.Processes)) {
		p := b.suite.Processes[name]
		if p.t == nil {
			continue
		}
		b.suite.secrets.check(b.t, name, p.log)
		if b.t.Failed() {
			b.t.Logf("---- end of the log of %s\n%s", name, p.tail())
		}
	}
}
