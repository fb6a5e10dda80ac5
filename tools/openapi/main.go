// Command openapi turns the merged OpenAPI 2 file of protoc-gen-openapiv2 into
// the published OpenAPI 3 document. The same input gives the same bytes.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/getkin/kin-openapi/openapi2"
)

func main() {
	log.SetFlags(0)
	in := flag.String("in", "", "OpenAPI 2 file to read")
	out := flag.String("out", "", "OpenAPI 3 file to write")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		log.Fatal("openapi: ", err)
	}
}

func run(in, out string) error {
	if in == "" || out == "" {
		return errors.New("both -in and -out are needed")
	}
	raw, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	var v2 openapi2.T
	if err := json.Unmarshal(raw, &v2); err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	doc, err := convert(context.Background(), &v2)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	if doc, err = addHandwritten(context.Background(), doc); err != nil {
		return fmt.Errorf("the handwritten routes: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(out, doc, 0o644)
}
