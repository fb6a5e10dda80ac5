package gateway

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// TestJSONIsThatOfProtojson fills every message of the API at random.
func TestJSONIsThatOfProtojson(t *testing.T) {
	s := newMarshaler()
	tried := 0
	protoregistry.GlobalTypes.RangeMessages(func(mt protoreflect.MessageType) bool {
		name := string(mt.Descriptor().FullName())
		if !strings.HasPrefix(name, "altis.support.") {
			return true
		}
		tried++
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				m := mt.New()
				fill(t, m, 4)
				requireSameJSON(t, s, m.Interface())
			})
		})
		return true
	})
	require.Greater(t, tried, 100)
}

func requireSameJSON(t require.TestingT, s *marshaler, m proto.Message) {
	want, wantErr := marshalOptions.Marshal(m)
	got, err := s.Marshal(m)
	require.Equal(t, wantErr == nil, err == nil, "%v, %v", wantErr, err)
	if err == nil {
		require.Equal(t, keysAndValues(t, want), keysAndValues(t, got))
	}
}

// keysAndValues returns the tokens of JSON in their order.
func keysAndValues(t require.TestingT, text []byte) (tokens []json.Token) {
	require.True(t, json.Valid(text), "%s", text)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	for d.More() {
		token, err := d.Token()
		require.NoError(t, err)
		tokens = append(tokens, token)
	}
	return tokens
}

// fill sets some fields, of messages within messages down to depth.
func fill(t *rapid.T, m protoreflect.Message, depth int) {
	switch m := m.Interface().(type) {
	case *timestamppb.Timestamp: // somewhat more than the years 1 to 9999
		m.Seconds = rapid.Int64Range(-62135596801, 253402300800).Draw(t, "seconds")
		m.Nanos = rapid.OneOf(rapid.Int32Range(-1, 1e9), rapid.SampledFrom([]int32{0, 5e8, 123e6, 123456e3})).Draw(t, "nanos")
		return
	case *durationpb.Duration:
		m.Seconds = rapid.Int64Range(0, 1e12).Draw(t, "seconds")
		return
	}
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		set := depth > 0 && rapid.Bool().Draw(t, "set")
		switch {
		case !set:
		case fd.IsList():
			list := m.Mutable(fd).List()
			for range rapid.IntRange(0, 3).Draw(t, "length") {
				list.Append(value(t, fd, list.NewElement(), depth))
			}
		default:
			m.Set(fd, value(t, fd, m.NewField(fd), depth))
		}
	}
}

func value(t *rapid.T, fd protoreflect.FieldDescriptor, empty protoreflect.Value, depth int) protoreflect.Value {
	switch fd.Kind() {
	case protoreflect.MessageKind:
		fill(t, empty.Message(), depth-1)
		return empty
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(rapid.String().Draw(t, "string"))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(rapid.Int32Range(-1, 12).Draw(t, "enum")))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(rapid.Bool().Draw(t, "bool"))
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(rapid.Int32().Draw(t, "int32"))
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(rapid.Uint32().Draw(t, "uint32"))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(rapid.Int64().Draw(t, "int64"))
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(rapid.Uint64().Draw(t, "uint64"))
	default:
		return empty
	}
}

// TestJSONOfStrings covers every character that JSON treats in a way of its own.
func TestJSONOfStrings(t *testing.T) {
	var all strings.Builder
	for c := range rune(0x180) {
		all.WriteRune(c)
	}
	all.WriteString("\u2028\u2029\ufeff\U0001f600")
	s := newMarshaler()
	for _, text := range []string{"", all.String(), "\x7f", "ends with \"", "\xc3\x28", "\xed\xa0\x80"} {
		requireSameJSON(t, s, &ticketv1.Ticket{Subject: text})
	}
}
