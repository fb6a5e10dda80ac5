package chart_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// contract is what the chart takes for granted of the binaries. The end-to-end tests read the file that it is kept in, and
// compare it with the binaries.
type contract struct {
	// Processes are by the name of the binary.
	Processes map[string]process `json:"processes"`
	// Redis are addresses of each kind that the chart makes.
	Redis []string `json:"redis"`
	// Public are the gRPC services that are routed, by the service that has them.
	Public map[string][]string `json:"public"`
}

type process struct {
	Args []string `json:"args"` // of serving
	// Environment is what the chart sets by itself or from settings; secrets have the name of their key as a value.
	Environment map[string]string `json:"environment"`
	// Settings and Secrets are the flags that values may set.
	Settings []string `json:"settings"`
	Secrets  []string `json:"secrets"`
	// Migration are the arguments of the Job; none without.
	Migration []string `json:"migration,omitempty"`
}

func TestContract(t *testing.T) {
	all := objects(t, valuesOf(t, everything))
	c := contract{Processes: map[string]process{}, Public: map[string][]string{}}
	for _, object := range all {
		pod := podOf(object)
		if pod == nil {
			continue
		}
		container := pod.Spec.Containers[0]
		if _, ok := object.(*batchv1.Job); ok {
			name := binaryOf(container)
			p := c.Processes[name]
			p.Migration = container.Args
			c.Processes[name] = p
			continue
		}
		name := binaryOf(container)
		p := c.Processes[name]
		p.Args, p.Environment = container.Args, environment(container)
		p.Settings, p.Secrets = settings(t, container.Name)
		c.Processes[name] = p
	}
	for _, object := range of[*gatewayv1.GRPCRoute](all) {
		for _, rule := range object.Spec.Rules {
			service := strings.TrimPrefix(string(rule.BackendRefs[0].Name), "desk-")
			for _, match := range rule.Matches {
				c.Public[service] = append(c.Public[service], *match.Method.Service)
			}
		}
	}
	for _, over := range [][]any{
		{"redis", values{"addresses": []any{"redis:6379"}}},
		{"redis", values{"addresses": []any{"redis:6379"}, "database": 3, "tls": true, "username": "desk", "existingSecret": "redis"}},
		{"redis", values{"mode": "sentinel", "masterName": "altis", "addresses": []any{"s-0:26379", "s-1:26379"}, "existingSecret": "redis", "sentinelPasswordKey": "sentinel"}},
		{"redis", values{"mode": "cluster", "addresses": []any{"r-0:6379", "r-1:6379"}, "tls": true, "existingSecret": "redis"}},
		{"redis", values{"mode": "cluster", "addresses": []any{"config:6379"}}},
	} {
		d := named[*appsv1.Deployment](t, objects(t, valuesOf(t, minimal, over...)), "rel-altis-support-ticket")
		c.Redis = append(c.Redis, environment(d.Spec.Template.Spec.Containers[0])["ALTIS_TICKET_REDIS"])
	}
	text, err := json.MarshalIndent(c, "", "  ")
	require.NoError(t, err)
	golden(t, "contract.json", append(text, '\n'))
}

// binaryOf is the last part of the image's name.
func binaryOf(c corev1.Container) string {
	repository, _, _ := strings.Cut(c.Image, "@")
	name := repository[strings.LastIndexByte(repository, '/')+1:]
	name, _, _ = strings.Cut(name, ":")
	return name
}

func environment(c corev1.Container) map[string]string {
	out := map[string]string{}
	for _, e := range c.Env {
		out[e.Name] = e.Value
		if e.ValueFrom != nil && e.ValueFrom.SecretKeyRef != nil {
			out[e.Name] = "secret:" + e.ValueFrom.SecretKeyRef.Key
		}
	}
	return out
}

// settings returns the flags that the schema lets values set for a service.
func settings(t *testing.T, service string) (plain, secret []string) {
	t.Helper()
	text, err := os.ReadFile("values.schema.json")
	require.NoError(t, err)
	type names struct {
		PropertyNames struct{ Enum []string }
	}
	var schema struct {
		Defs map[string]struct {
			Properties struct{ Settings, SecretSettings names }
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(text, &schema))
	p := schema.Defs[service].Properties
	return p.Settings.PropertyNames.Enum, p.SecretSettings.PropertyNames.Enum
}

// TestEverythingSetsEverySetting: what no set of values uses, nobody has tried.
func TestEverythingSetsEverySetting(t *testing.T) {
	v := valuesOf(t, everything)
	common := slices.Collect(maps.Keys(v["defaults"].(values)["settings"].(values)))
	tried := map[string]bool{}
	for _, service := range v["services"].(values) {
		s, _ := service.(values)["settings"].(values)
		for key := range s {
			tried[key] = true
		}
	}
	for service := range v["services"].(values) {
		plain, secret := settings(t, service)
		require.NotEmpty(t, plain, service)
		used, _ := v["services"].(values)[service].(values)
		for _, name := range plain {
			if !slices.Contains(common, name) {
				require.True(t, tried[name], "ci/everything-values.yaml does not set %s of %s", name, service)
			}
		}
		for _, name := range secret {
			require.Contains(t, used["secretSettings"], name, service)
		}
	}
}
