package observability

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/prometheus/prometheus/promql/parser"
)

// names returns the series that docs/metrics.md names, which the end-to-end tests compare with what is exported, with the
// labels of each.
func names(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/metrics.md")
	require.NoError(t, err)
	known := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 5 || !strings.HasPrefix(strings.TrimSpace(cells[0]), "`") {
			continue
		}
		name := strings.Trim(strings.TrimSpace(cells[0]), "`")
		has := strings.FieldsFunc(cells[2], func(r rune) bool { return strings.ContainsRune(" ,`", r) })
		if strings.TrimSpace(cells[1]) != "histogram" {
			known[name] = has
			continue
		}
		known[name+"_sum"], known[name+"_count"], known[name+"_bucket"] = has, has, append(slices.Clone(has), "le")
	}
	require.NotEmpty(t, known)
	return known
}

// check parses an expression and looks up what it names.
func check(t *testing.T, known map[string][]string, expr string) {
	t.Helper()
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(expr)
	require.NoError(t, err, expr)
	selectors := parser.ExtractSelectors(parsed)
	require.NotEmpty(t, selectors, "%s asks for nothing", expr)
	for _, matchers := range selectors {
		var name string
		var asked []string
		for _, m := range matchers {
			if m.Name == model.MetricNameLabel {
				name = m.Value
			} else {
				asked = append(asked, m.Name)
			}
		}
		has, ok := known[name]
		require.True(t, ok, "docs/metrics.md does not name %q of %s", name, expr)
		for _, label := range asked {
			require.Contains(t, has, label, "%s has no label %s: %s", name, label, expr)
		}
	}
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		aggregation, ok := node.(*parser.AggregateExpr)
		if !ok || aggregation.Without {
			return nil
		}
		for _, label := range aggregation.Grouping {
			found := false
			for _, matchers := range parser.ExtractSelectors(aggregation.Expr) {
				for _, m := range matchers {
					found = found || m.Name == model.MetricNameLabel && slices.Contains(known[m.Value], label)
				}
			}
			require.True(t, found, "nothing in %s has the label %s", aggregation, label)
		}
		return nil
	})
}

func TestAlertsNameWhatIsThere(t *testing.T) {
	known := names(t)
	runbooks, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	headings := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?m)^#+ (\w+)$`).FindAllStringSubmatch(string(runbooks), -1) {
		headings[strings.ToLower(match[1])] = true
	}
	described := 0
	for _, rule := range alerts(t) {
		check(t, known, rule.Expr)
		require.Regexp(t, `^Altis[A-Z]`, rule.Alert)
		require.Contains(t, []string{"critical", "warning", "info"}, rule.Labels["severity"], rule.Alert)
		require.NotEmpty(t, rule.Annotations["summary"], rule.Alert)
		page, anchor, _ := strings.Cut(rule.Annotations["runbook_url"], "#")
		require.Equal(t, "docs/operations.md", page)
		require.Equal(t, strings.ToLower(rule.Alert), anchor)
		require.True(t, headings[anchor], "docs/operations.md has nothing about %s", rule.Alert)
		described++
	}
	count := 0
	for heading := range headings {
		if strings.HasPrefix(heading, "altis") {
			count++
		}
	}
	require.Equal(t, described, count, "docs/operations.md tells of an alert that is none")
}

// dashboard is what of a dashboard is looked at.
type dashboard struct {
	UID        string  `json:"uid"`
	Title      string  `json:"title"`
	Panels     []panel `json:"panels"`
	Templating struct {
		List []struct {
			Name string `json:"name"`
			Type string `json:"type"`
		} `json:"list"`
	} `json:"templating"`
}

type panel struct {
	ID          int    `json:"id"`
	Type        string `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Datasource  struct {
		UID string `json:"uid"`
	} `json:"datasource"`
	GridPos struct {
		X, Y, W, H int
	} `json:"gridPos"`
	Targets []struct {
		Expr  string `json:"expr"`
		RefID string `json:"refId"`
	} `json:"targets"`
}

func TestDashboards(t *testing.T) {
	known := names(t)
	files, err := filepath.Glob("dashboards/*.json")
	require.NoError(t, err)
	uids := map[string]bool{}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var d dashboard
			require.NoError(t, json.Unmarshal(text, &d))
			require.NotEmpty(t, d.Title)
			require.False(t, uids[d.UID], "two dashboards of one uid")
			uids[d.UID] = true
			require.Len(t, d.Templating.List, 1, "whoever imports it chooses the source")
			require.Equal(t, "datasource", d.Templating.List[0].Type)
			ids := map[int]bool{}
			taken := map[[2]int]string{}
			for _, p := range d.Panels {
				require.False(t, ids[p.ID], "two panels of one id")
				ids[p.ID] = true
				require.NotEmpty(t, p.Title)
				require.LessOrEqual(t, p.GridPos.X+p.GridPos.W, 24)
				for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
					for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
						require.Empty(t, taken[[2]int{x, y}], "%s lies over another panel", p.Title)
						taken[[2]int{x, y}] = p.Title
					}
				}
				require.Equal(t, "${datasource}", p.Datasource.UID, p.Title)
				require.NotEmpty(t, p.Description, "%s says what it shows", p.Title)
				require.NotEmpty(t, p.Targets, p.Title)
				for _, target := range p.Targets {
					require.NotEmpty(t, target.RefID)
					check(t, known, strings.ReplaceAll(target.Expr, "$__rate_interval", "5m"))
				}
			}
			require.NotEmpty(t, ids)
		})
	}
	require.Equal(t, []string{"dashboards/mail.json", "dashboards/overview.json", "dashboards/paging.json", "dashboards/stores.json"}, files)
}
