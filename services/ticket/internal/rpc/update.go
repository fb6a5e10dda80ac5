package rpc

import (
	"context"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// UpdateTicket implements ticketv1.TicketServiceServer. Fields of the type's part
// can be changed one by one, a scope only as a whole.
func (s *Server) UpdateTicket(ctx context.Context, req *ticketv1.UpdateTicketRequest) (*ticketv1.Ticket, error) {
	p := req.GetTicket()
	if p.GetNumber() <= 0 {
		return nil, fault.InvalidField("ticket.number", "REQUIRED", "name the ticket")
	}
	if err := checkTimes(p); err != nil {
		return nil, err
	}
	mask, err := parseMask(req)
	if err != nil {
		return nil, err
	}
	u := domain.Update{
		Number: p.GetNumber(), ETag: p.GetEtag(), Fields: mask.fields,
		Values: domain.Ticket{
			Priority: domain.Priority(p.GetPriority()), Status: domain.Status(p.GetStatus()),
			Subject: p.GetSubject(), Scope: wire.FromScope(p.GetScope()), Tags: p.GetTags(),
		},
		Details: func(old domain.Details) domain.Details {
			merged := proto.CloneOf(wire.Ticket(domain.Ticket{Details: old}))
			for _, path := range mask.details {
				copyPath(merged.ProtoReflect(), p.ProtoReflect(), path)
			}
			return wire.FromDetails(merged)
		},
	}
	return changed(ctx, func(c domain.Caller) (domain.Ticket, error) { return s.Desk.Update(ctx, c, u) })
}

type mask struct {
	fields  []string // of domain.UpdateFields, each once
	details [][]protoreflect.FieldDescriptor
}

// parseMask reads update_mask, whose names may be those of the proto or of JSON.
// Without one, every field that can be changed and is set is meant.
func parseMask(req *ticketv1.UpdateTicketRequest) (mask, error) {
	var m mask
	var fields []fault.Field
	paths := req.GetUpdateMask().GetPaths()
	if len(paths) == 0 {
		req.GetTicket().ProtoReflect().Range(func(fd protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
			if _, ok := domain.UpdateFields[string(fd.Name())]; ok {
				paths = append(paths, string(fd.Name()))
			}
			return true
		})
		slices.Sort(paths)
	}
	for _, path := range paths {
		if path == "etag" || path == "number" {
			continue // says which ticket is meant
		}
		walked, ok := walk(path)
		if !ok {
			fields = append(fields, fault.Field{Path: "update_mask", Reason: "UNKNOWN_FIELD", Description: path + " cannot be changed"})
			continue
		}
		field := string(walked[0].Name())
		if walked[0].ContainingOneof() != nil {
			m.details = append(m.details, walked)
		}
		if !slices.Contains(m.fields, field) {
			m.fields = append(m.fields, field)
		}
	}
	if len(m.fields) == 0 && len(fields) == 0 {
		fields = append(fields, fault.Field{Path: "update_mask", Reason: "REQUIRED", Description: "name at least one field"})
	}
	return m, fault.InvalidFields(fields)
}

// maxDepth of a path: a field of the type's part. Instants are changed as a whole.
const maxDepth = 2

// walk resolves a path below a ticket that can be changed.
func walk(path string) (walked []protoreflect.FieldDescriptor, ok bool) {
	message := (&ticketv1.Ticket{}).ProtoReflect().Descriptor()
	for name := range strings.SplitSeq(path, ".") {
		if message == nil || len(walked) == maxDepth {
			return nil, false
		}
		fd := message.Fields().ByName(protoreflect.Name(name))
		if fd == nil {
			fd = message.Fields().ByJSONName(name)
		}
		if fd == nil {
			return nil, false
		}
		walked = append(walked, fd)
		message = nil
		if fd.Cardinality() != protoreflect.Repeated {
			message = fd.Message()
		}
	}
	_, ok = domain.UpdateFields[string(walked[0].Name())]
	return walked, ok
}

// copyPath makes to like from at a path.
func copyPath(to, from protoreflect.Message, path []protoreflect.FieldDescriptor) {
	fd := path[0]
	switch {
	case len(path) > 1:
		copyPath(to.Mutable(fd).Message(), from.Get(fd).Message(), path[1:])
	case from.Has(fd):
		to.Set(fd, from.Get(fd))
	default:
		to.Clear(fd)
	}
}
