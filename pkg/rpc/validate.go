package rpc

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"buf.build/go/protovalidate"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"altis-dxp.com/support/pkg/fault"
)

// maxDepth bounds the nesting of a request; no message of the suite comes near.
const maxDepth = 64

// newValidator compiles the rules of all requests of the services, so that no first request pays for it and a rule
// that does not compile stops the start.
func newValidator(services map[string]grpc.ServiceInfo) (protovalidate.Validator, error) {
	var inputs []protoreflect.MessageDescriptor
	for service, info := range services {
		for _, m := range info.Methods {
			d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service + "." + m.Name))
			if err != nil {
				return nil, fmt.Errorf("rpc: %s.%s: %w", service, m.Name, err)
			}
			if d, ok := d.(protoreflect.MethodDescriptor); ok {
				inputs = append(inputs, d.Input())
			}
		}
	}
	v, err := protovalidate.New(protovalidate.WithMessageDescriptors(inputs...))
	if err != nil {
		return nil, fmt.Errorf("rpc: validator: %w", err)
	}
	for _, d := range inputs {
		mt, err := protoregistry.GlobalTypes.FindMessageByName(d.FullName())
		if err != nil {
			return nil, fmt.Errorf("rpc: %s: %w", d.FullName(), err)
		}
		var violations *protovalidate.ValidationError
		if err := v.Validate(mt.New().Interface()); err != nil && !errors.As(err, &violations) {
			return nil, fmt.Errorf("rpc: rules of %s: %w", d.FullName(), err)
		}
	}
	return v, nil
}

// one mends the sentences of the rules, which know only the plural.
var one = strings.NewReplacer(" 1 characters", " 1 character", " 1 bytes", " 1 byte", " 1 item(s)", " 1 item")

// validate returns an Invalid fault with the offending fields of a request.
func validate(v protovalidate.Validator, request any) error {
	m, ok := request.(proto.Message)
	if !ok {
		return fmt.Errorf("rpc: request is a %T", request)
	}
	if fields := malformed(m); len(fields) > 0 {
		return fault.InvalidFields(fields)
	}
	err := v.Validate(m)
	if err == nil {
		return nil
	}
	violations, ok := errors.AsType[*protovalidate.ValidationError](err)
	if !ok {
		return err
	}
	var fields []fault.Field
	for _, violation := range violations.Violations {
		p := violation.Proto
		fields = append(fields, fault.Field{
			Path:        protovalidate.FieldPathString(p.GetField()),
			Reason:      reasonOf(p.GetRuleId()),
			Description: one.Replace(p.GetMessage()),
		})
		if len(fields) == maxFields {
			break
		}
	}
	return fault.InvalidFields(fields)
}

// Validate checks a message that is complete only after a merge, as the server checks requests. name is the field of the
// request that holds it: the offending fields are named below it.
func Validate(name string, m proto.Message) error {
	err := validate(protovalidate.GlobalValidator, m)
	if f, ok := errors.AsType[*fault.Error](err); ok {
		for i := range f.Fields {
			f.Fields[i].Path = name + "." + f.Fields[i].Path
		}
		return fault.InvalidFields(f.Fields)
	}
	return err
}

// reasonOf names the breach of a rule ("string.min_len") as all reasons are named.
func reasonOf(ruleID string) string {
	kind, rule, _ := strings.Cut(ruleID, ".")
	switch rule {
	case "min_len", "min_bytes":
		return "TOO_SHORT"
	case "max_len", "max_bytes":
		return "TOO_LONG"
	case "min_items", "min_pairs":
		return "TOO_FEW"
	case "max_items", "max_pairs":
		return "TOO_MANY"
	}
	switch base, _, _ := strings.Cut(rule, "_"); {
	case kind == "required", rule == "required": // of a field, of a oneof
		return "REQUIRED"
	case base == "gt", base == "gte", base == "lt", base == "lte": // a range is "gte_lte"
		return "OUT_OF_RANGE"
	case kind == "string", kind == "bytes":
		// What is left are patterns and formats, but for lists of the values that are allowed or not.
		if rule != "in" && rule != "not_in" && rule != "const" {
			return "MALFORMED"
		}
	}
	return "INVALID"
}

// malformed returns the fields of a message that hold text which is not UTF-8, text with a NUL, which PostgreSQL does not
// store, or enum numbers that do not exist. A message that came over the wire is UTF-8, one from inside the process may not be.
func malformed(m proto.Message) []fault.Field {
	w := walker{}
	w.message(m.ProtoReflect(), "", 0)
	return w.fields
}

type walker struct{ fields []fault.Field }

func (w *walker) report(path, reason, description string) {
	w.fields = append(w.fields, fault.Field{Path: path, Reason: reason, Description: description})
}

func (w *walker) message(m protoreflect.Message, path string, depth int) {
	if depth > maxDepth {
		w.report(path, "TOO_DEEP", "is nested too deeply")
		return
	}
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case fd.IsMap():
			v.Map().Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
				w.value(fd.MapKey(), k.Value(), func() string { return join(path, fd) }, depth)
				w.value(fd.MapValue(), v, func() string { return fmt.Sprintf("%s[%q]", join(path, fd), k.String()) }, depth)
				return w.more()
			})
		case fd.IsList():
			list := v.List()
			for i := 0; i < list.Len() && w.more(); i++ {
				w.value(fd, list.Get(i), func() string { return fmt.Sprintf("%s[%d]", join(path, fd), i) }, depth)
			}
		default:
			w.value(fd, v, func() string { return join(path, fd) }, depth)
		}
		return w.more()
	})
}

func (w *walker) more() bool { return len(w.fields) < maxFields }

// value looks at one value. Its path is asked for only when it matters: scalars are rarely wrong.
func (w *walker) value(fd protoreflect.FieldDescriptor, v protoreflect.Value, path func() string, depth int) {
	switch fd.Kind() {
	case protoreflect.StringKind:
		if !utf8.ValidString(v.String()) {
			w.report(path(), "INVALID_UTF8", "must be valid UTF-8")
		} else if strings.IndexByte(v.String(), 0) >= 0 {
			w.report(path(), "NUL_CHARACTER", "must not contain the character NUL")
		}
	case protoreflect.EnumKind:
		if fd.Enum().Values().ByNumber(v.Enum()) == nil {
			w.report(path(), "UNKNOWN_ENUM", fmt.Sprintf("%d is no value of %s", v.Enum(), fd.Enum().Name()))
		}
	case protoreflect.MessageKind, protoreflect.GroupKind:
		w.message(v.Message(), path(), depth+1)
	default:
	}
}

func join(path string, fd protoreflect.FieldDescriptor) string {
	if path == "" {
		return string(fd.Name())
	}
	return path + "." + string(fd.Name())
}
