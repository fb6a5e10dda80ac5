package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
)

// documented is a row of the tables of docs/metrics.md.
type documented struct {
	kind   string
	labels []string
	by     []string // processes
}

// testMetrics compares docs/metrics.md with what the processes export. It comes after an incident was reported, paged and
// mailed, so that what is measured as it happens has happened.
func testMetrics(t *testing.T, w *harness.World, mailbox *harness.Mailbox) {
	want := readMetrics(t)
	processes := map[string]*harness.Process{harness.Emergency: mailbox.Process}
	maps.Copy(processes, w.Processes)
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		var faults []string
		for _, name := range slices.Sorted(maps.Keys(processes)) {
			faults = append(faults, differences(name, want, exported(t, processes[name]))...)
		}
		require.Empty(t, strings.Join(faults, "\n"))
	}, "docs/metrics.md says what is exported")
}

// differences returns what the documentation says otherwise than a process.
func differences(process string, want, got map[string]documented) (faults []string) {
	for _, metric := range slices.Sorted(maps.Keys(got)) {
		m, row := got[metric], want[metric]
		switch {
		case foreign(metric):
		case process == harness.Emergency && metric == "rpc_server_call_duration_seconds": // from its first call on
		case !slices.Contains(row.by, process):
			faults = append(faults, fmt.Sprintf("%s exports %s, a %s with the labels %s", process, metric, m.kind, m.labels))
		case row.kind != m.kind || !slices.Equal(row.labels, m.labels):
			faults = append(faults, fmt.Sprintf("%s of %s is a %s with the labels %s, not a %s with %s", metric, process, m.kind, m.labels, row.kind, row.labels))
		}
	}
	for _, metric := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[metric]; !ok && slices.Contains(want[metric].by, process) {
			faults = append(faults, process+" does not export "+metric)
		}
	}
	return faults
}

// foreign metrics are those of the Go runtime, of the process and of the library for files, which others document.
func foreign(metric string) bool {
	return strings.HasPrefix(metric, "go_") || strings.HasPrefix(metric, "process_") || strings.HasPrefix(metric, "gocloud_") || metric == "target_info"
}

func readMetrics(t *testing.T) map[string]documented {
	t.Helper()
	text, err := os.ReadFile("../../../docs/metrics.md")
	require.NoError(t, err)
	rows := map[string]documented{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 5 || !strings.HasPrefix(strings.TrimSpace(cells[0]), "`") {
			continue
		}
		list := func(cell string) []string {
			words := strings.FieldsFunc(strings.ReplaceAll(cell, "`", ""), func(r rune) bool { return r == ',' || r == ' ' })
			slices.Sort(words)
			return words
		}
		rows[strings.Trim(strings.TrimSpace(cells[0]), "`")] = documented{kind: strings.TrimSpace(cells[1]), labels: list(cells[2]), by: list(cells[3])}
	}
	require.NotEmpty(t, rows)
	return rows
}

// exported returns what a process exports, by the names that queries use.
func exported(t require.TestingT, p *harness.Process) map[string]documented {
	status, body := scrape(t, p, "/metrics")
	require.Equal(t, http.StatusOK, status)
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(body))
	require.NoError(t, err)
	found := map[string]documented{}
	for name, family := range families {
		labels := map[string]bool{}
		for _, m := range family.GetMetric() {
			for _, l := range m.GetLabel() {
				if !strings.HasPrefix(l.GetName(), "otel_scope_") && l.GetName() != "error_type" { // only of calls that failed
					labels[l.GetName()] = true
				}
			}
		}
		found[name] = documented{kind: strings.ToLower(family.GetType().String()), labels: slices.Sorted(maps.Keys(labels))}
	}
	return found
}
