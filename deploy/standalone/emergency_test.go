package standalone

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

const outage = "From: Mia <mia@shop.example>\r\nMessage-ID: <1@shop.example>\r\nSubject: everything is down\r\n\r\nHelp!\r\n"

// sendOutage has a mail server deliver a mail to the emergency address.
func sendOutage(t *testing.T, server, to string) {
	t.Helper()
	c, err := smtp.Dial(server)
	require.NoError(t, err)
	require.NoError(t, c.SendMail("mia@shop.example", []string{to}, strings.NewReader(outage)))
	require.NoError(t, c.Quit())
}

func TestTheMailboxOfLastResortPages(t *testing.T) {
	sink := testkit.SMTPSink(t)
	cfg := anyPort(t)
	cfg.Notification.EmergencyAddress = "sos@altis.example"
	cfg.Notification.SMTPAddr, cfg.Notification.SMTPTLS = sink.Addr, "none"
	cfg.Emergency.RosterEvery = 20 * time.Millisecond
	suite := serve(t, cfg)
	_, err := suite.Bootstrap(t.Context(), "Ada Park", "ada@altis.example", "correct horse battery staple")
	require.NoError(t, err)
	testkit.Eventually(t, func() bool {
		for _, check := range suite.mailbox.Checks() {
			if check.Do(t.Context()) != nil {
				return false
			}
		}
		return true
	}, "the mailbox knows nobody to page")

	sendOutage(t, suite.SMTPAddr(), "sos@altis.example")
	testkit.Eventually(t, func() bool { return sentTo(sink, "ada@altis.example") != nil }, "nobody is paged")
	require.Regexp(t, `http://127\.0\.0\.1:\d+/a/`, sentTo(sink, "ada@altis.example").Parse(t).Text)
	testkit.Eventually(t, func() bool { return sentTo(sink, "mia@shop.example") != nil }, "the sender gets no receipt")
	require.Regexp(t, `ticket #\d+: http`, sentTo(sink, "mia@shop.example").Parse(t).Text, "the mail is a ticket")
}

// sentTo returns the first mail to an address, nil when there is none.
func sentTo(sink *testkit.Sink, address string) *testkit.Mail {
	for _, m := range sink.Messages() {
		if m.To[0] == address {
			return &m
		}
	}
	return nil
}

func TestTheMailboxServesTheOthersWithinTheProcess(t *testing.T) {
	cfg := anyPort(t)
	cfg.Notification.EmergencyAddress = "sos@altis.example"
	suite := serve(t, cfg)
	for caller, reason := range map[string]string{notificationName: "PAGE_UNKNOWN", gatewayName: "SERVICE_NOT_ALLOWED"} {
		client := notificationv1.NewEmergencyPageServiceClient(suite.InProcess(caller, emergencyName))
		_, err := client.TakeOverPage(t.Context(), &notificationv1.TakeOverPageRequest{Page: "none"})
		require.Equal(t, reason, fault.ReasonOf(err), caller)
	}
}

func TestADemoBesideAnotherTakesOtherPortsForEmergencies(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	cfg := anyPort(t)
	cfg.Emergency.SMTP = taken.Addr().String()
	cfg.Notification.EmergencyAddress = "sos@altis.example"
	_, err = New(t.Context(), cfg, setup(t))
	require.ErrorContains(t, err, "--emergency-smtp")
	cfg.Demo = true
	suite, err := New(t.Context(), cfg, setup(t))
	require.NoError(t, err)
	require.NotEqual(t, taken.Addr().String(), suite.SMTPAddr())
	require.NoError(t, suite.close(t.Context()))
}
