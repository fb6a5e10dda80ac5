package main

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

const problem = "Problem" // name of the schema and of the response

// declareProblems makes the gateway's RFC 9457 document the answer of every
// operation that fails. The proto plugin knows only google.rpc.Status, which the
// gateway translates.
func declareProblems(doc *openapi3.T) error {
	if doc.Components.Schemas[problem] != nil {
		return fmt.Errorf("a proto message is named %s too", problem)
	}
	if doc.Components.Schemas == nil {
		doc.Components.Schemas = openapi3.Schemas{}
	}
	doc.Components.Schemas[problem] = openapi3.NewSchemaRef("", problemSchema())
	media := openapi3.NewMediaType().WithSchemaRef(openapi3.NewSchemaRef("#/components/schemas/"+problem, problemSchema()))
	response := openapi3.NewResponse().
		WithDescription("What went wrong, as RFC 9457 problem details.").
		WithContent(openapi3.Content{"application/problem+json": media})
	doc.Components.Responses = openapi3.ResponseBodies{problem: {Value: response}}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			op.Responses.Set("default", &openapi3.ResponseRef{Ref: "#/components/responses/" + problem, Value: response})
		}
	}
	return nil
}

// problemSchema has the members of RFC 9457 and ours. It is open: some reasons
// carry members of their own.
func problemSchema() *openapi3.Schema {
	text := func(description string) *openapi3.Schema {
		s := openapi3.NewStringSchema()
		s.Description = description
		return s
	}
	status := openapi3.NewInt32Schema()
	status.Description = "The HTTP status code."
	field := openapi3.NewObjectSchema().
		WithProperty("path", text("The field, as in the request: `ticket.subject`, `ccs[3]`.")).
		WithProperty("reason", text("A stable code in UPPER_SNAKE_CASE.")).
		WithProperty("description", text("A sentence for people."))
	fields := openapi3.NewArraySchema().WithItems(field)
	fields.Description = "The request's fields that were refused."
	return openapi3.NewObjectSchema().
		WithAnyAdditionalProperties().
		WithProperty("type", text("A URI that names the kind of problem; `about:blank` says no more than the status.")).
		WithProperty("title", text("The kind of problem in a few words.")).
		WithProperty("status", status).
		WithProperty("detail", text("A sentence for people about this occurrence.")).
		WithProperty("instance", text("A URI that names this occurrence.")).
		WithProperty("reason", text("A stable code in UPPER_SNAKE_CASE, to decide by.")).
		WithProperty("fields", fields)
}
