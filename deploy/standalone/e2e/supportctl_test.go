package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// terminal runs commands of supportctl as one person.
type terminal struct {
	binary, address, token string
}

// run returns what a command prints; its standard input is always the same.
func (c terminal) run(ctx context.Context, t require.TestingT, args ...string) string {
	cmd := exec.CommandContext(ctx, c.binary, append([]string{"--plaintext", "--address=" + c.address}, args...)...)
	cmd.Env = append(cmd.Environ(), "ALTIS_TOKEN="+c.token)
	cmd.Stdin = strings.NewReader("Nobody can log in.\n")
	var failure bytes.Buffer
	cmd.Stderr = &failure
	out, err := cmd.Output()
	require.NoError(t, err, "%s\n%s", args, failure.String())
	return string(out)
}

// read decodes what a command prints as JSON into m.
func (c terminal) read(ctx context.Context, t require.TestingT, m proto.Message, args ...string) {
	require.NoError(t, protojson.Unmarshal([]byte(c.run(ctx, t, append([]string{"--json"}, args...)...)), m))
}

// testSupportctl runs the commands of the client that the README does not show.
func testSupportctl(t *testing.T, demo *harness.Suite, visitor *harness.Person) {
	binary, err := harness.Binary("supportctl")
	require.NoError(t, err)
	ctx, engineer := t.Context(), demo.Resident(t, "ada.park@altis.example")
	customer := terminal{binary, demo.Processes["standalone"].GRPC(), visitor.APIToken}
	ada := terminal{customer.binary, customer.address, engineer.APIToken}
	require.Regexp(t, `(?m)^name +Ada Park$`, ada.run(ctx, t, "whoami"))

	var ticket ticketv1.Ticket
	customer.read(ctx, t, &ticket, "ticket", "create", "--type=incident", "--priority=urgent", "--cc=cto@brickyard.example", "Logins fail")
	require.Equal(t, "Nobody can log in.", ticket.GetDescription())
	number := fmt.Sprint(ticket.GetNumber())

	var pages notificationv1.ListPagesResponse
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		ada.read(ctx, t, &pages, "page", "list", "--open", "--ticket="+number)
		require.Len(t, pages.GetPages(), 1)
	}, "#%s pages", number)
	page := pages.GetPages()[0].GetId()
	require.Regexp(t, `(?m)^title +\[Urgent\].*Logins fail$`, ada.run(ctx, t, "page", "escalate", page))
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		require.Regexp(t, page+` .* 2/1 `, ada.run(ctx, t, "page", "list", "--ticket="+number))
		shown := ada.run(ctx, t, "page", "show", page)
		require.Regexp(t, `(?m)^delivery +Ada Park by webhook: accepted after 1 attempts$`, shown)
		require.Regexp(t, `(?m)^delivery +Diego Marín by webhook: accepted after 1 attempts$`, shown)
	}, "the second step pages the other engineer")

	require.Regexp(t, `(?m)^assignee +Ada Park$`, ada.run(ctx, t, "ticket", "assign", number, engineer.ID))
	require.Regexp(t, `(?m)^status +on hold$`, ada.run(ctx, t, "ticket", "reply", "--status=on_hold", number))
	log := filepath.Join(t.TempDir(), "access.log")
	require.NoError(t, os.WriteFile(log, []byte("GET / 502\n"), 0o600))
	customer.run(ctx, t, "ticket", "reply", "--attach="+log, number)
	named := regexp.MustCompile(`\[access\.log, 10 bytes: ticket download (\S+)\]`).FindStringSubmatch(ada.run(ctx, t, "ticket", "show", number))
	require.NotNil(t, named)
	require.Equal(t, "GET / 502\n", ada.run(ctx, t, "ticket", "download", named[1]))
	require.Regexp(t, `(?m)^assignee +-$`, ada.run(ctx, t, "ticket", "assign", number))

	var mails notificationv1.ListDeliveriesResponse
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		ada.read(ctx, t, &mails, "mail", "list", number)
		require.Len(t, mails.GetDeliveries(), 6, "receipt, copy, twice the reply, and the customer's to the CC and the assignee")
		for _, d := range mails.GetDeliveries() {
			require.Equal(t, "accepted", d.GetState())
		}
	}, "the mail of #%s is sent", number)
	require.Contains(t, ada.run(ctx, t, "mail", "resend", mails.GetDeliveries()[0].GetId()), mails.GetDeliveries()[0].GetId())

	var duty notificationv1.WhoIsOnCallResponse
	ada.read(ctx, t, &duty, "oncall", "who")
	shift := duty.GetShifts()[0]
	ada.run(ctx, t, "oncall", "override", shift.GetSchedule(), shift.GetNext().GetId(), "--for=1h")
	require.Regexp(t, `(?m)^`+shift.GetScheduleName()+` +`+shift.GetNext().GetName(), ada.run(ctx, t, "oncall", "who"))
}
