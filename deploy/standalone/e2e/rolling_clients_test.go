package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/fault"
)

// The policy of docs/api.md for clients over REST.
const (
	tries       = 5
	firstPause  = 100 * time.Millisecond
	pauseGrowth = 3
	lastPause   = time.Second
)

// patient makes calls over REST as docs/api.md says: again when the suite is unavailable, if twice is as good as once.
type patient struct {
	grpc.ClientConnInterface
}

// Invoke implements grpc.ClientConnInterface.
func (p patient) Invoke(ctx context.Context, method string, req, reply any, opts ...grpc.CallOption) error {
	pause := firstPause
	for try := 1; ; try++ {
		err := p.ClientConnInterface.Invoke(ctx, method, req, reply, opts...)
		if err == nil || fault.KindOf(err) != fault.Unavailable || try == tries || !repeatable(method, req.(proto.Message)) {
			return err
		}
		wait := time.Duration((0.8 + 0.4*rand.Float64()) * float64(pause))
		if f, ok := errors.AsType[*fault.Error](err); ok {
			wait = max(wait, f.RetryAfter)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
		pause = min(pauseGrowth*pause, lastPause)
	}
}

func repeatable(method string, req proto.Message) bool {
	if route, err := harness.RouteOf(method); err == nil && route.Verb == "GET" {
		return true
	}
	id := req.ProtoReflect().Descriptor().Fields().ByName("request_id")
	return strings.HasSuffix(method, "/AcknowledgePage") || id != nil && req.ProtoReflect().Has(id)
}

var configOfDocs = regexp.MustCompile("(?s)<!-- service config: [^>]*-->\n```json\n(.*?)```")

// plainClients calls all services over gRPC as any client would that was told of docs/api.md only: by the library, with the
// service config that stands there, and a token of its own.
func plainClients(t *testing.T, w *harness.World, p *harness.Person) grpc.ClientConnInterface {
	t.Helper()
	root, err := harness.Root()
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "docs", "api.md"))
	require.NoError(t, err)
	config := configOfDocs.FindSubmatch(text)
	require.NotNil(t, config, "docs/api.md has the service config")
	var documented struct {
		MethodConfig []struct {
			Name []struct{ Service, Method string }
		}
	}
	require.NoError(t, json.Unmarshal(config[1], &documented))
	require.Len(t, documented.MethodConfig, 1)
	for _, n := range documented.MethodConfig[0].Name { // gRPC does not say when there is no such method
		_, err := harness.MethodOf("/" + n.Service + "/" + n.Method)
		require.NoError(t, err)
	}
	conns := plainRouter{}
	for _, service := range harness.Services() {
		tls, err := credentials.NewClientTLSFromFile(w.Authority(service), "")
		require.NoError(t, err)
		conn, err := grpc.NewClient(w.Balancer(service).Addr, grpc.WithTransportCredentials(tls), grpc.WithDefaultServiceConfig(string(config[1])))
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, conn.Close()) })
		conns[service] = conn
	}
	return p.Through(conns)
}

// plainRouter sends each call to the service that serves it.
type plainRouter map[string]*grpc.ClientConn

// Invoke implements grpc.ClientConnInterface.
func (r plainRouter) Invoke(ctx context.Context, method string, req, reply any, opts ...grpc.CallOption) error {
	conn, ok := r[harness.ServiceOf(method)]
	if !ok {
		return fmt.Errorf("no service for %s", method)
	}
	return conn.Invoke(ctx, method, req, reply, opts...)
}

// NewStream implements grpc.ClientConnInterface.
func (r plainRouter) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	return r[harness.ServiceOf(method)].NewStream(ctx, desc, method, opts...)
}
