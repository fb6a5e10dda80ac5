package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"altis-dxp.com/support/pkg/fault"
)

// What protojson and the gateway's runtime say is wrong with a request. They give text only, so the position in it, or the
// name of a parameter, leads to the field. A text that no longer matches still is a 400 with that text.
var (
	jsonPosition   = regexp.MustCompile(`\(line (\d+):(\d+)\): (.*)`)
	wrongValue     = regexp.MustCompile(`^invalid value for (\w+) (?:field|key)`)
	queryParameter = regexp.MustCompile(`parsing (?:field|list|map|oneof) "([^"]+)": `)
	pathParameter  = regexp.MustCompile(`type mismatch, parameter: (\S+), error: `)
)

// diagnose turns the runtime's complaint about a request into a fault about a field. parent is the field of the message
// that the body is, "" for the message itself: paths are those of the message, as services name them.
func diagnose(text string, body []byte, parent string) error {
	text = strings.ReplaceAll(text, "\u00a0", " ") // protojson varies its spaces
	if m := jsonPosition.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[1])
		column, _ := strconv.Atoi(m[2])
		reason, description := "VALUE_INVALID", m[3]
		switch wrong := wrongValue.FindStringSubmatch(m[3]); {
		case strings.HasPrefix(m[3], "unknown field"):
			reason, description = reasonUnknown, "there is no such field"
		case strings.HasPrefix(m[3], "duplicate field"):
			reason, description = "FIELD_DUPLICATE", "must be given once"
		case wrong != nil && wrong[1] == "enum":
			reason, description = "UNKNOWN_ENUM", "must be the name of one of the values"
		case wrong != nil:
			description = "must be a value of type " + wrong[1]
		}
		path := strings.TrimPrefix(parent+"."+inProto(pathAt(body, line, column)), ".")
		return fault.InvalidField(path, reason, description)
	}
	for _, parameter := range []*regexp.Regexp{queryParameter, pathParameter} {
		if m := parameter.FindStringSubmatch(text); m != nil {
			return fault.InvalidField(m[1], "VALUE_INVALID", "must be a value of its type")
		}
	}
	return fault.New(fault.Invalid, "REQUEST_INVALID", strings.TrimPrefix(text, "proto: "))
}

var capital = regexp.MustCompile(`[A-Z]`)

// inProto turns the JSON names in a path into those of the proto: followUpOf becomes follow_up_of.
func inProto(path string) string {
	return capital.ReplaceAllStringFunc(path, func(c string) string { return "_" + strings.ToLower(c) })
}

// bodyField returns the field that the body of the method is, "" when it is the whole message.
func bodyField(ctx context.Context) string { return strings.TrimPrefix(bodyOption(ctx), "*") }

// bodyOption returns what the proto says that the body of the method is: a field, "*" for the message, "" for nothing.
func bodyOption(ctx context.Context) string {
	method, _ := runtime.RPCMethod(ctx)
	name := strings.ReplaceAll(strings.TrimPrefix(method, "/"), "/", ".")
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(name))
	if err != nil {
		return ""
	}
	rule, _ := proto.GetExtension(d.Options(), annotations.E_Http).(*annotations.HttpRule)
	return rule.GetBody()
}

// pathAt returns the path of the JSON key or value at a position: line and column from 1, columns in characters.
func pathAt(body []byte, line, column int) string {
	offset := 0
	for ; line > 1; line-- {
		end := bytes.IndexByte(body[offset:], '\n')
		if end < 0 {
			return ""
		}
		offset += end + 1
	}
	for ; column > 1 && offset < len(body); column-- {
		_, size := utf8.DecodeRune(body[offset:])
		offset += size
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	path, _ := search(d, "", offset)
	return path
}

// search walks one value and returns the path of the token that holds the offset.
func search(d *json.Decoder, path string, offset int) (string, bool) {
	token, err := d.Token()
	if err != nil || int(d.InputOffset()) > offset {
		return path, true
	}
	switch token {
	case json.Delim('{'):
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return path, true
			}
			child := strings.TrimPrefix(fmt.Sprintf("%s.%v", path, key), ".")
			if int(d.InputOffset()) > offset {
				return child, true
			}
			if found, ok := search(d, child, offset); ok {
				return found, true
			}
		}
	case json.Delim('['):
		for n := 0; d.More(); n++ {
			if found, ok := search(d, fmt.Sprintf("%s[%d]", path, n), offset); ok {
				return found, true
			}
		}
	default:
		return "", false
	}
	_, err = d.Token() // the closing bracket
	return path, err != nil || int(d.InputOffset()) > offset
}
