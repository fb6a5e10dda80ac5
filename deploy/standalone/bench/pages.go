package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"altis-dxp.com/support/pkg/testkit"
)

// arrivals records when the receivers of the engineers' webhooks got the page of which ticket.
type arrivals struct {
	mu       sync.Mutex
	first    map[string]time.Time // by requestID of the ticket, followed by the receiver's suffix
	ids      map[string]int       // how often each delivery arrived, by webhook-id
	arrived  chan struct{}        // capacity 1
	repeated int
}

func newArrivals() *arrivals {
	return &arrivals{first: map[string]time.Time{}, ids: map[string]int{}, arrived: make(chan struct{}, 1)}
}

// watch records what a receiver gets; the suffix tells it from others.
func (a *arrivals) watch(pager *testkit.Hook, suffix string) {
	pager.Respond(func(_ int, r testkit.Request) testkit.Response {
		a.add(r, suffix)
		return testkit.Response{}
	})
}

func (a *arrivals) add(r testkit.Request, suffix string) {
	ids := subjectIDs(r.Body)
	a.mu.Lock()
	for _, id := range ids {
		if _, known := a.first[id+suffix]; !known {
			a.first[id+suffix] = r.At
		}
	}
	delivery := r.Header.Get("Webhook-Id")
	if a.ids[delivery]++; a.ids[delivery] > 1 {
		a.repeated++
	}
	a.mu.Unlock()
	select {
	case a.arrived <- struct{}{}:
	default:
	}
}

// subjectIDs finds each "bench-17", with which a subject begins, in the body of a page, which may name many.
func subjectIDs(body []byte) (ids []string) {
	for {
		start := bytes.Index(body, []byte("bench-"))
		if start < 0 {
			return ids
		}
		end := start + len("bench-")
		for end < len(body) && body[end] >= '0' && body[end] <= '9' {
			end++
		}
		ids = append(ids, string(body[start:end]))
		body = body[end:]
	}
}

// wait returns when the pages of all ids have arrived, or the limit has passed, and those that are missing.
func (a *arrivals) wait(ctx context.Context, ids []string, limit time.Duration) (missing []string) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		if missing = a.missing(ids); len(missing) == 0 {
			return nil
		}
		select {
		case <-a.arrived:
		case <-timer.C:
			return missing
		case <-ctx.Done():
			return missing
		}
	}
}

func (a *arrivals) missing(ids []string) (missing []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, id := range ids {
		if _, ok := a.first[id]; !ok {
			missing = append(missing, id)
		}
	}
	return missing
}

// at returns when the page of a ticket arrived.
func (a *arrivals) at(id string) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.first[id]
}

// repetitions returns how many requests repeated an earlier one.
func (a *arrivals) repetitions() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.repeated
}

// posted is an urgent ticket whose creation was asked for.
type posted struct {
	id           string
	number       int64
	at, answered time.Time
	err          error
}

// pageLimit is how long a page may take before it counts as missing.
const pageLimit = 20 * time.Second

// post creates an urgent ticket by REST.
func (b *bench) post(s *system) posted {
	d := b.drafts.next(true, 0)
	p := posted{id: requestID(d), at: time.Now()}
	p.number, p.err = s.rest.create(b.ctx, d)
	p.answered = time.Now()
	return p
}

// paced posts n urgent tickets, one per interval whether or not the one before is answered, and returns them in order.
func (b *bench) paced(s *system, n int, interval time.Duration) []posted {
	all := make([]posted, n)
	var running sync.WaitGroup
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for i := range n {
		running.Go(func() { all[i] = b.post(s) })
		select {
		case <-ticker.C:
		case <-b.ctx.Done():
		}
	}
	running.Wait()
	return all
}

// toPage returns the time from POST to receiver of each ticket, and from POST to its answer.
func (b *bench) toPage(s *system, all []posted) (pages, answers []time.Duration) {
	var ids []string
	for _, p := range all {
		b.must(p.err)
		ids = append(ids, p.id)
	}
	if missing := s.pages.wait(b.ctx, ids, pageLimit); len(missing) > 0 {
		b.must(fmt.Errorf("%s: %d of %d pages did not arrive within %s", s.name, len(missing), len(ids), pageLimit))
	}
	for _, p := range all {
		pages = append(pages, s.pages.at(p.id).Sub(p.at))
		answers = append(answers, p.answered.Sub(p.at))
	}
	return pages, answers
}

// quietPages is the time to page while nothing else goes on.
type quietPages struct{ pages, answers spread }

// measureQuietPages posts one ticket per interval, to the systems in turn.
func (b *bench) measureQuietPages(systems []*system) map[string]quietPages {
	const block = 50
	pages, answers := map[string][]time.Duration{}, map[string][]time.Duration{}
	for _, s := range systems {
		b.toPage(s, b.paced(s, block/5, b.plan.pace)) // connections of everybody
	}
	for round := 0; round*block < b.plan.pages; round++ {
		for _, s := range rotated(systems, round) {
			p, a := b.toPage(s, b.paced(s, block, b.plan.pace))
			pages[s.name], answers[s.name] = append(pages[s.name], p...), append(answers[s.name], a...)
			b.must(s.settled(b.ctx))
		}
	}
	found := map[string]quietPages{}
	for _, s := range systems {
		found[s.name] = quietPages{spreadOf(pages[s.name]), spreadOf(answers[s.name])}
	}
	return found
}

// burstSize is how many pages a burst is.
const burstSize = 50

// bursts is when pages of a burst arrived, one value per burst.
type bursts struct{ first, middle, last []time.Duration }

// measureBursts makes the same burst several times, in the systems by turns.
func (b *bench) measureBursts(systems []*system, burst func(*system) []time.Duration) map[string]*bursts {
	found := map[string]*bursts{}
	for round := range b.plan.bursts + 1 { // the first opens the connections
		for _, s := range rotated(systems, round) {
			p := spreadOf(burst(s))
			if found[s.name] == nil {
				found[s.name] = &bursts{}
				continue
			}
			f := found[s.name]
			f.first, f.middle, f.last = append(f.first, p.min), append(f.middle, p.p50), append(f.last, p.max)
		}
	}
	return found
}

// manyTickets creates 50 tickets at once, each of which pages the one engineer, and returns for each of them how long after
// the burst began its page arrived.
func (b *bench) manyTickets(s *system) []time.Duration {
	all := make([]posted, burstSize)
	start := make(chan struct{})
	var ready, running sync.WaitGroup
	ready.Add(burstSize)
	for i := range all {
		running.Go(func() {
			ready.Done()
			<-start
			all[i] = b.post(s)
		})
	}
	ready.Wait()
	began := time.Now()
	close(start)
	running.Wait()
	for i := range all {
		all[i].at = began
	}
	pages, _ := b.toPage(s, all)
	b.must(s.settled(b.ctx))
	return pages
}

// crowd is fifty engineers, each with a webhook at a receiver of their own.
type crowd struct {
	people   []string // ids
	suffixes []string // of their pages in arrivals
}

// gather adds a crowd to a system; nobody of it is paged until a policy says so.
func (b *bench) gather(s *system) *crowd {
	c := &crowd{}
	for i := range burstSize {
		suffix := fmt.Sprintf(" to engineer %d", i)
		pager := testkit.Receiver(b.runner)
		s.pages.watch(pager, suffix)
		c.people = append(c.people, s.world.AddEngineer(b.runner, fmt.Sprintf("Engineer %d", i), pager))
		c.suffixes = append(c.suffixes, suffix)
	}
	return c
}

// manyPeople creates one ticket that pages the fifty people of the crowd, and returns for each of them how long after the
// POST the page arrived.
func (b *bench) manyPeople(s *system) []time.Duration {
	p := b.post(s)
	b.must(p.err)
	keys := make([]string, burstSize)
	for i, suffix := range s.crowd.suffixes {
		keys[i] = p.id + suffix
	}
	if missing := s.pages.wait(b.ctx, keys, pageLimit); len(missing) > 0 {
		b.must(fmt.Errorf("%s: %d of %d people were not paged within %s", s.name, len(missing), len(keys), pageLimit))
	}
	took := make([]time.Duration, len(keys))
	for i, key := range keys {
		took[i] = s.pages.at(key).Sub(p.at)
	}
	b.must(s.settled(b.ctx))
	return took
}

// measureCrowd is measureBursts with manyPeople.
func (b *bench) measureCrowd(systems []*system) map[string]*bursts {
	for _, s := range systems {
		b.must(s.pageOnly(b.ctx, s.crowd.people...))
	}
	found := b.measureBursts(systems, b.manyPeople)
	for _, s := range systems {
		b.must(s.pageRotation(b))
	}
	return found
}

// besides is the time to page beside other traffic whose receiver is slow.
type besides struct {
	pages  spread
	normal float64 // tickets per second that went on beside
	mails  int     // their mails that had arrived at the end
}

// slowness is how long the mail server takes for each mail.
const slowness = 600 * time.Millisecond

// measureBesides posts urgent tickets beside normal ones, each of which mails one person by a slow server.
func (b *bench) measureBesides(systems []*system) map[string]besides {
	found := map[string]besides{}
	for _, s := range systems {
		b.phase("urgent beside normal: %s", s.name)
		s.suite.SMTP.Delay(slowness)
		mails := len(s.suite.SMTP.Messages())
		ctx, stop := context.WithCancel(b.ctx)
		normal := make(chan error, 1)
		var made int
		go func() {
			var err error
			made, err = b.normalTraffic(ctx, s)
			normal <- err
		}()
		began := time.Now()
		all := b.paced(s, int(b.plan.beside/besidePace), besidePace)
		lasted := time.Since(began)
		pages, _ := b.toPage(s, all)
		arrived := len(s.suite.SMTP.Messages()) - mails
		stop()
		b.must(<-normal)
		s.suite.SMTP.Delay(0)
		found[s.name] = besides{spreadOf(pages), float64(made) / lasted.Seconds(), arrived}
		b.must(s.settled(b.ctx))
	}
	return found
}

const (
	besidePace   = 200 * time.Millisecond // of urgent tickets: 5 in a second
	normalPerSec = 200
	normalBy     = 16 // clients
)

// normalTraffic creates tickets with one mail each, 200 in a second if the system can, until ctx ends.
func (b *bench) normalTraffic(ctx context.Context, s *system) (made int, err error) {
	var mu sync.Mutex
	var errs []error
	var running sync.WaitGroup
	for range normalBy {
		running.Go(func() {
			ticker := time.NewTicker(time.Second * normalBy / normalPerSec)
			defer ticker.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-ticker.C:
				}
				// Not ctx: a call that is cut off at the end is no failure of the system.
				_, err := s.grpc.create(b.ctx, b.drafts.next(false, 1))
				mu.Lock()
				made++
				if err != nil {
					errs = append(errs, err)
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	running.Wait()
	return made, errors.Join(errs...)
}
