package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/bucket"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// shelf is a library over an Env and a folder.
type shelf struct {
	*Env
	*domain.Library
	t      *testing.T
	folder string
}

func newShelf(t *testing.T, e *Env) *shelf {
	t.Helper()
	e.World(t)
	folder := t.TempDir()
	b, err := bucket.Open(t.Context(), "file://"+folder)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return &shelf{t: t, Env: e, folder: folder, Library: &domain.Library{
		Desk: e.Desk, Store: e.Store, Contents: b, Logger: slog.New(slog.DiscardHandler),
	}}
}

func (s *shelf) upload(who, name, content string) domain.Attachment {
	s.t.Helper()
	a, err := s.Upload(s.t.Context(), domain.Caller{ID: who}, domain.Upload{Filename: name, Content: strings.NewReader(content)})
	require.NoError(s.t, err)
	return a
}

// files returns the paths of all files of the folder.
func (s *shelf) files() (paths []string) {
	s.t.Helper()
	require.NoError(s.t, filepath.WalkDir(s.folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, path)
		}
		return err
	}))
	return paths
}

func (s *shelf) read(who, id string) (string, error) {
	_, content, err := s.Download(s.t.Context(), domain.Caller{ID: who}, domain.Download{ID: id})
	if err != nil {
		return "", err
	}
	defer content.Close()
	text, err := io.ReadAll(content)
	require.NoError(s.t, err)
	return string(text), nil
}

// seenBy checks who can read an attachment, of everybody.
func (s *shelf) seenBy(id, content string, who ...string) {
	s.t.Helper()
	for _, person := range []string{"ann", "uma", "fred", "gus", "gina", "sam", "eve"} {
		text, err := s.read(person, id)
		_, _, told := s.Env.Store.Attachment(s.t.Context(), person, id)
		if strings.Contains(" "+strings.Join(who, " ")+" ", " "+person+" ") {
			require.NoError(s.t, errors.Join(err, told), person)
			require.Equal(s.t, content, text)
			continue
		}
		require.ErrorIs(s.t, err, fault.NotFound, person)
		require.ErrorIs(s.t, told, fault.NotFound, person)
	}
}

// later moves everything that an upload has left into the past.
func (s *shelf) later(by time.Duration) {
	s.t.Helper()
	for _, statement := range []string{
		"UPDATE attachments SET create_time = create_time - $1", "UPDATE attachment_sweep SET due = due - $1",
	} {
		s.exec(statement, by.Microseconds())
	}
	for _, path := range s.files() {
		at := s.Now().Add(-by)
		require.NoError(s.t, os.Chtimes(path, at, at))
	}
}

func (s *shelf) exec(statement string, args ...any) {
	s.t.Helper()
	require.NoError(s.t, s.DB.Do(s.t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	}))
}

func (s *shelf) create(who string, request domain.Request, ids ...string) (domain.Ticket, error) {
	n := NewTicket()
	n.Attachments = ids
	return s.Env.Desk.Create(s.t.Context(), domain.Caller{ID: who}, n, request)
}

func attachmentsOfMessages(t *testing.T, e *Env) {
	s := newShelf(t, e)
	log, shot := s.upload("uma", "access.log", "GET /"), s.upload("uma", "shot.png", "\x89PNG\r\n\x1a\n")
	require.Equal(t, "text/plain; charset=utf-8", log.ContentType)
	require.Equal(t, "image/png", shot.ContentType)
	s.seenBy(log.ID, "GET /", "uma")

	ticket, err := s.create("uma", domain.Request{}, shot.ID, log.ID)
	require.NoError(t, err)
	require.Equal(t, []domain.Attachment{shot, log}, e.Committed[len(e.Committed)-1].Message.Attachments)
	messages, err := e.Store.Messages(t.Context(), "uma", ticket.Number, 0, 10)
	require.NoError(t, err)
	require.Equal(t, []domain.Attachment{shot, log}, messages[0].Attachments, "in the order named")
	s.seenBy(log.ID, "GET /", "ann", "uma", "fred", "sam", "eve")

	note := s.upload("sam", "guess.txt", "their proxy")
	m, err := e.Desk.Note(t.Context(), domain.Caller{ID: "sam"}, ticket.Number, "See the file.", domain.Request{}, note.ID)
	require.NoError(t, err)
	require.Equal(t, []domain.Attachment{note}, m.Attachments)
	s.seenBy(note.ID, "their proxy", "sam", "eve")

	answer := s.upload("sam", "fix.txt", "do this")
	_, m, err = e.Desk.Reply(t.Context(), domain.Caller{ID: "sam"}, domain.Reply{Number: ticket.Number, Body: "Fixed.", Attachments: []string{answer.ID}}, domain.Request{})
	require.NoError(t, err)
	require.Equal(t, []domain.Attachment{answer}, m.Attachments)
	s.seenBy(answer.ID, "do this", "ann", "uma", "fred", "sam", "eve")

	part, content, err := s.Download(t.Context(), domain.Caller{ID: "uma"}, domain.Download{ID: answer.ID, Offset: 3, Limit: 2})
	require.NoError(t, err)
	defer content.Close()
	text, err := io.ReadAll(content)
	require.NoError(t, err)
	require.Equal(t, "th", string(text))
	require.Equal(t, answer, part)
	_, _, err = s.Download(t.Context(), domain.Caller{ID: "uma"}, domain.Download{ID: answer.ID, Offset: 99})
	require.ErrorIs(t, err, fault.Invalid)
}

func attachmentsRedacted(t *testing.T, e *Env) {
	s := newShelf(t, e)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	key, log := s.upload("uma", "key.pem", "secret"), s.upload("uma", "access.log", "GET /")
	ticket, err := s.create("uma", domain.Request{}, key.ID, log.ID)
	require.NoError(t, err)
	messages, err := e.Store.Messages(ctx, "uma", ticket.Number, 0, 10)
	require.NoError(t, err)
	body := messages[0].Body
	redaction := domain.Redaction{Number: ticket.Number, Message: messages[0].ID, Reason: "a key", Attachments: []string{"none"}}
	_, err = e.Desk.Redact(ctx, sam, redaction)
	require.ErrorIs(t, err, fault.Invalid)
	redaction.Attachments = []string{key.ID}
	m, err := e.Desk.Redact(ctx, sam, redaction)
	require.NoError(t, err)
	require.Equal(t, body, m.Body)
	require.Equal(t, []domain.Attachment{log}, m.Attachments)
	messages, err = e.Store.Messages(ctx, "uma", ticket.Number, 0, 10)
	require.NoError(t, err)
	require.Equal(t, m, messages[0])
	s.seenBy(key.ID, "")
	s.seenBy(log.ID, "GET /", "ann", "uma", "fred", "sam", "eve")
	require.Zero(t, count(t, e, "SELECT COUNT(*) FROM tasks WHERE payload LIKE '%key.pem%'"))

	redaction.Attachments = nil // all of the message
	m, err = e.Desk.Redact(ctx, sam, redaction)
	require.NoError(t, err)
	require.Equal(t, domain.Redacted, m.Body)
	require.Empty(t, m.Attachments)
	s.seenBy(log.ID, "")
	s.later(48 * time.Hour)
	require.NoError(t, s.Sweep(ctx))
	require.Empty(t, s.files())

	last := s.upload("uma", "last.txt", "last")
	ticket, err = s.create("uma", domain.Request{}, last.ID)
	require.NoError(t, err)
	_, err = e.Desk.Delete(ctx, sam, ticket.Number, "")
	require.NoError(t, err)
	s.seenBy(last.ID, "")
	e.Advance(domain.PurgeAfter + time.Hour)
	require.NoError(t, e.Store.Purge(ctx, e.Now().Add(-domain.PurgeAfter)))
	require.Zero(t, count(t, e, "SELECT COUNT(*) FROM attachments"))
}

func attachmentsClaimed(t *testing.T, e *Env) {
	s := newShelf(t, e)
	ids := make([]string, 21)
	for i := range ids {
		ids[i] = s.upload("uma", "a.txt", fmt.Sprint("text ", i)).ID
	}
	anns := s.upload("ann", "b.txt", "ann's").ID
	used, err := s.create("uma", domain.Request{}, ids[0])
	require.NoError(t, err)
	for name, list := range map[string][]string{
		"another person's": {ids[1], anns}, "unknown": {"none"}, "used before": {ids[1], ids[0]}, "twice": {ids[1], ids[1]}, "too many": ids,
	} {
		_, err := s.create("uma", domain.Request{}, list...)
		require.ErrorIs(t, err, fault.Invalid, name)
		_, _, err = e.Desk.Reply(t.Context(), domain.Caller{ID: "uma"}, domain.Reply{Number: used.Number, Body: "x", Attachments: list}, domain.Request{})
		require.ErrorIs(t, err, fault.Invalid, name)
	}
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM tickets"))
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM messages"))
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM attachments WHERE number IS NOT NULL"))
	_, err = s.create("uma", domain.Request{}, ids[1:]...)
	require.NoError(t, err, "what was refused took nothing")
}

func attachmentsClaimedAtOnce(t *testing.T, e *Env) {
	s := newShelf(t, e)
	file, other := s.upload("uma", "a.txt", "a").ID, s.upload("uma", "b.txt", "b").ID
	var mu sync.Mutex
	done := 0
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := s.create("uma", domain.Request{}, other, file)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
			} else if !errors.Is(err, fault.Invalid) {
				t.Errorf("create: %v", err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 1, done, "one message has a file")
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM tickets"))

	// A repetition gets what the first attempt made, with its files.
	again := s.upload("uma", "c.txt", "c").ID
	request := domain.Request{Principal: "uma", Method: "CreateTicket", ID: "r1", Hash: "a"}
	numbers := map[int64]bool{}
	for range 8 {
		wg.Go(func() {
			ticket, err := s.create("uma", request, again)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("repeated create: %v", err)
			}
			numbers[ticket.Number] = true
		})
	}
	wg.Wait()
	require.Len(t, numbers, 1)
	reply := domain.Request{Principal: "sam", Method: "ReplyToTicket", ID: "r1", Hash: "a"}
	answer := domain.Reply{Number: 1, Body: "x", Attachments: []string{s.upload("sam", "d.txt", "d").ID}}
	for n := range numbers {
		answer.Number = n
	}
	_, m1, err := e.Desk.Reply(t.Context(), domain.Caller{ID: "sam"}, answer, reply)
	require.NoError(t, err)
	_, m2, err := e.Desk.Reply(t.Context(), domain.Caller{ID: "sam"}, answer, reply)
	require.NoError(t, err)
	require.Equal(t, m1, m2)
	require.Len(t, m2.Attachments, 1)
}

func attachmentsRefused(t *testing.T, e *Env) {
	s := newShelf(t, e)
	broken := errors.New("broken off")
	for name, u := range map[string]domain.Upload{
		"empty":        {Filename: "x", Content: strings.NewReader("")},
		"without name": {Filename: "../", Content: strings.NewReader("x")},
		"a program":    {Filename: "x.exe", Content: strings.NewReader("MZ")},
		"too short":    {Filename: "x", Size: 3, Content: strings.NewReader("x")},
		"too long":     {Filename: "x", Size: 3, Content: strings.NewReader("xxxx")},
		"broken off":   {Filename: "x", Content: io.MultiReader(strings.NewReader("xxxx"), failing{broken})},
		"too large":    {Filename: "x", Content: bytes.NewReader(make([]byte, domain.MaxAttachment+1))},
		"announced":    {Filename: "x", Size: domain.MaxAttachment + 1, Content: failing{broken}},
	} {
		_, err := s.Upload(t.Context(), domain.Caller{ID: "uma"}, u)
		switch name {
		case "broken off":
			require.ErrorIs(t, err, broken, name)
		case "too large", "announced":
			require.ErrorIs(t, err, fault.Exhausted, name)
			require.Equal(t, "ATTACHMENT_TOO_LARGE", fault.ReasonOf(err))
		default:
			require.ErrorIs(t, err, fault.Invalid, name)
		}
	}
	_, err := s.Upload(t.Context(), domain.Caller{ID: "nobody"}, domain.Upload{Filename: "x", Content: strings.NewReader("x")})
	require.ErrorIs(t, err, fault.Unavailable)
	require.Empty(t, s.files())
	require.Zero(t, count(t, e, "SELECT COUNT(*) FROM attachments"))

	// What a person has waiting is bounded, however much comes at once.
	s.upload("uma", "x", "x")
	s.exec("UPDATE attachments SET size = $1", domain.MaxUnclaimed-int64(domain.MaxAttachment))
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for i := range 6 {
		wg.Go(func() {
			_, err := s.Upload(t.Context(), domain.Caller{ID: "uma"}, domain.Upload{
				Filename: "x", Content: io.LimitReader(repeated(byte(i)), domain.MaxAttachment/3),
			})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				taken++
			} else if fault.ReasonOf(err) != "UNCLAIMED_LIMIT" {
				t.Errorf("upload: %v", err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 3, taken)
	require.Len(t, s.files(), 4, "what was refused is not kept")
	s.upload("ann", "x", "of another person")
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type repeated byte

func (r repeated) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r)
	}
	return len(p), nil
}
