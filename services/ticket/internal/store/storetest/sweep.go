package storetest

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func attachmentsSwept(t *testing.T, e *Env) {
	s := newShelf(t, e)
	kept, same, lost := s.upload("uma", "kept.txt", "kept"), s.upload("ann", "same.txt", "kept"), s.upload("uma", "lost.txt", "lost")
	require.Len(t, s.files(), 2, "the same content is kept once")
	require.Equal(t, kept.SHA256, same.SHA256)
	_, err := s.create("uma", domain.Request{}, kept.ID)
	require.NoError(t, err)
	// A process died between an object and its row, another one while it was writing; and something else is in the folder.
	orphan := filepath.Join(s.folder, "ab", strings.Repeat("ab", 32)+"-id-0")
	require.NoError(t, os.MkdirAll(filepath.Dir(orphan), 0o700))
	foreign := filepath.Join(s.folder, "README")
	for _, path := range []string{orphan, orphan + ".123.tmp", foreign} {
		require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
	}
	require.NoError(t, s.Sweep(t.Context()))
	require.Len(t, s.files(), 5, "all of it is young")
	s.later(23 * time.Hour)
	require.NoError(t, s.Sweep(t.Context()))
	require.Len(t, s.files(), 5)
	s.exec("UPDATE attachment_sweep SET due = 0")
	s.later(2 * time.Hour)
	require.NoError(t, s.Sweep(t.Context()))
	require.Len(t, s.files(), 4, "of lost.txt, whose row is gone, the object; files are of %s", s.Now())
	s.exec("UPDATE attachment_sweep SET due = 0")
	s.later(25 * time.Hour)
	require.NoError(t, s.Sweep(t.Context()))
	require.ElementsMatch(t, []string{foreign, s.objectOf(kept)}, s.files())
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM attachments"))
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM attachment_contents"))
	text, err := s.read("uma", kept.ID)
	require.NoError(t, err)
	require.Equal(t, "kept", text)
	_, err = s.create("uma", domain.Request{}, lost.ID)
	require.ErrorIs(t, err, fault.Invalid)

	due, err := e.Store.SweepDue(t.Context(), time.Hour)
	require.NoError(t, err)
	require.False(t, due, "one replica of all sweeps")
}

func (s *shelf) objectOf(a domain.Attachment) string {
	object, err := s.Env.Store.Object(s.t.Context(), a.SHA256)
	require.NoError(s.t, err)
	return filepath.Join(s.folder, object)
}

// attachmentsSweptMeanwhile has people bring the same content again and again while
// it is being deleted: what an upload has promised is there.
func attachmentsSweptMeanwhile(t *testing.T, e *Env) {
	s := newShelf(t, e)
	stop := make(chan struct{})
	var sweeping, uploading sync.WaitGroup
	sweeping.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			s.exec("UPDATE attachment_sweep SET due = 0")
			s.exec("DELETE FROM attachments WHERE number IS NULL AND filename = 'dropped'")
			if err := s.Sweep(t.Context()); err != nil {
				t.Errorf("sweep: %v", err)
				return
			}
		}
	})
	for _, who := range []string{"uma", "ann", "sam"} {
		uploading.Go(func() {
			for range 15 {
				s.upload(who, "dropped", "the same")
				a := s.upload(who, "kept", "the same")
				text, err := s.read(who, a.ID)
				if err != nil || text != "the same" {
					t.Errorf("%q: %v", text, err)
				}
				s.exec("UPDATE attachments SET filename = 'dropped' WHERE id = $1", a.ID)
			}
		})
	}
	uploading.Wait()
	close(stop)
	sweeping.Wait()
}
