package mailout

import "sync"

// recentBytes bounds the texts that are kept, of which a message that goes to many people at once needs a few for a moment.
const recentBytes = 1 << 20

// recent keeps what was made of texts lately: one message goes to many recipients, and what it says to all of them alike costs
// more to make than all the rest of a mail.
type recent[V any] struct {
	mu         sync.Mutex
	made, past map[string]V // by the text that it was made of; past is what made was until it was full
	size       int          // of made
}

func (r *recent[V]) get(text string) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v, ok := r.made[text]; ok {
		return v, true
	}
	v, ok := r.past[text]
	return v, ok
}

// put keeps a value of a length.
func (r *recent[V]) put(text string, value V, length int) {
	size := len(text) + length
	if size > recentBytes/4 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.made == nil || r.size+size > recentBytes/2 {
		r.past, r.made, r.size = r.made, map[string]V{}, 0
	}
	if _, known := r.made[text]; !known {
		r.made[text] = value
		r.size += size
	}
}
