package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

// plugin is what protoc-gen-openapiv2 writes for GET /v1/tickets/{ticket},
// PATCH /v1/tickets/{ticket.number}, POST /v1/tickets/{ticket}:reply and a PATCH
// whose body is a shared message.
const plugin = `{
  "swagger": "2.0",
  "info": {"title": "altis/support/ticket.proto", "version": "version not set"},
  "tags": [{"name": "TicketService"}, {"name": "AuthService"}],
  "consumes": ["application/json"], "produces": ["application/json"],
  "paths": {
    "/v1/tickets/{ticket}": {"get": {
      "operationId": "GetTicket",
      "parameters": [{"name": "ticket", "in": "path", "required": true, "type": "string"}],
      "responses": {"200": {"description": "OK", "schema": {"$ref": "#/definitions/Ticket"}}}}},
    "/v1/tickets/{ticket.number}": {"patch": {
      "operationId": "UpdateTicket",
      "parameters": [
        {"name": "ticket.number", "in": "path", "required": true, "type": "string"},
        {"name": "ticket", "in": "body", "required": true, "schema": {
          "type": "object", "required": ["subject"], "properties": {"subject": {"type": "string"}}}}],
      "responses": {"200": {"description": "OK", "schema": {"$ref": "#/definitions/Ticket"}}}}},
    "/v1/tickets/{ticket}:reply": {"post": {
      "operationId": "ReplyToTicket",
      "security": [],
      "parameters": [{"name": "ticket", "in": "path", "required": true, "type": "string"}],
      "responses": {"200": {"description": "OK", "schema": {"$ref": "#/definitions/Ticket"}}}}},
    "/v1/views/{id}": {"patch": {
      "operationId": "UpdateView",
      "parameters": [
        {"name": "id", "in": "path", "required": true, "type": "string"},
        {"name": "ticket", "in": "body", "required": true, "schema": {"$ref": "#/definitions/Ticket"}}],
      "responses": {"200": {"description": "OK"}}}}
  },
  "definitions": {"Ticket": {
    "type": "object", "required": ["subject"], "properties": {"subject": {"type": "string"}}}}
}`

func parse(t *testing.T, text string) *openapi2.T {
	t.Helper()
	var v2 openapi2.T
	require.NoError(t, json.Unmarshal([]byte(text), &v2))
	return &v2
}

func converted(t *testing.T) *openapi3.T {
	t.Helper()
	raw, err := convert(t.Context(), parse(t, plugin))
	require.NoError(t, err)
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	require.NoError(t, err)
	return doc
}

func TestConvertNamesTheAPI(t *testing.T) {
	doc := converted(t)
	require.Equal(t, "Altis Support API", doc.Info.Title)
	require.Equal(t, "v1", doc.Info.Version)
	require.Equal(t, "AuthService", doc.Tags[0].Name)
}

func TestConvertAsksForATokenUnlessDeclaredOpen(t *testing.T) {
	doc := converted(t)
	require.Equal(t, "bearer", doc.Components.SecuritySchemes["bearer"].Value.Scheme)
	require.Equal(t, openapi3.SecurityRequirements{{"bearer": []string{}}}, doc.Security)
	require.Nil(t, doc.Paths.Value("/v1/tickets/{ticket}").Get.Security)
	open := doc.Paths.Value("/v1/tickets/{ticket}:reply").Post.Security
	require.NotNil(t, open)
	require.Empty(t, *open)
}

func TestConvertJoinsPathsThatDifferInParameterNames(t *testing.T) {
	doc := converted(t)
	require.Nil(t, doc.Paths.Value("/v1/tickets/{ticket.number}"))
	patch := doc.Paths.Value("/v1/tickets/{ticket}").Patch
	require.Equal(t, "UpdateTicket", patch.OperationID)
	require.Equal(t, "ticket", patch.Parameters[0].Value.Name)
}

func TestConvertMakesPatchBodiesPartial(t *testing.T) {
	doc := converted(t)
	for _, path := range []string{"/v1/tickets/{ticket}", "/v1/views/{id}"} {
		body := doc.Paths.Value(path).Patch.RequestBody.Value.Content["application/json"].Schema.Value
		require.Empty(t, body.Required, path)
		require.Contains(t, body.Properties, "subject", path)
	}
	require.Equal(t, []string{"subject"}, doc.Components.Schemas["Ticket"].Value.Required)
}

func TestConvertAnswersProblems(t *testing.T) {
	doc := converted(t)
	failed := doc.Paths.Value("/v1/views/{id}").Patch.Responses.Default()
	require.Equal(t, "#/components/responses/Problem", failed.Ref)
	require.Contains(t, failed.Value.Content, "application/problem+json")
}

func TestConvertRefuses(t *testing.T) {
	operation := func(id string) string {
		return `{"operationId": "` + id + `", "parameters": [{"name": "a", "in": "path", "required": true, "type": "string"}],
			"responses": {"200": {"description": "OK"}}}`
	}
	tests := []struct{ name, paths, definitions, want string }{
		{
			name:  "two operations for one method of one path",
			paths: `{"/v1/{a}": {"get": ` + operation("A") + `}, "/v1/{b.c}": {"get": ` + operation("B") + `}}`,
			want:  "GET is declared for both /v1/{a} and /v1/{b.c}",
		},
		{
			name:  "two operations of one name",
			paths: `{"/v1/x/{a}": {"get": ` + operation("A") + `}, "/v1/y/{a}": {"get": ` + operation("A") + `}}`,
			want:  "operation",
		},
		{
			name:        "a message that hides the problem schema",
			paths:       `{"/v1/{a}": {"get": ` + operation("A") + `}}`,
			definitions: `{"Problem": {"type": "object"}}`,
			want:        "named Problem too",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			definitions := test.definitions
			if definitions == "" {
				definitions = "{}"
			}
			v2 := parse(t, `{"swagger": "2.0", "info": {"title": "t", "version": "v"},
				"paths": `+test.paths+`, "definitions": `+definitions+`}`)
			_, err := convert(t.Context(), v2)
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestRunWritesTheSameBytesEachTime(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in.json")
	// With what the handwritten routes name.
	text := strings.Replace(plugin, `"definitions": {`, `"definitions": {"Attachment": {"type": "object"}, `, 1)
	require.NoError(t, os.WriteFile(in, []byte(text), 0o600))
	var first []byte
	for range 20 {
		out := filepath.Join(dir, "made", "out.json")
		require.NoError(t, run(in, out))
		got, err := os.ReadFile(out)
		require.NoError(t, err)
		if first == nil {
			first = got
		}
		require.Equal(t, string(first), string(got))
	}
}
