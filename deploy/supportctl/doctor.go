package supportctl

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"text/tabwriter"
	"time"

	"google.golang.org/grpc"

	"altis-dxp.com/support/deploy/supportctl/doctor"
)

// database is the database of a service, by the names that the service itself reads in the environment.
type database struct {
	Database string `help:"postgres://... or sqlite:PATH; better given in the environment." env:"DATABASE"`
	Schema   string `help:"PostgreSQL schema; the role's own when empty." env:"SCHEMA"`
}

// doctorCommand takes its settings from the environment of the services, where it can be run as it is.
type doctorCommand struct {
	Identity     database `embed:"" prefix:"identity-" envprefix:"ALTIS_IDENTITY_"`
	Ticket       database `embed:"" prefix:"ticket-" envprefix:"ALTIS_TICKET_"`
	Triage       database `embed:"" prefix:"triage-" envprefix:"ALTIS_TRIAGE_"`
	Notification database `embed:"" prefix:"notification-" envprefix:"ALTIS_NOTIFICATION_"`

	Redis string `help:"Redis URL." env:"ALTIS_NOTIFICATION_REDIS"`

	SMTPAddr     string `name:"smtp-addr" help:"Mail server, host:port." env:"ALTIS_NOTIFICATION_SMTP_ADDR"`
	SMTPUser     string `name:"smtp-user" help:"User name at the mail server; none without." env:"ALTIS_NOTIFICATION_SMTP_USER"`
	SMTPPassword string `name:"smtp-password" help:"Password at the mail server; better given in the environment." env:"ALTIS_NOTIFICATION_SMTP_PASSWORD"`
	SMTPTLS      string `name:"smtp-tls" help:"STARTTLS: auto, required or none." enum:"auto,required,none" default:"auto" env:"ALTIS_NOTIFICATION_SMTP_TLS"`

	MailFrom           string   `help:"Address that mail is sent from." env:"ALTIS_NOTIFICATION_MAIL_FROM"`
	DKIMDomain         string   `name:"dkim-domain" help:"Domain that signs mails; that of --mail-from when empty." env:"ALTIS_NOTIFICATION_DKIM_DOMAIN"`
	DKIMKeys           []string `name:"dkim-keys" help:"Keys that sign mails, as selector:file, or as selector alone." env:"ALTIS_NOTIFICATION_DKIM_KEYS"`
	ReplyDomain        string   `help:"Domain that takes answers to mails." env:"ALTIS_NOTIFICATION_REPLY_DOMAIN"`
	MailSupportAddress string   `help:"Address of the desk." env:"ALTIS_NOTIFICATION_MAIL_SUPPORT_ADDRESS"`
	EmergencyAddress   string   `help:"Mailbox of last resort." env:"ALTIS_NOTIFICATION_EMERGENCY_ADDRESS"`
	Resolver           string   `help:"DNS server to ask, host:port; those of the machine when empty."`

	Certificate []string `help:"Certificate of a process (PEM), as its --tls-cert; may be repeated."`
	Authority   string   `help:"Authorities that they must lead to (PEM), as --tls-ca; those of the machine when empty."`
}

func (d doctorCommand) config(roster grpc.ClientConnInterface) doctor.Config {
	c := doctor.Config{
		Redis: d.Redis, SMTP: doctor.SMTP{Addr: d.SMTPAddr, User: d.SMTPUser, Password: d.SMTPPassword, TLS: d.SMTPTLS},
		Mail: doctor.Mail{
			From: d.MailFrom, DKIMDomain: d.DKIMDomain, ReplyDomain: d.ReplyDomain,
			SupportAddress: d.MailSupportAddress, EmergencyAddress: d.EmergencyAddress,
		},
		Certificates: d.Certificate, Authorities: d.Authority, Roster: roster, Resolver: d.resolver(), Now: time.Now,
	}
	for _, text := range d.DKIMKeys {
		selector, file, _ := strings.Cut(text, ":")
		c.Mail.DKIMKeys = append(c.Mail.DKIMKeys, doctor.DKIMKey{Selector: selector, File: file})
	}
	for i, db := range []database{d.Identity, d.Ticket, d.Triage, d.Notification} {
		if db.Database != "" {
			c.Databases = append(c.Databases, doctor.Database{Service: doctor.Services()[i], DSN: db.Database, Schema: db.Schema})
		}
	}
	return c
}

func (d doctorCommand) resolver() doctor.Resolver {
	if d.Resolver == "" {
		return net.DefaultResolver
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, d.Resolver)
	}}
}

// diagnose runs the checks. It needs no service, unless a token says that the roster is to be looked at.
func (c *cli) diagnose(ctx context.Context, out io.Writer) error {
	var roster grpc.ClientConnInterface
	var unreached *doctor.Finding
	if c.Token != "" {
		conn, err := c.dial()
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		authorized, err := c.authorize(ctx, conn)
		if err == nil {
			ctx, roster = authorized, conn
		} else {
			unreached = &doctor.Finding{
				Check: "roster", Subject: c.Address, State: doctor.Fail, Text: strings.ReplaceAll(c.readable(err).Error(), "\n", " "),
				Do: "check --address, --plaintext and ALTIS_TOKEN",
			}
		}
	}
	report := doctor.Run(ctx, c.Doctor.config(roster))
	if unreached != nil {
		report.Findings = append(report.Findings, *unreached)
		report.NotAsked = report.NotAsked[:len(report.NotAsked)-1] // the roster was, in vain
	}
	if err := show(out, report, c.JSON); err != nil {
		return err
	}
	if len(report.Findings) == 0 {
		return fmt.Errorf("nothing was looked at: name what to, see supportctl doctor --help")
	}
	if n := report.Failed(); n > 0 {
		return fmt.Errorf("%d of %d checks failed", n, len(report.Findings))
	}
	return nil
}

func show(out io.Writer, report doctor.Report, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(report)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range report.Findings {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.State, f.Check, visible(f.Subject), visible(f.Text))
		if f.State != doctor.OK {
			fmt.Fprintf(w, "\t\t\t-> %s\n", visible(f.Do))
		}
	}
	for _, name := range report.NotAsked {
		fmt.Fprintf(w, "-\t\t\tnot looked at: %s\n", name)
	}
	return w.Flush()
}
