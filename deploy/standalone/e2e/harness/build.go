package harness

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

const module = "altis-dxp.com/support/"

// binaries are the commands of the suite by name, built once per process of the
// tests. They stay in bin/, which git ignores: what has not changed since the
// last run is not linked again. Under the race detector they have it too.
var binaries = sync.OnceValues(func() (map[string]string, error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	packages := map[string]string{
		"identityd":     module + "services/identity/cmd/identityd",
		"ticketd":       module + "services/ticket/cmd/ticketd",
		"triaged":       module + "services/triage/cmd/triaged",
		"notificationd": module + "services/notification/cmd/notificationd",
		"emergencyd":    module + "services/notification/cmd/emergencyd",
		"gatewayd":      module + "gateway/cmd/gatewayd",
		"standalone":    module + "deploy/standalone/cmd/standalone",
		"supportctl":    module + "deploy/supportctl/cmd/supportctl",
	}
	dir := filepath.Join(root, "bin", "e2e")
	args := []string{"build", "-buildvcs=false"}
	if raceDetector {
		dir += "-race"
		// The flags of scripts/go-test, so that what it has compiled is used again.
		args = append(args, "-race", "-gcflags=all=-d=checkptr=0")
	}
	args = append(args, "-o", dir+string(filepath.Separator))
	built := map[string]string{}
	for name, pkg := range packages {
		args = append(args, pkg)
		built[name] = filepath.Join(dir, name)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOWORK="+filepath.Join(root, "go.work"))
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the commands: %w\n%s", err, out)
	}
	return built, nil
})

// Binary returns the path of a command of the suite: "ticketd", "standalone", ...
func Binary(name string) (string, error) {
	built, err := binaries()
	if err != nil {
		return "", err
	}
	path, ok := built[name]
	if !ok {
		return "", fmt.Errorf("harness: there is no command %s", name)
	}
	return path, nil
}

// Root returns the folder of the project, which holds go.work.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("harness: no go.work above the working directory")
		}
		dir = parent
	}
}
