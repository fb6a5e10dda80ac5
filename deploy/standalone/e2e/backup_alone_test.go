package e2e

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
)

// TestBackupDrillOfOneProcess does the same with the one process and the mailbox in it, whose databases are files.
func TestBackupDrillOfOneProcess(t *testing.T) {
	t.Parallel()
	pager := testkit.Receiver(t)
	inbox := harness.FreeAddresses(t, 1)[0]
	flags := []string{
		"--notification-emergency-address=" + harness.EmergencyAddress, "--emergency-smtp=" + inbox, "--emergency-ack-listen=127.0.0.1:0",
		"--emergency-fallback-contact=" + pager.URL + "/fallback#" + "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr",
		"--emergency-roster-every=200ms", "--emergency-resolver=127.0.0.1:1",
	}
	original := harness.Standalone(t, flags...)
	w := harness.NewWorld(t, original)
	process := original.Processes["standalone"]
	b := &drill{t: t, copy: filepath.Join(t.TempDir(), "copy")}
	fallSilent(w)
	pager.Down()
	require.NoError(t, mailTo(inbox, outageMail("ibis")))
	load := startDesk(t, w)
	load.advance(t, drillTickets())
	before := load.acknowledged(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // or a stream that tells nothing is waited for
	defer cancel()
	read, _ := readTo(t, watched(ctx, t, w.Requester.GRPC(), ""), create(t, w.Requester, w.Question("read in the feed")).GetNumber())
	began := time.Now()
	b.run("backup", "--to="+b.copy, nil, "--data="+process.Data())
	t.Logf("backed up beside the load in %s: %d tickets before", time.Since(began).Round(time.Millisecond), len(before))
	load.end()
	process.Kill()
	// The host is another one, so that nothing the original has left is found.
	speakAgain(w)
	pager.Up()
	pages, calls := len(w.PageRequests()), len(pager.Requests())

	folder := t.TempDir()
	b.run("restore", "--from="+b.copy, nil, "--data="+folder)
	mails := filepath.Join("emergency", "mails")
	require.Equal(t, filesOf(t, filepath.Join(process.Data(), mails)), filesOf(t, filepath.Join(folder, mails)), "mails of the mailbox")
	began = time.Now()
	restored := w.At(harness.Standalone(t, append(flags, "--data="+folder, "--hold")...))
	t.Logf("ready after %s", time.Since(began).Round(time.Millisecond))
	load.compare(t, restored, before)
	stream := resynced(ctx, t, restored.Requester, read)
	fresh := create(t, restored.Requester, restored.Urgent("heron after the restore")).GetNumber()
	require.Greater(t, fresh, slices.Max(slices.Collect(maps.Keys(load.made)))+1000, "no number is given again")
	_, _ = readTo(t, stream, fresh)
	require.Error(t, mailTo(inbox, outageMail("jackdaw")), "a held mailbox takes no mail, which its sender's server keeps")
	<-time.After(heldFor) // as long as nothing happens
	require.Len(t, w.PageRequests(), pages, "a held copy pages nobody")
	require.Len(t, pager.Requests(), calls)
	require.Empty(t, restored.SMTP.Messages(), "a held copy mails nothing")

	alone := restored.Processes["standalone"]
	alone.Stop()
	alone.With("--hold=false")
	alone.Start()
	alone.Ready()
	testkit.Eventually(t, func() bool { return len(webhooks(t, restored, restored.Engineer, fresh)) > 0 }, "what waited pages")
	testkit.Eventually(t, func() bool {
		return len(pagesOf(t, w.Pager)["[Urgent] ibis is down"])+len(pagesOf(t, pager)["[Urgent] ibis is down"]) > 0
	}, "the mail that waited pages")
}

// mailTo has a mail server deliver a mail to the emergency address.
func mailTo(inbox, mail string) error {
	c, err := smtp.Dial(inbox)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.SendMail("mia@shop.example", []string{harness.EmergencyAddress}, strings.NewReader(strings.ReplaceAll(mail, "\n", "\r\n")))
}

// filesOf returns the contents of the files in a folder by name.
func filesOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := map[string]string{}
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		require.NoError(t, err)
		found[entry.Name()] = string(text)
	}
	require.NotEmpty(t, found)
	return found
}
