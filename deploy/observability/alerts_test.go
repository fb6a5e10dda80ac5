package observability

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/model/timestamp"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/template"
)

const alertsFile = "alerts.yaml"

// alerts reads the rules as Prometheus does, which checks their expressions and templates.
func alerts(t *testing.T) []rulefmt.Rule {
	t.Helper()
	groups, errs := rulefmt.ParseFile(alertsFile, false, model.UTF8Validation, parser.NewParser(parser.Options{}), promslog.NewNopLogger())
	require.Empty(t, errs)
	var rules []rulefmt.Rule
	for _, group := range groups.Groups {
		rules = append(rules, group.Rules...)
	}
	require.NotEmpty(t, rules)
	return rules
}

// unitTests is a file in the format of promtool, as far as ours uses it.
type unitTests struct {
	RuleFiles          []string       `yaml:"rule_files"`
	EvaluationInterval model.Duration `yaml:"evaluation_interval"`
	Tests              []struct {
		Name        string         `yaml:"name"`
		Interval    model.Duration `yaml:"interval"`
		InputSeries []struct {
			Series string `yaml:"series"`
			Values string `yaml:"values"`
		} `yaml:"input_series"`
		AlertRuleTest []alertTest `yaml:"alert_rule_test"`
	} `yaml:"tests"`
}

type alertTest struct {
	EvalTime  model.Duration `yaml:"eval_time"`
	Alertname string         `yaml:"alertname"`
	ExpAlerts []alert        `yaml:"exp_alerts"`
}

// alert is one that fires.
type alert struct {
	Labels      map[string]string `yaml:"exp_labels"`
	Annotations map[string]string `yaml:"exp_annotations"`
}

func TestAlerts(t *testing.T) {
	text, err := os.ReadFile("alerts_test.yaml")
	require.NoError(t, err)
	var file unitTests
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(&file))
	require.Equal(t, []string{alertsFile}, file.RuleFiles)
	rules := map[string]rulefmt.Rule{}
	for _, rule := range alerts(t) {
		require.NotContains(t, rules, rule.Alert, "two alerts of one name")
		rules[rule.Alert] = rule
	}
	fired, quiet := map[string]bool{}, map[string]bool{}
	for _, test := range file.Tests {
		t.Run(test.Name, func(t *testing.T) {
			var load strings.Builder
			fmt.Fprintf(&load, "load %s\n", test.Interval)
			for _, series := range test.InputSeries {
				fmt.Fprintf(&load, "  %s %s\n", series.Series, series.Values)
			}
			world := evaluator{engine: promqltest.NewTestEngine(t, false, 0, 100_000), data: promqltest.LoadedStorage(t, load.String())}
			for _, want := range test.AlertRuleTest {
				rule, ok := rules[want.Alertname]
				require.True(t, ok, "no alert is called %s", want.Alertname)
				got := world.firing(t, rule, time.Duration(file.EvaluationInterval), time.Duration(want.EvalTime))
				require.ElementsMatch(t, want.ExpAlerts, got)
				fired[rule.Alert] = fired[rule.Alert] || len(got) > 0
				quiet[rule.Alert] = quiet[rule.Alert] || len(got) == 0
			}
		})
	}
	for name := range rules {
		require.True(t, fired[name], "no test has %s fire", name)
		require.True(t, quiet[name], "no test has %s not fire", name)
	}
}

type evaluator struct {
	engine *promql.Engine
	data   storage.Queryable
}

func (e evaluator) ask(t *testing.T, query string, at time.Time) promql.Vector {
	t.Helper()
	q, err := e.engine.NewInstantQuery(t.Context(), e.data, nil, query, at)
	require.NoError(t, err)
	defer q.Close()
	result := q.Exec(t.Context())
	require.NoError(t, result.Err)
	vector, err := result.Vector()
	require.NoError(t, err)
	return slices.Clone(vector)
}

// firing evaluates a rule from the beginning on, as Prometheus does, and returns what fires at an instant.
func (e evaluator) firing(t *testing.T, rule rulefmt.Rule, interval, at time.Duration) []alert {
	t.Helper()
	since := map[string]time.Duration{}
	var firing []alert
	for now := time.Duration(0); now <= at; now += interval {
		active := map[string]time.Duration{}
		firing = nil
		for _, sample := range e.ask(t, rule.Expr, time.Unix(0, 0).Add(now)) {
			key := sample.Metric.String()
			began, ok := since[key]
			if !ok {
				began = now
			}
			active[key] = began
			if now-began >= time.Duration(rule.For) {
				firing = append(firing, e.render(t, rule, sample, time.Unix(0, 0).Add(now)))
			}
		}
		since = active
	}
	return firing
}

func (e evaluator) render(t *testing.T, rule rulefmt.Rule, sample promql.Sample, at time.Time) alert {
	t.Helper()
	own := labels.NewBuilder(sample.Metric).Del(model.MetricNameLabel).Labels().Map()
	expand := func(text string) string {
		query := func(context.Context, string, time.Time) (promql.Vector, error) { return nil, nil }
		out, err := template.NewTemplateExpander(t.Context(), "{{$labels := .Labels}}{{$value := .Value}}"+text, rule.Alert,
			template.AlertTemplateData(own, nil, "", sample), model.Time(timestamp.FromTime(at)), query, &url.URL{}, nil).Expand()
		require.NoError(t, err)
		return out
	}
	fired := alert{Labels: maps.Clone(own), Annotations: map[string]string{}}
	for key, text := range rule.Labels {
		fired.Labels[key] = expand(text)
	}
	for key, text := range rule.Annotations {
		fired.Annotations[key] = expand(text)
	}
	return fired
}
