package spool

import (
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func envelope() Envelope {
	return Envelope{
		From: "mia@shop.test", To: "sos@altis.test", Remote: netip.MustParseAddr("192.0.2.7"), Hello: "mx.shop.test", TLS: true,
		ReceivedAt: time.Date(2026, 11, 24, 2, 5, 0, 1000, time.UTC),
	}
}

func put(t *testing.T, s *Spool, id, mail string) {
	t.Helper()
	f, err := s.Create(id, envelope())
	require.NoError(t, err)
	_, err = io.WriteString(f, mail)
	require.NoError(t, err)
	require.NoError(t, f.Commit())
}

func TestAMailStaysAsItCame(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir, 1<<20)
	require.NoError(t, err)
	put(t, s, "1", "Subject: x\r\n\r\nhelp\r\n")
	s, err = Open(dir, 1<<20)
	require.NoError(t, err)
	mail, e, err := s.Read("1")
	require.NoError(t, err)
	require.Equal(t, "Subject: x\r\n\r\nhelp\r\n", string(mail))
	require.Equal(t, envelope(), e)
	ids, err := s.List()
	require.NoError(t, err)
	require.Equal(t, []string{"1"}, ids)
	require.NoError(t, s.Remove("1"))
	require.NoError(t, s.Remove("1"))
	_, _, err = s.Read("1")
	require.Error(t, err)
}

func TestWhatWasNotCommittedIsNotThere(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir, 1<<20)
	require.NoError(t, err)
	f, err := s.Create("1", envelope())
	require.NoError(t, err)
	_, err = io.WriteString(f, "half")
	require.NoError(t, err)
	aborted, err := s.Create("2", envelope())
	require.NoError(t, err)
	aborted.Abort()
	s, err = Open(dir, 1<<20)
	require.NoError(t, err)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
	require.Zero(t, s.used.Load())
}

func TestTheLimitHolds(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir, 1000)
	require.NoError(t, err)
	put(t, s, "1", strings.Repeat("x", 500))
	require.NoError(t, s.Check())
	f, err := s.Create("2", envelope())
	require.NoError(t, err)
	_, err = io.WriteString(f, strings.Repeat("x", 500))
	require.ErrorIs(t, err, ErrFull)
	f.Abort()
	put(t, s, "3", "small")
	require.NoError(t, s.Remove("1"))
	put(t, s, "4", strings.Repeat("x", 500))
	s, err = Open(dir, 100)
	require.NoError(t, err)
	require.ErrorIs(t, s.Check(), ErrFull, "what is there counts")
	_, err = s.Create("5", envelope())
	require.ErrorIs(t, err, ErrFull)
}

func TestLargeMailsLeaveRoomForSmallOnes(t *testing.T) {
	s, err := Open(t.TempDir(), 10*small)
	require.NoError(t, err)
	put(t, s, "1", strings.Repeat("x", 8*small))
	f, err := s.Create("2", envelope())
	require.NoError(t, err)
	_, err = io.WriteString(f, strings.Repeat("x", 2*small))
	require.ErrorIs(t, err, ErrFull)
	f.Abort()
	put(t, s, "3", strings.Repeat("x", small-1000))
	put(t, s, "4", "small")
}

func TestAFolderThatIsGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	s, err := Open(dir, 1000)
	require.NoError(t, err)
	require.NoError(t, os.Remove(dir))
	require.Error(t, s.Check())
	_, err = s.Create("1", envelope())
	require.Error(t, err)
}

func TestTheHeadCannotBeForged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := envelope()
		e.From, e.To, e.Hello = rapid.String().Draw(t, "from"), rapid.String().Draw(t, "to"), rapid.String().Draw(t, "hello")
		got, rest, err := parseHead(e.head() + "Return-Path: <evil@x>\r\n")
		if err != nil {
			t.Fatal(err)
		}
		if rest != "Return-Path: <evil@x>\r\n" || got.Remote != e.Remote || got.ReceivedAt != e.ReceivedAt {
			t.Fatalf("%+v %q", got, rest)
		}
	})
}
