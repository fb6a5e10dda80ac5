package rpc

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
)

// merge returns what an update makes of a resource, valid by the rules of its proto: old with the fields of the mask as
// change has them. Without a mask every field that is set is meant, by "*" all of them. A nil old is one to be made,
// whatever the mask (AIP-134). name is the field of the request that holds the resource; the fields of output are not
// for clients to change, and passed over, as is the id.
func merge[M proto.Message](name string, old, change M, mask *fieldmaskpb.FieldMask, output ...string) (M, error) {
	from := change.ProtoReflect()
	merged := proto.CloneOf(old)
	to := merged.ProtoReflect()
	// A mask made of an empty text has one path without a name.
	paths := slices.DeleteFunc(slices.Clone(mask.GetPaths()), func(path string) bool { return path == "" })
	if !to.IsValid() || slices.Equal(paths, []string{"*"}) {
		merged = proto.CloneOf(change)
		for _, field := range output {
			merged.ProtoReflect().Clear(from.Descriptor().Fields().ByName(protoreflect.Name(field)))
		}
		return merged, rpc.Validate(name, merged)
	}
	fields, err := maskFields(from, paths)
	if err != nil {
		return merged, err
	}
	for _, fd := range fields {
		switch {
		case fd.Name() == "id" || slices.Contains(output, string(fd.Name())):
		case from.Has(fd):
			to.Set(fd, from.Get(fd))
		default:
			to.Clear(fd)
		}
	}
	return merged, rpc.Validate(name, merged)
}

// maskFields returns the fields that a mask names, by their names in the proto or in JSON; those that are set without one.
// A path into a message means the whole of it: those are what the gateway makes of a message that a body has.
func maskFields(m protoreflect.Message, paths []string) (fields []protoreflect.FieldDescriptor, err error) {
	if len(paths) == 0 {
		m.Range(func(fd protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
			fields = append(fields, fd)
			return true
		})
		return fields, nil
	}
	for _, path := range paths {
		name, _, within := strings.Cut(path, ".")
		fd := m.Descriptor().Fields().ByName(protoreflect.Name(name))
		if fd == nil {
			fd = m.Descriptor().Fields().ByJSONName(name)
		}
		if fd == nil || within && (fd.Message() == nil || fd.IsList() || fd.IsMap()) {
			return nil, fault.InvalidField("update_mask", "UNKNOWN_FIELD", path+" is no field that can be changed")
		}
		fields = append(fields, fd)
	}
	return fields, nil
}
