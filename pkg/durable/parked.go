package durable

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// askTimeout bounds what one queue takes to answer: a database that is away must not hide the other queues.
const askTimeout = 3 * time.Second

// ParkedHandler lets an operator see the parked tasks of some queues and give them back. It asks for no credential: it
// belongs on the administration port, which must not be reachable from outside.
//
//	GET  /tasks/parked               up to 500 of each queue, the oldest first, as {"tasks":[...]}; "unavailable" names
//	                                 the services whose queue could not be read
//	POST /tasks/parked/{id}:unpark   204, or 404 when no such task is parked; 403 to browsers, which any page can make call
//
// Either is 503 when a queue could not be read and nothing was found in the others. Payloads, which hold what people wrote,
// are not shown.
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
	answer := struct {
		Tasks       []parkedView `json:"tasks"`
		Unavailable []string     `json:"unavailable,omitempty"`
	}{Tasks: []parkedView{}}
	for _, q := range queues {
		tasks, err := ask(r.Context(), q, (*Queue).Parked)
		if err != nil {
			answer.Unavailable = append(answer.Unavailable, q.service)
			continue
		}
		for _, t := range tasks {
			answer.Tasks = append(answer.Tasks, parkedView{
				Service: q.service, ID: t.ID, Kind: t.Kind, Lane: t.Lane.String(), Key: t.Key, Attempts: t.Attempt, Error: t.Error,
				CreatedAt: t.CreatedAt, ParkedAt: t.ParkedAt,
			})
		}
	}
	if len(answer.Tasks) == 0 && len(answer.Unavailable) > 0 {
		notAsked(w, answer.Unavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // a client that has gone needs no answer
}

func unpark(w http.ResponseWriter, r *http.Request, queues []*Queue) {
	if r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" {
		http.Error(w, "not for browsers", http.StatusForbidden)
		return
	}
	id, ok := strings.CutSuffix(r.PathValue("call"), ":unpark")
	if !ok {
		http.NotFound(w, r)
		return
	}
	var unavailable []string
	for _, q := range queues {
		_, err := ask(r.Context(), q, func(q *Queue, ctx context.Context) (struct{}, error) { return struct{}{}, q.Unpark(ctx, id) })
		switch {
		case err == nil:
			q.logger.InfoContext(r.Context(), "durable: a parked task is given back by hand",
				slog.String("task", id), slog.String("remote", r.RemoteAddr))
			w.WriteHeader(http.StatusNoContent)
			return
		case !errors.Is(err, fault.NotFound):
			unavailable = append(unavailable, q.service)
		}
	}
	if len(unavailable) > 0 {
		notAsked(w, unavailable)
		return
	}
	http.Error(w, "no such task is parked", http.StatusNotFound)
}

// ask calls a queue. Why it cannot answer is for the log: the texts of drivers name hosts and users.
func ask[T any](ctx context.Context, q *Queue, call func(*Queue, context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	answer, err := call(q, ctx)
	if err != nil && !errors.Is(err, fault.NotFound) {
		q.logger.WarnContext(ctx, "durable: parked tasks cannot be reached", slog.Any("error", err))
	}
	return answer, err
}

func notAsked(w http.ResponseWriter, services []string) {
	http.Error(w, "not available: "+strings.Join(services, ", "), http.StatusServiceUnavailable)
}
