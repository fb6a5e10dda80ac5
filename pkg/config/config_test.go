package config

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	errWorkers = errors.New("--workers must be positive")
	errGrace   = errors.New("--grace must be shorter than 1m")
)

type server struct {
	HTTPAddr string        `help:"Address of the REST API." default:"127.0.0.1:8080"`
	Workers  int           `help:"Number of workers." default:"4"`
	Grace    time.Duration `help:"Time to end requests." default:"10s"`
	LogLevel slog.Level    `help:"Lowest level logged." default:"info"`
}

func (s server) Validate() error {
	var errs []error
	if s.Workers <= 0 {
		errs = append(errs, errWorkers)
	}
	if s.Grace >= time.Minute {
		errs = append(errs, errGrace)
	}
	return errors.Join(errs...)
}

type all struct {
	Ticket server `embed:"" prefix:"ticket-"`
	Triage server `embed:"" prefix:"triage-"`
}

func (a all) Validate() error {
	return errors.Join(a.Ticket.Validate(), a.Triage.Validate())
}

func noExit(t *testing.T) func(int) {
	return func(code int) { t.Fatalf("exit %d", code) }
}

func TestParsePrefersFlagThenEnvironmentThenDefault(t *testing.T) {
	t.Setenv("ALTIS_TICKET_HTTP_ADDR", "127.0.0.1:1")
	t.Setenv("ALTIS_TICKET_WORKERS", "7")
	t.Setenv("ALTIS_TICKET_LOG_LEVEL", "debug")
	var cfg server
	require.NoError(t, parse("ticketd", "Tickets.", &cfg, []string{"--http-addr=127.0.0.1:2"}, t.Output(), noExit(t)))
	require.Equal(t, server{HTTPAddr: "127.0.0.1:2", Workers: 7, Grace: 10 * time.Second, LogLevel: slog.LevelDebug}, cfg)
}

func TestParseReadsTheSameEnvironmentForAllServicesInOne(t *testing.T) {
	t.Setenv("ALTIS_TICKET_WORKERS", "7")
	var cfg all
	require.NoError(t, parse("altis", "All.", &cfg, nil, t.Output(), noExit(t)))
	require.Equal(t, 7, cfg.Ticket.Workers)
	require.Equal(t, 4, cfg.Triage.Workers)
}

func TestParseListsEveryFault(t *testing.T) {
	tests := []struct {
		name string
		cfg  any
		args []string
		want string
	}{
		{
			name: "one",
			cfg:  &server{},
			args: []string{"--workers=0"},
			want: "ticketd: --workers must be positive (see ticketd --help)",
		},
		{
			name: "two",
			cfg:  &server{},
			args: []string{"--workers=0", "--grace=2m"},
			want: "ticketd: the configuration has 2 faults (see ticketd --help)\n  --workers must be positive\n  --grace must be shorter than 1m",
		},
		{
			name: "in embedded configurations",
			cfg:  &all{},
			args: []string{"--ticket-workers=0", "--triage-grace=2m"},
			want: "ticketd: the configuration has 2 faults (see ticketd --help)\n  --workers must be positive\n  --grace must be shorter than 1m",
		},
		{
			name: "an unknown flag",
			cfg:  &server{},
			args: []string{"--worker=1"},
			want: `ticketd: unknown flag --worker, did you mean "--workers"? (see ticketd --help)`,
		},
		{
			name: "a value of another type",
			cfg:  &server{},
			args: []string{"--grace=soon"},
			want: `ticketd: --grace: expected duration but got "soon": time: invalid duration "soon" (see ticketd --help)`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := parse("ticketd", "Tickets.", tt.cfg, tt.args, t.Output(), noExit(t))
			require.EqualError(t, err, tt.want)
		})
	}
}

func TestParseKeepsTheCause(t *testing.T) {
	err := parse("ticketd", "Tickets.", &server{}, []string{"--workers=0", "--grace=2m"}, t.Output(), noExit(t))
	require.ErrorIs(t, err, errWorkers)
	require.ErrorIs(t, err, errGrace)
}

func TestParsePrintsHelp(t *testing.T) {
	var out bytes.Buffer
	type ended struct{ code int }
	defer func() {
		require.Equal(t, ended{0}, recover())
		for _, text := range []string{"Usage: ticketd", "Keeps the tickets.", "--http-addr", "127.0.0.1:8080", "$ALTIS_TICKET_HTTP_ADDR"} {
			require.Contains(t, out.String(), text)
		}
	}()
	_ = parse("ticketd", "Keeps the tickets.", &server{}, []string{"--help"}, &out, func(code int) { panic(ended{code}) })
	require.Fail(t, fmt.Sprintf("--help did not end the process: %s", &out))
}

func TestEnvPrefix(t *testing.T) {
	for app, want := range map[string]string{
		"ticketd": "ALTIS_TICKET", "gatewayd": "ALTIS_GATEWAY", "supportctl": "ALTIS_SUPPORTCTL", "altis": "ALTIS",
	} {
		require.Equal(t, want, envPrefix(app))
	}
}
