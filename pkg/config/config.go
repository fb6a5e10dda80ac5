// Package config reads a process's configuration from its flags and environment
// into one struct with kong tags. Help, flag names and environment names all
// come from that struct.
package config

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// product is the prefix of every environment name.
const product = "ALTIS"

// Parse fills cfg, a pointer to a struct with kong tags, from args (without the
// program's name), then from the environment, then from the tags' defaults.
// app is the program's name, "ticketd" for example, and description one sentence
// for its help. --help prints the help to standard output and ends the process.
//
// The flag --http-addr of ticketd is ALTIS_TICKET_HTTP_ADDR in the environment:
// the product, the service, the flag. The program "altis", which holds all
// services under flags such as --ticket-http-addr, therefore reads the same
// names as the single services.
//
// When cfg has a method Validate() error, it runs last, on the complete values,
// and returns every fault it finds with errors.Join; the error of Parse lists
// them all. A struct that embeds other configurations joins their faults in its
// own Validate.
func Parse(app, description string, cfg any, args []string) error {
	return parse(app, description, cfg, args, os.Stdout, os.Exit)
}

func parse(app, description string, cfg any, args []string, out io.Writer, exit func(int)) error {
	parser, err := kong.New(cfg,
		kong.Name(app),
		kong.Description(description),
		kong.DefaultEnvars(envPrefix(app)),
		kong.Writers(out, out),
		kong.Exit(exit),
	)
	if err != nil {
		return fmt.Errorf("%s: %w", app, err)
	}
	if _, err := parser.Parse(args); err != nil {
		return &Error{app: app, err: err}
	}
	return nil
}

// Error is a configuration that cannot be used. Its text has one line for each
// fault, ready to be printed.
type Error struct {
	app string
	err error
}

// Error lists the faults.
func (e *Error) Error() string {
	faults := strings.Split(strings.TrimSpace(e.err.Error()), "\n")
	if len(faults) == 1 {
		return fmt.Sprintf("%s: %s (see %s --help)", e.app, faults[0], e.app)
	}
	return fmt.Sprintf("%s: the configuration has %d faults (see %s --help)\n  %s",
		e.app, len(faults), e.app, strings.Join(faults, "\n  "))
}

// Unwrap returns what kong or Validate returned.
func (e *Error) Unwrap() error { return e.err }

// envPrefix drops the d of a daemon's name: ticketd reads ALTIS_TICKET_*.
func envPrefix(app string) string {
	service := strings.ToUpper(strings.ReplaceAll(strings.TrimSuffix(app, "d"), "-", "_"))
	if service == product {
		return product
	}
	return product + "_" + service
}
