// Package chart_test holds the chart to what Kubernetes, Helm and the services' own flags say.
package chart_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/stretchr/testify/require"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "write testdata anew")

// The three sets of values: what an installation must say, what one of some size says, and everything that can be said.
const (
	minimal    = "minimal"
	production = "production"
	everything = "everything"
)

func sets() []string { return []string{minimal, production, everything} }

type values = map[string]any

// valuesOf reads a set of values and puts others over it, each a path and a value: "redis.mode", "cluster".
func valuesOf(t *testing.T, set string, over ...any) values {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("ci", set+"-values.yaml"))
	require.NoError(t, err)
	var v values
	require.NoError(t, yaml.Unmarshal(text, &v))
	for i := 0; i+1 < len(over); i += 2 {
		path := strings.Split(over[i].(string), ".")
		at := v
		for _, key := range path[:len(path)-1] {
			inner, ok := at[key].(values)
			if !ok {
				inner = values{}
				at[key] = inner
			}
			at = inner
		}
		if over[i+1] == nil {
			delete(at, path[len(path)-1])
			continue
		}
		at[path[len(path)-1]] = over[i+1]
	}
	return v
}

func load(t *testing.T) *chartv2.Chart {
	t.Helper()
	c, err := loader.LoadDir(".")
	require.NoError(t, err)
	return c
}

// render returns the text of each object by its template, in the order in which the template has them. Values are
// checked against the schema, and a template that reads a value that is not there fails.
func render(t *testing.T, v values) (map[string][]string, error) {
	t.Helper()
	// As from a file: numbers are of the types that Helm has.
	text, err := yaml.Marshal(v)
	require.NoError(t, err)
	v, err = common.ReadValues(text)
	require.NoError(t, err)
	c := load(t)
	release := common.ReleaseOptions{Name: "rel", Namespace: "desk", Revision: 1, IsInstall: true}
	all, err := util.ToRenderValues(c, v, release, common.DefaultCapabilities.Copy())
	if err != nil {
		return nil, err
	}
	files, err := engine.Engine{Strict: true}.RenderWithContext(t.Context(), c, all)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for name, body := range files {
		name = filepath.Base(name)
		for document := range strings.SplitSeq("\n"+body, "\n---") {
			if document = strings.TrimSpace(document); document != "" {
				out[name] = append(out[name], document)
			}
		}
	}
	return out, nil
}

func rendered(t *testing.T, v values) map[string][]string {
	t.Helper()
	out, err := render(t, v)
	require.NoError(t, err)
	return out
}

// decoder takes no field that a kind does not have, and none twice.
func decoder(t *testing.T) runtime.Decoder {
	t.Helper()
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, gatewayv1.Install, certmanagerv1.AddToScheme, monitoringv1.AddToScheme} {
		require.NoError(t, add(s))
	}
	return serializer.NewCodecFactory(s, serializer.EnableStrict).UniversalDeserializer()
}

// objects renders values and decodes everything but the notes, in an order that does not change.
func objects(t *testing.T, v values) []runtime.Object {
	t.Helper()
	files := rendered(t, v)
	strict := decoder(t)
	var out []runtime.Object
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name == "NOTES.txt" {
			continue
		}
		for _, document := range files[name] {
			object, _, err := strict.Decode([]byte(document), nil, nil)
			require.NoError(t, err, "%s:\n%s", name, document)
			out = append(out, object)
		}
	}
	return out
}

// of returns the objects of one type.
func of[T runtime.Object](all []runtime.Object) []T {
	var out []T
	for _, object := range all {
		if o, ok := object.(T); ok {
			out = append(out, o)
		}
	}
	return out
}

// named returns the object of one type and name.
func named[T interface {
	runtime.Object
	GetName() string
}](t *testing.T, all []runtime.Object, name string) T {
	t.Helper()
	var names []string
	for _, o := range of[T](all) {
		if o.GetName() == name {
			return o
		}
		names = append(names, o.GetName())
	}
	require.Fail(t, fmt.Sprintf("there is no %s, only %s", name, names))
	panic("not reached")
}

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	if !bytes.Equal(want, got) {
		require.Equal(t, string(want), string(got), "%s is not what the chart renders; GOWORK=off go test . -update writes it", path)
	}
}
