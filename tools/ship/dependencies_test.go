package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReasonsAreCompared(t *testing.T) {
	asked := map[string]string{"example.org/a": "pkg", "b": "gateway/web"}
	text := "| module | why |\n|---|---|\n| `example.org/a` | it is needed |\n| `b` | so is it |\n"
	require.NoError(t, compareReasons(asked, text))
	for _, c := range []struct{ name, text, fault string }{
		{"missing", "| `b` | so is it |\n", "example.org/a, which pkg asks for, has no line"},
		{"left behind", text + "| `c` | was needed |\n", "nothing asks for c"},
		{"no reason", "| `example.org/a` |  |\n| `b` | so is it |\n", "example.org/a has no reason"},
		{"twice", text + "| `b` | again |\n", "b has two lines"},
	} {
		t.Run(c.name, func(t *testing.T) { require.ErrorContains(t, compareReasons(asked, c.text), c.fault) })
	}
}

func TestWhatIsAskedFor(t *testing.T) {
	names, err := moduleAsks("go.mod", []byte(`module altis-dxp.com/support/x
go 1.26.0
tool example.org/tool/cmd/x
require altis-dxp.com/support/pkg v0.0.0
require (
	example.org/a v1.0.0
	example.org/b v1.0.0 // indirect
)`))
	require.NoError(t, err)
	require.Equal(t, []string{"example.org/a", "example.org/tool/cmd/x"}, names)
	names, err = dashboardAsks("package.json", []byte(`{"dependencies":{"a":"1"},"devDependencies":{"@b/c":"2"}}`))
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"a", "@b/c"}, names)
}

func TestLicencesAreJudged(t *testing.T) {
	require.NoError(t, judge([]part{{name: "a", licenses: []string{"BSD-3-Clause", "MIT"}}}))
	require.ErrorContains(t, judge([]part{{name: "a"}}), "the licence of a  is not known")
	require.ErrorContains(t, judge([]part{{name: "a", licenses: []string{"MIT", "AGPL-3.0"}}}), "AGPL-3.0, which is not accepted")
}
