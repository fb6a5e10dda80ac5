package e2e

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/dynamicpb"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

var (
	snippet  = regexp.MustCompile("(?s)<!-- snippet:([a-z-]+) -->\n(.*?)<!-- /snippet -->")
	block    = regexp.MustCompile("(?s)```sh\n(.*?)```")
	ackForm  = regexp.MustCompile(`<form method="post" action="[^"]+/a/[^"]+"`)
	variable = regexp.MustCompile(`\$(\w+)`)
	// grpcurl is one call of the README: until, variable, token, body, method, jq's program.
	grpcurl = regexp.MustCompile(`(?s)(until )?(?:(\w+)=\$\()?grpcurl -plaintext(?: -H "authorization: Bearer \$(\w+)")? ` +
		`-d '(.*?)' localhost:9000 ([\w./]+)(?: \| jq -e?r '?([^' )]+)'?\))?(?:; do sleep 1; done)?\n`)
	// spliced is a variable in a body: it is outside of the quotes.
	spliced = regexp.MustCompile(`'\$(\w+)'`)
)

// scriptTimeout bounds the commands of the README, which wait for a page without an end.
const scriptTimeout = 3 * time.Minute

// TestReadme does what the README tells a newcomer to do: start the demo, paste
// the lines, look at the page and the mail.
func TestReadme(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl", "jq"} {
		_, err := exec.LookPath(tool)
		require.NoError(t, err, "install %s (Debian: apt-get install %[1]s)", tool)
	}
	root, err := harness.Root()
	require.NoError(t, err)
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	blocks := map[string][]string{}
	for _, s := range snippet.FindAllSubmatch(readme, -1) {
		for _, lines := range block.FindAllSubmatch(s[2], -1) {
			blocks[string(s[1])] = append(blocks[string(s[1])], string(lines[1]))
		}
	}
	require.Len(t, blocks["main-job"], 3, "the token, curl and supportctl")
	require.Len(t, blocks["grpcurl"], 1)
	demo, visitor := harness.Demo(t)

	outs, vars := paste(t, demo, blocks["main-job"], variable.FindAllStringSubmatch(blocks["grpcurl"][0], -1))
	var found ticketv1.Ticket
	require.NoError(t, protojson.Unmarshal([]byte(outs[1]), &found), "%s", outs[1])
	require.Positive(t, found.GetNumber(), "%s", outs[1])
	require.Equal(t, ticketv1.TicketStatus_TICKET_STATUS_SOLVED, found.GetStatus())
	acknowledged(t, visitor, found.GetNumber())

	for _, line := range []string{
		`(?m)^Primary +\w+`, // oncall who
		`acknowledged by +Jonas Weber`, `(?m)^note +\S+`, `cto@brickyard\.example +cc +accepted`,
		`(?m)^\d+ +incident +urgent +solved .* Search is down$`, `(?m)^  It does, thank you\.$`,
	} {
		require.Regexp(t, line, outs[2])
	}
	require.NotContains(t, outs[2], "full disk", "customers do not see notes")

	t.Run("grpcurl", func(t *testing.T) { testGrpcurl(t, demo, visitor, blocks["grpcurl"][0], vars) })
	t.Run("outbox", func(t *testing.T) { testDemoOutbox(t, demo, visitor) })
	t.Run("supportctl", func(t *testing.T) { testSupportctl(t, demo, visitor) })
}

// paste runs the lines of blocks in one shell beside the demo's data directory,
// and returns what each block printed and the values that variables have then.
func paste(t *testing.T, demo *harness.Suite, blocks []string, variables [][]string) (outs []string, vars map[string]string) {
	t.Helper()
	process, dir := demo.Processes["standalone"], t.TempDir()
	client, err := harness.Binary("supportctl")
	require.NoError(t, err)
	require.NoError(t, os.Symlink(process.Data(), filepath.Join(dir, "data")))
	require.NoError(t, os.Symlink(filepath.Dir(client), filepath.Join(dir, "bin")))

	var script strings.Builder
	for i, lines := range blocks {
		fmt.Fprintf(&script, "exec >out%d\n%s", i, strings.ReplaceAll(lines, "localhost:8080", strings.TrimPrefix(demo.URL, "http://")))
	}
	script.WriteString("exec >vars\n")
	for _, v := range variables {
		fmt.Fprintf(&script, "echo \"%s=${%[1]s-}\"\n", v[1])
	}
	ctx, cancel := context.WithTimeout(t.Context(), scriptTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script.String())
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "ALTIS_ADDRESS="+process.GRPC())
	said, err := cmd.CombinedOutput()
	read := func(name string) string {
		text, _ := os.ReadFile(filepath.Join(dir, name)) // missing when the script ended early
		return string(text)
	}
	for i := range blocks {
		outs = append(outs, read(fmt.Sprintf("out%d", i)))
	}
	require.NoError(t, err, "%s\n%s", strings.Join(outs, ""), said)
	vars = map[string]string{}
	for line := range strings.Lines(read("vars")) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		vars[name] = value
	}
	return outs, vars
}

// testGrpcurl makes the calls that grpcurl would, from the same arguments:
// the method exists, its request can be read, and it is answered.
func testGrpcurl(t *testing.T, demo *harness.Suite, visitor *harness.Person, lines string, vars map[string]string) {
	vars = maps.Clone(vars)
	value := func(name string) string {
		require.NotEmpty(t, vars[name], "the README uses $%s and has not set it", name)
		return vars[name]
	}
	rest := slices.DeleteFunc(strings.Split(grpcurl.ReplaceAllString(lines, ""), "\n"), func(line string) bool {
		return line == "" || strings.HasPrefix(line, "#")
	})
	require.Empty(t, rest, "lines that this test cannot read")
	var last []byte
	for _, call := range grpcurl.FindAllStringSubmatch(lines, -1) {
		until, name, token, method, program := call[1] != "", call[2], call[3], call[5], call[6]
		body := spliced.ReplaceAllStringFunc(call[4], func(v string) string { return value(strings.Trim(v, "'$")) })
		ctx := t.Context()
		if token != "" {
			ctx = rpc.WithToken(ctx, value(token))
		}
		do := func(t require.TestingT) {
			last = invoke(ctx, t, demo.Tooling(harness.Ticket), method, body)
			if name != "" {
				jq := exec.CommandContext(ctx, "jq", "-er", program)
				jq.Stdin = bytes.NewReader(last)
				out, err := jq.Output()
				require.NoError(t, err, "jq %s finds nothing in %s", program, last)
				vars[name] = strings.TrimSpace(string(out))
			}
		}
		if until {
			testkit.EventuallyPasses(t, do, "%s answers", method)
		} else {
			do(t)
		}
	}
	var list ticketv1.ListTicketsResponse
	require.NoError(t, protojson.Unmarshal(last, &list))
	require.Len(t, list.GetTickets(), 1)
	found := list.GetTickets()[0]
	require.Equal(t, vars["NUMBER"], fmt.Sprint(found.GetNumber()))
	require.Equal(t, ticketv1.TicketStatus_TICKET_STATUS_SOLVED, found.GetStatus())
	require.Equal(t, "cto@brickyard.example", found.GetCcs()[0].GetEmail())
	acknowledged(t, visitor, found.GetNumber())
}

// invoke calls a method ("altis.support.ticket.v1.TicketService/GetTicket") with
// a request in JSON and returns the answer in JSON, knowing no more of either
// than what the method's descriptor says.
func invoke(ctx context.Context, t require.TestingT, conn grpc.ClientConnInterface, method, body string) []byte {
	d, err := harness.MethodOf(method)
	require.NoError(t, err)
	request, answer := dynamicpb.NewMessage(d.Input()), dynamicpb.NewMessage(d.Output())
	require.NoError(t, protojson.Unmarshal([]byte(body), request), "%s %s", method, body)
	require.NoError(t, conn.Invoke(ctx, "/"+method, request, answer), "%s %s", method, body)
	text, err := protojson.Marshal(answer)
	require.NoError(t, err)
	return text
}

// acknowledged waits until the ticket says that Jonas has acknowledged its page.
func acknowledged(t *testing.T, visitor *harness.Person, number int64) {
	t.Helper()
	ctx := t.Context()
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		ticket, err := tickets(visitor.REST()).GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: number})
		require.NoError(t, err)
		require.Equal(t, "Jonas Weber", ticket.GetPage().GetAcknowledgedBy().GetName())
	}, "#%d names who acknowledged", number)
}

// testDemoOutbox checks that the outbox shows what the README's commands have caused.
func testDemoOutbox(t *testing.T, demo *harness.Suite, visitor *harness.Person) {
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
	files, err := filepath.Glob(filepath.Join(demo.Processes["standalone"].Data(), "outbox", "*.eml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
}
