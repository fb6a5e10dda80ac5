// Package proto embeds what is generated from the protos and is no Go code.
package proto

import _ "embed"

// OpenAPI is the OpenAPI 3 document of the REST API, as JSON.
//
//go:embed gen/openapi/openapi.json
var OpenAPI []byte
