package config

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Main is the body of a program's main function: it parses the command line into
// cfg and calls run, whose context ends with SIGINT or SIGTERM. When either fails
// it prints the error and ends the process with status 1.
func Main(app, description string, cfg any, run func(ctx context.Context) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := Parse(app, description, cfg, os.Args[1:])
	if err == nil {
		err = run(ctx)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
