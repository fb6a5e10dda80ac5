//go:build server

package chart_test

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDryRun asks the API server of the current kubectl context about every object of every set: its field validation, its
// defaults and its admission, warnings included. Nothing is made. The kinds of Gateway API, cert-manager and the Prometheus
// operator must be installed there.
func TestDryRun(t *testing.T) {
	namespace := os.Getenv("ALTIS_CHART_NAMESPACE")
	if namespace == "" {
		namespace = "default"
	}
	for _, set := range sets() {
		t.Run(set, func(t *testing.T) {
			files := rendered(t, valuesOf(t, set))
			var all []string
			for _, name := range slices.Sorted(maps.Keys(files)) {
				if name != "NOTES.txt" {
					all = append(all, files[name]...)
				}
			}
			cmd := exec.CommandContext(t.Context(), "kubectl", "apply", "--namespace="+namespace,
				"--server-side", "--dry-run=server", "--validate=strict", "--warnings-as-errors", "--filename=-")
			cmd.Stdin = strings.NewReader(strings.Join(all, "\n---\n"))
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			require.NoError(t, cmd.Run(), out.String())
			require.Equal(t, len(all), strings.Count(out.String(), "serverside-applied"), out.String())
		})
	}
}
