package durable

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// ParkedHandler lets an operator see the parked tasks of some queues and give them back. It asks for no credential: it
// belongs on the administration port.
//
//	GET  /tasks/parked               up to 500 of each queue, the oldest first, as {"tasks":[...]}
//	POST /tasks/parked/{id}:unpark   204, or 404 when no such task is parked
//
// Payloads, which hold what people wrote, are not shown.
func ParkedHandler(queues ...*Queue) http.Handler {
	queues = slices.SortedFunc(slices.Values(queues), func(a, b *Queue) int { return strings.Compare(a.service, b.service) })
	mux := http.NewServeMux()
	mux.HandleFunc("GET /tasks/parked", func(w http.ResponseWriter, r *http.Request) { listParked(w, r, queues) })
	mux.HandleFunc("POST /tasks/parked/{call}", func(w http.ResponseWriter, r *http.Request) { unpark(w, r, queues) })
	return mux
}

// parkedView is a parked task as an operator sees it.
type parkedView struct {
	Service   string    `json:"service"`
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Lane      string    `json:"lane"`
	Key       string    `json:"key"`
	Attempts  int       `json:"attempts"`
	Error     string    `json:"error"`
	CreatedAt time.Time `json:"created_at"`
	ParkedAt  time.Time `json:"parked_at"`
}

func listParked(w http.ResponseWriter, r *http.Request, queues []*Queue) {
	views := []parkedView{}
	for _, q := range queues {
		tasks, err := q.Parked(r.Context())
		if err != nil {
			http.Error(w, q.service+": "+err.Error(), http.StatusServiceUnavailable)
			return
		}
		for _, t := range tasks {
			views = append(views, parkedView{
				Service: q.service, ID: t.ID, Kind: t.Kind, Lane: t.Lane.String(), Key: t.Key, Attempts: t.Attempt, Error: t.Error,
				CreatedAt: t.CreatedAt, ParkedAt: t.ParkedAt,
			})
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string][]parkedView{"tasks": views}) // a client that has gone needs no answer
}

func unpark(w http.ResponseWriter, r *http.Request, queues []*Queue) {
	id, ok := strings.CutSuffix(r.PathValue("call"), ":unpark")
	if !ok {
		http.NotFound(w, r)
		return
	}
	for _, q := range queues {
		err := q.Unpark(r.Context(), id)
		switch {
		case err == nil:
			q.logger.InfoContext(r.Context(), "durable: a parked task is given back by hand", slog.String("task", id))
			w.WriteHeader(http.StatusNoContent)
			return
		case !errors.Is(err, fault.NotFound):
			http.Error(w, q.service+": "+err.Error(), http.StatusServiceUnavailable)
			return
		}
	}
	http.Error(w, "no such task is parked", http.StatusNotFound)
}
