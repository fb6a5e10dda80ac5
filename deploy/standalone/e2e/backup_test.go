package e2e

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// heldFor is how long work is seen to wait: what is due begins within the second that a queue lets pass between two looks.
const heldFor = 3 * time.Second

// TestBackupDrill backs the five processes up while tickets are written, lets the original go on until all that waited was
// sent, loses it, and brings the copy back on another server.
//
// With ALTIS_SOAK set there are many more tickets.
func TestBackupDrill(t *testing.T) {
	t.Parallel()
	w := harness.NewWorld(t, harness.Processes(t, harness.Options{}))
	b := &drill{t: t, copy: filepath.Join(t.TempDir(), "copy"), programs: postgresPrograms(t)}
	fallSilent(w)
	load := startDesk(t, w)
	load.advance(t, drillTickets())
	before := load.acknowledged(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // or a stream that tells nothing is waited for
	defer cancel()
	read, _ := readTo(t, watched(ctx, t, w.Requester.GRPC(), ""), create(t, w.Requester, w.Question("read in the feed")).GetNumber())
	began := time.Now()
	b.run("backup", "--to="+b.copy, b.databases(w.Processes))
	took := time.Since(began)
	load.end()
	t.Logf("backed up beside the load in %s: %d tickets before, %d at the end", took.Round(time.Millisecond), len(before), len(load.made))

	// The original sends what waited, and is gone.
	speakAgain(w)
	awaitSent(t, w, slices.Collect(maps.Keys(load.made)))
	for number, k := range load.made {
		testkit.Eventually(t, func() bool { return !k.urgent || len(webhooks(t, w, w.Engineer, number)) > 0 }, "the engineer is paged about #%d", number)
	}
	for _, p := range w.Processes {
		p.Kill()
	}
	pages, mails := deliveredPages(w), len(w.SMTP.Messages())

	began = time.Now()
	restored := w.At(harness.Processes(t, harness.Options{
		OwnPostgres: true, Key: w.Processes[harness.Identity].Key(),
		Args:    map[string][]string{harness.Notification: {"--hold", "--watchdog-every=100ms", "--watchdog-limit=1s"}, harness.Ticket: {"--hold"}},
		Prepare: func(services map[string]*harness.Process) { b.run("restore", "--from="+b.copy, b.databases(services)) },
	}))
	t.Logf("restored and ready after %s", time.Since(began).Round(time.Millisecond))
	load.compare(t, restored, before)

	// Held: what the copy believes that it still has to send stays where it is, and so does what is new.
	stream := resynced(ctx, t, restored.Requester, read)
	fresh := create(t, restored.Requester, restored.Urgent("heron after the restore")).GetNumber()
	require.Greater(t, fresh, slices.Max(slices.Collect(maps.Keys(load.made)))+1000, "no number is given again")
	_, _ = readTo(t, stream, fresh)
	awaitHeld(t, restored)
	require.Equal(t, pages, deliveredPages(w), "a held copy pages nobody")
	require.Empty(t, restored.SMTP.Messages(), "a held copy mails nothing")
	require.Len(t, w.SMTP.Messages(), mails)

	// An operator has looked: all pages but one are of no interest any more, nor are the mails.
	again := int64(0)
	for number, k := range before {
		if k.urgent && again == 0 {
			again = number
		} else if k.urgent {
			acknowledgePage(t, restored, number)
		}
	}
	for number, k := range load.made { // those that were written while the copy was made, and are in it
		if _, known := before[number]; !known && k.urgent && exists(t, restored, number) {
			acknowledgePage(t, restored, number)
		}
	}
	notification := restored.Processes[harness.Notification]
	notification.Stop()
	notification.With("--hold=false", "--watchdog-limit=1m", "--discard-mails-before="+time.Now().Format(time.RFC3339Nano))
	notification.Start()
	notification.Ready()
	testkit.Eventually(t, func() bool { return len(webhooks(t, restored, restored.Engineer, fresh)) > 0 }, "what is new pages")
	testkit.Eventually(t, func() bool { return len(webhooks(t, restored, restored.Engineer, again)) > 1 }, "what nobody has acknowledged pages")
	awaitSent(t, restored, slices.Collect(maps.Keys(before)))
	for id, n := range deliveredPages(w) {
		if pages[id] != n {
			number := ticketOf(t, w, id)
			require.Contains(t, []int64{fresh, again}, number, "only what the operator left pages")
			require.True(t, number == fresh || pages[id] > 0, "what is sent again has its id")
		}
	}
	for number := range before {
		require.Empty(t, letters(t, restored, outsider, number), "a mail of before the restore is not sent")
		require.Contains(t, deliveries(t, restored, number)[outsider].GetLastAnswer(), "--discard-mails-before")
	}
	late := create(t, restored.Requester, restored.Question("heron in service", outsider)).GetNumber()
	awaitLetters(t, restored, outsider, late, 1)
}

func drillTickets() int {
	if os.Getenv("ALTIS_SOAK") != "" {
		return 500
	}
	return 12
}

// drill runs supportctl as an operator does.
type drill struct {
	t        *testing.T
	copy     string
	programs string
}

func postgresPrograms(t *testing.T) string {
	t.Helper()
	root, err := harness.Root()
	require.NoError(t, err)
	out, err := exec.Command(filepath.Join(root, "scripts", "pg-bin")).Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}

// databases are the settings of the services in the environment, as their own processes have them.
func (b *drill) databases(services map[string]*harness.Process) []string {
	env := []string{
		"ALTIS_TICKET_ATTACHMENTS_URL=file://" + services[harness.Ticket].Attachments(),
		"ALTIS_NOTIFICATION_MAIL_BLOB=file://" + services[harness.Notification].Mails(),
	}
	for _, name := range harness.Services() {
		prefix := "ALTIS_" + strings.ToUpper(name)
		env = append(env, prefix+"_DATABASE="+services[name].Database(), prefix+"_SCHEMA="+name)
	}
	return env
}

func (b *drill) run(command, folder string, env []string, args ...string) {
	b.t.Helper()
	out, err := b.try(command, folder, env, args...)
	require.NoError(b.t, err, out)
	b.t.Logf("supportctl %s\n%s", command, out)
}

func (b *drill) try(command, folder string, env []string, args ...string) (string, error) {
	binary, err := harness.Binary("supportctl")
	require.NoError(b.t, err)
	cmd := exec.CommandContext(context.WithoutCancel(b.t.Context()), binary, append([]string{command, folder, "--pg-programs=" + b.programs}, args...)...)
	cmd.Env = append(cmd.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// fallSilent has no receiver take anything, so that a copy finds work that waits.
func fallSilent(w *harness.World) { w.Pager.Down(); w.SMTP.Down() }

func speakAgain(w *harness.World) { w.Pager.Up(); w.SMTP.Up() }

// awaitSent waits until no mail of the tickets waits, and every page of them was taken by somebody or is over.
func awaitSent(t *testing.T, w *harness.World, numbers []int64) {
	t.Helper()
	for _, number := range numbers {
		await(t, recovery, func() bool {
			for _, d := range deliveries(t, w, number) {
				if d.GetState() == "queued" {
					return false
				}
			}
			state := get(t.Context(), t, w.Agent, number).GetPage().GetState()
			return state != ticketv1.PageState_PAGE_STATE_PAGING
		}, fmt.Sprintf("all about #%d is sent", number))
	}
}

// deliveredPages counts the webhooks by id.
func deliveredPages(w *harness.World) map[string]int {
	found := map[string]int{}
	for _, r := range w.PageRequests() {
		found[r.Header.Get("webhook-id")]++
	}
	return found
}

func ticketOf(t *testing.T, w *harness.World, id string) int64 {
	t.Helper()
	for _, r := range w.PageRequests() {
		if r.Header.Get("webhook-id") == id {
			return opened(t, r).GetData().GetTicket()
		}
	}
	return 0
}

// awaitHeld waits until pages have been due for long enough for anybody who takes them to have done so.
func awaitHeld(t *testing.T, w *harness.World) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.DSN)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	testkit.Eventually(t, func() bool {
		var pages, mails, youngest int64
		err := conn.QueryRow(t.Context(), `SELECT COUNT(*) FILTER (WHERE kind = 'page.deliver'), COUNT(*) FILTER (WHERE kind = 'mail.send'),
			COALESCE(notification.altis_now() - MAX(run_at) FILTER (WHERE kind = 'page.deliver'), 0) FROM notification.tasks`).Scan(&pages, &mails, &youngest)
		require.NoError(t, err)
		return pages > 1 && mails > 1 && youngest > heldFor.Microseconds()
	}, "the copy has pages and mails that wait")
}

func exists(t *testing.T, w *harness.World, number int64) bool {
	t.Helper()
	_, err := w.Agent.Tickets().GetTicket(t.Context(), &ticketv1.GetTicketRequest{Ticket: number})
	return err == nil
}

// resynced is a stream that goes on from an event of another feed: it says so, and tells what comes.
func resynced(ctx context.Context, t *testing.T, p *harness.Person, token string) ticketv1.TicketService_WatchTicketsClient {
	t.Helper()
	stream, err := p.Tickets().WatchTickets(ctx, &ticketv1.WatchTicketsRequest{ResumeToken: token})
	require.NoError(t, err)
	for {
		res, err := stream.Recv()
		require.NoError(t, err)
		if res.GetResync() {
			return stream
		}
		require.True(t, res.GetHeartbeat(), "what the copy knows already is not told")
	}
}

// acknowledgePage acknowledges the page of a ticket once there is one.
func acknowledgePage(t *testing.T, w *harness.World, number int64) {
	t.Helper()
	testkit.EventuallyPasses(t, func(r require.TestingT) {
		list, err := w.Engineer.Pages().ListPages(t.Context(), &notificationv1.ListPagesRequest{Ticket: number})
		require.NoError(r, err)
		require.Len(r, list.GetPages(), 1)
		_, err = w.Engineer.Pages().AcknowledgePage(t.Context(), &notificationv1.AcknowledgePageRequest{Page: list.GetPages()[0].GetId()})
		require.NoError(r, err)
	}, "the page of #%d is acknowledged", number)
}

// TestBackupRefuses: nothing is written over, and half a copy is none.
func TestBackupRefuses(t *testing.T) {
	t.Parallel()
	b := &drill{t: t}
	full, data := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(full, "x"), nil, 0o600))
	out, err := b.try("backup", "--to="+full, nil, "--data="+data)
	require.Error(t, err)
	require.Contains(t, out, "is not empty")
	b.copy = filepath.Join(t.TempDir(), "copy")
	b.run("backup", "--to="+b.copy, nil, "--data="+data)
	out, err = b.try("restore", "--from="+b.copy, nil, "--data="+full)
	require.Error(t, err)
	require.Contains(t, out, "is not empty")
	out, err = b.try("backup", "--to="+filepath.Join(t.TempDir(), "copy"), nil, "--data="+data, "--ticket-database=postgres://nobody:hunter2@127.0.0.1:1/none")
	require.Error(t, err)
	require.NotContains(t, out, "hunter2")
	require.NoError(t, os.WriteFile(filepath.Join(b.copy, ".unfinished"), nil, 0o600))
	out, err = b.try("restore", "--from="+b.copy, nil, "--data="+t.TempDir())
	require.Error(t, err)
	require.Contains(t, out, "is not whole")
}
