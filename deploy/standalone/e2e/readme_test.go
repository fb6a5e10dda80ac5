package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

var (
	snippet = regexp.MustCompile("(?s)<!-- snippet:main-job -->\n(.*?)<!-- /snippet -->")
	block   = regexp.MustCompile("(?s)```sh\n(.*?)```")
	ackForm = regexp.MustCompile(`<form method="post" action="[^"]+/a/[^"]+"`)
)

// TestReadme does what the README tells a newcomer to do: start the demo, paste
// the lines, look at the page and the mail.
func TestReadme(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "jq"} {
		_, err := exec.LookPath(tool)
		require.NoError(t, err, "install %s (Debian: apt-get install %[1]s)", tool)
	}
	root, err := harness.Root()
	require.NoError(t, err)
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	job := snippet.FindSubmatch(readme)
	require.NotNil(t, job, "the README has no main job")
	demo, visitor := harness.Demo(t)
	data := demo.Processes["standalone"].Data()

	var script strings.Builder
	for _, lines := range block.FindAllSubmatch(job[1], -1) {
		script.Write(lines[1])
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c",
		strings.ReplaceAll(script.String(), "localhost:8080", strings.TrimPrefix(demo.URL, "http://")))
	cmd.Dir = t.TempDir()
	require.NoError(t, os.Symlink(data, filepath.Join(cmd.Dir, "data")))
	out, err := cmd.Output()
	require.NoError(t, err, "%s", out)
	var found ticketv1.Ticket
	require.NoError(t, protojson.Unmarshal(out, &found), "%s", out)
	require.Positive(t, found.GetNumber(), "%s", out)
	require.Equal(t, ticketv1.TicketStatus_TICKET_STATUS_SOLVED, found.GetStatus())

	testkit.Eventually(t, func() bool {
		ticket, err := tickets(visitor.REST()).GetTicket(t.Context(), &ticketv1.GetTicketRequest{Ticket: found.GetNumber()})
		require.NoError(t, err)
		return ticket.GetPage().GetAcknowledgedBy().GetName() == "Jonas Weber"
	}, "the ticket names who acknowledged")
	get := func(path string) string {
		answer := visitor.Do(t, http.MethodGet, path, nil, nil)
		require.Equal(t, http.StatusOK, answer.Status, "%s: %s", path, answer.Body)
		return string(answer.Body)
	}
	require.Contains(t, get("/dev/outbox"), "Outbox")
	testkit.Eventually(t, func() bool {
		list := get("/dev/outbox/list")
		return ackForm.MatchString(list) && strings.Contains(list, "cto@brickyard.example") &&
			strings.Contains(list, "priya.raman@brickyard.example") && strings.Contains(list, "Checkout returns 502")
	}, "the outbox shows the page, the mail and the receipt")
	files, err := filepath.Glob(filepath.Join(data, "outbox", "*.eml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
}
