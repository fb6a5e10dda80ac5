package chart_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/v2/lint"
	"helm.sh/helm/v4/pkg/chart/v2/lint/support"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

func TestGolden(t *testing.T) {
	for _, set := range sets() {
		t.Run(set, func(t *testing.T) {
			files := rendered(t, valuesOf(t, set))
			var text strings.Builder
			for _, name := range slices.Sorted(maps.Keys(files)) {
				for _, document := range files[name] {
					fmt.Fprintf(&text, "---\n# %s\n%s\n", name, document)
				}
			}
			golden(t, set+".yaml", []byte(text.String()))
		})
	}
}

func TestEveryObjectIsWhatItsKindSays(t *testing.T) {
	for _, set := range sets() {
		t.Run(set, func(t *testing.T) {
			seen := map[string]bool{}
			for _, object := range objects(t, valuesOf(t, set)) {
				o, err := meta.Accessor(object)
				require.NoError(t, err)
				key := fmt.Sprintf("%T %s", object, o.GetName())
				require.False(t, seen[key], "%s is there twice", key)
				seen[key] = true
				require.LessOrEqual(t, len(o.GetName()), 63, key)
			}
		})
	}
}

func TestTheDecoderIsStrict(t *testing.T) {
	_, _, err := decoder(t).Decode([]byte("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {clusterIPP: None}\n"), nil, nil)
	require.ErrorContains(t, err, `unknown field "spec.clusterIPP"`)
}

func TestLint(t *testing.T) {
	for _, set := range sets() {
		text, err := os.ReadFile(filepath.Join("ci", set+"-values.yaml"))
		require.NoError(t, err)
		v, err := common.ReadValues(text)
		require.NoError(t, err)
		for _, m := range lint.RunAll(".", v, "desk").Messages {
			if strings.Contains(m.Err.Error(), "icon is recommended") {
				continue
			}
			require.Less(t, m.Severity, support.WarningSev, "%s: %s", set, m)
		}
	}
}

// podOf returns the template of a workload's pods.
func podOf(object runtime.Object) *corev1.PodTemplateSpec {
	switch o := object.(type) {
	case *appsv1.Deployment:
		return &o.Spec.Template
	case *appsv1.StatefulSet:
		return &o.Spec.Template
	case *batchv1.Job:
		return &o.Spec.Template
	}
	return nil
}

func TestPodsMeetTheRestrictedStandard(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	require.NoError(t, err)
	evaluate := func(pod *corev1.PodTemplateSpec) policy.AggregateCheckResult {
		level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
		return policy.AggregateCheckResults(evaluator.EvaluatePod(level, &pod.ObjectMeta, &pod.Spec))
	}
	for _, set := range sets() {
		count := 0
		for _, object := range objects(t, valuesOf(t, set)) {
			pod := podOf(object)
			if pod == nil {
				continue
			}
			count++
			result := evaluate(pod)
			require.True(t, result.Allowed, "%s: %s", set, result.ForbiddenDetail())
			require.False(t, *pod.Spec.AutomountServiceAccountToken, "nobody asks the API server")
			for _, c := range pod.Spec.Containers {
				require.True(t, *c.SecurityContext.ReadOnlyRootFilesystem)
				require.NotContains(t, c.Resources.Limits, corev1.ResourceCPU, "a limit of the processor makes calls wait")
				require.Contains(t, c.Resources.Limits, corev1.ResourceMemory)
				require.Contains(t, c.Resources.Requests, corev1.ResourceCPU)
			}
		}
		require.GreaterOrEqual(t, count, 5+4, "five services and four migrations")
	}
	require.False(t, evaluate(&corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "c"}}}}).Allowed, "the evaluator refuses a bare pod")
}
