package rpc

import (
	"errors"
	"strings"
	"testing"

	"buf.build/go/protovalidate"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

func TestMalformed(t *testing.T) {
	text := structpb.NewStringValue
	object := func(fields map[string]*structpb.Value) *structpb.Value {
		return structpb.NewStructValue(&structpb.Struct{Fields: fields})
	}
	list := func(values ...*structpb.Value) *structpb.Value {
		return structpb.NewListValue(&structpb.ListValue{Values: values})
	}
	deep := text("x")
	for range maxDepth {
		deep = list(deep)
	}
	many := make([]*structpb.Value, 10*maxFields)
	for i := range many {
		many[i] = text("\xff")
	}
	for _, c := range []struct {
		name    string
		message proto.Message
		want    []string // "path reason"
	}{
		{name: "nothing", message: &structpb.Value{}},
		{name: "fine", message: object(map[string]*structpb.Value{"é": list(text("☎"), structpb.NewNumberValue(1), structpb.NewNullValue())})},
		{name: "text", message: text("\xff"), want: []string{"string_value INVALID_UTF8"}},
		{name: "half a character", message: text("☎"[:2]), want: []string{"string_value INVALID_UTF8"}},
		{name: "NUL", message: text("a\x00b"), want: []string{"string_value NUL_CHARACTER"}},
		{
			name: "in a list", message: list(text("a"), text("\xff")),
			want: []string{"list_value.values[1].string_value INVALID_UTF8"},
		},
		{
			name: "value of a map", message: object(map[string]*structpb.Value{"k": text("\xff")}),
			want: []string{`struct_value.fields["k"].string_value INVALID_UTF8`},
		},
		{
			name: "key of a map", message: object(map[string]*structpb.Value{"\xff": text("a")}),
			want: []string{"struct_value.fields INVALID_UTF8"},
		},
		{name: "too deep", message: deep, want: []string{strings.Repeat("list_value.values[0].", maxDepth/2) + "list_value TOO_DEEP"}},
		{name: "enum", message: &ticketv1.Ticket{Type: -1}, want: []string{"type UNKNOWN_ENUM"}},
		{
			name: "in the repeated part of a request", message: &eventv1.DeliverRequest{Events: []*eventv1.Event{{}, {Id: "\xff"}}},
			want: []string{"events[1].id INVALID_UTF8"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, f := range malformed(c.message) {
				require.NotEmpty(t, f.Description)
				got = append(got, f.Path+" "+f.Reason)
			}
			require.Equal(t, c.want, got)
		})
	}
	require.Len(t, malformed(list(many...)), maxFields)
}

func TestSentencesOfBreachesAreEnglish(t *testing.T) {
	err := validate(protovalidate.GlobalValidator, &notificationv1.DeleteOverrideRequest{Override: "o"})
	f, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok)
	require.Len(t, f.Fields, 1)
	require.Equal(t, "schedule", f.Fields[0].Path)
	require.True(t, strings.HasSuffix(f.Fields[0].Description, "must be at least 1 character"), f.Fields[0].Description)
}

func TestValidateTakesMessagesOnly(t *testing.T) {
	v, err := newValidator(nil)
	require.NoError(t, err)
	require.Equal(t, fault.Internal, fault.KindOf(validate(v, "text")))
}

func TestReasonsOfRules(t *testing.T) {
	for rule, want := range map[string]string{
		"required":           "REQUIRED",
		"message.oneof":      "INVALID",
		"string.min_len":     "TOO_SHORT",
		"bytes.max_len":      "TOO_LONG",
		"string.max_bytes":   "TOO_LONG",
		"repeated.min_items": "TOO_FEW",
		"map.max_pairs":      "TOO_MANY",
		"int64.gt":           "OUT_OF_RANGE",
		"int32.gte_lte":      "OUT_OF_RANGE",
		"duration.lt":        "OUT_OF_RANGE",
		"timestamp.gt_now":   "OUT_OF_RANGE",
		"string.pattern":     "MALFORMED",
		"string.email":       "MALFORMED",
		"string.email_empty": "MALFORMED",
		"string.in":          "INVALID",
		"repeated.unique":    "INVALID",
		"enum.not_in":        "INVALID",
		"one_line":           "INVALID", // of our own
		"":                   "INVALID",
	} {
		require.Equal(t, want, reasonOf(rule), rule)
	}
}
