// Command protodeps writes the third-party .proto files that ours import. It
// prints them from the descriptors linked into their Go packages, so that the
// versions are pinned by go.mod and equal to those the services compile with,
// and no registry beside the Go module proxy is needed. The folder it writes is
// git-ignored and is one module of the buf workspace.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/jhump/protoreflect/v2/protoprint"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	// Each import registers its descriptors.
	_ "buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	_ "github.com/grpc-ecosystem/grpc-gateway/v2/protoc-gen-openapiv2/options"
	_ "google.golang.org/genproto/googleapis/api/annotations"
	_ "google.golang.org/genproto/googleapis/api/httpbody"
	_ "google.golang.org/genproto/googleapis/api/visibility"
	_ "google.golang.org/genproto/googleapis/rpc/code"
	_ "google.golang.org/genproto/googleapis/rpc/errdetails"
	_ "google.golang.org/genproto/googleapis/rpc/status"
)

// roots lists what our files import by name. What those import is added.
var roots = []string{
	"buf/validate/validate.proto",
	"google/api/annotations.proto",
	"google/api/client.proto",
	"google/api/field_behavior.proto",
	"google/api/httpbody.proto",
	"google/api/resource.proto",
	"google/api/visibility.proto",
	"google/rpc/code.proto",
	"google/rpc/error_details.proto",
	"google/rpc/status.proto",
	"protoc-gen-openapiv2/options/annotations.proto",
}

func main() {
	log.SetFlags(0)
	out := flag.String("out", "third_party/proto", "folder to write; replaced as a whole")
	flag.Parse()
	files, err := closure(roots)
	if err != nil {
		log.Fatal("protodeps: ", err)
	}
	if err := write(*out, files); err != nil {
		log.Fatal("protodeps: ", err)
	}
	log.Printf("protodeps: %d files in %s", len(files), *out)
}

// closure returns the files at paths and all they import, by path, without the
// well-known types, which buf has built in.
func closure(paths []string) (map[string]protoreflect.FileDescriptor, error) {
	files := map[string]protoreflect.FileDescriptor{}
	var add func(protoreflect.FileDescriptor) error
	add = func(fd protoreflect.FileDescriptor) error {
		path := fd.Path()
		if strings.HasPrefix(path, "google/protobuf/") || files[path] != nil {
			return nil
		}
		if fd.IsPlaceholder() {
			return fmt.Errorf("%s is imported but not linked in", path)
		}
		files[path] = fd
		for i := range fd.Imports().Len() {
			if err := add(fd.Imports().Get(i).FileDescriptor); err != nil {
				return err
			}
		}
		return nil
	}
	for _, path := range paths {
		fd, err := protoregistry.GlobalFiles.FindFileByPath(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if err := add(fd); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// write replaces the folder out by the printed files.
func write(out string, files map[string]protoreflect.FileDescriptor) error {
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	var printer protoprint.Printer
	for path, fd := range files {
		text, err := printer.PrintProtoToString(fd)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		dst := filepath.Join(out, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(dst), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(dst, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
