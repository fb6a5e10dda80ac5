package dev

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// kept is how many webhooks the receiver remembers.
const kept = 500

// receiver catches the webhooks of pages.
type receiver struct {
	mu    sync.Mutex
	hooks []hook
	total int
}

// hook is one webhook that was received.
type hook struct {
	ID       string // webhook-id: the same for every attempt
	Person   string
	Received time.Time
	Title    string
	AckURL   string
	Body     string // indented JSON
}

func newReceiver() *receiver { return &receiver{} }

func (r *receiver) receive(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, 1<<20))
	if err != nil {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	var payload struct {
		Data struct {
			Title  string `json:"title"`
			AckURL string `json:"acknowledgeUrl"`
		} `json:"data"`
	}
	var pretty bytes.Buffer
	if err := json.Unmarshal(body, &payload); err != nil || json.Indent(&pretty, body, "", "  ") != nil {
		http.Error(w, "the body is no JSON", http.StatusBadRequest)
		return
	}
	r.add(hook{
		ID: req.Header.Get("webhook-id"), Person: req.PathValue("person"), Received: time.Now(),
		Title: payload.Data.Title, AckURL: payload.Data.AckURL, Body: pretty.String(),
	})
	w.WriteHeader(http.StatusNoContent)
}

// add keeps a webhook; a repetition replaces the one before.
func (r *receiver) add(h hook) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total++
	r.hooks = slices.DeleteFunc(r.hooks, func(old hook) bool { return old.ID == h.ID })
	r.hooks = append(r.hooks, h)
	r.hooks = r.hooks[max(0, len(r.hooks)-kept):]
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.total
}

// newest returns at most n webhooks, newest first.
func (r *receiver) newest(n int) []hook {
	r.mu.Lock()
	defer r.mu.Unlock()
	hooks := slices.Clone(r.hooks[max(0, len(r.hooks)-n):])
	slices.Reverse(hooks)
	return hooks
}
