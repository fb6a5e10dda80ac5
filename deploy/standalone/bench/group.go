package main

import "sync"

// tasks runs functions on a number of workers, which tell them apart.
type tasks struct {
	queue   chan func(worker int) error
	running sync.WaitGroup
	mu      sync.Mutex
	err     error // the first
}

func newTasks(workers int) *tasks {
	t := &tasks{queue: make(chan func(int) error)}
	for worker := range workers {
		t.running.Go(func() {
			for task := range t.queue {
				if err := task(worker); err != nil {
					t.mu.Lock()
					if t.err == nil {
						t.err = err
					}
					t.mu.Unlock()
				}
			}
		})
	}
	return t
}

// do waits for a free worker and hands the task to it.
func (t *tasks) do(task func(worker int) error) { t.queue <- task }

// wait returns the first error of all tasks once they have ended. Nothing may be added then.
func (t *tasks) wait() error {
	close(t.queue)
	t.running.Wait()
	return t.err
}
