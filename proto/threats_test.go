package proto_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testName     = regexp.MustCompile("`(Test[A-Za-z0-9]+)(?:/[a-z0-9_/]+)?`|`([a-z-]+\\.test\\.ts)`")
	testFunction = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9]+)\(`)
)

// TestTheThreatModelNamesTestsThatExist looks for each test that the documentation relies on.
func TestTheThreatModelNamesTestsThatExist(t *testing.T) {
	text, err := os.ReadFile(security)
	if err != nil {
		t.Fatal(err)
	}
	exist := map[string]bool{}
	err = filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "bin" || entry.Name() == "third_party" || entry.Name() == ".git"):
			return fs.SkipDir
		case strings.HasSuffix(path, ".test.ts"):
			exist[entry.Name()] = true
		case strings.HasSuffix(path, "_test.go"):
			code, err := os.ReadFile(path)
			for _, found := range testFunction.FindAllSubmatch(code, -1) {
				exist[string(found[1])] = true
			}
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	named := testName.FindAllSubmatch(text, -1)
	if len(named) < 50 {
		t.Fatalf("%s names %d tests", security, len(named))
	}
	for _, found := range named {
		if name := string(bytes.Join(found[1:], nil)); !exist[name] {
			t.Errorf("%s: there is no %s", security, name)
		}
	}
}
