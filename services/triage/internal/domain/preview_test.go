package domain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/triage/internal/domain"
)

func TestEvaluate(t *testing.T) {
	due := func(p domain.Priority) domain.Due { return domain.PolicyOf("premium").Due(p, created) }
	cases := []struct {
		name     string
		kind     domain.Type
		priority domain.Priority
		staff    bool
		want     domain.Evaluation
		reason   string // of the fault about the field priority
	}{
		{name: "urgent incident", kind: domain.Incident, priority: domain.Urgent, want: domain.Evaluation{Priority: domain.Urgent, Due: due(domain.Urgent), Pages: true}},
		{name: "high incident", kind: domain.Incident, priority: domain.High, want: domain.Evaluation{Priority: domain.High, Due: due(domain.High)}},
		{name: "incident without a choice", kind: domain.Incident, want: domain.Evaluation{Priority: domain.Normal, Due: due(domain.Normal)}},
		{name: "members see no priority of a problem", kind: domain.Problem, want: domain.Evaluation{Due: due(domain.High)}},
		{
			name: "staff do, with its reason", kind: domain.Problem, staff: true,
			want: domain.Evaluation{Priority: domain.High, PriorityReason: "High: the text mentions security.", Due: due(domain.High)},
		},
		{name: "staff may choose", kind: domain.Task, priority: domain.Low, staff: true, want: domain.Evaluation{Priority: domain.Low, Due: due(domain.Low)}},
		{name: "members may not", kind: domain.Task, priority: domain.Low, reason: "PRIORITY_INCIDENTS_ONLY"},
		{name: "nobody makes a question urgent", kind: domain.Question, priority: domain.Urgent, staff: true, reason: "URGENT_INCIDENTS_ONLY"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := domain.Evaluate(domain.Preview{
				Facts: domain.Facts{Type: c.kind, Subject: "Security", Production: true, Created: created},
				Plan:  "premium", Priority: c.priority, Staff: c.staff,
			})
			if c.reason != "" {
				var f *fault.Error
				require.ErrorAs(t, err, &f)
				require.Equal(t, fault.Invalid, f.Kind)
				require.Equal(t, "priority", f.Fields[0].Path)
				require.Equal(t, c.reason, f.Fields[0].Reason)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}
