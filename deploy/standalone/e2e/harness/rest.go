package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// restConn carries the calls of generated clients over REST, by the http option
// of each method, so that one test runs over both. Errors are faults, as they
// are over gRPC.
type restConn struct {
	base   string
	token  string // API token
	client *http.Client
}

// Invoke implements grpc.ClientConnInterface.
func (c restConn) Invoke(ctx context.Context, method string, req, reply any, _ ...grpc.CallOption) error {
	request, err := c.request(ctx, method, req.(proto.Message))
	if err != nil {
		return err
	}
	res, err := c.client.Do(request)
	if err != nil {
		return fault.Wrap(fault.Unavailable, "UNAVAILABLE", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return fault.Wrap(fault.Unavailable, "UNAVAILABLE", err)
	}
	if res.StatusCode/100 != 2 {
		return Answer{Status: res.StatusCode, Header: res.Header, Body: body}.fault()
	}
	if err := protojson.Unmarshal(body, reply.(proto.Message)); err != nil {
		return fmt.Errorf("answer of %s: %w\n%s", method, err, body)
	}
	return nil
}

// NewStream implements grpc.ClientConnInterface. The only stream is WatchTickets.
func (c restConn) NewStream(ctx context.Context, _ *grpc.StreamDesc, method string, _ ...grpc.CallOption) (grpc.ClientStream, error) {
	if method != ticketv1.TicketService_WatchTickets_FullMethodName {
		return nil, fmt.Errorf("harness: %s is no stream over REST", method)
	}
	return &sseStream{ctx: ctx, conn: c}, nil
}

func (c restConn) request(ctx context.Context, method string, req proto.Message) (*http.Request, error) {
	r, err := RouteOf(method)
	if err != nil {
		return nil, err
	}
	path, query, body, err := r.Fill(req)
	if err != nil {
		return nil, err
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, r.Verb, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	return request, nil
}

// Route is how a method is called over REST.
type Route struct {
	Verb string
	path string // "/v1/tickets/{ticket}:reply"
	body string // "*", the name of a field, or ""
}

// ErrNoRoute is returned for methods that are not served over REST.
var ErrNoRoute = errors.New("harness: the method has no http option")

// RouteOf returns the route of a full method.
func RouteOf(fullMethod string) (Route, error) {
	d, err := MethodOf(fullMethod)
	if err != nil {
		return Route{}, err
	}
	rule, _ := proto.GetExtension(d.Options(), annotations.E_Http).(*annotations.HttpRule)
	switch p := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		return Route{http.MethodGet, p.Get, ""}, nil
	case *annotations.HttpRule_Post:
		return Route{http.MethodPost, p.Post, rule.GetBody()}, nil
	case *annotations.HttpRule_Put:
		return Route{http.MethodPut, p.Put, rule.GetBody()}, nil
	case *annotations.HttpRule_Patch:
		return Route{http.MethodPatch, p.Patch, rule.GetBody()}, nil
	case *annotations.HttpRule_Delete:
		return Route{http.MethodDelete, p.Delete, rule.GetBody()}, nil
	default:
		return Route{}, fmt.Errorf("%w: %s", ErrNoRoute, fullMethod)
	}
}

// MethodOf returns the descriptor of a full method.
func MethodOf(fullMethod string) (protoreflect.MethodDescriptor, error) {
	name := strings.ReplaceAll(strings.TrimPrefix(fullMethod, "/"), "/", ".")
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(name))
	if err != nil {
		return nil, fmt.Errorf("harness: %s: %w", fullMethod, err)
	}
	return d.(protoreflect.MethodDescriptor), nil
}

var pathVariable = regexp.MustCompile(`\{([a-z_.]+)\}`)

// Fill returns path, query and body of a request; body is nil when there is none.
func (r Route) Fill(req proto.Message) (path string, query url.Values, body []byte, err error) {
	rest := proto.Clone(req)
	path = pathVariable.ReplaceAllStringFunc(r.path, func(variable string) string {
		fields := strings.Split(strings.Trim(variable, "{}"), ".")
		return url.PathEscape(take(rest.ProtoReflect(), fields))
	})
	query = url.Values{}
	switch r.body {
	case "":
		err = addQuery(query, "", rest.ProtoReflect())
	case "*":
		body, err = protojson.Marshal(rest)
	default:
		m := rest.ProtoReflect()
		field := m.Descriptor().Fields().ByName(protoreflect.Name(r.body))
		if body, err = protojson.Marshal(m.Get(field).Message().Interface()); err == nil {
			m.Clear(field)
			err = addQuery(query, "", m)
		}
	}
	return path, query, body, err
}

// take returns the value of a field, as text, and clears it.
func take(m protoreflect.Message, fields []string) string {
	field := m.Descriptor().Fields().ByName(protoreflect.Name(fields[0]))
	if len(fields) > 1 {
		return take(m.Mutable(field).Message(), fields[1:])
	}
	value := m.Get(field).String()
	m.Clear(field)
	return value
}

func addQuery(query url.Values, prefix string, m protoreflect.Message) (err error) {
	m.Range(func(field protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		name := prefix + string(field.Name())
		if !field.IsList() {
			err = addValue(query, name, field, v)
			return err == nil
		}
		for i := range v.List().Len() {
			if err = addValue(query, name, field, v.List().Get(i)); err != nil {
				return false
			}
		}
		return true
	})
	return err
}

func addValue(query url.Values, name string, field protoreflect.FieldDescriptor, v protoreflect.Value) error {
	switch field.Kind() {
	case protoreflect.EnumKind:
		query.Add(name, string(field.Enum().Values().ByNumber(v.Enum()).Name()))
		return nil
	case protoreflect.MessageKind:
		m := v.Message().Interface()
		if mask, ok := m.(*fieldmaskpb.FieldMask); ok {
			query.Add(name, strings.Join(mask.GetPaths(), ","))
			return nil
		}
		if !strings.HasPrefix(string(field.Message().FullName()), "google.protobuf.") {
			return addQuery(query, name+".", v.Message())
		}
		text, err := protojson.Marshal(m)
		if err != nil {
			return err
		}
		var plain string
		if err := json.Unmarshal(text, &plain); err != nil {
			return err
		}
		query.Add(name, plain)
		return nil
	default:
		query.Add(name, v.String())
		return nil
	}
}
