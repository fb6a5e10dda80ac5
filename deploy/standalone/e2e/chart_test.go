package e2e

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/live"
	policyv1 "altis-dxp.com/support/proto/gen/go/altis/support/policy/v1"
)

// chartContract is what the Helm chart takes for granted, as its own tests have written it down.
type chartContract struct {
	Processes map[string]struct {
		Args              []string
		Environment       map[string]string
		Settings, Secrets []string
		Migration         []string
	}
	Redis  []string
	Public map[string][]string
}

func readChart(t *testing.T) chartContract {
	t.Helper()
	root, err := harness.Root()
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "deploy", "chart", "testdata", "contract.json"))
	require.NoError(t, err)
	var c chartContract
	require.NoError(t, json.Unmarshal(text, &c))
	require.Len(t, c.Processes, 6)
	return c
}

// notOfTheChart are flags that an installation on Kubernetes has no use for.
var notOfTheChart = map[string][]string{
	"identityd":     {"DRAIN", "NAME", "EMAIL"}, // instead of preStop; of init, which a person calls
	"ticketd":       {"DRAIN"},
	"triaged":       {"DRAIN"},
	"notificationd": {"DRAIN", "OUTBOX_DIR"}, // instead of a mail server
	"gatewayd":      {"DRAIN"},
	"emergencyd":    {"OUTBOX_DIR"},
}

var environmentName = regexp.MustCompile(`\$(ALTIS_[A-Z0-9_]+)`)

// TestChartKnowsTheFlags compares what the chart sets, and what it lets people set, with what each program knows: no more,
// which the program would not notice, and no less.
func TestChartKnowsTheFlags(t *testing.T) {
	t.Parallel()
	for name, process := range readChart(t).Processes {
		binary, err := harness.Binary(name)
		require.NoError(t, err)
		help, err := exec.Command(binary, "--help").Output()
		require.NoError(t, err)
		known := map[string]bool{}
		for _, m := range environmentName.FindAllSubmatch(help, -1) {
			known[string(m[1])] = true
		}
		prefix := "ALTIS_" + strings.ToUpper(strings.TrimSuffix(name, "d")) + "_"
		offered := map[string]bool{}
		for variable := range process.Environment {
			if strings.HasPrefix(variable, "ALTIS_") {
				offered[variable] = true
			}
		}
		for _, flag := range slices.Concat(process.Settings, process.Secrets) {
			offered[prefix+strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))] = true
		}
		for _, flag := range notOfTheChart[name] {
			require.NotContains(t, offered, prefix+flag)
			offered[prefix+flag] = true
		}
		require.Equal(t, slices.Sorted(maps.Keys(known)), slices.Sorted(maps.Keys(offered)), "%s: known, and offered by the chart", name)
	}
}

// TestProgramsTakeTheChartsEnvironment starts each program as the chart does, with everything set. All of them then miss their
// certificate or their database, and none finds a fault in its configuration.
func TestProgramsTakeTheChartsEnvironment(t *testing.T) {
	t.Parallel()
	secrets := map[string]string{
		"DATABASE":           "postgres://nobody@127.0.0.1:1/none?connect_timeout=1",
		"KEY_ENCRYPTION_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"REPLY_KEYS":         "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"FALLBACK_CONTACT":   "mailto:oncall@example.com",
	}
	for name, process := range readChart(t).Processes {
		binary, err := harness.Binary(name)
		require.NoError(t, err)
		for _, args := range [][]string{process.Args, process.Migration} {
			if args == nil && name != "emergencyd" {
				continue
			}
			cmd := exec.CommandContext(t.Context(), binary, args...)
			prefix := "ALTIS_" + strings.ToUpper(strings.TrimSuffix(name, "d")) + "_"
			for variable, value := range process.Environment {
				if strings.HasPrefix(variable, "OTEL_") {
					continue // there is no collector to say goodbye to
				}
				if key, ok := strings.CutPrefix(value, "secret:"); ok {
					if value = secrets[strings.TrimPrefix(variable, prefix)]; value == "" {
						value = key
					}
				}
				if variable == prefix+"DATA" {
					value = t.TempDir()
				}
				cmd.Env = append(cmd.Env, variable+"="+value)
			}
			var log bytes.Buffer
			cmd.Stderr = &log
			require.Error(t, cmd.Run(), name)
			require.NotContains(t, log.String(), "--help", "%s refuses its configuration", name)
			require.Regexp(t, `rpc: TLS: |PGSSLROOTCERT|/etc/altis/|127\.0\.0\.1:1`, log.String(), name)
		}
	}
}

func TestChartsAddressesOfRedis(t *testing.T) {
	addresses := readChart(t).Redis
	require.NotEmpty(t, addresses)
	for _, address := range addresses {
		require.NotEmpty(t, address)
		client, err := live.OpenRedis(address)
		require.NoError(t, err, address)
		require.NoError(t, client.Close())
	}
}

// TestChartRoutesWhatPeopleCall: each gRPC service of which people may call at least one method, and no other.
func TestChartRoutesWhatPeopleCall(t *testing.T) {
	want := map[string][]string{}
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			name := string(service.FullName())
			parts := strings.Split(name, ".")
			if !strings.HasPrefix(name, "altis.support.") || !forPeople(service) {
				continue
			}
			want[parts[2]] = append(want[parts[2]], name)
		}
		return true
	})
	for _, names := range want {
		slices.Sort(names)
	}
	require.Equal(t, want, readChart(t).Public)
}

func forPeople(service protoreflect.ServiceDescriptor) bool {
	for i := range service.Methods().Len() {
		policy, ok := proto.GetExtension(service.Methods().Get(i).Options(), policyv1.E_Policy).(*policyv1.Policy)
		if ok && len(policy.GetUsers()) > 0 {
			return true
		}
	}
	return false
}
