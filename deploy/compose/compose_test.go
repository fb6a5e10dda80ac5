package compose

import (
	"bytes"
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// load reads the file as docker compose does, which refuses what the specification does not know.
func load(t *testing.T) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{"compose.yaml"}, cli.WithConsistency(true), cli.WithInterpolation(true))
	require.NoError(t, err)
	project, err := options.LoadProject(t.Context())
	require.NoError(t, err)
	return project
}

// ours are the services that run a program of the project, with its name.
func ours(project *types.Project) map[string]string {
	programs := map[string]string{}
	for name, service := range project.Services {
		if rest, ok := strings.CutPrefix(service.Image, "altis-support/"); ok {
			program, _, _ := strings.Cut(rest, ":")
			programs[name] = program
		}
	}
	return programs
}

// targets are the stages of the Dockerfile that are images, which are those of `make images`: its tests compare them.
func targets(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../images/Dockerfile")
	require.NoError(t, err)
	var names []string
	for _, match := range regexp.MustCompile(`(?m)^FROM empty AS (\w+)$`).FindAllStringSubmatch(string(text), -1) {
		names = append(names, match[1])
	}
	require.Len(t, names, 8)
	return names
}

func TestImagesAreThoseThatAreMade(t *testing.T) {
	project := load(t)
	made := targets(t)
	programs := ours(project)
	for _, want := range []string{"identityd", "ticketd", "triaged", "notificationd", "emergencyd", "gatewayd"} {
		require.Contains(t, made, want)
		require.Contains(t, slices.Collect(maps.Values(programs)), want, "a process is missing")
	}
	for name, program := range programs {
		service := project.Services[name]
		require.Contains(t, made, program, name)
		require.Equal(t, program, service.Build.Target, name)
		file := filepath.Join(service.Build.Context, service.Build.Dockerfile)
		require.FileExists(t, file, name)
		require.FileExists(t, filepath.Join(service.Build.Context, "go.work"), "the context of %s is not the project", name)
		require.True(t, service.ReadOnly, name)
		require.Equal(t, []string{"ALL"}, service.CapDrop, name)
		require.Empty(t, service.User, "%s: the image says who runs it", name)
	}
}

// help is what a program says of its flags.
func help(t *testing.T, folder, program string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), filepath.Join(folder, program), "--help").CombinedOutput()
	require.NoError(t, err, string(out))
	// Long lines are broken between words.
	return strings.Join(strings.Fields(string(out)), " ")
}

// build compiles the programs as scripts/build does, so that nothing is compiled twice.
func build(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for program, module := range map[string]string{
		"identityd": "services/identity", "ticketd": "services/ticket", "triaged": "services/triage",
		"notificationd": "services/notification", "emergencyd": "services/notification", "gatewayd": "gateway",
	} {
		cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", filepath.Join(folder, program), "./cmd/"+program)
		cmd.Dir = filepath.Join("../..", module)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-mod=readonly")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
	}
	return folder
}

// TestSettingsExist compares what the file tells each program with what the program knows, and has the program judge the
// values: `ready` reads all of them and then finds that nothing answers.
func TestSettingsExist(t *testing.T) {
	project := load(t)
	folder := build(t)
	for name, program := range ours(project) {
		service := project.Services[name]
		t.Run(name, func(t *testing.T) {
			said := help(t, folder, program)
			environment := []string{}
			for key, value := range service.Environment {
				require.NotNil(t, value, key)
				environment = append(environment, key+"="+*value)
				if strings.HasPrefix(key, "OTEL_") {
					continue
				}
				require.Regexp(t, `\$`+regexp.QuoteMeta(key)+`\b`, said, "%s does not know %s", program, key)
			}
			for _, argument := range service.Command {
				if !strings.HasPrefix(argument, "-") {
					require.Contains(t, said, argument, "%s has no command %s", program, argument)
					continue
				}
				flag, _, _ := strings.Cut(argument, "=")
				require.Regexp(t, regexp.QuoteMeta(flag)+`\b`, said)
			}
			cmd := exec.CommandContext(t.Context(), filepath.Join(folder, program), "ready", "--admin=127.0.0.1:1")
			cmd.Env = environment
			var complaint bytes.Buffer
			cmd.Stderr = &complaint
			require.Error(t, cmd.Run())
			require.Contains(t, complaint.String(), "connection refused")
			if service.HealthCheck != nil {
				require.Equal(t, types.HealthCheckTest{"CMD", "/usr/bin/" + program, "ready"}, service.HealthCheck.Test)
			} else {
				require.Equal(t, []string{"migrate"}, []string(service.Command), "nothing says whether %s works", name)
			}
		})
	}
}

// TestAddressesLead checks that who is told of a service by its name finds one there, on a port that it listens on.
func TestAddressesLead(t *testing.T) {
	project := load(t)
	listens := map[string][]string{
		"postgres": {"5432"}, "redis": {"6379"}, "mail": {"1025", "8025"}, "collector": {"4318"},
		"identity": {"9000"}, "ticket": {"9000"}, "triage": {"9000"}, "notification": {"9000", "8081"},
		"emergency": {"9000", "2525", "8082"}, "gateway": {"8080"},
	}
	address := regexp.MustCompile(`\b([a-z]+):(\d{4})\b`)
	for name := range ours(project) {
		for key, value := range project.Services[name].Environment {
			for _, match := range address.FindAllStringSubmatch(*value, -1) {
				if host := match[1]; host != "localhost" {
					require.Contains(t, project.Services, host, "%s of %s", key, name)
					require.Contains(t, listens[host], match[2], "%s of %s", key, name)
				}
			}
		}
		for _, port := range project.Services[name].Ports {
			require.Equal(t, "127.0.0.1", port.HostIP, "%s is for this machine only", name)
			require.Contains(t, listens[name], port.Published)
		}
	}
	text, err := os.ReadFile("collector.yaml")
	require.NoError(t, err)
	var collector struct {
		Receivers struct {
			OTLP struct {
				Protocols struct{ HTTP struct{ Endpoint string } }
			} `yaml:"otlp"`
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &collector))
	require.Equal(t, "0.0.0.0:4318", collector.Receivers.OTLP.Protocols.HTTP.Endpoint)
}

// TestMountsExist checks that what is mounted is there: an engine makes an empty folder in its place.
func TestMountsExist(t *testing.T) {
	for name, service := range load(t).Services {
		for _, volume := range service.Volumes {
			if volume.Type == types.VolumeTypeBind {
				require.FileExists(t, volume.Source, name)
				require.True(t, volume.ReadOnly, name)
			}
		}
	}
}

func runScript(ctx context.Context, folder string) ([]byte, error) {
	return exec.CommandContext(ctx, "sh", "certificates.sh", folder).CombinedOutput()
}

// TestWhatIsUnknownIsRefused shows that load is as strict as it says.
func TestWhatIsUnknownIsRefused(t *testing.T) {
	text, err := os.ReadFile("compose.yaml")
	require.NoError(t, err)
	wrong := strings.Replace(string(text), "  read_only: true\n", "  readonly: true\n", 1)
	require.NotEqual(t, string(text), wrong)
	file := filepath.Join(t.TempDir(), "compose.yaml")
	require.NoError(t, os.WriteFile(file, []byte(wrong), 0o600))
	options, err := cli.NewProjectOptions([]string{file}, cli.WithConsistency(true), cli.WithInterpolation(true))
	require.NoError(t, err)
	_, err = options.LoadProject(t.Context())
	require.ErrorContains(t, err, "readonly")
}
