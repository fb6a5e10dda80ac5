// Package durable runs work that must not be lost: tasks, which are rows of the service's own database, inserted by the
// transaction that makes them necessary.
//
// A task runs at least once. Its row goes through these states; run_at is the instant from which it may be claimed.
//
//	      Enqueue, Delay > 0                    Enqueue, a slot is free: born leased
//	         or no free slot                       (the commit is the claim)
//	              |                                         |
//	              v                claim                    v
//	+-------> DUE or LATER --------------------------> LEASED  owner = who, fence = n+1, attempt = n+1
//	|         owner = ''                                |  ^ |  run_at = end of the lease
//	|                                                   |  | |
//	| failed: run_at = now + Backoff                    |  +-+ renew: run_at = now + 5 s
//	| not run, interrupted: run_at = now, attempt - 1   |
//	| owner dead: run_at = now                          |
//	+---------------------------------------------------+
//	|  (lease lapsed: claimed again as it is)           |
//	|                                                   +---> deleted: done, or cancelled in any state
//	| Unpark                                            |
//	+------------------- PARKED <-----------------------+
//	                     never in the page lane: there Handler.Broken takes what would be parked
//
// Renewing, ending and giving back test (id, fence, owner): whoever lost a lease cannot touch the task any more.
//
// In the process that has the lease, a task is held:
//
//	reserved --commit--> waiting --worker free--> running --> ending --outcome written--> forgotten
//	   claimed ------------^  |                      |           |
//	                          |                      |           +-- lease lost --> missed --2 leases later--> forgotten
//	                          +-- lease lost: forgotten; running is told to stop
//
// While a task is held, a claim that returns it again gives its entry the new fence instead of running it twice: that
// happens when the process, its machine or its database stood still for longer than a lease.
//
// # Owners
//
// Each Run owns a random id and proves that it lives by an advisory lock on a session of its own. Every second each process
// tries the locks of all other ids in task_owners; a lock that it can take belongs to the dead, whose leases it gives back.
// What the dead had sent to the server may commit even after that, with new leases: an id is forgotten only by a sweep that
// finds none, at least a second after the same process first found it dead. A process whose session was lost takes a new id.
// On SQLite the locks live in the process, which alone has the file, so that at its start all earlier owners are dead.
//
// # Clocks
//
// Leases are set and tested by the database's clock, and only durations leave it. The local deadline counts from before the
// statement that set the lease, by the monotonic clock and by the wall clock: the first stands still while a machine is
// suspended, the second may be set. A task does not start less than half a second before its deadline.
//
// # What a power cut may undo
//
// Tasks are inserted by durable commits. Claims, renewals and outcomes are soft: losing one of them runs a task once more,
// which may happen anyway. Handler.DurableComplete is for effects whose repetition nobody would notice in time.
//
// # Lanes
//
// A lane holds up to four tasks per worker. What is born or claimed waits there for a worker; what finds no slot stays due
// in the database. One destination takes at most a quarter of the workers and of the slots; what exceeds that is sent away
// for a while, longer the more of it there is.
package durable
