package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// draft is a ticket to be created.
type draft struct {
	subject string
	urgent  bool
	mails   int // CCs, each of whom gets one
}

// words appear in a tenth of the tickets each; search looks for the first.
var words = [...]string{"carriage", "lantern", "orchard", "pebble", "saddle", "timber", "velvet", "willow", "anchor", "basket"}

const searched = `"carriage"`

// drafts makes what the clients create.
type drafts struct{ made atomic.Int64 }

// next returns a ticket of an everyday size. Its subject occurs once.
func (d *drafts) next(urgent bool, mails int) draft {
	n := d.made.Add(1)
	return draft{subject: fmt.Sprintf("bench-%d the %s page is slow since noon", n, words[n%int64(len(words))]), urgent: urgent, mails: mails}
}

// message returns the ticket as a message; it may be changed.
func (d draft) message(w *harness.World) *ticketv1.Ticket {
	var ccs []string
	for i := range d.mails {
		ccs = append(ccs, []string{w.Copied.Email, w.Colleague.Email}[i])
	}
	t := w.Question(d.subject, ccs...)
	if d.urgent {
		t = w.Urgent(d.subject, ccs...)
	}
	t.Description = description
	return t
}

const description = "Since noon the page takes nine seconds instead of one. We see it from two offices and from a phone on a mobile network. " +
	"The database looks idle, the cache answers, and the access log has no errors: only long times, in all of which the upstream is the " +
	"same container. We restarted it twice; it was quick for some minutes each time.\n\nWhat changed on your side this morning?"

const replyBody = "It began again at noon. The access log of the load balancer shows the same upstream each time, and " +
	"restarting that container helps for an hour. Nothing was deployed since Monday.\n\nKind regards"

// grpcClient calls the services as tooling does.
type grpcClient struct {
	world            *harness.World
	requester, owner ticketv1.TicketServiceClient
	self             identityv1.AccountServiceClient
}

func newGRPCClient(w *harness.World) *grpcClient {
	return &grpcClient{world: w, requester: w.Requester.Tickets(), owner: w.Owner.Tickets(), self: w.Agent.Account()}
}

func (c *grpcClient) create(ctx context.Context, d draft) (int64, error) {
	t, err := c.requester.CreateTicket(ctx, &ticketv1.CreateTicketRequest{Ticket: d.message(c.world), RequestId: requestID(d)})
	return t.GetNumber(), err
}

func (c *grpcClient) reply(ctx context.Context, ticket int64) error {
	_, err := c.requester.ReplyToTicket(ctx, &ticketv1.ReplyToTicketRequest{Ticket: ticket, Body: replyBody})
	return err
}

func (c *grpcClient) get(ctx context.Context, ticket int64) error {
	_, err := c.requester.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: ticket})
	return err
}

func (c *grpcClient) find(ctx context.Context, filter string) error {
	res, err := c.owner.ListTickets(ctx, &ticketv1.ListTicketsRequest{PageSize: pageSize, Filter: filter})
	if err == nil && len(res.GetTickets()) != pageSize {
		err = fmt.Errorf("bench: a list of %d tickets instead of %d", len(res.GetTickets()), pageSize)
	}
	return err
}

func (c *grpcClient) empty(ctx context.Context) error {
	_, err := c.self.GetSelf(ctx, &identityv1.GetSelfRequest{}, grpc.WaitForReady(false))
	return err
}

const pageSize = 50

// requestID makes a creation safe to repeat, as a careful client does.
func requestID(d draft) string {
	id, _, _ := strings.Cut(d.subject, " ")
	return id
}

// restClient calls the gateway with bodies made beforehand, so that the client costs little.
type restClient struct {
	base   string
	client *http.Client
	world  *harness.World
	bodies map[draft][]byte // by kind, with placeholder as the subject
}

const placeholder = "SUBJECT-OF-THE-TICKET"

func newRESTClient(w *harness.World) (*restClient, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 256
	c := &restClient{base: w.URL, client: &http.Client{Transport: transport}, world: w, bodies: map[draft][]byte{}}
	for _, kind := range []draft{{}, {mails: 1}, {mails: 2}, {urgent: true}} {
		d := kind
		d.subject = placeholder
		body, err := protojson.Marshal(proto.Message(d.message(w)))
		if err != nil {
			return nil, err
		}
		c.bodies[kind] = body
	}
	return c, nil
}

// call sends a request and returns the answer's body, of which nothing but success is asked.
func (c *restClient) call(ctx context.Context, p *harness.Person, verb, path string, body []byte, header ...string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, verb, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+p.APIToken)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := c.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode/100 != 2 {
		err = fmt.Errorf("bench: %s %s: %s\n%s", verb, path, response.Status, text)
	}
	return text, err
}

func (c *restClient) create(ctx context.Context, d draft) (int64, error) {
	body := bytes.Replace(c.bodies[draft{urgent: d.urgent, mails: d.mails}], []byte(placeholder), []byte(d.subject), 1)
	text, err := c.call(ctx, c.world.Requester, http.MethodPost, "/v1/tickets", body, "Idempotency-Key", requestID(d))
	if err != nil {
		return 0, err
	}
	var made struct {
		Number string `json:"number"`
	}
	if err := json.Unmarshal(text, &made); err != nil {
		return 0, err
	}
	return strconv.ParseInt(made.Number, 10, 64)
}

func (c *restClient) reply(ctx context.Context, ticket int64) error {
	body, err := json.Marshal(map[string]string{"body": replyBody})
	if err != nil {
		return err
	}
	_, err = c.call(ctx, c.world.Requester, http.MethodPost, fmt.Sprintf("/v1/tickets/%d:reply", ticket), body)
	return err
}

func (c *restClient) get(ctx context.Context, ticket int64) error {
	_, err := c.call(ctx, c.world.Requester, http.MethodGet, fmt.Sprintf("/v1/tickets/%d", ticket), nil)
	return err
}

func (c *restClient) find(ctx context.Context, filter string) error {
	query := url.Values{"page_size": {strconv.Itoa(pageSize)}}
	if filter != "" {
		query.Set("filter", filter)
	}
	_, err := c.call(ctx, c.world.Owner, http.MethodGet, "/v1/tickets?"+query.Encode(), nil)
	return err
}

func (c *restClient) empty(ctx context.Context) error {
	_, err := c.call(ctx, c.world.Agent, http.MethodGet, "/v1/me", nil)
	return err
}
