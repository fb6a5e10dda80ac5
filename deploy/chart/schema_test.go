package chart_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

func TestTheSchemaRefuses(t *testing.T) {
	for _, tt := range []struct {
		name  string
		path  string
		value any
		want  string
	}{
		{"an unknown value", "imagee", values{}, "'imagee' not allowed"},
		{"an unknown value of a service", "services.ticket.replica", 3, "replica"},
		{"an unknown service", "services.chat", values{}, "'chat' not allowed"},
		{"a setting that the binary does not have", "services.ticket.settings.close-afer", "1h", "close-afer"},
		{"a setting that is the chart's", "services.ticket.settings.database", "postgres://", "database"},
		{"a secret among the settings", "services.notification.settings.smtp-password", "hunter2", "smtp-password"},
		{"a secret that is held", "services.identity.secretSettings.key-encryption-key", "c2VjcmV0", "want object"},
		{"a database of the gateway", "services.gateway.database", values{"schema": "gateway"}, "database"},
		{"replicas of the mailbox", "services.emergency.replicas", 2, "replicas"},
		{"no replicas", "services.ticket.replicas", 0, "minimum"},
		{"a port that is none", "services.notification.smtp.service.port", 70000, "maximum"},
		{"a tag as a digest", "services.ticket.digest", "latest", "pattern"},
		{"a mode of Redis that does not exist", "redis.mode", "ring", "'single', 'sentinel', 'cluster'"},
		{"an address without a port", "redis.addresses", []any{"redis"}, "pattern"},
		{"an URL with a path", "urls.dashboard", "https://example.com/support", "pattern"},
		{"a bucket of another kind", "objectStore.attachments", "gs://bucket", "pattern"},
		{"a grace period below what the end takes", "defaults.terminationGracePeriodSeconds", 30, "minimum"},
		{"an authority of two places", "trustedCAs", []any{values{"secret": "a", "configMap": "b", "key": "c"}}, "oneOf"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := render(t, valuesOf(t, minimal, tt.path, tt.value))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	for _, tt := range []struct {
		name string
		over []any
		want string
	}{
		{"registry", []any{"image", nil}, "image.registry is needed"},
		{"issuer", []any{"tls", nil}, "tls.issuerRef.name is needed"},
		{"dashboard", []any{"urls.dashboard", nil}, "urls.dashboard is needed"},
		{"acknowledge", []any{"urls.acknowledge", nil}, "urls.acknowledge is needed"},
		{"database", []any{"postgres", nil}, "postgres.existingSecret or services.ticket.database.existingSecret is needed"},
		{"signing keys", []any{"services.identity", nil}, "services.identity.secretSettings.key-encryption-key is needed: {name: SECRET, key: KEY}"},
		{"files", []any{"objectStore", nil}, "objectStore.attachments is needed"},
		{"mails", []any{"services.notification.smtp.enabled", true}, "objectStore.mails is needed"},
		{"a service elsewhere", []any{"services.triage.enabled", false}, "peers.triage is needed: gateway calls it"},
		{"the mailbox's address", []any{"services.emergency.enabled", true}, "emergencyAddress is needed"},
		{"the mailbox's URL", []any{"services.emergency.enabled", true}, "urls.emergency is needed"},
		{"the mailbox's contacts", []any{"services.emergency.enabled", true}, "services.emergency.secretSettings.fallback-contact is needed"},
		{"Redis' URL", []any{"redis.uriKey", "url"}, "redis.existingSecret is needed"},
		{"Redis' master", []any{"redis.mode", "sentinel", "redis.addresses", []any{"s:26379"}}, "redis.masterName is needed"},
		{"a Gateway", []any{"httpRoute.enabled", true}, "httpRoute.parentRefs is needed"},
		{"a Gateway for gRPC", []any{"grpcRoute.enabled", true}, "grpcRoute.parentRefs is needed"},
		{"a host for gRPC", []any{"grpcRoute.enabled", true}, "grpcRoute.hostname is needed"},
		{"any service", []any{"defaults.enabled", false}, "no service is enabled"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := render(t, valuesOf(t, minimal, tt.over...))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestEveryFaultIsToldAtOnce(t *testing.T) {
	_, err := render(t, nil)
	for _, want := range []string{"image.registry", "tls.issuerRef.name", "urls.dashboard", "urls.acknowledge", "objectStore.attachments", "services.identity.secretSettings"} {
		require.ErrorContains(t, err, want)
	}
}

// TestEverythingIsEverything keeps the largest set complete: each value of the chart is there, and is not its default.
func TestEverythingIsEverything(t *testing.T) {
	text, err := os.ReadFile("values.yaml")
	require.NoError(t, err)
	var defaults values
	require.NoError(t, yaml.Unmarshal(text, &defaults))
	same := []string{
		"defaults.enabled", "defaults.digest", "defaults.tlsSecret", "defaults.certificateDnsNames", "defaults.allowFrom", // of single services
		"defaults.autoscaling", "defaults.secretSettings", "defaults.podSecurityContext", "defaults.securityContext",
		"services.identity.database", "services.triage.database", "services.notification.database", // that of all, which is there
		"services.notification.smtp.service.loadBalancerClass", "services.emergency.smtp.service.type", // one is a NodePort, the other not
		"postgres.uriKey", "redis.uriKey", "redis.mode", "tls.certManager", "migrations.enabled", "networkPolicy.enabled",
		"networkPolicy.dns.ports", "networkPolicy.postgres.ports", "networkPolicy.redis.ports",
		"networkPolicy.peers", "peers", // all services are in this release
	}
	var left []string
	walk("", defaults, valuesOf(t, everything), func(path string) { left = append(left, path) })
	left = slices.DeleteFunc(left, func(path string) bool {
		return slices.ContainsFunc(same, func(p string) bool { return path == p || len(path) > len(p) && path[:len(p)+1] == p+"." })
	})
	require.Empty(t, left, "ci/everything-values.yaml leaves them as they are")
}

// walk calls leave for each leaf of the defaults that is missing in v or the same there.
func walk(prefix string, defaults, v values, leave func(path string)) {
	for key, value := range defaults {
		path := prefix + key
		inner, ok := value.(values)
		if ok && len(inner) > 0 {
			under, _ := v[key].(values)
			walk(path+".", inner, under, leave)
			continue
		}
		if got, there := v[key]; !there || reflect.DeepEqual(got, value) {
			leave(path)
		}
	}
}

// TestTheReadmeShowsTheSmallestValues compares the README's block with the set that is tested.
func TestTheReadmeShowsTheSmallestValues(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	shown := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(readme)
	require.NotNil(t, shown)
	var got values
	require.NoError(t, yaml.Unmarshal(shown[1], &got))
	require.Equal(t, valuesOf(t, minimal), got)
	for _, set := range sets() {
		require.Contains(t, string(readme), filepath.Join("ci", set+"-values.yaml"))
	}
}
