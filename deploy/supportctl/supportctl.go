// Package supportctl is the command line client: it speaks gRPC with an API
// token, for agents and engineers who live in a terminal and for scripts. Its
// commands doctor, backup and restore work on an installation from outside.
package supportctl

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
)

type cli struct {
	Address   string       `help:"gRPC address." default:"localhost:9000" env:"ALTIS_ADDRESS"`
	Token     string       `help:"API token (altis_...), better given in the environment." env:"ALTIS_TOKEN"`
	Plaintext bool         `help:"Connect without TLS." env:"ALTIS_PLAINTEXT"`
	TLS       rpc.TLSFiles `embed:"" prefix:"tls-" envprefix:"ALTIS_TLS_"`
	JSON      bool         `help:"Print JSON instead of text." name:"json"`

	Whoami whoami      `cmd:"" help:"Who the token belongs to."`
	Ticket ticketGroup `cmd:"" help:"Create, find and answer tickets."`
	Page   pageGroup   `cmd:"" help:"Pages of the on-call engineers."`
	OnCall onCallGroup `cmd:"" name:"oncall" help:"Who is on call."`
	Mail   mailGroup   `cmd:"" help:"What became of mails that were sent, and of those that came in."`

	Notices noticesGroup  `cmd:"" help:"What you are told of by mail."`
	Doctor  doctorCommand `cmd:"" help:"Look at what an installation stands on: databases, Redis, mail server, DNS, clocks, certificates and, with a token, the roster."`

	Backup  backupCommand  `cmd:"" help:"Copy databases and files of an installation, which may run meanwhile, into a new folder."`
	Restore restoreCommand `cmd:"" help:"Bring such a copy back into empty schemas and folders. Start it with --hold then: it sends nothing until you have looked at it."`
}

// env is what commands run in.
type env struct {
	ctx  context.Context
	conn grpc.ClientConnInterface
	in   io.Reader
	out  printer
}

// Run parses args, runs the command and prints its result to out. Its error is
// ready to be shown: it has the reason and the offending fields.
func Run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	var c cli
	parser, err := kong.New(&c, kong.Name("supportctl"), kong.Description("Altis Support on the terminal."), kong.UsageOnError())
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if err != nil {
		return err
	}
	switch command.Command() {
	case "doctor": // what is the matter may be that there is nothing to connect to
		return c.diagnose(ctx, out)
	case "backup":
		return c.backUp(ctx, out)
	case "restore":
		return c.restore(ctx, out)
	}
	conn, err := c.dial()
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	ctx, err = c.authorize(ctx, conn)
	if err != nil {
		return c.readable(err)
	}
	return c.readable(command.Run(&env{ctx: ctx, conn: conn, in: in, out: printer{w: out, json: c.JSON}}))
}

func (c *cli) dial() (*grpc.ClientConn, error) {
	if c.Plaintext {
		return rpc.Dial(c.Address, rpc.DialOptions{})
	}
	config, err := c.TLS.Client()
	if err != nil {
		return nil, err
	}
	if config == nil { // no file is named: the authorities of the system
		config = &tls.Config{MinVersion: tls.VersionTLS13}
	}
	return rpc.Dial(c.Address, rpc.DialOptions{TLS: config})
}

// authorize exchanges the API token for an access token that calls carry.
func (c *cli) authorize(ctx context.Context, conn grpc.ClientConnInterface) (context.Context, error) {
	if c.Token == "" {
		return nil, errors.New("no token: set ALTIS_TOKEN to an API token")
	}
	res, err := identityv1.NewAuthServiceClient(conn).ExchangeToken(ctx, &identityv1.ExchangeTokenRequest{Token: c.Token})
	if err != nil {
		return nil, err
	}
	return rpc.WithToken(ctx, res.GetAccessToken()), nil
}

// readable returns what a person needs of a fault: its sentence and the offending fields, not the transport's words.
func (c *cli) readable(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	if f.Kind == fault.Unavailable {
		return fmt.Errorf("no answer from %s: is it the right --address, and --plaintext where there is no TLS? (%s)", c.Address, f.Public())
	}
	var b strings.Builder
	b.WriteString(f.Public())
	for _, field := range f.Fields {
		fmt.Fprintf(&b, "\n  %s: %s", field.Path, field.Description)
	}
	return errors.New(b.String())
}

type whoami struct{}

func (whoami) Run(e *env) error {
	self, err := identityv1.NewAccountServiceClient(e.conn).GetSelf(e.ctx, &identityv1.GetSelfRequest{})
	if err != nil {
		return err
	}
	return e.out.message(self, func() []row {
		if s := self.GetStaff(); s != nil {
			return []row{{"name", s.GetName()}, {"email", s.GetEmail()}, {"role", enumWord(s.GetRole(), "STAFF_ROLE_")}}
		}
		m := self.GetMember()
		return []row{
			{"name", m.GetName()},
			{"email", m.GetEmail()},
			{"role", enumWord(m.GetRole(), "MEMBER_ROLE_")},
			{"organization", self.GetOrganization().GetName()},
		}
	})
}
