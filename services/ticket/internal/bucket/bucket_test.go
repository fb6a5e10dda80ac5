package bucket_test

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/bucket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAContentIsWrittenFromItsBeginning(t *testing.T) {
	b, err := bucket.Open(t.Context(), "file://"+t.TempDir()+"/not/yet")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	content, err := b.Spool(strings.NewReader("0123456789"), 100)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, content.Close()) })
	require.EqualValues(t, 10, content.Size())
	for _, name := range []string{"a", "b"} { // the second finds it read to its end
		require.NoError(t, b.Put(t.Context(), name, content))
		r, err := b.Read(t.Context(), name, 5, 2)
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		require.Equal(t, "56", string(text))
	}
	_, err = b.Read(t.Context(), "c", 0, -1)
	require.ErrorIs(t, err, fault.Unavailable, "what a row promises may come back")
	require.Equal(t, "ATTACHMENTS_UNAVAILABLE", fault.ReasonOf(err))
	_, err = bucket.Open(t.Context(), "attachments")
	require.ErrorContains(t, err, "attachments-url")
}

func TestSpool(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	b, err := bucket.Open(t.Context(), "file://"+t.TempDir())
	require.NoError(t, err)
	for _, test := range []struct{ content, kind string }{
		{"GET / 502", "text/plain; charset=utf-8"},
		{"<html><script>alert(1)</script>", "text/html; charset=utf-8"},
		{"\x89PNG\r\n\x1a\n", "image/png"},
		{"%PDF-1.7", "application/pdf"},
		{"MZ\x90\x00\x03\x00", "application/octet-stream"},
	} {
		s, err := b.Spool(iotestOneByte{strings.NewReader(test.content)}, 100)
		require.NoError(t, err)
		require.Equal(t, test.kind, s.ContentType(), "whatever the file is called")
		require.Empty(t, names(t, folder), "it goes with the process")
		require.NoError(t, s.Close())
	}
	_, err = b.Spool(strings.NewReader(strings.Repeat("x", 101)), 100)
	require.Equal(t, "ATTACHMENT_TOO_LARGE", fault.ReasonOf(err))
	_, err = b.Spool(io.MultiReader(strings.NewReader("x"), failing{}), 100)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Empty(t, names(t, folder))
}

type iotestOneByte struct{ io.Reader }

func (o iotestOneByte) Read(p []byte) (int, error) { return o.Reader.Read(p[:min(1, len(p))]) }

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func names(t *testing.T, folder string) (list []string) {
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}
