package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

const (
	// heartbeat keeps proxies from closing a quiet stream, and tells the client's death.
	heartbeat    = 15 * time.Second
	writeTimeout = 10 * time.Second
	// reconnectAfter is how long browsers wait before they come back.
	reconnectAfter = time.Second
)

// watchTickets serves WatchTickets as server-sent events. Each has the resume token as its id, so that a client that comes
// back with Last-Event-ID, as browsers do by themselves, misses nothing:
//
//	event: ticket   the ticket after a change
//	event: removed  the number of a ticket that has left the lists
//	event: presence the number of a ticket where somebody of the staff came or went
//	event: resync   too much was missed: load the lists again, then go on
//	event: end      the stream ends, with the reason; come back for more
func (g *Gateway) watchTickets(w http.ResponseWriter, r *http.Request) {
	if err := knownParameters((&ticketv1.WatchTicketsRequest{}).ProtoReflect().Descriptor(), r.URL.Query(), nil); err != nil {
		g.problem(w, r, err)
		return
	}
	resume := r.Header.Get("Last-Event-ID")
	if resume == "" {
		resume = cmp.Or(r.URL.Query().Get("resumeToken"), r.URL.Query().Get("resume_token"))
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	leave, err := g.streams.enter(credentialStreams(credentialOf(ctx)))
	if err != nil {
		g.problem(w, r, err)
		return
	}
	defer leave()
	// The service answers at once, if only by a heartbeat: until then a refusal can still be a problem.
	updates := g.receive(ctx, resume)
	first, err := next(ctx, updates)
	if refused(err) { // the token was kept from an earlier request
		g.tokens.expire(credentialOf(ctx).key, "")
		updates = g.receive(ctx, resume)
		first, err = next(ctx, updates)
	}
	g.limits.proven.note(credentialOf(ctx), err)
	if err == nil {
		leave, err = g.enterOwner(ctx)
	}
	if err != nil {
		g.problem(w, r, err)
		return
	}
	defer leave()
	s := &sse{w: w, control: http.NewResponseController(w), json: g.json}
	if err := s.open(first); err != nil {
		return // the client has gone
	}
	g.pass(ctx, s, updates)
}

// enterOwner takes a place of the person whose credential a service has just accepted. Where that cannot be told the place of
// the credential has to do.
func (g *Gateway) enterOwner(ctx context.Context) (leave func(), err error) {
	if token, _, err := g.tokens.get(ctx, credentialOf(ctx)); err == nil {
		if key, ok := ownerStreams(token); ok {
			return g.streams.enter(key)
		}
	}
	return func() {}, nil
}

// pass writes updates until either side ends.
func (g *Gateway) pass(ctx context.Context, s *sse, updates <-chan update) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case u := <-updates:
			if u.err != nil {
				if refused(u.err) {
					g.tokens.expire(credentialOf(ctx).key, "")
				}
				_ = s.end(asFault(u.err).Reason) // the client has gone
				return
			}
			err = s.update(u.response)
			beat.Reset(heartbeat)
		case <-beat.C:
			err = s.write(": heartbeat\n\n")
		case <-g.draining:
			_ = s.end("SHUTTING_DOWN") // the client has gone
			return
		case <-ctx.Done():
			return
		}
		if err != nil {
			return // the client has gone
		}
	}
}

type update struct {
	response *ticketv1.WatchTicketsResponse
	err      error
}

// receive reads the stream of the service until it fails or ctx ends.
func (g *Gateway) receive(ctx context.Context, resume string) <-chan update {
	updates := make(chan update)
	go func() {
		stream, err := g.tickets.WatchTickets(ctx, &ticketv1.WatchTicketsRequest{ResumeToken: resume})
		for {
			u := update{err: err}
			if err == nil {
				u.response, u.err = stream.Recv()
			}
			if errors.Is(u.err, io.EOF) {
				u.err = fault.New(fault.Unavailable, "STREAM_ENDED", "the stream has ended")
			}
			select {
			case updates <- u:
			case <-ctx.Done():
				return
			}
			if u.err != nil {
				return
			}
		}
	}()
	return updates
}

func next(ctx context.Context, updates <-chan update) (*ticketv1.WatchTicketsResponse, error) {
	select {
	case u := <-updates:
		return u.response, u.err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(callTimeout):
		return nil, fault.New(fault.Unavailable, "TIMED_OUT", "the stream did not begin in time")
	}
}

// sse writes server-sent events.
type sse struct {
	w       http.ResponseWriter
	control *http.ResponseController
	json    *marshaler
}

func (s *sse) open(first *ticketv1.WatchTicketsResponse) error {
	h := s.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	// The server's limit for reading a request would end the stream.
	if err := s.control.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	if err := s.write(fmt.Sprintf("retry: %d\n\n", reconnectAfter.Milliseconds())); err != nil {
		return err
	}
	return s.update(first)
}

func (s *sse) update(r *ticketv1.WatchTicketsResponse) error {
	id := ""
	if token := r.GetResumeToken(); token != "" && !strings.ContainsAny(token, "\r\n\x00") {
		id = "id: " + token + "\n"
	}
	switch u := r.GetUpdate().(type) {
	case *ticketv1.WatchTicketsResponse_Ticket:
		data, err := s.json.Marshal(u.Ticket)
		if err != nil {
			return err
		}
		return s.write(id + "event: ticket\ndata: " + string(data) + "\n\n")
	case *ticketv1.WatchTicketsResponse_Removed:
		return s.write(id + fmt.Sprintf("event: removed\ndata: {\"number\":\"%d\"}\n\n", u.Removed))
	case *ticketv1.WatchTicketsResponse_Presence:
		return s.write(id + fmt.Sprintf("event: presence\ndata: {\"number\":\"%d\"}\n\n", u.Presence))
	case *ticketv1.WatchTicketsResponse_Resync:
		return s.write(id + "event: resync\ndata: {}\n\n")
	default:
		return s.write(": heartbeat\n" + id + "\n")
	}
}

// end tells why the stream ends. Without it a browser could not tell an end from a broken connection.
func (s *sse) end(reason string) error {
	data, err := json.Marshal(map[string]string{"reason": reason})
	if err != nil {
		return err
	}
	return s.write("event: end\ndata: " + string(data) + "\n\n")
}

func (s *sse) write(text string) error {
	if err := s.control.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
