package gateway

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

const (
	reasonUnknown = "FIELD_UNKNOWN"
	// unknownField is what queryParser says in the words of the runtime, since its errors reach diagnose as text only.
	unknownField = "unknown field"
)

// queryParser refuses parameters that the runtime ignores: a misspelt filter must not return everything.
type queryParser struct{ runtime.DefaultQueryParser }

// Parse puts the values into the message, but for the fields of the filter.
func (p *queryParser) Parse(m proto.Message, values url.Values, filter *utilities.DoubleArray) error {
	if name := unknownParameter(m.ProtoReflect().Descriptor(), values); name != "" {
		return fmt.Errorf("parsing field %.100q: %s", name, unknownField)
	}
	return p.DefaultQueryParser.Parse(m, values, filter)
}

// unknownParameter returns the name of a parameter that no field of the message has, "" when there is none. Fields go by
// their names in the proto and in JSON, those of messages inside by paths, entries of maps as field[key].
func unknownParameter(d protoreflect.MessageDescriptor, values url.Values) string {
	for _, parameter := range slices.Sorted(maps.Keys(values)) {
		path, _, _ := strings.Cut(parameter, "[")
		inside := d
		for name := range strings.SplitSeq(path, ".") {
			if inside == nil {
				return parameter
			}
			field := inside.Fields().ByTextName(name)
			if field == nil {
				field = inside.Fields().ByJSONName(name)
			}
			if field == nil {
				return parameter
			}
			inside = field.Message()
		}
	}
	return ""
}
