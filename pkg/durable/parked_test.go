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
	server := testkit.PostgresServer(t)
	f := open(t, sqldb.Config{DSN: server.Database(), Schema: "svc_test"})
	h := ParkedHandler(f.queue(Options{}))
	server.Stop()
	require.Equal(t, http.StatusServiceUnavailable, call(t, h, http.MethodGet, "/tasks/parked").Code)
	require.Equal(t, http.StatusServiceUnavailable, call(t, h, http.MethodPost, "/tasks/parked/x:unpark").Code)
}
