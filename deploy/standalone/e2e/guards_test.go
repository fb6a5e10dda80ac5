package e2e

import (
	"net/http"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// testNoDemoPages checks that a suite without a demo has none of its pages.
func testNoDemoPages(t *testing.T, s *harness.Suite) {
	tests := []struct{ method, path string }{
		{http.MethodGet, "/dev/outbox"},
		{http.MethodGet, "/dev/"},
		{http.MethodGet, "/dev/outbox/list"},
		{http.MethodGet, "/dev/assets/dev.js"},
		{http.MethodPost, "/dev/receiver/x"},
	}
	for _, request := range tests {
		t.Run(request.method+" "+request.path, func(t *testing.T) {
			problem(t, s.Anonymous().Do(t, request.method, request.path, nil, nil), http.StatusNotFound, "ROUTE_NOT_FOUND")
		})
	}
}

// testNothingMadeUp checks that the suite holds only what the test has put in.
func testNothingMadeUp(t *testing.T, w *harness.World) {
	organizations, err := w.Admin.Directory().ListOrganizations(t.Context(), &identityv1.ListOrganizationsRequest{})
	require.NoError(t, err)
	require.Len(t, organizations.GetOrganizations(), 2)
	staff, err := w.Admin.Directory().ListStaff(t.Context(), &identityv1.ListStaffRequest{})
	require.NoError(t, err)
	require.Len(t, staff.GetStaff(), len(w.Team()))
	tickets, err := w.Admin.Tickets().ListTickets(t.Context(), &ticketv1.ListTicketsRequest{})
	require.NoError(t, err)
	require.Empty(t, tickets.GetTickets())
}

// TestDemoIsForThisMachineOnly checks that a demo, which gives its passwords
// away, does not start where others could reach it.
func TestDemoIsForThisMachineOnly(t *testing.T) {
	binary, err := harness.Binary("standalone")
	require.NoError(t, err)
	for _, flag := range []string{"--http", "--grpc", "--ack", "--admin", "--emergency-smtp", "--emergency-ack-listen"} {
		t.Run(flag, func(t *testing.T) {
			args := []string{"--demo", "--data=" + t.TempDir(), "--http=127.0.0.1:0", "--grpc=127.0.0.1:0", "--ack=127.0.0.1:0", "--admin=127.0.0.1:0", "--emergency-smtp=127.0.0.1:0", "--emergency-ack-listen=127.0.0.1:0"}
			out, err := exec.CommandContext(t.Context(), binary, append(args, flag+"=0.0.0.0:0")...).CombinedOutput()
			require.Error(t, err)
			require.Contains(t, string(out), flag)
			require.Contains(t, string(out), "loopback")
		})
	}
}
