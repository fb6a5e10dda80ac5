package main

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

var parameter = regexp.MustCompile(`\{([^}]*)\}`)

// joinPaths puts under one path what differs only in the names of its path
// parameters: `GET /v1/tickets/{ticket}` and `PATCH /v1/tickets/{ticket.number}`
// are two routes in proto but one path in OpenAPI. The name with the fewest dots wins.
func joinPaths(doc *openapi3.T) error {
	groups := map[string][]string{}
	for path := range doc.Paths.Map() {
		shape := parameter.ReplaceAllString(path, "{}")
		groups[shape] = append(groups[shape], path)
	}
	for _, shape := range slices.Sorted(maps.Keys(groups)) {
		paths := groups[shape]
		slices.SortFunc(paths, func(a, b string) int {
			return cmp.Or(cmp.Compare(strings.Count(a, "."), strings.Count(b, ".")), cmp.Compare(a, b))
		})
		for _, path := range paths[1:] {
			if err := joinPath(doc, paths[0], path); err != nil {
				return err
			}
		}
	}
	return nil
}

// joinPath moves the operations of the path from to the path to.
func joinPath(doc *openapi3.T, to, from string) error {
	target, source := doc.Paths.Value(to), doc.Paths.Value(from)
	names := map[string]string{}
	want := parameter.FindAllStringSubmatch(to, -1)
	for i, have := range parameter.FindAllStringSubmatch(from, -1) {
		names[have[1]] = want[i][1]
	}
	for method, op := range source.Operations() {
		if target.GetOperation(method) != nil {
			return fmt.Errorf("%s is declared for both %s and %s", method, to, from)
		}
		for _, p := range op.Parameters {
			if p.Value != nil && p.Value.In == openapi3.ParameterInPath {
				p.Value.Name = names[p.Value.Name]
			}
		}
		target.SetOperation(method, op)
	}
	doc.Paths.Delete(from)
	return nil
}
