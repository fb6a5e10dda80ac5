package durable

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
)

func call(t *testing.T, h http.Handler, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return w
}

func TestParkedTasksAreShownAndGivenBack(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		healed := make(chan struct{})
		q := f.queue(Options{Handlers: map[string]Handler{"poison": {Run: func(context.Context, Task) error {
			select {
			case <-healed:
				return nil
			default:
				return Permanent(errors.New("wrong number"))
			}
		}}}})
		f.start(q)
		h := ParkedHandler(q)
		list := func() []parkedView {
			w := call(t, h, http.MethodGet, "/tasks/parked")
			require.Equal(t, http.StatusOK, w.Code)
			require.Equal(t, "application/json", w.Header().Get("Content-Type"))
			require.NotContains(t, w.Body.String(), "payload")
			var answer struct{ Tasks []parkedView }
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
			require.NotNil(t, answer.Tasks)
			return answer.Tasks
		}
		require.Empty(t, list())
		f.enqueue(q, Spec{Kind: "poison", Lane: LaneNotice, Key: "k", Payload: []byte(`"payload"`)})
		eventually(t, func() bool { return len(list()) == 1 }, "parked")
		got := list()[0]
		require.WithinDuration(t, time.Now(), got.ParkedAt, time.Minute)
		require.WithinDuration(t, time.Now(), got.CreatedAt, time.Minute)
		id := got.ID
		got.ID, got.CreatedAt, got.ParkedAt = "", time.Time{}, time.Time{}
		require.Equal(t, parkedView{Service: "test", Kind: "poison", Lane: "notice", Key: "k", Attempts: 1, Error: "wrong number"}, got)

		for _, path := range []string{"/tasks/parked/other:unpark", "/tasks/parked/" + id, "/tasks/parked/:unpark"} {
			require.Equal(t, http.StatusNotFound, call(t, h, http.MethodPost, path).Code, path)
		}
		require.Equal(t, http.StatusMethodNotAllowed, call(t, h, http.MethodGet, "/tasks/parked/"+id+":unpark").Code)
		require.Len(t, list(), 1)
		close(healed)
		require.Equal(t, http.StatusNoContent, call(t, h, http.MethodPost, "/tasks/parked/"+id+":unpark").Code)
		f.empty("run again")
		require.Equal(t, http.StatusNotFound, call(t, h, http.MethodPost, "/tasks/parked/"+id+":unpark").Code)
	})
}

func TestParkedTasksOfSeveralQueues(t *testing.T) {
	var queues []*Queue
	for _, name := range []string{"triage", "identity"} {
		f := open(t, sqldb.Config{DSN: "sqlite:" + t.TempDir() + "/test.db"})
		q, err := New(Options{DB: f.db, Service: name})
		require.NoError(t, err)
		f.enqueue(q, Spec{Kind: name, Lane: LaneNotice})
		require.NoError(t, f.db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, "UPDATE tasks SET parked_at = 1")
			return err
		}))
		queues = append(queues, q)
	}
	h := ParkedHandler(queues...)
	var answer struct{ Tasks []parkedView }
	require.NoError(t, json.Unmarshal(call(t, h, http.MethodGet, "/tasks/parked").Body.Bytes(), &answer))
	require.Len(t, answer.Tasks, 2)
	require.Equal(t, "identity", answer.Tasks[0].Service)
	require.Equal(t, "triage", answer.Tasks[1].Service)
	require.Equal(t, http.StatusNoContent, call(t, h, http.MethodPost, "/tasks/parked/"+answer.Tasks[1].ID+":unpark").Code)
	require.NoError(t, json.Unmarshal(call(t, h, http.MethodGet, "/tasks/parked").Body.Bytes(), &answer))
	require.Len(t, answer.Tasks, 1)
}

func TestParkedTasksOfADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	server := testkit.PostgresServer(t)
	away, err := New(Options{DB: open(t, sqldb.Config{DSN: server.Database(), Schema: "svc_test"}).db, Service: "away"})
	require.NoError(t, err)
	f := open(t, sqldb.Config{DSN: "sqlite:" + t.TempDir() + "/test.db"})
	there := f.queue(Options{})
	server.Stop()
	alone, both := ParkedHandler(away), ParkedHandler(away, there)
	for _, h := range []http.Handler{alone, both} {
		for _, got := range []*httptest.ResponseRecorder{
			call(t, h, http.MethodGet, "/tasks/parked"), call(t, h, http.MethodPost, "/tasks/parked/x:unpark"),
		} {
			require.Equal(t, http.StatusServiceUnavailable, got.Code, "it may be there")
			require.Equal(t, "not available: away\n", got.Body.String(), "and nothing of the driver's")
		}
	}

	f.enqueue(there, Spec{Kind: "poison", Lane: LaneNotice})
	require.NoError(t, f.db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE tasks SET parked_at = 1")
		return err
	}))
	got := call(t, both, http.MethodGet, "/tasks/parked")
	require.Equal(t, http.StatusOK, got.Code, "one that is away hides no other")
	var answer struct {
		Tasks       []parkedView
		Unavailable []string
	}
	require.NoError(t, json.Unmarshal(got.Body.Bytes(), &answer))
	require.Len(t, answer.Tasks, 1)
	require.Equal(t, []string{"away"}, answer.Unavailable)
	require.Equal(t, http.StatusNoContent, call(t, both, http.MethodPost, "/tasks/parked/"+answer.Tasks[0].ID+":unpark").Code)
}

// TestBrowsersGiveNothingBack: a page of anywhere could make a browser beside the port send the request.
func TestBrowsersGiveNothingBack(t *testing.T) {
	f := open(t, sqldb.Config{DSN: "sqlite:" + t.TempDir() + "/test.db"})
	h := ParkedHandler(f.queue(Options{}))
	for name, value := range map[string]string{"Origin": "http://127.0.0.1:9090", "Sec-Fetch-Site": "none"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/tasks/parked/x:unpark", nil)
		r.Header.Set(name, value)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Equal(t, http.StatusForbidden, w.Code, name)
	}
}
