package standalone

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/demo"
)

func TestDemoIsReadBack(t *testing.T) {
	written := &demo.Result{
		Accounts: []demo.Account{
			{Name: "Priya Raman", Email: "priya.raman@brickyard.example", Password: "one", Role: "customer, Brickyard Stores"},
			{Name: "Sam Whitlock", Email: "sam@whitlock.example", Password: "two", Role: "customer, Brickyard Stores"},
			{Name: "Elif Kaya", Email: "elif.kaya@altis.example", Password: "three", Role: "staff admin"},
			{Name: "Diego Marín", Email: "a.very.long.address.that.fills.its.column@altis.example", Password: "four", Role: "on-call engineer"},
			{Name: "Jonas Weber", Email: "jonas.weber@altis.example", Password: "five", Role: "agent"},
		},
		APIToken: "altis_token",
	}
	cfg := &Config{Data: t.TempDir()}
	require.NoError(t, os.WriteFile(cfg.demoFile(), []byte(demoText(written)), 0o600))
	read, err := cfg.readDemo()
	require.NoError(t, err)
	require.Equal(t, written, read)

	var picked []string
	for _, a := range visitors(read.Accounts) {
		picked = append(picked, a.Password)
	}
	require.Equal(t, []string{"one", "five", "four"}, picked, "one per role")
}
