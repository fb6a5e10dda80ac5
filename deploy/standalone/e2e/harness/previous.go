package harness

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// PreviousVariable names the revision that Previous takes instead of finding one: the tag of the last release, say.
const PreviousVariable = "ALTIS_PREVIOUS"

// Previous builds the programs of a revision with an older schema than this one has: that before the newest revision of the
// main line that brought a migration. It returns the folder of the programs, which stays in bin/, and the revision.
func Previous() (folder, revision string, err error) {
	root, err := Root()
	if err != nil {
		return "", "", err
	}
	if revision, err = previousRevision(root); err != nil {
		return "", "", err
	}
	folder = filepath.Join(root, "bin", "previous", revision)
	if _, err := os.Stat(filepath.Join(folder, "gatewayd")); err == nil {
		return folder, revision, nil // built before: a revision never changes
	}
	source, err := os.MkdirTemp("", "altis-previous-")
	if err != nil {
		return "", "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(source)) }()
	archive := filepath.Join(source, "source.tar")
	if _, err := git(root, "archive", "--output="+archive, revision); err != nil {
		return "", "", err
	}
	if err := command(source, nil, "tar", "-xf", archive); err != nil {
		return "", "", err
	}
	made := filepath.Join(source, "built") + string(filepath.Separator)
	args := []string{"build", "-buildvcs=false", "-o", made}
	for _, service := range Services() {
		args = append(args, module+"services/"+service+"/cmd/"+service+"d")
	}
	args = append(args, module+"gateway/cmd/gatewayd")
	if err := command(source, []string{"GOWORK=" + filepath.Join(source, "go.work")}, "go", args...); err != nil {
		return "", "", err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", "", err
	}
	// The gateway last: with it the folder is complete.
	for _, name := range append(Services(), Gateway) {
		if err := command(source, nil, "mv", made+name+"d", folder); err != nil {
			return "", "", err
		}
	}
	return folder, revision, nil
}

func previousRevision(root string) (string, error) {
	revision := os.Getenv(PreviousVariable)
	if revision == "" {
		newest, err := git(root, "log", "-1", "--first-parent", "-m", "--diff-filter=A", "--format=%H", "--", ":(glob)**/migrations/*.sql")
		if err != nil {
			return "", err
		}
		if newest == "" {
			return "", errors.New("the history has no revision that brought a migration: it is shallow, or there is none")
		}
		revision = newest + "^"
	}
	found, err := git(root, "rev-parse", "--verify", revision+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("the history ends before %s: fetch more of it (git fetch --unshallow), or name a revision by %s: %w", revision, PreviousVariable, err)
	}
	return found, nil
}

func git(root string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = root
	var log strings.Builder
	cmd.Stderr = &log
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w\n%s", strings.Join(args, " "), err, log.String())
	}
	return strings.TrimSpace(string(out)), nil
}

func command(dir string, env []string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return nil
}
