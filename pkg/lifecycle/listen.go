package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
)

// Listen opens a TCP listener at addr ("host:port"; port 0 takes a free one).
// flag is the command line flag that holds addr, "--http" for example: the error
// names it, since a taken port is the first thing that goes wrong on a new
// machine. errors.Is(err, syscall.EADDRINUSE) holds for a taken port.
func Listen(ctx context.Context, addr, flag string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	switch {
	case err == nil:
		return listener, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, &addressInUseError{addr: addr, flag: flag, err: err}
	default:
		return nil, fmt.Errorf("cannot listen on the address of %s: %w", flag, err)
	}
}

// addressInUseError keeps the cause without repeating it in the text.
type addressInUseError struct {
	addr, flag string
	err        error
}

func (e *addressInUseError) Error() string {
	return fmt.Sprintf("address %s is in use: choose another with %s", e.addr, e.flag)
}

func (e *addressInUseError) Unwrap() error { return e.err }
