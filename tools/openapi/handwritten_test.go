package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHandwrittenRoutesAreAdded(t *testing.T) {
	const generated = `{"openapi":"3.0.3","info":{"title":"t","version":"v1"},
		"components":{"schemas":{"Attachment":{"type":"object"}},"responses":{"Problem":{"description":"d"}},"securitySchemes":{"bearer":{"type":"http","scheme":"bearer"}}},
		"security":[{"bearer":[]}],
		"paths":{"/.well-known/jwks.json":{"get":{"operationId":"Jwks","responses":{"default":{"description":"d"}}}}}}`
	text, err := addHandwritten(t.Context(), []byte(generated))
	require.NoError(t, err)
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Security    *[]any `json:"security"`
		} `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(text, &doc))
	for path, want := range map[string]bool{
		"/.well-known/jwks.json": true, "/v1/auth/login": true, "/v1/auth/logout": true, "/v1/site": true, "/v1/tickets:watch": false,
	} {
		for _, operation := range doc.Paths[path] {
			require.Equal(t, want, operation.Security != nil && len(*operation.Security) == 0, "%s is public", path)
		}
		require.NotEmpty(t, doc.Paths[path], path)
	}

	_, err = addHandwritten(t.Context(), []byte(`{"paths":{"/v1/auth/login":{}}}`))
	require.ErrorContains(t, err, "/v1/auth/login is generated and handwritten")
}
