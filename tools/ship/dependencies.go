package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// reasons is where each dependency that is asked for by name has its line.
const reasons = "docs/dependencies.md"

type dependenciesCmd struct{}

// Run compares the dependencies that the modules and the dashboard ask for with those that have a reason.
func (dependenciesCmd) Run(ctx context.Context, all *cli) error {
	asked, err := dependencies(ctx, all.Root)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(all.Root, reasons))
	if err != nil {
		return err
	}
	return compareReasons(asked, string(text))
}

// line is a row of the table: the name, who asks for it, and why.
var line = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]*) \\|$")

// compareReasons returns all that is missing and all that is too much.
func compareReasons(asked map[string]string, text string) error {
	var faults []error
	given := map[string]bool{}
	for _, match := range line.FindAllStringSubmatch(text, -1) {
		name, reason := match[1], strings.TrimSpace(match[2])
		switch _, ok := asked[name]; {
		case given[name]:
			faults = append(faults, fmt.Errorf("%s: %s has two lines", reasons, name))
		case !ok:
			faults = append(faults, fmt.Errorf("%s: nothing asks for %s", reasons, name))
		case reason == "":
			faults = append(faults, fmt.Errorf("%s: %s has no reason", reasons, name))
		}
		given[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		if !given[name] {
			faults = append(faults, fmt.Errorf("%s: %s, which %s asks for, has no line with its reason", reasons, name, asked[name]))
		}
	}
	return errors.Join(faults...)
}

// dependencies returns what the go.mod files and package.json of the project ask for themselves, and who asks. Of
// modules that only pin a tool it is the tool.
func dependencies(ctx context.Context, root string) (map[string]string, error) {
	list := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*go.mod", "gateway/web/package.json")
	list.Dir = root
	files, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	asked := map[string]string{}
	for file := range strings.SplitSeq(strings.TrimSuffix(string(files), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(root, file))
		if errors.Is(err, os.ErrNotExist) {
			continue // deleted and not committed yet
		}
		if err != nil {
			return nil, err
		}
		read := moduleAsks
		if filepath.Base(file) == "package.json" {
			read = dashboardAsks
		}
		names, err := read(file, text)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			asked[name] = filepath.Dir(file)
		}
	}
	return asked, nil
}

func moduleAsks(file string, text []byte) ([]string, error) {
	m, err := modfile.Parse(file, text, nil)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, r := range m.Require {
		if !r.Indirect && !strings.HasPrefix(r.Mod.Path, ours) {
			names = append(names, r.Mod.Path)
		}
	}
	for _, t := range m.Tool {
		names = append(names, t.Path)
	}
	return names, nil
}

func dashboardAsks(file string, text []byte) ([]string, error) {
	var p struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return slices.AppendSeq(slices.Collect(maps.Keys(p.Dependencies)), maps.Keys(p.DevDependencies)), nil
}
