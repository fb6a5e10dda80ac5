package objectstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/objectstore"
	"altis-dxp.com/support/pkg/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOpen(t *testing.T) {
	for _, address := range []string{
		"", "attachments", "file://attachments", "file:attachments", "file:///srv/a?create_dir=true", "https://bucket", "s3://bucket?region=x&nonsense=1", "file:///proc/none",
	} {
		_, err := objectstore.Open(t.Context(), objectstore.Config{URL: address, Setting: "--files"})
		require.ErrorContains(t, err, "--files: ", address)
	}
}

// TestBucket is what both kinds must do.
func TestBucket(t *testing.T) {
	t.Run("folder", func(t *testing.T) { testBucket(t, "file://"+t.TempDir()+"/not/yet") })
	t.Run("s3", func(t *testing.T) { testBucket(t, testkit.ObjectStore(t).URL) })
}

func testBucket(t *testing.T, address string) {
	b, err := objectstore.Open(t.Context(), objectstore.Config{
		URL: address, Setting: "--files", Missing: fault.Error{Kind: fault.NotFound, Reason: "GONE"}, Unavailable: fault.Error{Kind: fault.Unavailable},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	content := bytes.Repeat([]byte("0123456789"), 10_000)
	name := func(n int) string {
		return objectstore.Name(strings.Repeat(fmt.Sprintf("%02x", n), 32), "id-1")
	}
	for n := range 3 {
		require.NoError(t, b.Put(t.Context(), name(n), bytes.NewReader(content)))
	}
	read := func(offset, length int64) string {
		r, err := b.Range(t.Context(), name(1), offset, length)
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		return string(text)
	}
	require.Equal(t, string(content), read(0, -1))
	require.Equal(t, "56789", read(5, 5))
	require.Equal(t, "789", read(99_997, -1))
	all, err := b.Read(t.Context(), name(2))
	require.NoError(t, err)
	require.Equal(t, content, all)

	before := func(at time.Time) (found []string) {
		require.NoError(t, b.Before(t.Context(), at, func(objects []string) error {
			found = append(found, objects...)
			return nil
		}))
		return found
	}
	require.Equal(t, []string{name(0), name(1), name(2)}, before(time.Now().Add(time.Hour)))
	require.Empty(t, before(time.Now().Add(-time.Hour)))
	require.NoError(t, b.Delete(t.Context(), name(1)))
	require.NoError(t, b.Delete(t.Context(), name(1)), "once more")
	require.Equal(t, []string{name(0), name(2)}, before(time.Now().Add(time.Hour)))
	_, err = b.Range(t.Context(), name(1), 0, -1)
	require.ErrorIs(t, err, fault.NotFound)
	_, err = b.Read(t.Context(), name(1))
	require.Equal(t, "GONE", fault.ReasonOf(err))
}

func TestAFolderIsOnlyLookedAtWhereItIsOurs(t *testing.T) {
	folder := t.TempDir()
	b, err := objectstore.Open(t.Context(), objectstore.Config{URL: "file://" + folder, Setting: "--files"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	require.NoError(t, os.WriteFile(filepath.Join(folder, "other"), nil, 0o600))
	require.NoError(t, b.Before(t.Context(), time.Now().Add(time.Hour), func(objects []string) error {
		t.Error("found", objects)
		return nil
	}))
}

// TestFilesMayVanishWhileTheyAreListed deletes files of a folder that is being read.
func TestFilesMayVanishWhileTheyAreListed(t *testing.T) {
	b, err := objectstore.Open(t.Context(), objectstore.Config{URL: "file://" + t.TempDir(), Setting: "--files"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	name := func(n int) string { return objectstore.Name(strings.Repeat("ab", 32), fmt.Sprint(n)) }
	const stay = "0"
	require.NoError(t, b.Put(t.Context(), objectstore.Name(strings.Repeat("ff", 32), stay), strings.NewReader(stay)))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		var err error
		for n := 0; ctx.Err() == nil && err == nil; n++ {
			err = errors.Join(b.Put(t.Context(), name(n), strings.NewReader("x")), b.Delete(t.Context(), name(n)))
		}
		done <- err
	}()
	for range 200 {
		found := 0
		require.NoError(t, b.Before(t.Context(), time.Now().Add(time.Hour), func(objects []string) error {
			for _, o := range objects {
				if strings.HasSuffix(o, "-"+stay) && strings.HasPrefix(o, "ff/") {
					found++
				}
			}
			return nil
		}))
		require.Equal(t, 1, found)
	}
	cancel()
	require.NoError(t, <-done)
}
