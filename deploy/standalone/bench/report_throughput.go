package main

import (
	"fmt"
	"strings"
	"time"
)

func (r *report) throughputText() string {
	var b strings.Builder
	b.WriteString(throughputNotes)
	for _, op := range []string{opCreate, opCreateMails, opReply, opGet, opList, opSearch, opEmpty} {
		fmt.Fprintf(&b, "\n### %s\n\n%s", strings.ToUpper(op[:1])+op[1:], r.operationTable(op))
	}
	return b.String()
}

func (r *report) operationTable(op string) string {
	head := []string{""}
	for _, clients := range r.plan.clients {
		head = append(head, fmt.Sprintf("%d: per second (of floor)", clients), fmt.Sprintf("%d: ms", clients))
	}
	t := newTable(append(head, fmt.Sprintf("CPU ms each at %d clients: suite + database + client", measuredClients))...)
	for _, v := range r.throughput.variants {
		if v.do[op] == nil {
			continue
		}
		cells := []string{v.name()}
		for _, clients := range r.plan.clients {
			s := r.throughput.of(v.system.name, v.path, op, clients)
			rate := digits(s.perSecond())
			if ratio, _, _ := r.throughput.ratio(v.system.name, v.path, floorly, op, clients); ratio > 0 && v.path != floorly {
				rate += fmt.Sprintf(" (%.2f)", ratio)
			}
			cells = append(cells, rate, spreadOf(s.latencies).triple())
		}
		s := r.throughput.of(v.system.name, v.path, op, measuredClients)
		t.row(append(cells, r.cpuText(v, s))...)
	}
	return t.String()
}

func (r *report) cpuText(v *variant, s sample) string {
	part := func(d time.Duration) string { return digits(s.each(d)) }
	if v.path == floorly {
		return "0 + " + part(s.cpu.database) + " + " + part(s.cpu.client) + " = " + part(floorCost(s))
	}
	return part(s.cpu.suite) + " + " + part(s.cpu.database) + " + " + part(s.cpu.client) + " = " + part(s.cpu.all())
}
