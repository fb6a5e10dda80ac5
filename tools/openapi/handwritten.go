package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

// handwritten has the routes that the gateway serves without a generated
// handler: those around the cookie, what a page needs, and server-sent events.
//
//go:embed handwritten.json
var handwritten []byte

// public routes need no token.
var public = []string{"/.well-known/jwks.json", "/v1/auth/login", "/v1/auth/logout", "/v1/site"}

// repeatable operations take the header Idempotency-Key for their requestId.
var repeatable = map[string]bool{"CreateTicket": true, "ReplyToTicket": true, "AddNote": true, "BatchUpdateTickets": true}

var idempotencyKey = map[string]any{
	"name": "Idempotency-Key", "in": "header", "schema": map[string]any{"type": "string", "maxLength": 128},
	"description": "Stands for requestId when that is not given: a repeated request with the same key is done once.",
}

// addHandwritten returns the document doc with the handwritten routes, checked and indented.
func addHandwritten(ctx context.Context, doc []byte) ([]byte, error) {
	var whole, extra map[string]any
	if err := json.Unmarshal(doc, &whole); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(handwritten, &extra); err != nil {
		return nil, fmt.Errorf("handwritten.json: %w", err)
	}
	paths := whole["paths"].(map[string]any)
	for path, item := range extra {
		if paths[path] != nil {
			return nil, fmt.Errorf("%s is generated and handwritten", path)
		}
		paths[path] = item
	}
	for _, path := range public {
		item, _ := paths[path].(map[string]any)
		for _, operation := range item {
			operation.(map[string]any)["security"] = []any{}
		}
	}
	for _, item := range paths {
		for _, operation := range item.(map[string]any) {
			if op, ok := operation.(map[string]any); ok && repeatable[fmt.Sprint(op["operationId"])] {
				parameters, _ := op["parameters"].([]any)
				op["parameters"] = append(parameters, idempotencyKey)
			}
		}
	}
	text, err := json.MarshalIndent(whole, "", "  ")
	if err != nil {
		return nil, err
	}
	merged, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, err
	}
	return append(text, '\n'), merged.Validate(ctx)
}
