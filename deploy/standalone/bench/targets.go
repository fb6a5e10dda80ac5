package main

import (
	"fmt"
	"strings"
	"time"
)

// target is what a figure should be.
type target struct {
	name, want, got string
	met             bool
	why             string // it is missed and what would move it
}

// The targets, of a quiet machine with two cores.
const (
	wantPage       = 8 * time.Millisecond
	wantPageWorst  = 30 * time.Millisecond
	wantBurst      = 150 * time.Millisecond
	wantBeside     = 10 * time.Millisecond
	wantDead       = 1.2
	wantMail       = 50 * time.Millisecond
	wantMails      = 500 // in a second
	wantStorm      = 15 * time.Second
	wantRestart    = 500 * time.Millisecond
	wantReplica    = 2 * time.Second
	wantGRPC       = 0.4
	wantREST       = 0.3
	wantEfficiency = 0.7
	wantIdle       = 80 << 20
	wantReady      = time.Second
)

// measuredClients is with how many clients CPU is compared.
const measuredClients = 8

func (r *report) targets() (all []target) {
	for _, name := range []string{onPostgres, onSQLite} {
		all = append(all, r.pageTargets(name)...)
	}
	all = append(all, target{
		name: "emergency mail to page, p50", want: "< " + ms(wantMail) + " ms", got: ms(r.mailbox.p50) + " ms",
		met: r.mailbox.n > 0 && r.mailbox.p50 < wantMail, why: whyMail,
	})
	for _, name := range []string{onPostgres, onSQLite} {
		rate := r.mailRate(name)
		all = append(all, target{
			name: fmt.Sprintf("%d mails at once. %s", r.plan.notices, name), want: fmt.Sprintf(">= %d/s", wantMails),
			got: fmt.Sprintf("%.0f/s", rate), met: rate >= wantMails, why: whyMails,
		})
	}
	for _, name := range []string{onPostgres, onSQLite} {
		s := r.storms[name]
		all = append(all, target{
			name: fmt.Sprintf("storm of %d incidents, all named and heard of. %s", r.plan.storm, name), want: fmt.Sprintf("< %.0f s", wantStorm.Seconds()),
			got: fmt.Sprintf("%.1f s, by %d messages", s.heard.Seconds(), s.messages), met: s.messages > 0 && s.heard < wantStorm, why: whyStorm,
		})
	}
	for _, c := range r.recovered {
		limit := wantRestart
		if c.heir != nil {
			limit = wantReplica
		}
		worst := spreadOf(c.took)
		all = append(all, target{
			name: "waiting pages recovered. " + c.name, want: "<= " + ms(limit) + " ms",
			got: ms(worst.max) + " ms at worst", met: worst.n > 0 && worst.max <= limit && c.lost == 0, why: whyRecovery,
		})
	}
	for _, name := range []string{onPostgres, onSQLite} {
		all = append(all, r.throughputTargets(name)...)
	}
	for _, name := range []string{onPostgres, onSQLite} {
		process, bytes := r.idle.memory[name].largest()
		all = append(all, target{
			name: "memory at rest, largest process. " + name, want: "< " + mib(wantIdle), got: mib(bytes) + " (" + process + ")",
			met: bytes < wantIdle, why: whyMemory,
		})
		starts := spreadOf(r.starts[name])
		all = append(all, target{
			name: "second start to ready. " + name, want: "< " + ms(wantReady) + " ms", got: ms(starts.max) + " ms at worst",
			met: starts.n > 0 && starts.max < wantReady, why: whyStart,
		})
	}
	return all
}

func (r *report) pageTargets(name string) []target {
	quiet, beside := r.quiet[name].pages, r.beside[name].pages
	people, tickets := spreadOf(r.crowd[name].last), spreadOf(r.bursts[name].last)
	return []target{
		{
			name: "time to page, p50. " + name, want: "<= " + ms(wantPage) + " ms", got: ms(quiet.p50) + " ms",
			met: quiet.p50 <= wantPage, why: whyPage,
		},
		{
			name: "time to page, p99. " + name, want: "<= " + ms(wantPageWorst) + " ms", got: ms(quiet.p99) + " ms",
			met: quiet.p99 <= wantPageWorst, why: whyPage,
		},
		{
			name: "last page, median. " + burstOfPeople + ". " + name, want: "<= " + ms(wantBurst) + " ms",
			got: ms(people.p50) + " ms, worst " + ms(people.max) + " ms", met: people.p50 <= wantBurst, why: whyCrowd,
		},
		{
			name: "last page, median. " + burstOfTickets + ". " + name, want: "<= " + ms(wantBurst) + " ms",
			got: ms(tickets.p50) + " ms, worst " + ms(tickets.max) + " ms", met: tickets.p50 <= wantBurst, why: whyBurst,
		},
		{
			name: "urgent beside a slow receiver, p50. " + name, want: "<= " + ms(wantBeside) + " ms", got: ms(beside.p50) + " ms",
			met: beside.p50 <= wantBeside, why: whyBeside,
		},
		{
			name: "time to page, p99, beside dead ends / beside none. " + name, want: fmt.Sprintf("<= %.1f", wantDead),
			got: fmt.Sprintf("%.2f", r.dead[name].ratio()), met: r.dead[name].ratio() <= wantDead, why: whyDead,
		},
	}
}

func (r *report) throughputTargets(name string) (all []target) {
	for _, path := range []struct {
		via  string
		want float64
	}{{viaGRPC, wantGRPC}, {viaREST, wantREST}} {
		ratio, lowest, highest := r.throughput.ratio(name, path.via, floorly, opCreate, r.mostClients())
		all = append(all, target{
			name: fmt.Sprintf("sustained create by %s / floor, %d clients. %s", path.via, r.mostClients(), name),
			want: fmt.Sprintf(">= %.1f", path.want), got: fmt.Sprintf("%.2f (rounds %.2f to %.2f)", ratio, lowest, highest),
			met: ratio >= path.want, why: whyCreate,
		})
	}
	for _, op := range []string{opGet, opList} {
		rest, limit := r.readCost(name, op)
		all = append(all, target{
			name: "CPU of " + op + " by REST. " + name, want: fmt.Sprintf("<= %s ms", digits(limit)), got: digits(rest) + " ms",
			met: rest <= limit, why: whyRead,
		})
	}
	return all
}

// readCost returns the CPU time of the servers for one read by REST, and what it may be: what an empty call and the floor's
// statement cost together, divided by 0.7. The one row that the call called empty reads is taken off.
func (r *report) readCost(name, op string) (rest, limit float64) {
	call := r.throughput.of(name, viaREST, op, measuredClients)
	empty := r.throughput.of(name, viaREST, opEmpty, measuredClients)
	statement := r.throughput.of(name, floorly, op, measuredClients)
	row := r.throughput.of(name, floorly, opEmpty, measuredClients)
	limit = (empty.each(empty.cpu.server()) - row.each(floorCost(row)) + statement.each(floorCost(statement))) / wantEfficiency
	return call.each(call.cpu.server()), limit
}

// floorCost is what the floor's statements cost: the client, which does what a service does otherwise, and the database.
func floorCost(s sample) time.Duration { return s.cpu.client + s.cpu.database }

func (r *report) mostClients() int { return r.plan.clients[len(r.plan.clients)-1] }

// targetTable lists the targets and explains those that were missed.
func (r *report) targetTable() string {
	t := newTable("target", "wanted", "measured", "")
	var reasons []string
	missed := map[string][]string{} // names by reason
	for _, target := range r.targets() {
		verdict := "met"
		if !target.met {
			verdict = "**missed**"
			if missed[target.why] == nil {
				reasons = append(reasons, target.why)
			}
			missed[target.why] = append(missed[target.why], target.name)
		}
		t.row(target.name, target.want, target.got, verdict)
	}
	text := t.String()
	if len(reasons) > 0 {
		text += "\nWhy some are missed, and what would move them:\n\n"
	}
	for _, why := range reasons {
		text += "- *" + strings.Join(missed[why], "; ") + "*: " + why + "\n"
	}
	return text
}
