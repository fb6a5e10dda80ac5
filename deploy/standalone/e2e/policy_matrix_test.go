package e2e

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	policyv1 "altis-dxp.com/support/proto/gen/go/altis/support/policy/v1"
)

const sink = "EventSinkService"

// caller is one kind of caller: a person, a service, both or neither.
type caller struct {
	name      string
	person    *harness.Person // nil: no token
	audiences []policyv1.Audience
	outsider  bool             // may not see the ticket that the matrix asks for
	stranger  bool             // of another organization
	service   string           // "": no certificate
	scopes    []policyv1.Scope // of the token; nil: not limited
}

// people are the kinds of people, by what the protos call them.
func people(w *harness.World) []caller {
	member := []policyv1.Audience{policyv1.Audience_AUDIENCE_MEMBER}
	owner := append(slices.Clone(member), policyv1.Audience_AUDIENCE_ORGANIZATION_ADMIN)
	staff := func(more ...policyv1.Audience) []policyv1.Audience {
		return append([]policyv1.Audience{policyv1.Audience_AUDIENCE_STAFF}, more...)
	}
	return []caller{
		{name: "anonymous", person: w.Anonymous()},
		{name: "stranger", person: w.Stranger, audiences: owner, outsider: true, stranger: true},
		{name: "colleague", person: w.Colleague, audiences: member, outsider: true},
		{name: "scoped member", person: w.Freelancer, audiences: member, outsider: true},
		{name: "member in CC", person: w.Copied, audiences: member},
		{name: "requester", person: w.Requester, audiences: member},
		{name: "organization's admin", person: w.Owner, audiences: owner},
		{name: "agent", person: w.Agent, audiences: staff(policyv1.Audience_AUDIENCE_AGENT)},
		{name: "engineer", person: w.Engineer, audiences: staff(policyv1.Audience_AUDIENCE_ENGINEER)},
		{name: "supervisor", person: w.Supervisor, audiences: staff(policyv1.Audience_AUDIENCE_SUPERVISOR)},
		{name: "staff admin", person: w.Admin, audiences: staff(
			policyv1.Audience_AUDIENCE_AGENT, policyv1.Audience_AUDIENCE_ENGINEER,
			policyv1.Audience_AUDIENCE_SUPERVISOR, policyv1.Audience_AUDIENCE_STAFF_ADMIN,
		)},
	}
}

// callers are all kinds: people by tooling, one with a token for parts only,
// services alone, and services that carry the token of a person, to whom they
// must not lend their own rights.
func callers(t *testing.T, w *harness.World) []caller {
	t.Helper()
	all := people(w)
	scopes := []policyv1.Scope{policyv1.Scope_SCOPE_TICKETS_WRITE, policyv1.Scope_SCOPE_DIRECTORY_READ}
	limited, err := w.Requester.Limited(t.Context(), scopes...)
	require.NoError(t, err)
	all = append(all, caller{
		name: "a limited token of the requester", person: limited, audiences: []policyv1.Audience{policyv1.Audience_AUDIENCE_MEMBER}, scopes: scopes,
	})
	for _, service := range append(harness.Services(), harness.Gateway, harness.Emergency) {
		all = append(all,
			caller{name: service + " alone", person: w.Anonymous(), service: service},
			caller{name: service + " for a member", person: w.Requester, audiences: []policyv1.Audience{policyv1.Audience_AUDIENCE_MEMBER}, service: service},
		)
	}
	return all
}

// refusal is what the policy answers to the caller: "" when it lets pass.
func (c caller) refusal(p *policyv1.Policy) string {
	switch {
	case slices.Contains(p.GetUsers(), policyv1.Audience_AUDIENCE_PUBLIC):
		return ""
	case len(c.audiences) > 0:
		for _, a := range c.audiences {
			if slices.Contains(p.GetUsers(), a) {
				return c.limit(p.GetScope())
			}
		}
		return "NOT_ALLOWED"
	case c.service != "" && slices.Contains(p.GetServices(), c.service):
		return ""
	case len(p.GetUsers()) > 0:
		return "TOKEN_REQUIRED"
	default:
		return "SERVICE_NOT_ALLOWED"
	}
}

// limit is what a method answers to the caller's token because of its scopes.
func (c caller) limit(scope policyv1.Scope) string {
	if c.scopes == nil || scope == policyv1.Scope_SCOPE_SELF || slices.Contains(c.scopes, scope) {
		return ""
	}
	return "SCOPE_MISSING"
}

// policyReasons are the refusals of policies: no rule of a service gives them.
var policyReasons = []string{"NOT_ALLOWED", "SCOPE_MISSING", "TOKEN_REQUIRED", "SERVICE_NOT_ALLOWED", "TOKEN_INVALID", "TOKEN_EXPIRED", "TOKEN_REVOKED"}

// methods returns every RPC of the four services by its full name: not those of the emergency mailbox, which takes no tokens
// and is asked in TestSecondPath.
func methods() map[string]protoreflect.MethodDescriptor {
	found := map[string]protoreflect.MethodDescriptor{}
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			if service.Name() == "EmergencyPageService" {
				continue
			}
			for j := 0; strings.HasPrefix(string(service.FullName()), "altis.support.") && j < service.Methods().Len(); j++ {
				method := service.Methods().Get(j)
				found["/"+string(service.FullName())+"/"+string(method.Name())] = method
			}
		}
		return true
	})
	return found
}

// testPolicy calls every RPC as every kind of caller and compares what happens
// with what the method's policy says.
func testPolicy(t *testing.T, w *harness.World) {
	t.Run("the servers have no other methods", func(t *testing.T) { testRegistered(t, w) })
	about := create(t, w.Requester, w.Question("matrix", w.Copied.Email))
	all, everybody := methods(), callers(t, w)
	known := requests(w, about.GetNumber())
	for _, method := range slices.Sorted(maps.Keys(all)) {
		name := strings.TrimPrefix(method, "/altis.support.")
		t.Run(name, func(t *testing.T) {
			build, ok := known[name[strings.Index(name, ".v1.")+len(".v1."):]]
			require.True(t, ok, "add a request for this method to the matrix")
			for _, c := range everybody {
				for _, conn := range connections(w, c, method) {
					checkCall(t, c, conn, method, all[method], build)
				}
			}
		})
	}
}

// connections returns how the caller reaches a method: sinks are several.
func connections(w *harness.World, c caller, method string) []grpc.ClientConnInterface {
	services := []string{harness.ServiceOf(method)}
	if strings.Contains(method, sink) {
		services = []string{harness.Ticket, harness.Triage, harness.Notification}
	}
	var conns []grpc.ClientConnInterface
	for _, service := range services {
		switch {
		case c.service != "":
			conns = append(conns, c.person.Through(w.Peer(c.service, service)))
		case w.Processes == nil && strings.Contains(method, sink):
			// Tools cannot reach sinks in one process.
		default:
			conns = append(conns, c.person.Through(w.Tooling(service)))
		}
	}
	return conns
}

func checkCall(t *testing.T, c caller, conn grpc.ClientConnInterface, method string, d protoreflect.MethodDescriptor, build request) {
	t.Helper()
	err := call(t.Context(), conn, method, d, build.message(c))
	policy, _ := proto.GetExtension(d.Options(), policyv1.E_Policy).(*policyv1.Policy)
	require.NotNil(t, policy)
	if want := c.refusal(policy); want != "" {
		require.Equal(t, want, fault.ReasonOf(err), "%s: %v", c.name, err)
		return
	}
	require.NotContains(t, policyReasons, fault.ReasonOf(err), "%s: %v", c.name, err)
	hidden := build.kind == ofTicket && c.outsider || build.kind == ofOrganization && c.stranger
	missing := fault.ReasonOf(err) == "TICKET_NOT_FOUND" || fault.ReasonOf(err) == "ORGANIZATION_NOT_FOUND"
	if build.kind != ofNobody {
		require.Equal(t, hidden, missing, "%s: %v", c.name, err)
	}
	if err != nil {
		require.NotContains(t, []fault.Kind{fault.Internal, fault.Unavailable}, fault.KindOf(err), "%s: %v", c.name, err)
		require.False(t, build.succeeds && !hidden, "%s: %v", c.name, err)
	}
}

// call makes any call, of streams it waits for the first answer.
func call(ctx context.Context, conn grpc.ClientConnInterface, method string, d protoreflect.MethodDescriptor, req proto.Message) error {
	output, err := protoregistry.GlobalTypes.FindMessageByName(d.Output().FullName())
	if err != nil {
		return err
	}
	reply := output.New().Interface()
	if !d.IsStreamingServer() && !d.IsStreamingClient() {
		return conn.Invoke(ctx, method, req, reply)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	desc := &grpc.StreamDesc{StreamName: string(d.Name()), ServerStreams: d.IsStreamingServer(), ClientStreams: d.IsStreamingClient()}
	stream, err := conn.NewStream(ctx, desc, method)
	if err != nil {
		return err
	}
	if err := errors.Join(stream.SendMsg(req), stream.CloseSend()); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return stream.RecvMsg(reply)
}

// testRegistered asks the servers themselves which services they have.
func testRegistered(t *testing.T, w *harness.World) {
	want := map[string]bool{}
	for method := range methods() {
		service, _, _ := strings.Cut(strings.TrimPrefix(method, "/"), "/")
		want[service] = true
	}
	got := map[string]bool{}
	for _, service := range harness.Services() {
		stream, err := reflectionv1.NewServerReflectionClient(w.Tooling(service)).ServerReflectionInfo(t.Context())
		require.NoError(t, err)
		require.NoError(t, stream.Send(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}}))
		res, err := stream.Recv()
		require.NoError(t, err)
		require.NoError(t, stream.CloseSend())
		for _, s := range res.GetListServicesResponse().GetService() {
			if !strings.HasPrefix(s.GetName(), "grpc.") {
				got[s.GetName()] = true
			}
		}
	}
	if w.Processes == nil { // there it is within the process only
		require.NotContains(t, got, "altis.support.event.v1."+sink)
		got["altis.support.event.v1."+sink] = true
	}
	require.Equal(t, want, got)
	testForeignSource(t, w)
}

// testForeignSource checks that a service cannot speak for another.
func testForeignSource(t *testing.T, w *harness.World) {
	event := &eventv1.Event{Id: "foreign", Source: harness.Identity, Aggregate: "1", Sequence: 1}
	_, err := eventv1.NewEventSinkServiceClient(w.Peer(harness.Triage, harness.Ticket)).
		Deliver(t.Context(), &eventv1.DeliverRequest{Events: []*eventv1.Event{event}})
	require.Equal(t, "SOURCE_MISMATCH", fault.ReasonOf(err), "%v", err)
}
