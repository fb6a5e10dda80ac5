package standalone

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/config"
	"altis-dxp.com/support/pkg/telemetry"
	"altis-dxp.com/support/pkg/testkit"
)

// anyPort is the default configuration with listeners on free ports and quick passwords.
func anyPort(t *testing.T) *Config {
	t.Helper()
	var cfg Config
	require.NoError(t, config.Parse("altis", "", &cfg, []string{
		"--data", filepath.Join(t.TempDir(), "data"),
		"--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--ack", "127.0.0.1:0", "--admin", "127.0.0.1:0",
		"--emergency-smtp", "127.0.0.1:0", "--emergency-ack-listen", "127.0.0.1:0",
		"--identity-password-memory-kib", "8", "--identity-password-iterations", "1",
	}))
	return &cfg
}

func setup(t *testing.T) *telemetry.Telemetry {
	t.Helper()
	tel, err := telemetry.Setup(t.Context(), "altis", "test", telemetry.WithOutput(io.Discard))
	require.NoError(t, err)
	return tel
}

// serve runs a suite until the test ends.
func serve(t *testing.T, cfg *Config) *Suite {
	t.Helper()
	return serveAt(t, cfg, time.Now)
}

// serveAt is serve with a present of its own.
func serveAt(t *testing.T, cfg *Config, present func() time.Time) *Suite {
	t.Helper()
	suite, err := newAt(t.Context(), cfg, setup(t), present)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	started, done := make(chan struct{}), make(chan error, 1)
	go func() { done <- suite.Run(ctx, func() { close(started) }) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-done)
	})
	select {
	case <-started:
	case err := <-done:
		done <- err
		require.NoError(t, err)
	}
	return suite
}

func status(t *testing.T, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res.StatusCode
}

func TestWithoutDemoNothingIsInvented(t *testing.T) {
	cfg := anyPort(t)
	suite := serve(t, cfg)
	require.Equal(t, http.StatusNotFound, status(t, "http://"+suite.HTTPAddr()+"/dev/outbox"))
	require.Equal(t, http.StatusOK, status(t, "http://"+suite.HTTPAddr()+"/openapi.json"))
	require.NoFileExists(t, cfg.demoFile())
	_, err := suite.Bootstrap(t.Context(), "First Admin", "first@altis.example", "a long enough password")
	require.NoError(t, err, "there is no staff before the first admin")
}

func TestFaultsNameTheFlag(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()
	running := anyPort(t)
	serve(t, running)

	tests := []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"HTTP port", func(c *Config) { c.HTTP = taken.Addr().String() }, "choose another with --http"},
		{"gRPC port", func(c *Config) { c.GRPC = taken.Addr().String() }, "choose another with --grpc"},
		{"acknowledgement port", func(c *Config) { c.Ack = taken.Addr().String() }, "choose another with --ack"},
		{"administration port", func(c *Config) { c.Admin = taken.Addr().String() }, "choose another with --admin"},
		{"data directory", func(c *Config) { c.Data = running.Data }, "choose another directory with --data"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := anyPort(t)
			tt.change(cfg)
			_, err := New(t.Context(), cfg, setup(t))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestDemoIsForThisMachineOnly(t *testing.T) {
	cfg := anyPort(t)
	cfg.Demo, cfg.HTTP = true, "0.0.0.0:8080"
	require.ErrorContains(t, cfg.Validate(), "--http: 0.0.0.0:8080 is no loopback address")

	handler := localOnly(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for host, want := range map[string]int{
		"localhost:8080": http.StatusNoContent, "127.0.0.1:8080": http.StatusNoContent, "[::1]:8080": http.StatusNoContent,
		"localhost": http.StatusNoContent, "rebound.example:8080": http.StatusMisdirectedRequest, "10.0.0.1": http.StatusMisdirectedRequest,
	} {
		r := httptest.NewRequest(http.MethodGet, "/v1/me", nil)
		r.Host = host
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		require.Equal(t, want, w.Code, host)
	}
}

func TestDemoLeavesOtherDataAlone(t *testing.T) {
	t.Run("a suite that is no demo", func(t *testing.T) {
		cfg := anyPort(t)
		cfg.Demo = true
		require.NoError(t, os.MkdirAll(cfg.Data, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(cfg.Data, "ticket.db"), []byte("real"), 0o600))
		require.ErrorContains(t, cfg.prepareDemo(t.Context()), "start without --demo")
		require.FileExists(t, filepath.Join(cfg.Data, "ticket.db"))
	})
	t.Run("a demo that is started in earnest", func(t *testing.T) {
		cfg := anyPort(t)
		require.NoError(t, os.MkdirAll(cfg.Data, 0o700))
		require.NoError(t, os.WriteFile(cfg.demoFile(), nil, 0o600))
		require.ErrorContains(t, cfg.prepareDemo(t.Context()), "holds a demo")
	})
	t.Run("a desk that was not filled to its end is made anew", func(t *testing.T) {
		cfg := anyPort(t)
		cfg.Demo = true
		require.NoError(t, cfg.prepareDemo(t.Context()))
		require.NoError(t, os.WriteFile(filepath.Join(cfg.Data, "ticket.db"), nil, 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(cfg.Data, "letter.txt"), nil, 0o600))
		require.NoError(t, cfg.prepareDemo(t.Context()))
		require.NoFileExists(t, filepath.Join(cfg.Data, "ticket.db"))
		require.FileExists(t, filepath.Join(cfg.Data, "letter.txt"))
		require.True(t, cfg.filling())
	})
}

func TestDataIsKept(t *testing.T) {
	cfg := anyPort(t)
	t.Run("first start", func(t *testing.T) {
		_, err := serve(t, cfg).Bootstrap(t.Context(), "First Admin", "first@altis.example", "a long enough password")
		require.NoError(t, err)
	})
	t.Run("second start", func(t *testing.T) {
		_, err := serve(t, cfg).Bootstrap(t.Context(), "Second Admin", "second@altis.example", "a long enough password")
		require.ErrorContains(t, err, "staff", "the first admin is still there")
	})
}

func TestParkedTasksAreOnTheAdministrationPort(t *testing.T) {
	suite := serve(t, anyPort(t))
	require.Equal(t, http.StatusOK, status(t, "http://"+suite.admin.Addr().String()+"/tasks/parked"))
	require.Equal(t, http.StatusNotFound, status(t, "http://"+suite.HTTPAddr()+"/tasks/parked"), "and nowhere else")
}

func TestServicesCallEachOtherByName(t *testing.T) {
	suite := serve(t, anyPort(t))
	_, err := suite.Bootstrap(t.Context(), "First Admin", "first@altis.example", "a long enough password")
	require.NoError(t, err)
	ctx := t.Context()
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		for _, service := range suite.services {
			idle, err := service.Queue().Idle(ctx)
			require.NoError(t, err)
			require.True(t, idle)
		}
	}, "identity's events reach the others")
}
