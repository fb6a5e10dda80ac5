package e2e

import (
	"bytes"
	"fmt"
	"maps"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// keptTicket is what was acknowledged of a ticket.
type keptTicket struct {
	urgent   bool
	messages map[string]string // texts by id
	files    map[string][]byte // contents by id
	events   []string          // ids, once asked for
}

// writers are people who write tickets with files, and answers, without a pause.
type writers struct {
	world *harness.World
	stop  chan struct{}
	wait  sync.WaitGroup

	mu   sync.Mutex
	made map[int64]*keptTicket
}

func startDesk(t *testing.T, w *harness.World) *writers {
	t.Helper()
	d := &writers{world: w, stop: make(chan struct{}), made: map[int64]*keptTicket{}}
	for writer := range 2 {
		d.wait.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-d.stop:
					return
				case <-t.Context().Done():
					return
				default:
				}
				if !d.write(t, writer, n) {
					return
				}
			}
		})
	}
	t.Cleanup(d.end)
	return d
}

func (d *writers) end() {
	d.mu.Lock()
	select {
	case <-d.stop:
	default:
		close(d.stop)
	}
	d.mu.Unlock()
	d.wait.Wait()
}

// write has a ticket with a file written and answered. It reports false when the test has ended.
func (d *writers) write(t *testing.T, writer, n int) bool {
	ctx, w := t.Context(), d.world
	content := bytes.Repeat(fmt.Appendf(nil, "GET / 502 of writer %d, line %d\n", writer, n), 100)
	file, err := send(ctx, w.Requester.GRPC(), &ticketv1.UploadHeader{Filename: "access.log", Size: int64(len(content))}, content)
	if !d.well(t, err) {
		return false
	}
	ticket := w.Question(fmt.Sprintf("drill %d of %d", n, writer), outsider)
	if n%3 == 0 {
		ticket = w.Urgent(fmt.Sprintf("urgent drill %d of %d", n, writer), outsider)
	}
	made, err := w.Requester.Tickets().CreateTicket(ctx, &ticketv1.CreateTicketRequest{Ticket: ticket, Attachments: []string{file.GetId()}})
	if !d.well(t, err) {
		return false
	}
	d.keep(made.GetNumber(), func(k *keptTicket) { k.urgent, k.files[file.GetId()] = n%3 == 0, content })
	for i, p := range []*harness.Person{w.Agent, w.Requester} {
		answer, err := p.Tickets().ReplyToTicket(ctx, &ticketv1.ReplyToTicketRequest{Ticket: made.GetNumber(), Body: fmt.Sprintf("answer %d", i)})
		if !d.well(t, err) {
			return false
		}
		d.keep(made.GetNumber(), func(k *keptTicket) { k.messages[answer.GetMessage().GetId()] = answer.GetMessage().GetBody() })
	}
	return true
}

func (d *writers) well(t *testing.T, err error) bool {
	if err != nil && t.Context().Err() == nil {
		t.Errorf("the desk: %v", err)
	}
	return err == nil
}

func (d *writers) keep(number int64, change func(*keptTicket)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	k := d.made[number]
	if k == nil {
		k = &keptTicket{messages: map[string]string{}, files: map[string][]byte{}}
		d.made[number] = k
	}
	change(k)
}

// advance waits until n tickets are written.
func (d *writers) advance(t *testing.T, n int) {
	t.Helper()
	await(t, recovery, func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return len(d.made) >= n
	}, "tickets are written")
}

// acknowledged returns what was so far, with the events that each ticket has.
func (d *writers) acknowledged(t *testing.T) map[int64]keptTicket {
	t.Helper()
	d.mu.Lock()
	all := map[int64]keptTicket{}
	for number, k := range d.made {
		all[number] = keptTicket{urgent: k.urgent, messages: maps.Clone(k.messages), files: maps.Clone(k.files)}
	}
	d.mu.Unlock()
	for number, k := range all {
		k.events = eventIDs(t, d.world, number)
		all[number] = k
	}
	return all
}

func eventIDs(t *testing.T, w *harness.World, number int64) (ids []string) {
	t.Helper()
	res, err := w.Agent.Tickets().ListEvents(t.Context(), &ticketv1.ListEventsRequest{Ticket: number, PageSize: 100})
	require.NoError(t, err)
	for _, e := range res.GetEvents() {
		ids = append(ids, e.GetId())
	}
	return ids
}

// compare finds all that was acknowledged in a copy.
func (d *writers) compare(t *testing.T, w *harness.World, want map[int64]keptTicket) {
	t.Helper()
	require.NotEmpty(t, want)
	for number, k := range want {
		res, err := w.Requester.Tickets().ListMessages(t.Context(), &ticketv1.ListMessagesRequest{Ticket: number, PageSize: 100})
		require.NoError(t, err)
		messages, files := map[string]string{}, map[string]bool{}
		for _, m := range res.GetMessages() {
			messages[m.GetId()] = m.GetBody()
			for _, a := range m.GetAttachments() {
				files[a.GetId()] = true
			}
		}
		for id, body := range k.messages {
			require.Equal(t, body, messages[id], "#%d", number)
		}
		for id, content := range k.files {
			require.True(t, files[id], "#%d", number)
			got, err := downloadGRPC(t, w.Requester, id)
			require.NoError(t, err, "#%d", number)
			require.True(t, bytes.Equal(content, got), "#%d", number)
		}
		require.Subset(t, eventIDs(t, w, number), k.events, "#%d", number)
	}
}
