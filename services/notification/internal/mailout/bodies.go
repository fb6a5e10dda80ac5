package mailout

import (
	htmltemplate "html/template"
	"sync"
)

// bodiesBytes bounds the texts that are kept, of which a message that goes to many people at once needs one for a moment.
const bodiesBytes = 1 << 20

// bodies keeps what the Markdown of authors became lately: one message goes to many recipients, and to make safe HTML of it
// costs more than all the rest of a mail.
type bodies struct {
	mu         sync.Mutex
	made, past map[string]htmltemplate.HTML // by Markdown; past is what made was until it was full
	size       int                          // of made
}

func (b *bodies) get(markdown string) (htmltemplate.HTML, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if html, ok := b.made[markdown]; ok {
		return html, true
	}
	html, ok := b.past[markdown]
	return html, ok
}

func (b *bodies) put(markdown string, html htmltemplate.HTML) {
	size := len(markdown) + len(html)
	if size > bodiesBytes/4 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.made == nil || b.size+size > bodiesBytes/2 {
		b.past, b.made, b.size = b.made, map[string]htmltemplate.HTML{}, 0
	}
	if _, known := b.made[markdown]; !known {
		b.made[markdown] = html
		b.size += size
	}
}
