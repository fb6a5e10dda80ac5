package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"altis-dxp.com/support/services/triage/internal/domain"
)

var created = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestPrioritize(t *testing.T) {
	cases := []struct {
		name     string
		facts    domain.Facts
		priority domain.Priority
		reason   string
	}{
		{
			name:     "nothing special",
			facts:    domain.Facts{Type: domain.Problem, Subject: "Search is odd", Production: true},
			priority: domain.Normal, reason: "Normal: no rule raises or lowers it.",
		},
		{
			name:     "outside production",
			facts:    domain.Facts{Type: domain.Question, Subject: "How do I?"},
			priority: domain.Low, reason: "Low: no production environment is concerned.",
		},
		{
			name:     "security in the subject, in any case",
			facts:    domain.Facts{Type: domain.Question, Subject: "SECURITY: open port"},
			priority: domain.High, reason: "High: the text mentions security.",
		},
		{
			name:     "a phrase across punctuation",
			facts:    domain.Facts{Type: domain.Problem, Subject: "Import", Text: "It ends in data-loss.", Production: true},
			priority: domain.High, reason: "High: the text mentions loss of data.",
		},
		{
			name:     "only whole words",
			facts:    domain.Facts{Type: domain.Problem, Subject: "The exploitation of synergies", Text: "insecurity", Production: true},
			priority: domain.Normal, reason: "Normal: no rule raises or lowers it.",
		},
		{
			name:     "no phrase from the end of the subject to the start of the text",
			facts:    domain.Facts{Type: domain.Problem, Subject: "We have data", Text: "loss of sleep", Production: true},
			priority: domain.Normal, reason: "Normal: no rule raises or lowers it.",
		},
		{
			name:     "only the beginning of the text",
			facts:    domain.Facts{Type: domain.Problem, Text: strings.Repeat("é", domain.TextLength) + " security", Production: true},
			priority: domain.Normal, reason: "Normal: no rule raises or lowers it.",
		},
		{
			name:     "task due in exactly two days",
			facts:    domain.Facts{Type: domain.Task, Created: created, LatestTime: created.Add(48 * time.Hour)},
			priority: domain.High, reason: "High: the change must be done within two days.",
		},
		{
			name:     "task due later",
			facts:    domain.Facts{Type: domain.Task, Created: created, LatestTime: created.Add(48*time.Hour + 1), Production: true},
			priority: domain.Normal, reason: "Normal: no rule raises or lowers it.",
		},
		{
			name:     "a window means nothing on other types",
			facts:    domain.Facts{Type: domain.Question, Created: created, LatestTime: created.Add(time.Hour), Production: true},
			priority: domain.Normal, reason: "Normal: no rule raises or lowers it.",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			priority, reason := domain.Prioritize(c.facts)
			require.Equal(t, c.priority, priority)
			require.Equal(t, c.reason, reason)
		})
	}
}

func TestTriageNeverChoosesUrgent(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		priority, reason := domain.Prioritize(facts().Draw(r, "facts"))
		require.Contains(r, []domain.Priority{domain.Low, domain.Normal, domain.High}, priority)
		require.NotEmpty(r, reason)
	})
}

func facts() *rapid.Generator[domain.Facts] {
	return rapid.Custom(func(t *rapid.T) domain.Facts {
		words := rapid.SliceOf(rapid.SampledFrom([]string{"security", "data", "loss", "page", "slow"}))
		f := domain.Facts{
			Type:       rapid.SampledFrom([]domain.Type{domain.Problem, domain.Task, domain.Question}).Draw(t, "type"),
			Subject:    strings.Join(words.Draw(t, "subject"), " "),
			Text:       strings.Join(words.Draw(t, "text"), " "),
			Production: rapid.Bool().Draw(t, "production"),
			Created:    created,
		}
		if rapid.Bool().Draw(t, "window") {
			f.LatestTime = created.Add(time.Duration(rapid.IntRange(0, 96).Draw(t, "hours")) * time.Hour)
		}
		return f
	})
}
