package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
)

const (
	title   = "Altis Support API"
	version = "v1"
	scheme  = "bearer" // name of the security scheme
)

// convert returns the OpenAPI 3 document of v2 as indented JSON, after checking
// that it is valid. Object members come out in alphabetical order.
func convert(ctx context.Context, v2 *openapi2.T) ([]byte, error) {
	v2.Host, v2.BasePath, v2.Schemes = "", "", nil // the address belongs to the installation
	doc, err := openapi2conv.ToV3(v2)
	if err != nil {
		return nil, err
	}
	doc.Info = &openapi3.Info{Title: title, Version: version}
	doc.Servers = openapi3.Servers{{URL: "/"}}
	slices.SortFunc(doc.Tags, func(a, b *openapi3.Tag) int { return cmp.Compare(a.Name, b.Name) })
	secure(doc)
	if err := joinPaths(doc); err != nil {
		return nil, err
	}
	if err := declareProblems(doc); err != nil {
		return nil, err
	}
	if err := relaxPatchBodies(doc); err != nil {
		return nil, err
	}
	if err := doc.Validate(ctx); err != nil {
		return nil, fmt.Errorf("result is not valid OpenAPI 3: %w", err)
	}
	return marshal(doc)
}

// secure asks for a bearer token on every operation. A proto that declares
// `security: {}` on its method keeps the empty list: anyone may call it.
func secure(doc *openapi3.T) {
	token := openapi3.NewSecurityScheme().WithType("http").WithScheme("bearer")
	token.Description = "An access token of a login session, or an API token."
	if doc.Components == nil {
		doc.Components = &openapi3.Components{}
	}
	doc.Components.SecuritySchemes = openapi3.SecuritySchemes{scheme: {Value: token}}
	doc.Security = openapi3.SecurityRequirements{openapi3.NewSecurityRequirement().Authenticate(scheme)}
}

// relaxPatchBodies drops `required` from the top level of PATCH bodies. The
// update mask is made of the members present, so the required fields of the
// resource are optional in a change of it, and typed clients must not ask for them.
func relaxPatchBodies(doc *openapi3.T) error {
	for path, item := range doc.Paths.Map() {
		if item.Patch == nil || item.Patch.RequestBody == nil {
			continue
		}
		body := item.Patch.RequestBody
		if body.Value == nil {
			return fmt.Errorf("PATCH %s: body reference %s is not resolved", path, body.Ref)
		}
		for _, media := range body.Value.Content {
			if err := relax(doc, media); err != nil {
				return fmt.Errorf("PATCH %s: %w", path, err)
			}
		}
	}
	return nil
}

// relax gives media a schema of its own without required members. A shared
// component is copied, as other operations need it whole.
func relax(doc *openapi3.T, media *openapi3.MediaType) error {
	if media.Schema == nil {
		return nil
	}
	schema := media.Schema.Value
	if ref := media.Schema.Ref; ref != "" {
		shared := doc.Components.Schemas[lastSegment(ref)]
		if shared == nil || shared.Value == nil {
			return fmt.Errorf("schema %s not found", ref)
		}
		schema = shared.Value
	}
	partial := *schema
	partial.Required = nil
	media.Schema = openapi3.NewSchemaRef("", &partial)
	return nil
}

func lastSegment(ref string) string {
	return ref[strings.LastIndexByte(ref, '/')+1:]
}

// marshal goes through plain maps, whose keys encoding/json sorts.
func marshal(doc *openapi3.T) ([]byte, error) {
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	var sorted any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&sorted); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(sorted); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
