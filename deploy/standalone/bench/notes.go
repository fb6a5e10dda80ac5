package main

const pageNotes = `
There are 1,000 people of staff and 20 rotations of three layers and 50 people each. Pages go to the engineer who is on call by
the first of them, except where it says otherwise. The receivers are HTTP servers outside of the suite, which answer at once. In
the burst to 50 people a ticket pages all of them by one step, each at a receiver of their own. In the other burst 50 tickets are
created at the same moment, each of which pages the one engineer by a delivery of its own; they share one receiver, and so the
limits that one destination has. Beside dead ends each ticket pages three people by one step, and is solved after its block, which
ends the attempts. The normal tickets are creations by gRPC with one CC each: their mails are in other lanes than pages.
`

const mailboxNotes = `
The mailbox is a process of its own on a disk alone, SQLite and a folder of mails. Each mail goes to its webhook by itself: no
brake is set, and no receipt goes out beside.
`

const recoveryNotes = `
Eight clients create urgent tickets by gRPC as fast as they are answered until the process is killed. Time counts from the
start of the new process, or from the kill where another replica runs. Ticket reaches the replicas of notification by a
forwarder of TCP connections, which stands for the load balancer of a cluster. Repeated requests are those that had been
sent and not yet recorded when the process was killed; receivers know them by their webhook-id.
`

const throughputNotes = `Variants take turns in slices, in an order that changes with each round. Throughput of writes is sustained: the window ends when ticket has
delivered all events of its tickets to notification and triage, that is when its table of tasks is empty. CPU is user and
system time from /proc, until no service has anything left to do, so it includes what triage and notification do for a
ticket. "Suite" is all processes of the suite, "database" PostgreSQL and Redis, "client" the process that calls, with its mail server.

- *Create*: the requester writes the ticket and nobody is copied, so no mail is sent. *Create, 2 mails*: two CCs get one
  mail each by SMTP; the mails may still be on their way when the window ends, their CPU is counted.
- *Get*, *reply*: a ticket of one's own, with its description. *List 50*: the newest of the organization, by its admin.
  *Search*: the same for a word that a tenth of the tickets have.
- *Empty*: GetSelf of a person of the staff, the call with the least work that takes a token: it passes the gateway, token,
  policy and validation and reads one row by its key.
- *Floor*: the rows that the suite stores for one ticket (or reply), tasks included, or the rows that it reads, without
  visibility. On PostgreSQL one statement by pgx in the client, on a connection per client and tables of the same
  migrations. On SQLite through pkg/sqldb in the client, which shares commits between writers as the suite does. Rows are fetched and not decoded.
`

const mailNotes = "\nThe window begins with the first POST and ends with the last mail: the creations, their events, the ledger, and the conversation\n" +
	"with a mail server on the same machine, which offers PIPELINING, are in it. `go test -bench . ./internal/mailout` in\n" +
	"services/notification measures the mailer alone.\n"

const stormNotes = `
Notification bundles here as it does by default: about the first 10 incidents within a minute the engineer is paged one by one, about
the others by messages that name many, each of which is collected for 4 s. 15 s after an incident the emergency mailbox would page
about it, unless ticket has heard that a provider took its page. Times count from the first POST; the creations go on beside.
`

const memoryNotes = `
PSS is /proc/PID/smaps_rollup after five seconds without a call; "new" means started and not called yet. A start is the second one of an existing installation:
from exec to /readyz of all processes, after an orderly end.
`

const howText = "`make bench` starts a PostgreSQL and a Redis of its own, builds the daemons and writes this file in less than 15 minutes;\n" +
	"`make bench-full` runs longer with ten times the tickets. Nothing else should run meanwhile. Compare ratios and CPU, not\n" +
	"absolute times, between machines. Each measurement begins with nothing left to write on the disk, since commits wait for what\n" +
	"others have written: builds and fresh databases beside it cost the slowest pages up to half a second.\n\n" +
	"`make bench-web` measures the dashboard in a browser, into [performance-web.md](performance-web.md).\n"

const notText = `- Two machines: the network between client, suite and database is loopback here.
- A power cut, and the crash of PostgreSQL: the fault tests cover what survives, not how fast.
- Real mail servers and providers of pages, TLS of browsers, and reading by many streams of live updates.
- A million tickets; make bench-full goes to a tenth of that.
- Pages by SMS or voice, which do not exist yet.
`
