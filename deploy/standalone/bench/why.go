package main

// What limits a figure, as CPU profiles and pg_stat_statements show, and what would move it. Printed for targets that a run
// misses; a change of what they name changes these texts too.
const (
	whyPage = "between POST and webhook stand two transactions. Ticket's is one statement behind one that reads the directory; " +
		"notification's is three round trips on PostgreSQL (event and ticket, people, and all that is written with the commit), and one more " +
		"reads the delivery before it is sent. What is left are the hops between five processes, and CPU: on two cores triage takes the " +
		"ticket in at the same moment as its page leaves. Fewer processes or more cores would move it."
	whyBurst = "fifty pages go to one receiver, which may take a quarter of the page lane: 16 at a time, both on the way from ticket to " +
		"notification and to the receiver. CPU is the wall, not waiting: what moves time to page moves this, by fifty times as much."
	whyCrowd = "the fifty deliveries are written by one transaction, and read and recorded with those that come while others are. CPU is the wall: " +
		"fifty tasks, bodies and POSTs. In one process the same takes less than half, without round trips."
	whyBeside = "the lanes keep slow mail servers away from pages, yet both share the cores: 200 creations with a mail each take most of two. " +
		"Whatever makes a creation cheaper moves it; so do more cores."
	whyDead = "dead receivers take no worker that others need, as each has a quarter of the lane at most. But each page to them fails, which is " +
		"written, is tried again and again, and is one of three at once: on two cores the pages of others wait for these commits. Longer " +
		"pauses after an endpoint has failed for all pages would move it."
	whyMail = "a mail is synchronized to the disk as a file with its folder, and then its page with the database, one after the other: a quicker " +
		"disk would move it."
	whyMails = "the creations of the tickets are in it, and share the cores with the mail server that takes the mails. Of the CPU of a mail half is " +
		"its own: templates, encoding and the conversation with the server. The rest is its part of the statements that it shares with " +
		"others: ledger, task, claim, reading, outcome, the task's end. Templates that write what all recipients have in common once would move it."
	whyStorm = "the creations are in it, and so are the 4 s for which a message is collected. CPU is the wall: what makes a creation or a page " +
		"cheaper moves it."
	whyRecovery = "the start of the process on cores that the others keep busy is most of it; then its first sweep gives the leases of the dead " +
		"back, and the relay of a service that found it away tries again after at most 0.5 s. A quicker start and a shorter pause of the " +
		"page lane's relay would move it."
	whyCreate = "the floor is one statement, a creation is a statement behind one that reads the directory, and then shares of three batches: " +
		"notification's, triage's, and ticket's again for triage's answer. A batch has one begin, inbox, tasks and commit, of which PostgreSQL " +
		"is waited for once, but each event in it reads what it is about by one to three statements of its own. Reading for all events of a " +
		"batch at once would move it."
	whyRead = "a list is fifty rows of three dozen values. A third of the suite's CPU fetches and scans them, value by value through database/sql; " +
		"a fifth is turning them into JSON, by reflection, in the gateway; another the answer's copies and the garbage they leave. Fewer columns " +
		"move it, and generated JSON code would; the limiter's two round trips to Redis are an eighth of a get."
	whyMemory = "most of it are compiled validation rules, descriptors and the heap that starting left, of which the collector gives back " +
		"the unused part only slowly. GOMEMLIMIT or a lower GOGC would bring it down, for more CPU."
	whyStart = "the processes start at the same moment on the same cores, and compile the validation rules of all messages before they are ready. " +
		"Compiling them in the background would move it."
)
