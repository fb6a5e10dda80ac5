package e2e

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// deliveries returns the ledger of a ticket by address.
func deliveries(t *testing.T, w *harness.World, number int64) map[string]*notificationv1.MailDelivery {
	t.Helper()
	res, err := notificationv1.NewMailServiceClient(w.Agent.GRPC()).ListDeliveries(t.Context(), &notificationv1.ListDeliveriesRequest{Ticket: number})
	require.NoError(t, err)
	found := map[string]*notificationv1.MailDelivery{}
	for _, d := range res.GetDeliveries() {
		found[d.GetRecipient().GetEmail()] = d
	}
	return found
}

// testMailDown checks that mail waits while pages leave, and leaves once; a page by mail as soon as it can. In a soak the
// server is away for a minute.
func testMailDown(t *testing.T, w *harness.World) {
	require.NoError(t, w.Escalate(t.Context(), []string{"person:" + w.Backup.ID, "person:" + w.Supervisor.ID})) // who has mail only
	defer func() { require.NoError(t, w.EscalateTo(t.Context(), w.Backup)) }()
	w.SMTP.Down()
	t.Cleanup(w.SMTP.Up) // even when the test fails half-way
	down := time.Now()
	number := create(t, w.Requester, w.Urgent("walrus fault", outsider)).GetNumber()
	testkit.Eventually(t, func() bool { return len(webhooks(t, w, w.Backup, number)) > 0 }, "pages do not wait for mail")
	testkit.Eventually(t, func() bool {
		d := deliveries(t, w, number)[outsider]
		return d.GetState() == "queued" && d.GetAttempts() >= 2 && d.GetLastAnswer() != "" && d.GetNextAttemptTime() != nil
	}, "the ledger says that the mail is tried again and why not yet")
	if os.Getenv("ALTIS_SOAK") != "" {
		<-time.After(time.Until(down.Add(time.Minute)))
	}
	require.Empty(t, pageMails(t, w, w.Supervisor.Email, "walrus"))
	w.SMTP.Up()
	await(t, longestPause+slack, func() bool { return len(pageMails(t, w, w.Supervisor.Email, "walrus")) > 0 }, "the page by mail")
	ids := map[string]bool{}
	for _, m := range pageMails(t, w, w.Supervisor.Email, "walrus") {
		header := m.Parse(t).Header
		id, err := header.MessageID()
		require.NoError(t, err)
		ids[id] = true
	}
	require.Len(t, ids, 1, "what is repeated has the same id")
	awaitLetters(t, w, outsider, number, 1)
	testkit.Eventually(t, func() bool { return deliveries(t, w, number)[outsider].GetState() == "accepted" }, "the ledger says accepted")
	solve(t, w, number)
}

func testRefusedRecipient(t *testing.T, w *harness.World) {
	const gone, full, well = "gone@partner.example", "full@partner.example", "well@partner.example"
	w.KeepFromLogs("the address of a refused recipient", gone)
	w.KeepFromLogs("the address of a recipient whose mailbox is full", full)
	w.SMTP.Refuse(gone, 550)
	w.SMTP.Refuse(full, 452)
	number := create(t, w.Requester, w.Question("refused recipient", gone, full, well)).GetNumber()
	awaitLetters(t, w, well, number, 1)
	testkit.Eventually(t, func() bool {
		d := deliveries(t, w, number)
		return d[gone].GetState() == "refused" && strings.Contains(d[gone].GetLastAnswer(), "550") &&
			d[full].GetState() == "queued" && d[full].GetAttempts() >= 2 && strings.Contains(d[full].GetLastAnswer(), "452") &&
			d[well].GetState() == "accepted"
	}, "the ledger tells the three apart")
	require.EqualValues(t, 1, deliveries(t, w, number)[gone].GetAttempts(), "a final no is final")
	w.SMTP.Refuse(full, 0)
	w.SMTP.Refuse(gone, 0)
	awaitLetters(t, w, full, number, 1)

	// Its address is gone: it gets no mail until somebody who knows better says so.
	client := notificationv1.NewMailServiceClient(w.Agent.GRPC())
	held, err := client.ListSuppressions(t.Context(), &notificationv1.ListSuppressionsRequest{})
	require.NoError(t, err)
	require.Len(t, held.GetSuppressions(), 1)
	require.Equal(t, gone, held.GetSuppressions()[0].GetAddress())
	_, err = client.DeleteSuppression(t.Context(), &notificationv1.DeleteSuppressionRequest{Suppression: held.GetSuppressions()[0].GetId()})
	require.NoError(t, err)
	_, err = client.ResendDelivery(t.Context(), &notificationv1.ResendDeliveryRequest{Delivery: deliveries(t, w, number)[gone].GetId()})
	require.NoError(t, err)
	awaitLetters(t, w, gone, number, 1)
}
