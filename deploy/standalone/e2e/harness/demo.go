package harness

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// fillTimeout bounds the filling of the demo desk on a busy machine.
const fillTimeout = 6 * time.Minute

var demoToken = regexp.MustCompile(`(?m)^api token: (\S+)$`)

// Demo starts the demo as `make run` does, in a data directory of its own, and
// returns it with the customer whose API token it prints. The directory is
// Suite.Processes["standalone"].Data().
func Demo(t testing.TB) (*Suite, *Person) {
	t.Helper()
	s := &Suite{secrets: newSecrets(), Processes: map[string]*Process{}, http: newHTTPClient(t)}
	binary, err := Binary(standaloneName)
	must(t, err)
	addresses := FreeAddresses(t, 4)
	s.URL, s.AckURL = "http://"+addresses[0], "http://"+addresses[2]
	p := newProcess(t, standaloneName, t.TempDir(), addresses[3], s.http, nil, binary, "serve", "--demo", "--data="+t.TempDir(),
		"--http="+addresses[0], "--grpc="+addresses[1], "--ack="+addresses[2], "--admin="+addresses[3],
		"--emergency-smtp=127.0.0.1:0", "--emergency-ack-listen=127.0.0.1:0")
	s.Processes[standaloneName] = p
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("---- end of the log of the demo\n%s", p.tail())
		}
	})
	p.Start()
	p.Ready()
	s.connect(t, addresses[1])
	visitor := &Person{suite: s}
	must(t, Poll(fillTimeout, func() error { return s.visit(visitor, filepath.Join(p.Data(), "demo.txt")) }))
	return s, visitor
}

// Resident returns somebody of the demo, logged in with the password that the
// demo has written down.
func (s *Suite) Resident(t testing.TB, email string) *Person {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Processes[standaloneName].Data(), "demo.txt"))
	must(t, err)
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) > 2 && words[1] == email {
			p := &Person{Email: email, Password: words[2], suite: s}
			must(t, p.enter(t.Context()))
			return p
		}
	}
	t.Fatalf("the demo has no login of %s", email)
	return nil
}

// visit reads the visitor's token and returns nil once the API answers it.
func (s *Suite) visit(visitor *Person, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	found := demoToken.FindSubmatch(text)
	if found == nil {
		return fmt.Errorf("%s holds no API token", file)
	}
	visitor.APIToken = string(found[1])
	request, err := http.NewRequest(http.MethodGet, s.URL+"/v1/me", nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+visitor.APIToken)
	res, err := s.http.Do(request)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the demo answers %s", res.Status)
	}
	return nil
}
