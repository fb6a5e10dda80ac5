package lifecycle

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// readyTimeout bounds the question. The answer takes no longer than its slowest check.
const readyTimeout = checkTimeout + 2*time.Second

// Ready asks a process of this machine for its readiness, at the address that its administration port was told to
// listen on. It is for what watches containers that hold nothing else to ask with.
func Ready(ctx context.Context, admin string) error {
	host, port, err := net.SplitHostPort(admin)
	if err != nil {
		return fmt.Errorf("the address of the administration port: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	// A connection of its own, past any proxy of the environment.
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err != nil {
		return err
	}
	return fmt.Errorf("not ready: %s", strings.TrimSpace(string(text)))
}
