package query_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/query"
)

var update = flag.Bool("update", false, "write what the parser answers into testdata/vectors.json")

// vectors is testdata/vectors.json, which the web application's parser runs too.
type vectors struct {
	Now     time.Time `json:"now"`
	Vectors []vector  `json:"vectors"`
}

type vector struct {
	Query   string  `json:"query"`
	Members bool    `json:"members,omitempty"` // asked by a customer
	Zone    string  `json:"zone,omitempty"`    // of who asks, UTC without one
	Terms   []term  `json:"terms,omitempty"`
	Sort    string  `json:"sort,omitempty"`
	Issues  []issue `json:"issues,omitempty"`
	Error   string  `json:"error,omitempty"`
}

type term struct {
	Key     string  `json:"key"`
	Negated bool    `json:"negated,omitempty"`
	Values  []value `json:"values"`
}

type value struct {
	Text string    `json:"text,omitempty"`
	Min  int64     `json:"min,omitempty"`
	Max  int64     `json:"max,omitempty"`
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

type issue struct {
	Offset      int      `json:"offset"`
	Length      int      `json:"length"`
	Reason      string   `json:"reason"`
	Suggestions []string `json:"suggestions,omitempty"`
}

func zone(t *testing.T, name string) *time.Location {
	zone, err := time.LoadLocation(name)
	require.NoError(t, err)
	return zone
}

func answer(t *testing.T, v vector, now time.Time) vector {
	out := vector{Query: v.Query, Members: v.Members, Zone: v.Zone}
	filter, issues, err := query.Parse(v.Query, query.Options{Now: now, Zone: zone(t, v.Zone), Staff: !v.Members})
	if err != nil {
		out.Error = fault.ReasonOf(err)
	}
	for _, read := range filter.Terms {
		o := term{Key: string(read.Key), Negated: read.Negated}
		for _, x := range read.Values {
			o.Values = append(o.Values, value{x.Text, x.Min, x.Max, x.From, x.To})
		}
		out.Terms = append(out.Terms, o)
	}
	out.Sort = string(filter.Sort)
	for _, i := range issues {
		out.Issues = append(out.Issues, issue{i.Offset, i.Length, i.Reason, i.Suggestions})
	}
	return out
}

func TestVectors(t *testing.T) {
	const path = "testdata/vectors.json"
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	var v vectors
	require.NoError(t, json.Unmarshal(b, &v))
	require.NotEmpty(t, v.Vectors)
	if *update {
		for i := range v.Vectors {
			v.Vectors[i] = answer(t, v.Vectors[i], v.Now)
		}
		b, err := json.MarshalIndent(v, "", "  ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, append(b, '\n'), 0o600))
	}
	for _, want := range v.Vectors {
		require.Equal(t, want, answer(t, want, v.Now), want.Query)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`is:open type:incident,problem priority:>=high -app:shop "payment error" #42`, `in:subject a:"b, c",d`, `"unclosed`, `- -- : :: #-1 #`,
		`created:>-7d updated:2026-01-01..`, `sla:<1h sla:>=,breached sort:due,created-asc -sort:due sort:x`, "\xff\x00\u00e4:\u00e4", `is:,,"",`, `number:1,2,"3",x,-1,99999999999999999999`, strings.Repeat("a ", 30),
	} {
		f.Add(s, true)
	}
	apia, err := time.LoadLocation("Pacific/Apia")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, s string, staff bool) {
		filter, issues, err := query.Parse(s, query.Options{Now: time.Unix(1e9, 0), Zone: apia, Staff: staff})
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			return
		}
		length := utf8.RuneCountInString(s)
		for _, i := range issues {
			require.NotEmpty(t, i.Reason)
			require.True(t, i.Offset >= 0 && i.Length > 0 && i.Offset+i.Length <= length, "issue %v of %q", i, s)
		}
		require.LessOrEqual(t, len(filter.Terms), query.MaxTerms)
		for _, term := range filter.Terms {
			require.NotEmpty(t, term.Values)
			require.False(t, (term.Key == domain.KeyTag || term.Key == domain.KeyTeam) && !staff)
			for _, v := range term.Values {
				require.True(t, v.To.IsZero() || !v.To.Before(v.From) || strings.Contains(s, ".."), "%v of %q", v, s)
			}
			switch term.Key {
			case domain.KeyText, domain.KeySubject, domain.KeyBody:
				require.NotEmpty(t, term.Values[0].Text)
				require.NotContains(t, term.Values[0].Text, `"`)
			}
		}
	})
}
