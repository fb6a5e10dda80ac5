package identity_test

import (
	"errors"
	"fmt"
	"hash/fnv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"altis-dxp.com/support/pkg/fault"
)

func mask(paths ...string) *fieldmaskpb.FieldMask { return &fieldmaskpb.FieldMask{Paths: paths} }

func hash(s string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s))
	return fmt.Sprint(h.Sum32())
}

// fieldOf returns the one field that a fault is about.
func fieldOf(t *testing.T, err error) string {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok, "%v", err)
	require.Len(t, f.Fields, 1, "%v", err)
	return f.Fields[0].Path
}

func retryAfter(err error) time.Duration {
	f, _ := errors.AsType[*fault.Error](err)
	return f.RetryAfter
}
