package gateway

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"altis-dxp.com/support/pkg/fault"
)

const reasonUnknown = "FIELD_UNKNOWN"

type queryKey struct{}

// withQuery keeps the parameters of a request, if there are any, for checkQuery.
func withQuery(r *http.Request) *http.Request {
	if r.URL.RawQuery == "" {
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), queryKey{}, r.URL.Query()))
}

// checkQuery refuses the parameters of a call that the runtime ignores: a misspelt filter must not return everything.
func checkQuery(ctx context.Context, req any) error {
	values, _ := ctx.Value(queryKey{}).(url.Values)
	m, ok := req.(proto.Message)
	if len(values) == 0 || !ok {
		return nil
	}
	return knownParameters(m.ProtoReflect().Descriptor(), values, given(ctx))
}

var pathVariable = regexp.MustCompile(`\{([^}=]+)`)

// given returns the fields that a call takes from its path and its body, "*" for all.
func given(ctx context.Context) (fields []string) {
	path, _ := runtime.HTTPPathPattern(ctx)
	for _, m := range pathVariable.FindAllStringSubmatch(path, -1) {
		fields = append(fields, m[1])
	}
	return append(fields, bodyOption(ctx))
}

// knownParameters fails with the first parameter that is no field of the message, or one of those that are given in
// another way. Fields go by their names in the proto and in JSON, those of messages inside by paths, entries of maps as
// field[key].
func knownParameters(d protoreflect.MessageDescriptor, values url.Values, given []string) error {
	for _, parameter := range slices.Sorted(maps.Keys(values)) {
		name, _, _ := strings.Cut(parameter, "[")
		path, ok := fieldPath(d, name)
		if !ok || slices.ContainsFunc(given, func(g string) bool { return g == "*" || path == g || strings.HasPrefix(path, g+".") }) {
			return fault.InvalidField(parameter, reasonUnknown, "there is no such parameter")
		}
	}
	return nil
}

// fieldPath returns the path of a field by the names of the proto.
func fieldPath(d protoreflect.MessageDescriptor, path string) (string, bool) {
	var names []string
	for name := range strings.SplitSeq(path, ".") {
		if d == nil {
			return "", false
		}
		field := d.Fields().ByTextName(name)
		if field == nil {
			field = d.Fields().ByJSONName(name)
		}
		if field == nil {
			return "", false
		}
		names, d = append(names, string(field.Name())), field.Message()
	}
	return strings.Join(names, "."), true
}
